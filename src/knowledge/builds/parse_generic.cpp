// A finding of a tool that nobody told Mira of: "path:line[:column]: text" or
// "path(line[,column]): text" at the margin, taken only after every parser that knows its tool
// let the line go. Its tool is "generic", which says so. Lines of source that
// grep prints, frames of stacks and logs of running programs look alike and are left.
#include <array>

#include "knowledge/builds/parsers.h"
#include "knowledge/builds/scan.h"

namespace mira::builds {
namespace {

// Words of a complaint; without one of them a line without a level is no error.
constexpr auto complaints = std::to_array<std::string_view>(
    {"error",       "expect",       "undefined", "undeclared", "unknown",   "unexpected",
     "unresolved",  "invalid",      "illegal",   "missing",    "cannot",    "can't",
     "not found",   "no such",      "fail",      "syntax",     "duplicate", "mismatch",
     "not defined", "not declared", "redefin",   "conflict",   "must ",     "unterminated"});

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

bool complains(std::string_view text) {
  std::string folded(text.substr(0, 400));
  for (char& c : folded) c = lower(c);
  for (const std::string_view word : complaints) {
    if (folded.find(word) != std::string::npos) return true;
  }
  return false;
}

// A path with a name and an ending of letters, as tools print them: no spaces, no address, no time.
bool is_source_path(std::string_view file) {
  if (file.find(' ') != std::string_view::npos || file.find("//") == 0) return false;
  const std::string_view name = base_name(file);
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || dot + 1 >= name.size() || name.size() - dot > 12)
    return name == "Makefile" || name == "makefile" || name == "Dockerfile" || name == "Jenkinsfile" ||
           name == "Rakefile" || name == "Gemfile" || name == "Vagrantfile";
  bool letter = false;
  for (const char c : name.substr(dot + 1)) {
    if (!is_name_byte(c) && c != '+') return false;
    letter = letter || !is_digit(c);
  }
  for (const char c : file) {
    if (c == '(' || c == ')' || c == '<' || c == '>' || c == '=' || c == '{' || c == '[' || c == '*')
      return false;
  }
  return letter;
}

// What stands behind the place is said and not source or a frame.
bool is_said(std::string_view text) {
  if (text.empty() || text[0] == ' ' || text[0] == '\t') return false;
  if (text.find(' ') == std::string_view::npos) return false;
  const char last = text.back();
  if (last == ';' || last == '{' || last == '}') return false;
  return !text.starts_with("in ") && !text.starts_with("at ") && !text.starts_with("from ");
}

class GenericParser : public Parser {
 public:
  using Parser::Parser;

  bool start(const Line& line) override {
    std::string_view text = line.text;
    for (const std::string_view head : {"[ERROR] ", "[error] ", "ERROR: ", "Error: ", "error: "}) {
      if (take(text, head)) return find(text, Level::error, line);
    }
    for (const std::string_view head : {"[WARNING] ", "[warning] ", "WARNING: ", "Warning: ", "warning: "}) {
      if (take(text, head)) return find(text, Level::warning, line);
    }
    return find(text, Level::none, line);
  }

 private:
  bool find(std::string_view text, Level level, const Line& line) {
    if (text.empty() || text[0] == ' ' || text[0] == '\t') return false;
    auto place = colon_place(text);
    if (!place || !is_source_path(place->file)) place = paren_place(text);
    if (!place || place->line == 0 || !is_source_path(place->file) || !is_said(place->rest)) return false;
    std::string_view message = place->rest;
    const Level own = take_level(message);
    if (own == Level::note) return note(*place, message, line);
    if (own != Level::none) level = own;
    if (level == Level::none && !complains(message)) return false;
    Record record{.tool = "generic",
                  .severity = level == Level::warning ? Severity::warning : Severity::error,
                  .file = std::string(place->file),
                  .line = place->line,
                  .column = place->column};
    record.code = take_bracket_code(message);
    record.message = message;
    current_ = out_.begin(std::move(record), line);
    return true;
  }

  bool note(const Located& place, std::string_view message, const Line& line) {
    Record* record = out_.find(current_, line);
    if (record == nullptr) return false;
    if (record->notes.size() < most_notes)
      record->notes.push_back({std::string(message), std::string(place.file), place.line, place.column});
    return true;
  }

  Ticket current_ = 0;
};

}  // namespace

Definition generic_definition() {
  return {.name = "generic",
          .tools = "any tool of the shape path:line: text",
          .keywords = {":1", ":2", ":3", ":4", ":5", ":6", ":7", ":8", ":9", "(1", "(2", "(3", "(4", "(5",
                       "(6", "(7", "(8", "(9"},
          .make = make_parser<GenericParser>,
          .examples = {
              {"src/part.xyz:3:5: unknown word 'x'\n", "error generic src/part.xyz:3:5 | unknown word 'x'\n"},
              {"conf/part.ini(3): expected a value\n", "error generic conf/part.ini:3 | expected a value\n"},
              {"src/part.c:3:  int expected = 1;\n"
               "src/part.c:4: started the server\n"
               "12:30:05 expected more\n",
               ""}}};
}

}  // namespace mira::builds

// "file(line,column): error CODE: message": tsc, MSVC, msbuild, dotnet, and tsc's pretty
// form "file:line:column - error TS2322: message" with related places below it. The
// code's letters name the tool.
#include <array>
#include <unordered_set>

#include "knowledge/builds/parsers.h"
#include "knowledge/builds/scan.h"

namespace mira::builds {
namespace {

struct Prefix {
  std::string_view letters, tool;
};
constexpr auto prefixes = std::to_array<Prefix>({{"TS", "tsc"},
                                                 {"CS", "csc"},
                                                 {"FS", "fsc"},
                                                 {"BC", "vbc"},
                                                 {"C", "msvc"},
                                                 {"LNK", "link"},
                                                 {"MSB", "msbuild"},
                                                 {"NU", "nuget"},
                                                 {"NETSDK", "dotnet"},
                                                 {"CA", "csc"},
                                                 {"IDE", "csc"},
                                                 {"SA", "csc"},
                                                 {"D", "msvc"},
                                                 {"RC", "rc"},
                                                 {"AL", "al"},
                                                 {"PRJ", "msbuild"},
                                                 {"CVT", "cvtres"},
                                                 {"XA", "xamarin"},
                                                 {"NG", "ngc"}});

// "TS2322" -> "tsc"; "" when it is no code of this family.
std::string_view tool_of_code(std::string_view code) {
  std::size_t letters = 0;
  while (letters < code.size() && code[letters] >= 'A' && code[letters] <= 'Z') ++letters;
  if (letters == 0 || letters == code.size()) return {};
  for (std::size_t i = letters; i < code.size(); ++i) {
    if (!is_digit(code[i])) return {};
  }
  for (const Prefix& one : prefixes) {
    if (one.letters == code.substr(0, letters)) return one.tool;
  }
  return letters >= 2 ? "msbuild" : std::string_view{};
}

struct Said {
  Severity severity = Severity::error;
  std::string_view code, message;
};

// "error TS2322: message", "fatal error C1083: message", "warning CS0168: message".
std::optional<Said> coded(std::string_view text) {
  Said out;
  take(text, "fatal ");
  if (take(text, "warning "))
    out.severity = Severity::warning;
  else if (!take(text, "error "))
    return std::nullopt;
  const auto code = take_until(text, ":");
  if (!code || tool_of_code(*code).empty()) return std::nullopt;
  take_spaces(text);
  out.code = *code;
  out.message = text;
  return out;
}

// msbuild adds the project: "message [/p/app.csproj]".
void drop_project(std::string_view& message) {
  if (!message.ends_with("proj]")) return;
  const std::size_t open = message.rfind(" [");
  if (open != std::string_view::npos) message = message.substr(0, open);
}

// Without a code and a project behind it, a complaint of such a file is of clang in MSVC's form.
constexpr std::string_view c_family = ".c .h .cc .cpp .cxx .hpp .hh .hxx .m .mm .inc .ipp .cppm .ixx";

constexpr std::size_t most_told = 20'000;

class ParenParser : public Parser {
 public:
  using Parser::Parser;

  bool start(const Line& line) override {
    std::string_view text = line.text;
    take_spaces(text);
    if (text.starts_with("Found ")) return found(text, line);
    if (text.starts_with("Build FAILED.")) return in_summary_ = true;
    if (take(text, "Compilation failed: ")) return compilation(text, line);
    if (in_summary_ && told_.contains(std::string(text))) return true;  // msbuild tells all again at the end
    if (text.ends_with("proj]") && told_.size() < most_told) told_.emplace(text);
    if (const auto place = paren_place(text))
      return begin(*place, coded(place->rest), false, line) || plain(*place, line);
    if (pretty(text, line)) return true;
    if (const auto said = coded(text)) return begin({.file = {}, .rest = {}}, said, false, line);
    const std::size_t separator =
        text.find(" : ");  // "main.obj : error LNK2019: ...", "MSBUILD : error MSB1009"
    if (separator == std::string_view::npos) return false;
    std::string_view file = text.substr(0, separator);
    if (file == "MSBUILD" || file == "LINK" || file == "CSC" || file == "cl") file = {};
    return begin({.file = file, .rest = {}}, coded(text.substr(separator + 3)), false, line);
  }

  Took follow(const Line& line) override {
    Record* record = out_.find(current_);
    if (record == nullptr) return Took::no;
    if (pretty_) return pretty_body(*record, line);
    std::string_view text = line.text;
    if (record->tool != "tsc" || take_spaces(text) < 2 || text.empty()) return Took::no;
    record->message += "\n" + std::string(line.text);  // the chain of reasons
    record->log_end = line.end;
    return Took::yes;
  }

 private:
  bool begin(const Located& place, std::optional<Said> said, bool pretty, const Line& line) {
    if (!said) return false;
    drop_project(said->message);
    Record record{.tool = std::string(tool_of_code(said->code)),
                  .severity = said->severity,
                  .code = std::string(said->code),
                  .message = std::string(said->message),
                  .file = std::string(place.file),
                  .line = place.line,
                  .column = place.column};
    current_ = out_.begin(std::move(record), line);
    pretty_ = pretty;
    blank_lines_ = 0;
    related_ = false;
    return true;
  }

  // Without a code: "file.pas(3,5) Error: x" is of other tools; "file(3): error : x" of msbuild tasks.
  bool plain(const Located& place, const Line& line) {
    std::string_view rest = place.rest;
    const bool warning = take(rest, "warning : ") || take(rest, "warning: ");
    if (!warning && !take(rest, "error : ") && !take(rest, "error: ") && !take(rest, "fatal error: "))
      return false;
    const std::string_view whole = rest;
    drop_project(rest);
    const bool of_project = rest.size() != whole.size();
    std::string_view flag = take_bracket_code(rest);
    if (!flag.starts_with("-W")) {
      flag = {};
      rest = whole;
      drop_project(rest);
    }
    const bool clang = !flag.empty() || (!of_project && has_extension(place.file, c_family));
    Record record{.tool = clang ? "clang" : "msbuild",
                  .severity = warning ? Severity::warning : Severity::error,
                  .code = std::string(flag),
                  .message = std::string(rest),
                  .file = std::string(place.file),
                  .line = place.line,
                  .column = place.column};
    current_ = out_.begin(std::move(record), line);
    pretty_ = false;
    return true;
  }

  bool pretty(std::string_view text, const Line& line) {
    const std::size_t dash = text.find(" - ");
    if (dash == std::string_view::npos) return false;
    const auto place = whole_place(text.substr(0, dash));
    return place && begin(*place, coded(text.substr(dash + 3)), true, line);
  }

  // Message lines, a blank one, source and underlines, then "  file:line:column" of what it relates to.
  Took pretty_body(Record& record, const Line& line) {
    std::string_view text = line.text;
    record.log_end = line.end;
    if (is_blank(text)) return ++blank_lines_ > 2 ? Took::no : Took::pass;
    if (blank_lines_ == 0) {
      record.message += "\n" + std::string(text);
      return Took::yes;
    }
    std::string_view rest = text;
    const std::size_t indent = take_spaces(rest);
    if (const auto place = indent == 2 ? whole_place(rest) : std::nullopt) {
      if (record.notes.size() < most_notes)
        record.notes.push_back({"", std::string(place->file), place->line, place->column});
      related_ = true;
      return Took::yes;
    }
    if (related_ && indent == 4 && rest.find_first_not_of("~ ") != std::string_view::npos &&
        !is_digit(rest[0])) {
      std::string& message = record.notes.back().message;
      message += (message.empty() ? "" : "\n") + std::string(rest);
      return Took::yes;
    }
    if (indent > 0 || is_digit(text[0])) {
      if (!related_ && record.snippet.size() + text.size() < snippet_bytes)
        record.snippet += std::string(text) + "\n";
      return Took::yes;
    }
    return Took::no;
  }

  // mcs: "Compilation failed: 2 error(s), 0 warnings"
  bool compilation(std::string_view text, const Line& line) {
    const auto errors = take_number(text);
    if (!errors || !text.starts_with(" error(s)")) return false;
    out_.count({.tool = "csc", .errors = *errors, .failed = true, .log_line = line.number});
    return true;
  }

  // tsc: "Found 5 errors in the same file", "Found 1 error."
  bool found(std::string_view text, const Line& line) {
    take(text, "Found ");
    const auto number = take_number(text);
    if (!number || (!text.starts_with(" errors") && !text.starts_with(" error"))) return false;
    if (out_.find(current_) == nullptr && !seen_tsc()) return false;
    out_.count({.tool = "tsc", .errors = *number, .failed = *number > 0, .log_line = line.number});
    return true;
  }
  bool seen_tsc() const { return out_.tallies().contains("tsc"); }

  Ticket current_ = 0;
  bool pretty_ = false, related_ = false, in_summary_ = false;
  std::unordered_set<std::string> told_;  // lines, for the summary of msbuild
  int blank_lines_ = 0;
};

}  // namespace

Definition paren_definition() {
  return {
      .name = "paren",
      .tools = "tsc (plain and pretty), MSVC, link, msbuild, csc, fsc, dotnet",
      .keywords = {"): error", "): warning", "): fatal error", " - error ", " - warning ", ": error ",
                   ": warning ", "error ts", "found ", "build failed.", "compilation failed: "},
      .make = make_parser<ParenParser>,
      .examples = {
          {"src/part.ts(4,31): error TS2304: Cannot find name 'x'.\n"
           "src/part.ts(7,3): error TS2322: Type 'A' is not assignable to type 'B'.\n"
           "  Property 'b' is missing in type 'A'.\n",
           "error tsc src/part.ts:4:31 TS2304 | Cannot find name 'x'.\n"
           "error tsc src/part.ts:7:3 TS2322 | Type 'A' is not assignable to type 'B'.\\n  Property 'b' is "
           "missing in type 'A'.\n"},
          {"\x1b[96msrc/part.ts\x1b[0m:\x1b[93m2\x1b[0m:\x1b[93m42\x1b[0m - \x1b[91merror\x1b[0m\x1b[90m "
           "TS2339: \x1b[0mProperty 'absent' does not exist on type 'string'.\n"
           "\n"
           "\x1b[7m2\x1b[0m export function c(s: string) { return s.absent; }\n"
           "\x1b[7m \x1b[0m \x1b[91m                                        ~~~~~~\x1b[0m\n"
           "\n"
           "  src/other.ts:3:5\n"
           "    3 type T = string;\n"
           "          ~\n"
           "    It is declared here.\n"
           "\n"
           "Found 1 error in src/part.ts:2\n",
           "error tsc src/part.ts:2:42 TS2339 | Property 'absent' does not exist on type 'string'.\n"
           "  src/other.ts:3:5 | It is declared here.\n"},
          {"Program.cs(3,5): error CS1002: ; expected [/p/app.csproj]\n",
           "error csc Program.cs:3:5 CS1002 | ; expected\n"},
          {"main.obj : error LNK2019: unresolved external symbol f referenced in function main\n",
           "error link main.obj LNK2019 | unresolved external symbol f referenced in function main\n"}}};
}

}  // namespace mira::builds

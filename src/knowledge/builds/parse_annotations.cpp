// Annotations for GitHub's log ("::error file=a.py,line=1,col=5::message"). Many tools print them beside
// their own text, so one of a file that errors were already read for says nothing new.
#include <algorithm>
#include <array>
#include <unordered_set>

#include "knowledge/builds/parsers.h"
#include "knowledge/builds/scan.h"
#include "platform/base/text.h"

namespace mira::builds {
namespace {

constexpr std::size_t most_files = 10'000;

// "%0A" -> a newline, and the other bytes that may not stand there as they are.
std::string unescaped(std::string_view text) {
  constexpr auto escapes = std::to_array<std::pair<std::string_view, char>>(
      {{"%25", '%'}, {"%0A", '\n'}, {"%0D", '\r'}, {"%3A", ':'}, {"%2C", ','}});
  std::string out;
  while (!text.empty()) {
    const auto* known =
        std::ranges::find_if(escapes, [&](const auto& one) { return text.starts_with(one.first); });
    if (known == escapes.end()) {
      out += text[0];
      text.remove_prefix(1);
    } else {
      out += known->second;
      text.remove_prefix(known->first.size());
    }
  }
  return out;
}

struct Properties {
  std::string file, title;
  int line = 0, column = 0, end_line = 0, end_column = 0;
};

Properties properties_of(std::string_view text) {
  Properties out;
  while (!text.empty()) {
    std::string_view one = text.substr(0, text.find(','));
    text.remove_prefix(std::min(one.size() + 1, text.size()));
    take_spaces(one);
    const auto number = [&one] { return take_number(one).value_or(0); };
    if (take(one, "file="))
      out.file = unescaped(one);
    else if (take(one, "title="))
      out.title = unescaped(one);
    else if (take(one, "line="))
      out.line = number();
    else if (take(one, "endLine="))
      out.end_line = number();
    else if (take(one, "col=") || take(one, "column="))
      out.column = number();
    else if (take(one, "endColumn=") || take(one, "endCol="))
      out.end_column = number();
  }
  return out;
}

class AnnotationParser : public Parser {
 public:
  using Parser::Parser;

  bool start(const Line& line) override {
    std::string_view text = line.text;
    take_spaces(text);
    const bool error = take(text, "::error");
    if (!error && !take(text, "::warning")) return false;
    if (!text.starts_with(' ') && !text.starts_with("::")) return false;
    const auto head = take_until(text, "::");
    if (!head || is_blank(text)) return false;
    const Properties said = properties_of(*head);
    if (!said.file.empty() && !is_first_of(said.file)) return true;
    Record record{.tool = "generic",
                  .severity = error ? Severity::error : Severity::warning,
                  .message = unescaped(text),
                  .file = said.file,
                  .line = said.line,
                  .column = said.column,
                  .end_line = said.end_line,
                  .end_column = said.end_column};
    name_tool(said, record);
    if (said.file.empty())
      out_.consequence(std::move(record), line, {});  // "Process completed with exit code 1."
    else
      out_.close(out_.begin(std::move(record), line));
    return true;
  }

 private:
  // Of a file that only annotations speak of.
  bool is_first_of(const std::string& file) {
    if (own_.contains(file)) return true;
    if (own_.size() >= most_files || out_.knows_file(file)) return false;
    return own_.insert(file).second;
  }

  // "Ruff (E401)" with "m.py:1:1: E401 words"; "lint/correctness/noUnusedVariables" of biome.
  static void name_tool(const Properties& said, Record& record) {
    std::string_view title = said.title;
    if (title.starts_with("lint/")) {
      record.tool = "biome";
      record.code = title;
    } else if (const std::size_t open = title.find(" (");
               open != std::string_view::npos && title.ends_with(')')) {
      record.code = title.substr(open + 2, title.size() - open - 3);
      record.tool = base::to_lower(title.substr(0, open));
      const std::size_t again = record.message.find(": " + record.code + " ");
      if (again != std::string::npos) record.message.erase(0, again + record.code.size() + 3);
    }
  }

  std::unordered_set<std::string> own_;
};

}  // namespace

Definition annotations_definition() {
  return {.name = "annotations",
          .tools = "annotations in GitHub's form (ruff, biome, vitest and others)",
          .keywords = {"::error", "::warning"},
          .make = make_parser<AnnotationParser>,
          .examples = {
              {"::error title=Ruff (E401),file=/p/m.py,line=1,col=1,endLine=1,endColumn=15::m.py:1:1: E401 "
               "Multiple "
               "imports on one line\n"
               "::error title=Ruff (F821),file=/p/m.py,line=8,col=7::m.py:8:7: F821 Undefined name `x`\n",
               "error ruff /p/m.py:1:1 E401 | Multiple imports on one line\n"
               "error ruff /p/m.py:8:7 F821 | Undefined name `x`\n"},
              {"::warning title=lint/correctness/noUnusedVariables,file=e2.js,line=1,col=5::This variable is "
               "unused.%0AIndeed\n",
               "warning biome e2.js:1:5 lint/correctness/noUnusedVariables | This variable is "
               "unused.\\nIndeed\n"},
              {"src/a.c:3:5: error: expected ';'\n"
               "::error file=src/a.c,line=3,col=5::expected ';'\n"
               "::error::Process completed with exit code 1.\n",
               "error gcc src/a.c:3:5 | expected ';'\n"}}};
}

}  // namespace mira::builds

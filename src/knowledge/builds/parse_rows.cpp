// Linters that print a file's name and then a row for each finding: eslint and
// stylelint ("  3:5  error  message  rule"). The file stands on the line before the
// first row.
#include "knowledge/builds/parsers.h"
#include "knowledge/builds/scan.h"

namespace mira::builds {
namespace {

struct RowText {
  int line = 0, column = 0;
  Severity severity = Severity::error;
  bool stylelint = false, yamllint = false;
  std::string_view message, rule;
};

// What stands between the place and the message.
bool take_severity(std::string_view& text, RowText& row) {
  if (take(text, "error ")) return true;
  if (take(text, "warning ")) {
    row.severity = Severity::warning;
    return true;
  }
  for (const std::string_view mark : {"\u2716 ", "\u00d7 ", "x "}) {
    if (take(text, mark)) return row.stylelint = true;
  }
  for (const std::string_view mark : {"\u26a0 ", "\u203c ", "! "}) {
    if (!take(text, mark)) continue;
    row.severity = Severity::warning;
    return row.stylelint = true;
  }
  return false;
}

std::string_view trimmed(std::string_view text) {
  take_spaces(text);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

std::optional<RowText> row_of(std::string_view text) {
  RowText row;
  if (take_spaces(text) == 0) return std::nullopt;
  const auto line = take_number(text);
  if (!line || !take(text, ":")) return std::nullopt;
  row.line = *line;
  const auto column = take_number(text);
  if (!column || take_spaces(text) == 0 || !take_severity(text, row)) return std::nullopt;
  row.column = *column;
  text = trimmed(text);
  row.message = text;
  const std::size_t gap = text.rfind("  ");
  if (gap == std::string_view::npos) {
    row.yamllint = text.ends_with(" (syntax)");
    if (!row.yamllint) return row;
    row.rule = "syntax";
    row.message = trimmed(text.substr(0, text.size() - row.rule.size() - 2));
    return row;
  }
  const std::string_view last = text.substr(gap + 2);
  if (last.find(' ') != std::string_view::npos) return row;
  row.rule = last;
  row.yamllint = last.size() > 2 && last.front() == '(' && last.back() == ')';
  if (row.yamllint) row.rule = last.substr(1, last.size() - 2);
  row.message = trimmed(text.substr(0, gap));
  return row;
}

class RowsParser : public Parser {
 public:
  using Parser::Parser;

  bool start(const Line& line) override {
    if (const auto row = row_of(line.text)) return add(*row, line);
    return problems(line);
  }

  Took follow(const Line& line) override {
    if (const auto row = row_of(line.text)) return add(*row, line) ? Took::yes : Took::no;
    in_rows_ = false;
    return Took::no;
  }

 private:
  bool add(const RowText& row, const Line& line) {
    if (!in_rows_) file_ = recent_.before(1);
    if (!looks_like_file(file_) || file_.find(' ') == 0) return false;
    in_rows_ = true;
    tool_ = row.yamllint ? "yamllint" : row.stylelint ? "stylelint" : "eslint";
    Record record{.tool = tool_,
                  .severity = row.severity,
                  .code = std::string(row.rule),
                  .message = std::string(row.message),
                  .file = file_,
                  .line = row.line,
                  .column = row.column};
    out_.close(out_.begin(std::move(record), line));
    return true;
  }

  // "✖ 7 problems (4 errors, 3 warnings)"
  bool problems(const Line& line) {
    std::string_view text = line.text;
    const std::size_t open = text.find(" problem");
    if (open == std::string_view::npos || tool_.empty()) return false;
    if (!take_until(text, "(")) return false;
    const auto errors = take_number(text);
    if (!errors || !take_until(text, ", ")) return false;
    const auto warnings = take_number(text);
    if (!warnings) return false;
    out_.count({.tool = tool_,
                .errors = *errors,
                .warnings = *warnings,
                .failed = *errors > 0,
                .log_line = line.number});
    return true;
  }

  std::string file_, tool_;
  bool in_rows_ = false;
};

}  // namespace

Definition rows_definition() {
  return {
      .name = "rows",
      .tools = "eslint, stylelint, yamllint",
      .keywords = {" error ", " warning ", " problem", "\u2716 ", "\u00d7 ", "\u26a0 "},
      .make = make_parser<RowsParser>,
      .examples = {
          {"\n"
           "/p/src/part.js\n"
           "   4:30  error    'idle1' is assigned a value but never used  no-unused-vars\n"
           "  15:34  warning  Expected '===' and instead saw '=='         eqeqeq\n"
           "  16:1   error    Parsing error: Unexpected token\n"
           "\n"
           "\u2716 3 problems (2 errors, 1 warning)\n",
           "error eslint /p/src/part.js:4:30 no-unused-vars | 'idle1' is assigned a value but never used\n"
           "warning eslint /p/src/part.js:15:34 eqeqeq | Expected '===' and instead saw '=='\n"
           "error eslint /p/src/part.js:16:1 | Parsing error: Unexpected token\n"},
          {"part.yaml\n"
           "  7:9       error    too many spaces after comma  (commas)\n",
           "error yamllint part.yaml:7:9 commas | too many spaces after comma\n"},
          {"part.yaml\n"
           "  2:3       error    syntax error: mapping values are not allowed here (syntax)\n",
           "error yamllint part.yaml:2:3 syntax | syntax error: mapping values are not allowed here\n"},
          {"src/a.css\n"
           "  3:8  \u2716  Unexpected invalid hex color \"#ab\"  color-no-invalid-hex\n",
           "error stylelint src/a.css:3:8 color-no-invalid-hex | Unexpected invalid hex color \"#ab\"\n"}}};
}

}  // namespace mira::builds

// One finding a line with a code of letters and digits and no level: flake8, ruff,
// pylint, rubocop, hadolint, yamllint, pyright, ruff's long form. The code says the tool
// and how bad it is.
#include <array>

#include "knowledge/builds/parsers.h"
#include "knowledge/builds/scan.h"

namespace mira::builds {
namespace {

// "F401", "E999", "DL3008", "PLR0913".
bool is_code(std::string_view word) {
  std::size_t letters = 0;
  while (letters < word.size() && word[letters] >= 'A' && word[letters] <= 'Z') ++letters;
  if (letters == 0 || letters > 5 || letters == word.size()) return false;
  for (const char c : word.substr(letters)) {
    if (!is_digit(c)) return false;
  }
  return word.size() - letters >= 2 && word.size() - letters <= 5;
}

bool is_python(std::string_view file) {
  return has_extension(file, ".py .pyi .ipynb");
}

class CodedParser : public Parser {
 public:
  using Parser::Parser;

  bool start(const Line& line) override {
    std::string_view text = line.text;
    take_spaces(text);
    if (summary(text, line) || hadolint(text, line) || pyright(text, line) || long_form(text, line))
      return true;
    const auto place = colon_place(text);
    return place && (pylint(*place, line) || plain(*place, line) || rubocop(*place, line));
  }

  // pyright tells its reasons, and the rule, on the next lines.
  Took follow(const Line& line) override {
    Record* record = reasons_ ? out_.find(current_, line) : nullptr;
    std::string_view text = line.text;
    if (record == nullptr || take_indent(text) < 4 || text.empty()) return Took::no;
    const std::string_view rule = take_rule(text);
    if (!rule.empty()) record->code = rule;
    if (record->message.size() < message_bytes) record->message += "\n" + std::string(text);
    return Took::yes;
  }

 private:
  bool add(std::string_view tool, Severity severity, std::string_view code, std::string_view message,
           const Located& place, const Line& line) {
    Record record{.tool = std::string(tool),
                  .severity = severity,
                  .code = std::string(code),
                  .message = std::string(message),
                  .file = std::string(place.file),
                  .line = place.line,
                  .column = place.column};
    current_ = out_.begin(std::move(record), line);
    reasons_ = false;
    return true;
  }

  // "x.py:3:5: F401 [*] `os` imported but unused" (ruff marks what it can mend), "x.py:3:5: F401 'os'
  // imported" (flake8)
  bool plain(const Located& place, const Line& line) {
    std::string_view rest = place.rest;
    const std::size_t end = rest.find_first_of(" :");
    if (end == std::string_view::npos || !is_code(rest.substr(0, end))) return false;
    if (!is_python(place.file)) return false;
    const std::string_view code = rest.substr(0, end);
    rest.remove_prefix(end);
    take(rest, ":");
    take_spaces(rest);
    const bool mendable = take(rest, "[*] ");
    seen_ruff_ = seen_ruff_ || mendable || rest.find('`') != std::string_view::npos ||
                 code.size() > 4 + (code[1] >= 'A' && code[1] <= 'Z' ? 2U : 0U);
    if (seen_ruff_) decide_ruff();
    const bool warning = code[0] == 'W' || (code[0] == 'C' && code[1] == '9');
    add(seen_ruff_ ? "ruff" : "flake8", warning ? Severity::warning : Severity::error, code, rest, place,
        line);
    out_.hold(current_, !seen_ruff_);  // until a line that only one of the two prints
    return true;
  }

  void decide_ruff() {
    for (const Ticket ticket : out_.held()) {
      Record* record = out_.find(ticket);
      if (record == nullptr || record->tool != "flake8") continue;
      record->tool = "ruff";
      out_.hold(ticket, false);
    }
  }

  // "x.py:3:0: C0114: Missing module docstring (missing-module-docstring)"
  bool pylint(const Located& place, const Line& line) {
    std::string_view rest = place.rest;
    if (rest.size() < 8 || rest[5] != ':' || !is_code(rest.substr(0, 5)) || !rest.ends_with(')'))
      return false;
    const std::size_t open = rest.rfind(" (");
    if (open == std::string_view::npos || rest.find(' ', open + 1) != std::string_view::npos) return false;
    const bool error = rest[0] == 'E' || rest[0] == 'F';
    Located at = place;
    if (line.text.find(":0: ") != std::string_view::npos && at.column == 0) at.column = 0;
    return add("pylint", error ? Severity::error : Severity::warning, rest.substr(0, 5),
               rest.substr(7, open - 7), at, line);
  }

  // "x.rb:3:5: C: [Correctable] Layout/Indent: message"
  bool rubocop(const Located& place, const Line& line) {
    std::string_view rest = place.rest;
    if (rest.size() < 5 || rest[1] != ':' || rest[2] != ' ' ||
        !has_extension(place.file, ".rb .rake .gemspec .ru"))
      return false;
    const bool error = rest[0] == 'E' || rest[0] == 'F';
    rest.remove_prefix(3);
    take(rest, "[Correctable] ");
    const auto cop = take_until(rest, ": ");
    return cop && add("rubocop", error ? Severity::error : Severity::warning, *cop, rest, place, line);
  }

  // "Dockerfile:3 DL3008 warning: Pin versions"
  bool hadolint(std::string_view text, const Line& line) {
    const std::size_t space = text.find(' ');
    if (space == std::string_view::npos) return false;
    const auto place = whole_place(text.substr(0, space));
    std::string_view rest = text.substr(space + 1);
    const std::size_t end = rest.find(' ');
    if (!place || end == std::string_view::npos || !is_code(rest.substr(0, end))) return false;
    const std::string_view code = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    const Level level = take_level(rest);
    if (level == Level::none && !take(rest, "style: ") && !take(rest, "ignore: ")) return false;
    return add("hadolint", level == Level::error ? Severity::error : Severity::warning, code, rest, *place,
               line);
  }

  // "/p/x.py:3:5 - error: message (reportCallIssue)"
  bool pyright(std::string_view text, const Line& line) {
    const std::size_t dash = text.find(" - ");
    if (dash == std::string_view::npos) return false;
    const auto place = whole_place(text.substr(0, dash));
    std::string_view rest = text.substr(dash + 3);
    const Level level = place && is_python(place->file) ? take_level(rest) : Level::none;
    if (level == Level::none || level == Level::note) return false;
    const std::string_view code = take_rule(rest);
    add("pyright", level == Level::error ? Severity::error : Severity::warning, code, rest, *place, line);
    return reasons_ = true;
  }

  // pyright indents by no-break spaces, so that no terminal joins its lines.
  static std::size_t take_indent(std::string_view& text) {
    std::size_t columns = take_spaces(text);
    while (take(text, "\u00a0")) columns += 1 + take_spaces(text);
    return columns;
  }

  // "message (reportCallIssue)" -> the rule, removed.
  static std::string_view take_rule(std::string_view& text) {
    const std::size_t open = text.rfind(" (report");
    if (!text.ends_with(')') || open == std::string_view::npos) return {};
    const std::string_view rule = text.substr(open + 2, text.size() - open - 3);
    text = text.substr(0, open);
    return rule;
  }

  // ruff's long form: " --> a.py:1:8" below "F401 [*] `os` imported but unused".
  bool long_form(std::string_view text, const Line& line) {
    if (!take(text, "--> ")) return false;
    const auto place = whole_place(text);
    if (!place || !is_python(place->file)) return false;
    std::string_view head = recent_.before(1);
    const std::size_t end = head.find(' ');
    if (end == std::string_view::npos) return false;
    std::string_view code = head.substr(0, end);
    if (code.ends_with(':')) code.remove_suffix(1);
    if (!is_code(code) && code != "invalid-syntax") return false;
    head.remove_prefix(end + 1);
    take(head, "[*] ");
    seen_ruff_ = true;
    return add("ruff", code[0] == 'W' ? Severity::warning : Severity::error, code, head, *place, line);
  }

  // ruff: "Found 3 errors."; pyright: "1 error, 0 warnings, 0 informations"
  bool summary(std::string_view text, const Line& line) {
    std::string_view rest = text;
    if (text.starts_with("[*] ") &&
        text.ends_with(" option).")) {  // "[*] 2 fixable with the `--fix` option."
      decide_ruff();
      return true;
    }
    if (seen_ruff_ && take(rest, "Found ")) {
      const auto found = take_number(rest);
      if (!found || !rest.starts_with(" error")) return false;
      decide_ruff();
      out_.count({.tool = "ruff", .failed = *found > 0, .log_line = line.number});
      return true;
    }
    if (take(rest, "Found ")) {  // mypy: "Found 3 errors in 1 file (checked 1 source file)"
      const auto found = take_number(rest);
      if (!found || rest.find(" (checked ") == std::string_view::npos) return false;
      out_.count({.tool = "mypy", .errors = *found, .failed = *found > 0, .log_line = line.number});
      return true;
    }
    const auto first = take_number(rest);
    if (first && (take(rest, " errors, ") || take(rest, " error, "))) {
      const auto warnings = take_number(rest);
      if (!warnings || rest.find("information") == std::string_view::npos) return false;
      out_.count({.tool = "pyright",
                  .errors = *first,
                  .warnings = *warnings,
                  .failed = *first > 0,
                  .log_line = line.number});
      return true;
    }
    return false;
  }

  Ticket current_ = 0;
  bool reasons_ = false, seen_ruff_ = false;
};

}  // namespace

Definition coded_definition() {
  return {.name = "coded",
          .tools = "flake8, ruff, pylint, pyright, rubocop, hadolint",
          .keywords = {".py:", ".pyi:", ".rb:", "dockerfile", ".ipynb:", " informations", " dl3", " dl4",
                       "found ", "[*] "},
          .make = make_parser<CodedParser>,
          .examples = {{"a.py:1:1: F401 'os' imported but unused\n"
                        "a.py:2:80: W291 trailing whitespace\n",
                        "error flake8 a.py:1:1 F401 | 'os' imported but unused\n"
                        "warning flake8 a.py:2:80 W291 | trailing whitespace\n"},
                       {"a.py:1:8: F401 [*] `os` imported but unused\n",
                        "error ruff a.py:1:8 F401 | `os` imported but unused\n"},
                       {"a.py:1:1: D100 Missing docstring in public module\n"
                        "a.py:1:8: F401 [*] `os` imported but unused\n"
                        "a.py:2:5: D103 Missing docstring in public function\n"
                        "Found 3 errors.\n",
                        "error ruff a.py:1:1 D100 | Missing docstring in public module\n"
                        "error ruff a.py:1:8 F401 | `os` imported but unused\n"
                        "error ruff a.py:2:5 D103 | Missing docstring in public function\n"},
                       {"F401 [*] `os` imported but unused\n"
                        " --> a.py:1:8\n"
                        "  |\n"
                        "1 | import os\n"
                        "  |        ^^\n",
                        "error ruff a.py:1:8 F401 | `os` imported but unused\n"},
                       {"a.py:3:0: C0116: Missing function docstring (missing-function-docstring)\n"
                        "a.py:5:4: E0602: Undefined variable 'x' (undefined-variable)\n",
                        "warning pylint a.py:3 C0116 | Missing function docstring\n"
                        "error pylint a.py:5:4 E0602 | Undefined variable 'x'\n"},
                       {"I001 [*] Import block is un-sorted\n"
                        " --> a.py:1:1\n",
                        "error ruff a.py:1:1 I001 | Import block is un-sorted\n"},
                       {"  /p/a.py:6:3 - error: Argument of type \"A\" cannot be assigned\n"
                        "    \"A\" is not assignable to \"B\" (reportArgumentType)\n",
                        "error pyright /p/a.py:6:3 reportArgumentType | Argument of type \"A\" cannot be "
                        "assigned\\n\"A\" is not "
                        "assignable to \"B\"\n"},
                       {"  /p/a.py:3:5 - error: Argument missing for parameter \"x\" (reportCallIssue)\n"
                        "1 error, 0 warnings, 0 informations\n",
                        "error pyright /p/a.py:3:5 reportCallIssue | Argument missing for parameter \"x\"\n"},
                       {"a.rb:3:5: C: [Correctable] Layout/IndentationWidth: Use 2 spaces\n",
                        "warning rubocop a.rb:3:5 Layout/IndentationWidth | Use 2 spaces\n"},
                       {"Dockerfile:3 DL3008 warning: Pin versions in apt get install\n",
                        "warning hadolint Dockerfile:3 DL3008 | Pin versions in apt get install\n"}}};
}

}  // namespace mira::builds

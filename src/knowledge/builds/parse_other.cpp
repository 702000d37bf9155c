// Tools with a head of their own and a few lines below it: terraform's boxes, npm's
// prefixed lines, Docker, PHP, Ruby, Perl, shells, OCaml, shellcheck's terminal form.
#include "knowledge/builds/parsers.h"
#include "knowledge/builds/scan.h"

namespace mira::builds {
namespace {

class OtherParser : public Parser {
 public:
  using Parser::Parser;

  bool start(const Line& line) override {
    std::string_view text = line.text;
    return terraform(text, line) || npm(text, line) || php(text, line) || shellcheck(text, line) ||
           ocaml(text, line) || perl(text, line) || shell(text, line) || docker(text, line);
  }

  Took follow(const Line& line) override {
    Record* record = out_.find(current_, line);
    if (record == nullptr) return Took::no;
    std::string_view text = line.text;
    switch (kind_) {
      case Kind::terraform:
        return terraform_line(*record, text);
      case Kind::npm:
        if (!take(text, "npm error ") && !take(text, "npm ERR! ")) return Took::no;
        if (record->message.size() < message_bytes && text.find("A complete log") != 0)
          record->message += "\n" + std::string(text);
        return Took::yes;
      case Kind::shellcheck:
        return shellcheck_line(*record, text, line);
      case Kind::ocaml:
        return ocaml_line(*record, text);
      case Kind::none:
        break;
    }
    return Took::no;
  }

 private:
  enum class Kind { none, terraform, npm, shellcheck, ocaml };

  bool add(Record record, Kind kind, const Line& line) {
    current_ = out_.begin(std::move(record), line);
    kind_ = kind;
    if (kind == Kind::none) out_.close(current_);
    return true;
  }

  // "│ Error: Reference to undeclared resource" ... "│   on main.tf line 3, in resource \"a\" \"b\":" ... "╵"
  bool terraform(std::string_view text, const Line& line) {
    const bool box = take(text, "\u2502 ");
    const bool error = box && take(text, "Error: ");
    if (!error && !(box && take(text, "Warning: "))) return false;
    body_ = 0;
    return add({.tool = "terraform",
                .severity = error ? Severity::error : Severity::warning,
                .message = std::string(text)},
               Kind::terraform, line);
  }
  Took terraform_line(Record& record, std::string_view text) {
    if (text.starts_with("\u2575")) return out_.close(current_), Took::no;
    if (!take(text, "\u2502")) return Took::no;
    std::string_view rest = text;
    take_spaces(rest);
    if (take(rest, "on ")) {
      const auto file = take_until(rest, " line ");
      const auto number = take_number(rest);
      if (file && number) {
        record.file = *file;
        record.line = *number;
      }
    } else if (!rest.empty() && is_digit(rest[0]) && record.snippet.empty()) {
      record.snippet = std::string(rest) + "\n";
    } else if (!rest.empty() && record.message.size() < message_bytes) {
      record.message += (body_++ == 0 ? "\n" : " ") + std::string(rest);
    }
    return Took::yes;
  }

  // "npm error code E404" / "npm ERR! code ELIFECYCLE": a script that failed tells itself.
  bool npm(std::string_view text, const Line& line) {
    const auto is_npm = [](std::string_view said) {
      return said.starts_with("npm error") || said.starts_with("npm ERR!");
    };
    if (!is_npm(text)) return false;
    if (is_npm(recent_.before(1))) return true;  // one complaint of several lines
    if (!take(text, "npm error ") && !take(text, "npm ERR! ")) return false;
    Record record{.tool = "npm", .message = std::string(text)};
    if (take(text, "code ")) record.code = text;
    const bool script = record.code == "ELIFECYCLE" || text.starts_with("Lifecycle script") ||
                        record.code.empty() || is_digit(record.code[0]);
    if (!script) return add(std::move(record), Kind::npm, line);
    out_.consequence(std::move(record), line, {});
    return true;
  }

  // "PHP Parse error:  syntax error, unexpected ... in /p/a.php on line 3"
  bool php(std::string_view text, const Line& line) {
    const std::size_t on = text.rfind(" on line ");
    const std::size_t in = on == std::string_view::npos ? on : text.rfind(" in ", on);
    if (in == std::string_view::npos) return false;
    take(text, "PHP ");
    for (const std::string_view head :
         {"Parse error: ", "Fatal error: ", "Warning: ", "Deprecated: ", "Notice: "}) {
      const std::size_t before = line.text.size() - text.size();
      std::string_view rest = text;
      if (!take(rest, head)) continue;
      std::string_view message = line.text.substr(before + head.size(), in - before - head.size());
      take_spaces(message);
      std::string_view number = line.text.substr(on + 9);
      const bool error = head[0] == 'P' || head[0] == 'F';
      return add({.tool = "php",
                  .severity = error ? Severity::error : Severity::warning,
                  .code = std::string(head.substr(0, head.size() - 2)),
                  .message = std::string(message),
                  .file = std::string(line.text.substr(in + 4, on - in - 4)),
                  .line = take_number(number).value_or(0)},
                 Kind::none, line);
    }
    return false;
  }

  // "In x.sh line 3:" / source / "   ^-- SC2086 (info): Double quote"
  bool shellcheck(std::string_view text, const Line& line) {
    if (!take(text, "In ") || !text.ends_with(':')) return false;
    const std::size_t at = text.rfind(" line ");
    if (at == std::string_view::npos) return false;
    file_ = text.substr(0, at);
    std::string_view rest = text.substr(at + 6);
    line_ = take_number(rest).value_or(0);
    if (line_ == 0 || rest != ":") return false;
    current_ = out_.begin({.tool = "shellcheck", .file = file_, .line = line_}, line);
    kind_ = Kind::shellcheck;
    first_ = true;
    blank_ = false;
    return true;
  }
  Took shellcheck_line(Record& record, std::string_view text, const Line& line) {
    std::string_view rest = text;
    const auto column = static_cast<int>(take_spaces(rest)) + 1;
    // "^-- SC2086 (info): ...", and below a longer piece "^---^ SC2045 (error): ..."
    const std::size_t mark = rest.find(" SC");
    const bool marked = mark != std::string_view::npos && rest[0] == '^' &&
                        rest.substr(0, mark).find_first_not_of("^-") == std::string_view::npos;
    if (!marked) {
      if (is_blank(text) && (!first_ || blank_)) return drop_empty(), Took::no;
      blank_ = is_blank(text);  // the line of the script may be empty
      return first_ ? Took::pass : Took::no;
    }
    rest.remove_prefix(mark + 1);
    const auto code = take_until(rest, " (");
    const auto level = take_until(rest, "): ");
    if (!code || !level) return Took::no;
    Record one{.tool = "shellcheck",
               .severity = *level == "error" ? Severity::error : Severity::warning,
               .code = std::string(*code),
               .message = std::string(rest),
               .file = file_,
               .line = line_,
               .column = column};
    if (first_) {
      record = std::move(one);
      record.log_line = line.number;
      record.log_begin = line.begin;
      record.log_end = line.end;
    } else {
      current_ = out_.begin(std::move(one), line);
    }
    first_ = false;
    return Took::yes;
  }
  void drop_empty() {
    if (first_) out_.drop(current_);
    current_ = 0;
  }

  // 'File "a.ml", line 3, characters 4-7:' / source / "Error: message"
  bool ocaml(std::string_view text, const Line& line) {
    if (!take(text, "File \"")) return false;
    const auto file = take_until(text, "\", line");
    if (!file) return false;
    take(text, "s");
    take(text, " ");
    const auto number = take_number(text);
    const std::size_t at = text.find(", characters ");
    if (!number || at == std::string_view::npos || !text.ends_with(':')) return false;
    std::string_view rest = text.substr(at + 13);
    return add({.tool = "ocaml",
                .file = std::string(*file),
                .line = *number,
                .column = take_number(rest).value_or(0) + 1},
               Kind::ocaml, line);
  }
  Took ocaml_line(Record& record, std::string_view text) {
    if (record.message.empty()) {
      std::string_view rest = text;
      if (take(rest, "Error: ") || rest.starts_with("Error (")) {
        record.message = rest;
      } else if (take(rest, "Warning ")) {
        record.severity = Severity::warning;
        record.message = rest;
        if (rest.find('[') != std::string_view::npos)
          record.code = rest.substr(rest.find('[') + 1, rest.find(']') - rest.find('[') - 1);
      }
      return Took::yes;
    }
    std::string_view rest = text;
    if (take_spaces(rest) < 2 || rest.empty()) return Took::no;
    record.message += "\n" + std::string(rest);
    return Took::yes;
  }

  // "syntax error at x.pl line 3, near ..."
  bool perl(std::string_view text, const Line& line) {
    const std::size_t at = text.find(" at ");
    const std::size_t number_at = at == std::string_view::npos ? at : text.find(" line ", at);
    if (number_at == std::string_view::npos) return false;
    const std::string_view file = text.substr(at + 4, number_at - at - 4);
    std::string_view rest = text.substr(number_at + 6);
    const auto number = take_number(rest);
    if (!number || !has_extension(file, ".pl .pm .t .PL") ||
        !(rest.starts_with(".") || rest.starts_with(",")))
      return false;
    return add({.tool = "perl",
                .message = std::string(text.substr(0, at)),
                .file = std::string(file),
                .line = *number},
               Kind::none, line);
  }

  // "x.sh: line 3: foo: command not found", "/bin/sh: 1: foo: not found"
  bool shell(std::string_view text, const Line& line) {
    const std::size_t at = text.find(": line ");
    if (at != std::string_view::npos) {
      std::string_view rest = text.substr(at + 7);
      const auto number = take_number(rest);
      if (!number || !take(rest, ": ") || rest.empty()) return false;
      Record record{.tool = "shell",
                    .message = std::string(rest),
                    .file = std::string(text.substr(0, at)),
                    .line = *number};
      if (rest.ends_with("command not found") || rest.starts_with("syntax error") ||
          rest.ends_with("unbound variable"))
        return add(std::move(record), Kind::none, line);
      return false;
    }
    if ((text.starts_with("/bin/sh: ") || text.starts_with("sh: ")) &&
        (text.ends_with(": not found") || text.ends_with(": Permission denied"))) {
      take_until(text, ": ");
      if (take_number(text)) take(text, ": ");
      return add({.tool = "shell", .message = std::string(text)}, Kind::none, line);
    }
    return false;
  }

  // "ERROR: failed to solve: ...": the step's own output tells more, where it is there.
  bool docker(std::string_view text, const Line& line) {
    if (!text.starts_with("ERROR: failed to solve: ") && !text.starts_with("ERROR: failed to build: "))
      return false;
    out_.count({.tool = "docker", .failed = true, .log_line = line.number});
    out_.consequence({.tool = "docker", .message = std::string(text.substr(7))}, line, {});
    return true;
  }

  Ticket current_ = 0;
  Kind kind_ = Kind::none;
  std::string file_;
  int line_ = 0, body_ = 0;
  bool first_ = false, blank_ = false;
};

}  // namespace

Definition other_definition() {
  return {.name = "other",
          .tools = "terraform, npm, php, shellcheck, OCaml, perl, sh, docker",
          .keywords = {"\u2502 error: ", "\u2502 warning: ", "npm error ", "npm err! ", " on line ", " line ",
                       ": not found", ": permission denied", "failed to solve", "failed to build"},
          .make = make_parser<OtherParser>,
          .examples = {
              {"\u2577\n"
               "\u2502 Error: Reference to undeclared resource\n"
               "\u2502 \n"
               "\u2502   on main.tf line 3, in output \"x\":\n"
               "\u2502    3:   value = a.b.id\n"
               "\u2502 \n"
               "\u2502 A managed resource has not been declared.\n"
               "\u2575\n",
               "error terraform main.tf:3 | Reference to undeclared resource\\nA managed resource has not "
               "been declared.\n"},
              {"npm error code E404\n"
               "npm error 404 Not Found - GET nowhere\n",
               "error npm E404 | code E404\\n404 Not Found - GET nowhere\n"},
              {"PHP Parse error:  syntax error, unexpected end of file in /p/a.php on line 3\n",
               "error php /p/a.php:3 Parse error | syntax error, unexpected end of file\n"},
              {"In x.sh line 3:\n"
               "echo $x\n"
               "     ^-- SC2086 (info): Double quote to prevent globbing.\n"
               "\n",
               "warning shellcheck x.sh:3:6 SC2086 | Double quote to prevent globbing.\n"},
              {"In x.sh line 5:\n"
               "\n"
               "^-- SC1050 (error): Expected 'then'.\n"
               "^-- SC1072 (error): Fix any mentioned problems.\n"
               "\n",
               "error shellcheck x.sh:5:1 SC1050 | Expected 'then'.\n"
               "error shellcheck x.sh:5:1 SC1072 | Fix any mentioned problems.\n"},
              {"In x.sh line 3:\n"
               "if [ -n $y ]; then :; fi\n"
               "        ^-^ SC2070 (error): -n doesn't work with unquoted arguments.\n"
               "        ^-^ SC2086 (info): Double quote to prevent globbing.\n"
               "\n",
               "error shellcheck x.sh:3:9 SC2070 | -n doesn't work with unquoted arguments.\n"
               "warning shellcheck x.sh:3:9 SC2086 | Double quote to prevent globbing.\n"},
              {"File \"a.ml\", line 3, characters 4-7:\n"
               "3 | let x : int = \"a\"\n"
               "                  ^^^\n"
               "Error: This expression has type string\n"
               "       but was expected of type int\n",
               "error ocaml a.ml:3:5 | This expression has type string\\nbut was expected of type int\n"},
              {"syntax error at x.pl line 3, near \"foo\"\n", "error perl x.pl:3 | syntax error\n"},
              {"x.sh: line 3: frob: command not found\n", "error shell x.sh:3 | frob: command not found\n"}}};
}

}  // namespace mira::builds

// Test runners of Ruby, PHP, Perl and Elixir: a numbered or named failure, what it says,
// and the first place of the project below it. RSpec ("Failure/Error:"), PHPUnit ("1) T::m"),
// Test::More ("#   Failed test"), ExUnit ("  1) test x (M)"); and PHPStan's and phpcs' tables.
#include "knowledge/builds/parsers.h"
#include "knowledge/builds/scan.h"

namespace mira::builds {
namespace {

bool is_library(std::string_view file) {
  return file.find("/gems/") != std::string_view::npos || file.find("/vendor/") != std::string_view::npos ||
         file.starts_with("/usr/") || file.find("/lib/ruby/") != std::string_view::npos;
}

enum class Kind { none, rspec, phpunit, perl, exunit };

class SpecParser : public Parser {
 public:
  using Parser::Parser;

  bool start(const Line& line) override {
    std::string_view text = line.text;
    if (take(text, "     Failure/Error: ")) return rspec(text, line);
    if (take(text, "#   Failed test ") || take(text, "    #   Failed test ")) return perl(text, line);
    if (text.starts_with("  ") && exunit(text, line)) return true;
    if (phpunit(text, line) || totals(text, line)) return true;
    return table(text, line);
  }

  Took follow(const Line& line) override {
    if (in_table_) return table_row(line);
    Record* record = kind_ == Kind::none ? nullptr : out_.find(current_, line);
    if (record == nullptr) return Took::no;
    switch (kind_) {
      case Kind::rspec:
        return rspec_line(*record, line.text);
      case Kind::phpunit:
        return phpunit_line(*record, line.text);
      case Kind::perl:
        return perl_line(*record, line.text);
      default:
        return exunit_line(*record, line.text);
    }
  }

 private:
  bool open(Kind kind, Record record, const Line& line) {
    current_ = out_.begin(std::move(record), line);
    kind_ = kind;
    placed_ = said_ = false;
    return true;
  }
  Took leave() {
    if (Record* record = out_.find(current_)) {
      while (record->message.ends_with('\n')) record->message.pop_back();
      if (record->message.empty()) record->message = record->test + " failed";
    }
    out_.close(current_);
    kind_ = Kind::none;
    return Took::no;
  }

  static void say(Record& record, std::string_view text) {
    if (record.message.size() + text.size() > message_bytes) return;
    if (!record.message.empty()) record.message += '\n';
    record.message += text;
  }
  void place(Record& record, const Located& at) {
    if (record.frames.size() < most_frames)
      record.frames.push_back(
          {.file = std::string(at.file), .line = at.line, .in_project = !is_library(at.file)});
    if (placed_ || is_library(at.file)) return;
    placed_ = true;
    record.file = at.file.starts_with("./") ? at.file.substr(2) : at.file;
    record.line = at.line;
    record.column = 0;
  }

  // "  1) part p1" stands before "     Failure/Error: expect(1).to eq(2)".
  bool rspec(std::string_view text, const Line& line) {
    Record record{.tool = "rspec", .message = std::string(text)};
    std::string_view title = recent_.before(1);
    take_spaces(title);
    if (take_number(title) && take(title, ") ")) record.test = title;
    return open(Kind::rspec, std::move(record), line);
  }
  Took rspec_line(Record& record, std::string_view text) {
    std::string_view rest = text;
    const std::size_t indent = take_spaces(rest);
    if (rest.empty()) return Took::yes;
    if (indent < 5) return leave();
    if (take(rest, "# ")) {
      if (const auto at = colon_place(rest)) place(record, *at);
      return Took::yes;
    }
    if (take(rest, "expected: "))
      record.expected = rest;
    else if (take(rest, "got: "))
      record.actual = rest;
    std::string_view whole = text;
    take_spaces(whole);
    if (!placed_) say(record, whole);
    return Took::yes;
  }

  // "1) PartTest::testP1", its words, a blank line, "/p/PartTest.php:5".
  bool phpunit(std::string_view text, const Line& line) {
    if (!take_number(text) || !take(text, ") ")) return false;
    if (text.find("::") == std::string_view::npos) return false;
    const std::string_view name = text.substr(0, text.find(' '));
    if (name.find("::") == std::string_view::npos) return false;
    return open(Kind::phpunit, {.tool = "phpunit", .test = std::string(text)}, line);
  }
  Took phpunit_line(Record& record, std::string_view text) {
    if (text.starts_with("FAILURES!") || text.starts_with("ERRORS!") || text == "--") return leave();
    std::string_view next = text;
    if (take_number(next) && next.starts_with(") ")) return leave();
    if (text.empty()) return said_ = !record.message.empty(), Took::yes;
    if (const auto at = whole_place(text); at && said_ && has_extension(at->file, ".php .phpt .inc")) {
      place(record, *at);
      return Took::yes;
    }
    if (placed_) return leave();
    say(record, text);
    return Took::yes;
  }

  // "#   Failed test 'p1'" / "#   at t/part.t line 3." / "#          got: '2'" / "#     expected: '77'"
  bool perl(std::string_view text, const Line& line) {
    if (take(text, "'") && text.ends_with('\'')) text.remove_suffix(1);
    const bool unnamed = text.starts_with("at ");
    Record record{.tool = "prove", .test = std::string(unnamed ? std::string_view{} : text)};
    record.message = "Failed test" + (unnamed ? std::string() : " '" + std::string(text) + "'");
    open(Kind::perl, std::move(record), line);
    if (unnamed) perl_place(*out_.find(current_), text);
    return true;
  }
  void perl_place(Record& record, std::string_view text) {
    if (!take(text, "at ")) return;
    const auto file = take_until(text, " line ");
    const auto number = take_number(text);
    if (file && number) place(record, {.file = *file, .line = *number, .rest = {}});
  }
  Took perl_line(Record& record, std::string_view text) {
    take_spaces(text);
    if (!take(text, "#")) return leave();
    take_spaces(text);
    if (text.starts_with("Failed test") || text.starts_with("Looks like ")) return leave();
    if (text.starts_with("at ") && !placed_) return perl_place(record, text), Took::yes;
    std::string_view value = text;
    if (take(value, "got: "))
      record.actual = value;
    else if (take(value, "expected: "))
      record.expected = value;
    say(record, text);
    return Took::yes;
  }

  // "  1) test adds (PartTest)" / "     test/part_test.exs:3"
  bool exunit(std::string_view text, const Line& line) {
    take_spaces(text);
    if (!take_number(text) || !take(text, ") test ") || !text.ends_with(')')) return false;
    return open(Kind::exunit, {.tool = "exunit", .test = std::string(text)}, line);
  }
  Took exunit_line(Record& record, std::string_view text) {
    std::string_view rest = text;
    if (take_spaces(rest) < 5 && !rest.empty()) return leave();
    if (rest.empty()) return leave();
    if (const auto at = whole_place(rest); at && has_extension(at->file, ".exs .ex")) {
      place(record, *at);
      return Took::yes;
    }
    if (rest.starts_with("stacktrace:")) return leave();
    say(record, rest);
    return Took::yes;
  }

  // "3 examples, 2 failures", "Tests: 3, Assertions: 3, Failures: 2.", "3 tests, 1 failure"
  bool totals(std::string_view text, const Line& line) {
    if (take(text, "Tests: ")) {
      if (text.find("Assertions: ") == std::string_view::npos) return false;
      std::int64_t failed = 0;
      for (const std::string_view word : {"Failures: ", "Errors: "}) {
        const std::size_t at = text.find(word);
        if (at == std::string_view::npos) continue;
        std::string_view rest = text.substr(at + word.size());
        failed += take_number(rest).value_or(0);
      }
      out_.count({.tool = "phpunit", .errors = failed, .failed = failed > 0, .log_line = line.number});
      return true;
    }
    if (!take_number(text)) return false;
    const bool rspec = take(text, " examples, ") || take(text, " example, ");
    const bool exunit = !rspec && (take(text, " tests, ") || take(text, " test, "));
    const auto failed = take_number(text);
    if ((!rspec && !exunit) || !failed || !text.starts_with(" failure")) return false;
    out_.count({.tool = rspec ? "rspec" : "exunit",
                .errors = *failed,
                .failed = *failed > 0,
                .log_line = line.number});
    return true;
  }

  // PHPStan: "  Line   src/part.php" above "  3      Undefined variable: $x"; phpcs: "FILE: /p/part.php"
  // above " 3 | ERROR | [x] Missing ...".
  bool table(std::string_view text, const Line& line) {
    if (take(text, "FILE: ")) {
      if (!looks_like_file(text)) return false;
      file_ = text;
      phpcs_ = in_table_ = true;
      return true;
    }
    if (take(text, " [ERROR] Found ")) {
      const auto number = take_number(text);
      if (!number || !text.starts_with(" error")) return false;
      out_.count({.tool = "phpstan", .errors = *number, .failed = *number > 0, .log_line = line.number});
      return true;
    }
    if (take_spaces(text) != 2 || !take(text, "Line") || take_spaces(text) < 2) return false;
    while (text.ends_with(' ')) text.remove_suffix(1);
    if (!has_extension(text, ".php .phtml .inc") || !looks_like_file(text)) return false;
    file_ = text;
    phpcs_ = false;
    return in_table_ = true;
  }
  Took table_row(const Line& line) {
    std::string_view text = line.text;
    const std::size_t indent = take_spaces(text);
    if (text.starts_with("---")) return Took::yes;
    const auto number = take_number(text);
    if (phpcs_ && number && take(text, " | ")) {
      const auto level = take_until(text, " | ");
      const auto said = level ? severity_of(*level) : std::nullopt;
      if (!said) return Took::yes;
      if (take(text, "[x] ")) {
      } else {
        take(text, "[ ] ");
      }
      return add("phpcs", *said, *number, text, line);
    }
    if (phpcs_)
      return text.empty() || text.starts_with("FOUND ") || text.starts_with("| ") ? Took::yes : end_table();
    if (number && indent >= 1 && indent <= 6 && take_spaces(text) >= 1)
      return add("phpstan", Severity::error, *number, text, line);
    Record* record = out_.find(current_, line);
    if (indent >= 6 && !text.empty() && record != nullptr) {
      record->message += " " + std::string(text);
      return Took::yes;
    }
    return text.empty() ? end_table() : Took::yes;
  }
  static std::optional<Severity> severity_of(std::string_view word) {
    while (word.ends_with(' ')) word.remove_suffix(1);
    if (word == "ERROR") return Severity::error;
    if (word == "WARNING") return Severity::warning;
    return std::nullopt;
  }
  Took add(std::string_view tool, Severity severity, int number, std::string_view text, const Line& line) {
    while (text.ends_with(' ')) text.remove_suffix(1);
    current_ = out_.begin({.tool = std::string(tool),
                           .severity = severity,
                           .message = std::string(text),
                           .file = file_,
                           .line = number},
                          line);
    return Took::yes;
  }
  Took end_table() {
    in_table_ = false;
    return Took::no;
  }

  Ticket current_ = 0;
  Kind kind_ = Kind::none;
  bool placed_ = false, said_ = false, in_table_ = false, phpcs_ = false;
  std::string file_;
};

std::vector<Example> examples() {
  return {{"  1) part p1\n"
           "     Failure/Error: expect(1 + 1).to eq(77)\n"
           "\n"
           "       expected: 77\n"
           "            got: 2\n"
           "     # ./spec/part_spec.rb:3:in `block (2 levels) in <top (required)>'\n"
           "\n"
           "1 example, 1 failure\n",
           "error rspec spec/part_spec.rb:3 | expect(1 + 1).to eq(77)\\nexpected: 77\\ngot: 2\n"},
          {"1) PartTest::testP1\n"
           "Failed asserting that 2 is identical to 77.\n"
           "\n"
           "/p/PartTest.php:5\n"
           "\n"
           "FAILURES!\n"
           "Tests: 1, Assertions: 1, Failures: 1.\n",
           "error phpunit /p/PartTest.php:5 | Failed asserting that 2 is identical to 77.\n"},
          {"#   Failed test 'p1'\n"
           "#   at t/part.t line 3.\n"
           "#          got: '2'\n"
           "#     expected: '77'\n"
           "# Looks like you failed 1 test of 1.\n",
           "error prove t/part.t:3 | Failed test 'p1'\\ngot: '2'\\nexpected: '77'\n"},
          {"  1) test adds (PartTest)\n"
           "     test/part_test.exs:3\n"
           "     Assertion with == failed\n"
           "     code:  assert 1 + 1 == 77\n"
           "\n"
           "1 test, 1 failure\n",
           "error exunit test/part_test.exs:3 | Assertion with == failed\\ncode:  assert 1 + 1 == 77\n"},
          {" ------ ---------------------------\n"
           "  Line   src/part.php\n"
           " ------ ---------------------------\n"
           "  3      Undefined variable: $x\n"
           " ------ ---------------------------\n"
           "\n"
           " [ERROR] Found 1 error\n",
           "error phpstan src/part.php:3 | Undefined variable: $x\n"},
          {"FILE: /p/src/part.php\n"
           "----------------------------------------------------\n"
           "FOUND 1 ERROR AFFECTING 1 LINE\n"
           "----------------------------------------------------\n"
           " 3 | ERROR | [x] Missing doc comment\n"
           "----------------------------------------------------\n",
           "error phpcs /p/src/part.php:3 | Missing doc comment\n"}};
}

}  // namespace

Definition spec_definition() {
  return {.name = "spec",
          .tools = "rspec, phpunit, Test::More (prove), ExUnit, phpstan, phpcs",
          .keywords = {"failure/error: ", "failed test ", ") test ", "::", " failure",
                       "assertions: ", "file: ", "  line ", "[error] found "},
          .make = make_parser<SpecParser>,
          .examples = examples()};
}

}  // namespace mira::builds

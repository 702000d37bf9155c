// pytest: the sections of FAILURES and ERRORS in every --tb style, the short summary
// (whose lines count only where a section did not tell already) and the closing
// line. Inside a section every line is the test's: what it printed is no error of
// the build.
#include <map>

#include "knowledge/builds/parsers.h"
#include "knowledge/builds/scan.h"

namespace mira::builds {
namespace {

// "==== FAILURES ====" -> "FAILURES"; "" when the line is no rule of that letter.
std::string_view ruled(std::string_view text, char letter) {
  if (text.size() < 8 || text[0] != letter || text[1] != letter || text.back() != letter) return {};
  const std::size_t first = text.find_first_not_of(letter);
  if (first == std::string_view::npos || text[first] != ' ') return {};
  const std::size_t last = text.find_last_not_of(letter);
  if (last <= first + 1 || text[last] != ' ') return {};
  return text.substr(first + 1, last - first - 1);
}

bool is_library(std::string_view file) {
  return file.find("site-packages/") != std::string_view::npos ||
         file.find("dist-packages/") != std::string_view::npos ||
         file.find("/lib/python") != std::string_view::npos || file.starts_with("<");
}

// "test_part.py::TestA::test_x[1]" -> "TestA.test_x[1]": what the section is headed with.
std::string heading_of(std::string_view id) {
  std::string_view rest = id;
  if (!take_until(rest, "::")) return std::string(id);
  std::string out;
  for (; !rest.empty(); rest = take_until(rest, "::") ? rest : std::string_view{}) {
    const std::size_t colon = rest.find("::");
    if (!out.empty()) out += '.';
    out += rest.substr(0, colon);
    if (colon == std::string_view::npos) break;
  }
  return out;
}

class PytestParser : public Parser {
 public:
  using Parser::Parser;

  bool start(const Line& line) override {
    const std::string_view title = ruled(line.text, '=');
    if (title == "FAILURES" || title == "ERRORS") {
      in_sections_ = true;
      section_ = 0;
      return true;
    }
    if (title.starts_with("short test summary")) return in_summary_ = true;
    if (line.text.starts_with("ERROR: ")) return usage(line);
    if (line.text.starts_with("FAILED ") || line.text.starts_with("ERROR "))
      return in_summary_ ? short_line(line) : orphan(line);
    return closing(title.empty() ? line.text : title, line);
  }

  Took follow(const Line& line) override {
    if (in_sections_) return section_line(line);
    if (in_summary_ && (line.text.starts_with("FAILED ") || line.text.starts_with("ERROR ")))
      return short_line(line) ? Took::yes : Took::no;
    return in_summary_ ? Took::pass : Took::no;
  }

 private:
  Took section_line(const Line& line) {
    const std::string_view text = line.text;
    if (const std::string_view title = ruled(text, '='); !title.empty()) return leave_sections(title, line);
    if (text.starts_with("make: *** ") || text.starts_with("FAILED ") || text.starts_with("ERROR ") ||
        quiet_closing(text, line)) {
      in_sections_ = false;
      in_summary_ = true;
      return text.starts_with("make") ? Took::no : follow(line);
    }
    if (const std::string_view name = ruled(text, '_');
        !name.empty() && name.find_first_not_of("_ ") != std::string_view::npos) {
      open(name, line);
      return Took::yes;
    }
    if (!ruled(text, '-').empty() && text.find("Captured ") != std::string_view::npos) captured_ = true;
    if (!captured_) body(line);
    return Took::yes;
  }

  Took leave_sections(std::string_view title, const Line& line) {
    if (title == "FAILURES" || title == "ERRORS") {
      section_ = 0;
      return Took::yes;
    }
    in_sections_ = false;
    out_.close(section_);
    if (title.starts_with("warnings summary")) return Took::no;
    return start(line) ? Took::yes : Took::no;
  }

  // -q ends with a bare "2 failed in 0.03s".
  bool quiet_closing(std::string_view text, const Line& line) {
    return !text.empty() && is_digit(text[0]) && closing(text, line);
  }

  void open(std::string_view name, const Line& line) {
    out_.close(section_);
    Record record{.tool = "pytest"};
    take(name, "ERROR collecting ");
    for (const std::string_view prefix : {"ERROR at setup of ", "ERROR at teardown of "}) {
      if (take(name, prefix)) break;
    }
    record.test = name;
    told_[record.test] += 1;
    section_ = out_.begin(std::move(record), line);
    captured_ = placed_ = in_syntax_ = false;
  }

  void body(const Line& line) {
    std::string_view text = line.text;
    Record* record = out_.find(section_, line);
    if (take(text, "E   ") || text == "E") {
      if (record != nullptr && !syntax(*record, text)) say(*record, text);
      return;
    }
    if (text.empty() || text[0] == ' ' || text[0] == '>') return native(record, text);
    if (record != nullptr && text.starts_with("[XPASS(strict)]")) return say(*record, text);
    const auto place = colon_place(text);
    if (!place || place->file.find(' ') != std::string_view::npos) return;
    if (record == nullptr) return line_style(*place, line);
    if (is_library(place->file) && placed_) return;
    record->file = place->file;
    record->line = place->line;
    placed_ = placed_ || !is_library(place->file);
    std::string_view where = place->rest;
    if (record->frames.size() < most_frames)
      record->frames.insert(record->frames.begin(),
                            {.file = record->file,
                             .line = record->line,
                             .function = take(where, "in ") ? std::string(where) : std::string(),
                             .in_project = !is_library(place->file)});
  }

  // 'File "/p/test_c.py", line 1', its source and a caret: what pytest could not even read.
  bool syntax(Record& record, std::string_view text) {
    std::string_view rest = text;
    const std::size_t indent = take_spaces(rest);
    if (record.message.empty() && take(rest, "File \"")) {
      const auto file = take_until(rest, "\", line ");
      const auto number = take_number(rest);
      if (!file || !number) return false;
      record.file = *file;
      record.line = *number;
      return in_syntax_ = placed_ = true;
    }
    in_syntax_ = in_syntax_ && indent > 0;
    if (in_syntax_ && record.snippet.size() + text.size() < snippet_bytes)
      record.snippet += std::string(text) + "\n";
    return in_syntax_;
  }

  // "ERROR: file or directory not found: x.py" below "no tests ran", "ERROR: usage: pytest ..."
  bool usage(const Line& line) {
    std::string_view text = line.text;
    take(text, "ERROR: ");
    const bool ran_none = recent_.before(1).contains(" no tests ran ") || recent_.before(1) == "no tests ran";
    if (!ran_none && !text.starts_with("usage: pytest") && !text.starts_with("file or directory not found: "))
      return false;
    Record record{.tool = "pytest", .message = std::string(text)};
    out_.close(out_.begin(std::move(record), line));
    return true;
  }

  // --tb=native: '  File "x.py", line 3, in test_x', and the exception at the margin.
  void native(Record* record, std::string_view text) {
    take_spaces(text);
    if (record == nullptr || !take(text, "File \"")) return;
    const auto file = take_until(text, "\", line ");
    const auto number = take_number(text);
    if (!file || !number || (is_library(*file) && placed_)) return;
    record->file = *file;
    record->line = *number;
    placed_ = placed_ || !is_library(*file);
  }

  // --tb=line: "/p/test_part.py:3: AssertionError: assert 1 == 2", no heading.
  void line_style(const Located& place, const Line& line) {
    Record record{.tool = "pytest",
                  .message = std::string(place.rest),
                  .file = std::string(place.file),
                  .line = place.line};
    compare(record, record.message);
    by_place_[record.message] += 1;
    out_.close(out_.begin(std::move(record), line));
  }

  static void say(Record& record, std::string_view text) {
    const std::size_t spaces = text.find_first_not_of(' ');
    if (record.message.empty() && spaces != std::string_view::npos) text.remove_prefix(spaces);
    if (record.message.size() + text.size() > message_bytes) return;
    if (!record.message.empty()) record.message += '\n';
    record.message += text;
    if (record.expected.empty()) compare(record, text);
  }

  // "assert 1 == 'planted'": what it is, and what it should be.
  static void compare(Record& record, std::string_view text) {
    if (!take_until(text, "assert ")) return;
    const std::size_t equals = text.find(" == ");
    if (equals == std::string_view::npos) return;
    record.actual = text.substr(0, equals);
    record.expected = text.substr(equals + 4);
  }

  // "FAILED test_part.py::test_p1 - AssertionError: ..."
  bool short_line(const Line& line) {
    std::string_view text = line.text;
    if (!take(text, "FAILED ")) take(text, "ERROR ");
    const std::size_t dash = text.find(" - ");
    const std::string_view id = text.substr(0, dash);
    const std::string_view message =
        dash == std::string_view::npos ? std::string_view{} : text.substr(dash + 3);
    if (id.find(".py") == std::string_view::npos) return false;
    if (told_before(id, message)) return true;
    Record record{
        .tool = "pytest", .message = std::string(message.empty() ? id : message), .test = std::string(id)};
    record.file = id.substr(0, id.find("::"));
    compare(record, record.message);
    out_.close(out_.begin(std::move(record), line));
    return true;
  }

  bool told_before(std::string_view id, std::string_view message) {
    const auto take_one = [](std::map<std::string, int>& from, const std::string& name) {
      const auto found = from.find(name);
      if (found == from.end() || found->second == 0) return false;
      --found->second;
      return true;
    };
    if (take_one(told_, heading_of(id)) || take_one(told_, std::string(id))) return true;
    if (take_one(by_place_, std::string(message))) return true;
    for (auto& [place, left] : by_place_) {  // the summary's message may be cut
      std::string_view head = message;
      if (head.ends_with("...")) head.remove_suffix(3);
      if (left > 0 && place.starts_with(head)) return --left, true;
    }
    return false;
  }

  // Without a summary's heading (a log that was cut): only what is clearly a test.
  bool orphan(const Line& line) {
    const bool test =
        line.text.find(".py::") != std::string_view::npos && line.text.find(" [") == std::string_view::npos;
    return test && short_line(line);
  }

  // "5 failed, 2 passed, 1 error in 0.05s"
  bool closing(std::string_view text, const Line& line) {
    if (text.empty() || !is_digit(text[0])) return false;
    std::int64_t failed = 0;
    bool any = false;
    while (const auto number = take_number(text)) {
      if (take(text, " failed") || take(text, " errors") || take(text, " error"))
        failed += *number;
      else if (!take(text, " passed") && !take(text, " skipped") && !take(text, " warnings") &&
               !take(text, " warning") && !take(text, " xfailed") && !take(text, " xpassed") &&
               !take(text, " deselected") && !take(text, " rerun"))
        return false;
      any = true;
      take(text, ", ");
    }
    if (!any || !text.starts_with(" in ")) return false;
    in_summary_ = in_sections_ = false;
    out_.close(section_);
    told_.clear();
    by_place_.clear();
    out_.count({.tool = "pytest", .errors = failed, .failed = failed > 0, .log_line = line.number});
    return true;
  }

  bool in_syntax_ = false;
  bool in_sections_ = false, in_summary_ = false, captured_ = false, placed_ = false;
  Ticket section_ = 0;
  std::map<std::string, int> told_;      // headings of sections
  std::map<std::string, int> by_place_;  // messages of --tb=line
};

}  // namespace

Definition pytest_definition() {
  return {.name = "pytest",
          .tools = "pytest",
          .keywords = {"= failures =", "= errors =", "short test summary", "failed ", "error ",
                       "error: file or directory", "error: usage: pytest", "error: not found: ", " passed",
                       " failed", " error"},
          .make = make_parser<PytestParser>,
          .examples = {{"==================================== ERRORS ====================================\n"
                        "__________________________ ERROR collecting test_c.py __________________________\n"
                        "/usr/lib/python3.11/ast.py:50: in parse\n"
                        "    return compile(source, filename, mode, flags,\n"
                        "E     File \"/p/test_c.py\", line 1\n"
                        "E       def test_s(: pass\n"
                        "E                  ^\n"
                        "E   SyntaxError: invalid syntax\n"
                        "=================================== FAILURES ===================================\n"
                        "__________________________________ test_xpass __________________________________\n"
                        "[XPASS(strict)] \n"
                        "=========================== short test summary info ============================\n"
                        "FAILED test_a.py::test_xpass - [XPASS(strict)] \n"
                        "ERROR test_c.py\n"
                        "========================= 1 failed, 1 error in 0.10s ==========================\n",
                        "error pytest /p/test_c.py:1 | SyntaxError: invalid syntax\n"
                        "error pytest | [XPASS(strict)] \n"},
                       {"============================ no tests ran in 0.00s =============================\n"
                        "ERROR: file or directory not found: nofile.py\n",
                        "error pytest | file or directory not found: nofile.py\n"},
                       {"=================================== FAILURES ===================================\n"
                        "___________________________________ test_p1 ____________________________________\n"
                        "\n"
                        ">   def test_p1(): assert 1 == 'planted'\n"
                        "                   ^^^^^^^^^^^^^^^^^^^^^\n"
                        "E   AssertionError: assert 1 == 'planted'\n"
                        "\n"
                        "test_part.py:1: AssertionError\n"
                        "----------------------------- Captured stdout call -----------------------------\n"
                        "a.c:3:5: error: this the test printed\n"
                        "=========================== short test summary info ============================\n"
                        "FAILED test_part.py::test_p1 - AssertionError: assert 1 == 'planted'\n"
                        "============================== 1 failed in 0.03s ===============================\n",
                        "error pytest test_part.py:1 | AssertionError: assert 1 == 'planted'\n"},
                       {"=================================== FAILURES ===================================\n"
                        "/p/test_part.py:3: AssertionError: assert 1 == 'planted'\n"
                        "=========================== short test summary info ============================\n"
                        "FAILED test_part.py::test_p1 - AssertionError: assert 1 == 'planted'\n"
                        "1 failed in 0.02s\n",
                        "error pytest /p/test_part.py:3 | AssertionError: assert 1 == 'planted'\n"},
                       {"=========================== short test summary info ============================\n"
                        "FAILED test_part.py::test_p1 - AssertionError: no\n"
                        "============================== 1 failed in 0.03s ===============================\n",
                        "error pytest test_part.py | AssertionError: no\n"}}};
}

}  // namespace mira::builds

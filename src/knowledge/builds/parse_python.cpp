// Python's tracebacks (of scripts, unittest and anything else that prints one): the
// innermost frame that is of the project is the place, the last exception of a chain is
// the record. unittest's headings give the test's name.
#include <algorithm>

#include "knowledge/builds/parsers.h"
#include "knowledge/builds/scan.h"

namespace mira::builds {
namespace {

bool is_library(std::string_view file) {
  return file.find("site-packages/") != std::string_view::npos ||
         file.find("dist-packages/") != std::string_view::npos ||
         file.find("/lib/python") != std::string_view::npos || file.starts_with("<");
}

// "KeyError: 'x'", "package.Error", "SystemExit: 2": a dotted name with a capital, then nothing or a colon.
bool is_exception(std::string_view text) {
  const std::size_t end = text.find_first_of(": ");
  const std::string_view name = text.substr(0, end);
  if (end != std::string_view::npos && text[end] != ':') return false;
  const std::string_view last = name.substr(name.rfind('.') + 1);
  if (last.empty() || last[0] < 'A' || last[0] > 'Z') return false;
  for (const char c : name) {
    if (!is_name_byte(c) && c != '.') return false;
  }
  return true;
}

class PythonParser : public Parser {
 public:
  using Parser::Parser;

  bool start(const Line& line) override {
    std::string_view text = line.text;
    if (text.starts_with("Traceback (most recent call last)")) return open(line);
    if (heading(text, line) || not_opened(text, line)) return true;
    if (text.starts_with("FAILED (") ||
        (text.starts_with("Ran ") && text.find(" test") != std::string_view::npos))
      return closing(text, line);
    std::string_view rest = text;
    if (take_spaces(rest) == 2 && rest.starts_with("File \""))
      return open(line) && frame(rest, line);  // a syntax error
    return false;
  }

  Took follow(const Line& line) override {
    Record* record = out_.find(current_, line);
    if (record == nullptr || --patience_ == 0) return give_up();
    std::string_view text = line.text;
    if (done_) return after(*record, text, line);
    std::string_view rest = text;
    const std::size_t indent = take_spaces(rest);
    if (indent >= 2 && rest.starts_with("File \"")) return frame(rest, line) ? Took::yes : Took::no;
    if (indent > 0 || text.empty()) return Took::yes;  // source, carets
    if (unittest_ && (text.starts_with("-----") || text.starts_with("Traceback "))) return Took::yes;
    if (!is_exception(text)) return give_up();
    finish_with(*record, text);
    return Took::yes;
  }

  void finish() override { give_up(); }

 private:
  // "python3: can't open file '/p/nofile.py': [Errno 2] No such file or directory"
  bool not_opened(std::string_view text, const Line& line) {
    if (!text.starts_with("python") && base_name(text.substr(0, text.find(": "))).substr(0, 6) != "python")
      return false;
    std::string_view rest = text;
    if (!take_until(rest, ": can't open file '")) return false;
    const auto file = take_until(rest, "': ");
    if (!file) return false;
    give_up();
    const std::string_view message = text.substr(text.find(": can't") + 2);
    out_.close(
        out_.begin({.tool = "python", .message = std::string(message), .file = std::string(*file)}, line));
    return true;
  }

  // "ERROR: test_y (__main__.A.test_y)" below a line of "=".
  bool heading(std::string_view text, const Line& line) {
    const std::string_view rule = recent_.before(1);
    if (!rule.starts_with("==========") || rule.find_first_not_of('=') != std::string_view::npos)
      return false;
    if (!take(text, "ERROR: ") && !take(text, "FAIL: ")) return false;
    Record record{.tool = "unittest", .test = test_of(text)};
    record.message = record.test + " failed";
    current_ = out_.begin(std::move(record), line);
    reset();
    unittest_ = true;
    return true;
  }

  // "test_y (__main__.A.test_y) (i=0)" -> "__main__.A.test_y (i=0)", the parameters of a sub-test behind.
  static std::string test_of(std::string_view text) {
    const std::size_t open = text.find(" (");
    const std::size_t close = open == std::string_view::npos ? open : text.find(')', open);
    if (close == std::string_view::npos) return std::string(text);
    const std::string_view where = text.substr(open + 2, close - open - 2);
    const std::string_view name = text.substr(0, open);
    return std::string(where) + (where.ends_with(name) ? "" : "." + std::string(name)) +
           std::string(text.substr(close + 1));
  }

  bool open(const Line& line) {
    if (out_.find(current_) != nullptr && unittest_ && !done_) return true;
    if (Record* record = chained_ ? out_.find(current_, line) : nullptr) {
      record->notes.push_back({record->message, record->file, record->line, 0});
      record->file.clear();
      record->line = 0;
      reset();
      return true;
    }
    Record record{.tool = "python"};
    current_ = out_.begin(std::move(record), line);
    reset();
    unittest_ = false;
    return true;
  }

  void reset() {
    done_ = chained_ = placed_ = false;
    patience_ = 500;
  }

  // 'File "x.py", line 3, in f'
  bool frame(std::string_view rest, const Line& line) {
    Record* record = out_.find(current_, line);
    take(rest, "File \"");
    const auto file = take_until(rest, "\", line ");
    const auto number = take_number(rest);
    if (record == nullptr || !file || !number) return false;
    const bool library = is_library(*file);
    Frame one{.file = std::string(*file), .line = *number, .in_project = !library};
    if (take(rest, ", in ")) one.function = rest;
    if (record->frames.size() < most_frames) record->frames.insert(record->frames.begin(), one);
    if (library && placed_) return true;
    record->file = *file;
    record->line = *number;
    placed_ = placed_ || !library;
    return true;
  }

  void finish_with(Record& record, std::string_view text) {
    record.message = text;
    const std::size_t colon = text.find(':');
    record.code = text.substr(0, colon);
    if (record.code == "AssertionError" && colon != std::string_view::npos)
      compare(record, text.substr(colon + 1));
    done_ = true;
    patience_ = 6;
  }

  // unittest: "1 != 2" is "first != second".
  static void compare(Record& record, std::string_view said) {
    take_spaces(said);
    const std::size_t differ = said.find(" != ");
    if (differ == std::string_view::npos) return;
    record.actual = said.substr(0, differ);
    record.expected = said.substr(differ + 4);
  }

  Took after(Record& record, std::string_view text, const Line& line) {
    if (text.starts_with("During handling of the above exception") ||
        text.starts_with("The above exception was the direct cause")) {
      chained_ = true;
      patience_ = 6;
      return Took::yes;
    }
    const bool traceback = text.starts_with("Traceback (most recent call last)");
    // unittest tells a module that cannot be imported so: its own words, then why.
    chained_ =
        chained_ || (traceback && record.message.starts_with("ImportError: Failed to import test module"));
    if (traceback && chained_) return open(line) ? Took::yes : Took::no;
    if (is_blank(text)) return Took::pass;
    if (chained_ || text.starts_with("=====") || text.starts_with("-----")) return give_up();
    std::string_view rest = text;
    const std::size_t indent = take_spaces(rest);
    if (indent == 2 && rest.starts_with("File \"")) return give_up();  // the next program's syntax error
    if (indent > 0 && record.message.size() < message_bytes) {
      record.message += "\n" + std::string(text);
      return Took::yes;
    }
    return give_up();
  }

  Took give_up() {
    Record* record = out_.find(current_);
    if (record != nullptr && record->message.empty()) {
      if (record->file.empty())
        out_.drop(current_);
      else
        record->message = "traceback without its exception";
    }
    out_.close(current_);
    current_ = 0;
    return Took::no;
  }

  // "FAILED (failures=1, errors=1)"
  bool closing(std::string_view text, const Line& line) {
    if (!take(text, "FAILED (")) return true;
    std::int64_t failed = 0;
    for (const std::string_view word : {"failures=", "errors="}) {
      const std::size_t at = text.find(word);
      if (at == std::string_view::npos) continue;
      std::string_view rest = text.substr(at + word.size());
      failed += take_number(rest).value_or(0);
    }
    if (failed == 0) return false;
    out_.count({.tool = "unittest", .errors = failed, .failed = true, .log_line = line.number});
    return true;
  }

  Ticket current_ = 0;
  bool done_ = false, chained_ = false, placed_ = false, unittest_ = false;
  int patience_ = 0;
};

// The rest of them.
std::vector<Example> more_examples() {
  return {{"======================================================================\n"
           "ERROR: test_b (unittest.loader._FailedTest.test_b)\n"
           "----------------------------------------------------------------------\n"
           "ImportError: Failed to import test module: test_b\n"
           "Traceback (most recent call last):\n"
           "  File \"/usr/lib/python3.11/unittest/loader.py\", line 162, in loadTestsFromName\n"
           "    module = __import__(module_name)\n"
           "  File \"/p/test_b.py\", line 1, in <module>\n"
           "    import nothere\n"
           "ModuleNotFoundError: No module named 'nothere'\n"
           "\n",
           "error unittest /p/test_b.py:1 ModuleNotFoundError | ModuleNotFoundError: No module named "
           "'nothere'\n"
           "   | ImportError: Failed to import test module: test_b\n"},
          {"Traceback (most recent call last):\n"
           "  File \"/p/m.py\", line 7, in <module>\n"
           "    f(1)\n"
           "TypeError: f() takes none\n"
           "  File \"/p/c.py\", line 1\n"
           "    def test_s(: pass\n"
           "               ^\n"
           "SyntaxError: invalid syntax\n"
           "python3: can't open file '/p/nofile.py': [Errno 2] No such file or directory\n",
           "error python /p/m.py:7 TypeError | TypeError: f() takes none\n"
           "error python /p/c.py:1 SyntaxError | SyntaxError: invalid syntax\n"
           "error python /p/nofile.py | can't open file '/p/nofile.py': [Errno 2] No such file or "
           "directory\n"},
          {"  File \"/p/a.py\", line 3\n"
           "    def (:\n"
           "        ^\n"
           "SyntaxError: invalid syntax\n",
           "error python /p/a.py:3 SyntaxError | SyntaxError: invalid syntax\n"}};
}

}  // namespace

Definition python_definition() {
  Definition out{.name = "python",
                 .tools = "Python tracebacks, unittest",
                 .keywords = {"traceback (most recent call last)", ": can't open file '",
                              "error: ", "fail: ", "failed (", "file \"", "ran "},
                 .make = make_parser<PythonParser>,
                 .examples = {{"Traceback (most recent call last):\n"
                               "  File \"/p/run.py\", line 9, in <module>\n"
                               "    main()\n"
                               "    ~~~~^^\n"
                               "  File \"/p/part.py\", line 4, in main\n"
                               "    raise KeyError('x')\n"
                               "  File \"/usr/lib/python3.11/json/__init__.py\", line 299, in load\n"
                               "    return loads(fp)\n"
                               "KeyError: 'x'\n",
                               "error python /p/part.py:4 KeyError | KeyError: 'x'\n"},
                              {"======================================================================\n"
                               "FAIL: test_x (test_a.A.test_x)\n"
                               "----------------------------------------------------------------------\n"
                               "Traceback (most recent call last):\n"
                               "  File \"/p/test_a.py\", line 4, in test_x\n"
                               "    self.assertEqual(1, 2)\n"
                               "AssertionError: 1 != 2\n"
                               "\n"
                               "----------------------------------------------------------------------\n"
                               "Ran 1 test in 0.001s\n"
                               "\n"
                               "FAILED (failures=1)\n",
                               "error unittest /p/test_a.py:4 AssertionError | AssertionError: 1 != 2\n"},
                              {"======================================================================\n"
                               "FAIL: test_sub (test_a.K.test_sub) (i=0)\n"
                               "----------------------------------------------------------------------\n"
                               "Traceback (most recent call last):\n"
                               "  File \"/p/test_a.py\", line 12, in test_sub\n"
                               "    self.assertEqual(i, 1)\n"
                               "AssertionError: 0 != 1\n",
                               "error unittest /p/test_a.py:12 AssertionError | AssertionError: 0 != 1\n"}}};
  std::ranges::move(more_examples(), std::back_inserter(out.examples));
  return out;
}

}  // namespace mira::builds

// Test runners of JavaScript: jest ("● suite › test"), vitest ("FAIL file > suite > test"),
// mocha ("1) suite"), node:test's spec reporter ("✖ name"), and the crash of a plain node
// program. The place is the first frame of the project.
#include <set>

#include "knowledge/builds/parsers.h"
#include "knowledge/builds/scan.h"

namespace mira::builds {
namespace {

bool is_library(std::string_view file) {
  return file.find("node_modules/") != std::string_view::npos || file.starts_with("node:") ||
         file.starts_with("internal/");
}

// "at Object.toBe (a.test.js:4:23)", "at /p/a.js:3:1", "❯ a.test.ts:4:19", "❯ f src/a.ts:4:19"
std::optional<Located> frame_of(std::string_view text, std::string& function) {
  take_spaces(text);
  if (!take(text, "at ") && !take(text, "\u276f ")) return std::nullopt;
  if (const std::size_t open = text.rfind(" (");
      open != std::string_view::npos && text.find(')') != std::string_view::npos) {
    function = text.substr(0, open);
    text = text.substr(open + 2, text.rfind(')') - open - 2);
  } else if (const std::size_t space = text.rfind(' '); space != std::string_view::npos) {
    function = text.substr(0, space);
    text = text.substr(space + 1);
  }
  take(text, "file://");
  return whole_place(text);
}

enum class Kind { none, jest, vitest, mocha, node_test, crash };

class JavascriptParser : public Parser {
 public:
  using Parser::Parser;

  bool start(const Line& line) override {
    std::string_view text = line.text;
    if (text.starts_with("FAIL ") || text.starts_with(" FAIL ")) return fail_line(text, line);
    if (take(text, "  \u25cf ")) return open(Kind::jest, "jest", text, line);
    if (const auto title = mocha_title(text); title && mocha_)
      return open(Kind::mocha, "mocha", *title, line);
    if (take(text, "\u2716 ")) return node_title(text, line);
    if (totals(line.text, line)) return true;
    return crash(line.text, line);
  }

  Took follow(const Line& line) override {
    Record* record = out_.find(current_, line);
    if (record == nullptr || kind_ == Kind::none) return Took::no;
    std::string_view text = line.text;
    if (ends_here(text)) return leave();
    std::string function;
    if (const auto place = frame_of(text, function)) return frame(*record, *place, function);
    if (kind_ == Kind::mocha && record->message.empty() && !text.empty() && text.ends_with(':') &&
        text.starts_with("       ")) {
      take_spaces(text);
      record->test += " " + std::string(text.substr(0, text.size() - 1));
      return Took::yes;
    }
    say(*record, text);
    return Took::yes;
  }

  void finish() override { leave(); }

 private:
  // The next test, a summary, or (of a crash) the end of its stack.
  bool ends_here(std::string_view text) {
    if (text.starts_with("FAIL ") || text.starts_with(" FAIL ") || text.starts_with("PASS ") ||
        text.starts_with("  \u25cf "))
      return true;
    if (text.starts_with("Tests: ") || text.starts_with("Test Suites: ") ||
        text.starts_with(" Test Files ") || text.starts_with("\u23af\u23af\u23af"))
      return true;
    if (kind_ == Kind::mocha && mocha_title(text)) return true;
    if (text.starts_with("make: *** ") || text.starts_with("npm error") || text.starts_with("npm ERR!"))
      return true;
    if (kind_ == Kind::node_test) return !text.empty() && text[0] != ' ';
    const bool margin = !text.empty() && text[0] != ' ';
    if (kind_ == Kind::mocha || kind_ == Kind::crash) return margin && framed_;
    return false;
  }

  Took leave() {
    if (Record* record = out_.find(current_)) {
      while (record->message.ends_with('\n')) record->message.pop_back();
      if (record->message.empty()) record->message = record->test;
      const std::string key = record->test + '\0' + record->file + ":" + std::to_string(record->line) + '\0' +
                              record->message.substr(0, 200);
      if (!told_.insert(key).second) out_.drop(current_);
    }
    out_.close(current_);
    current_ = 0;
    kind_ = Kind::none;
    return Took::no;
  }

  bool open(Kind kind, std::string_view tool, std::string_view title, const Line& line) {
    leave();
    Record record{.tool = std::string(tool), .file = file_};
    const bool suite = title == "Test suite failed to run" || (kind == Kind::vitest && title == file_);
    suites_ += suite ? 1 : 0;
    record.test = suite ? file_ : std::string(title);
    current_ = out_.begin(std::move(record), line);
    kind_ = kind;
    framed_ = placed_ = said_enough_ = false;
    return true;
  }

  // "FAIL ./a.test.js" (jest: a file), " FAIL  a.test.ts > math > adds" (vitest: a test)
  bool fail_line(std::string_view text, const Line& line) {
    leave();
    take_spaces(text);
    take(text, "FAIL");
    take_spaces(text);
    if (take(text, "|")) {  // " FAIL  |project| a.test.ts > ..."
      take_until(text, "| ");
    }
    const std::size_t arrow = text.find(" > ");
    file_ = text.substr(0, std::min(arrow, text.find(" (")));
    if (!looks_like_file(file_) || file_.find('.') == std::string::npos) return false;
    take_dot(file_);
    if (arrow != std::string_view::npos) return open(Kind::vitest, "vitest", text.substr(arrow + 3), line);
    if (text.ends_with(" ]") &&
        text.find(" [ ") != std::string_view::npos) {  // a file that could not be read at all
      file_ = text.substr(0, text.find(" [ "));
      return open(Kind::vitest, "vitest", file_, line);
    }
    return true;
  }
  static void take_dot(std::string& file) {
    if (file.starts_with("./")) file.erase(0, 2);
  }

  // "  1) math" after "  2 failing"
  static std::optional<std::string_view> mocha_title(std::string_view text) {
    std::string_view rest = text;
    if (take_spaces(rest) != 2 || !take_number(rest) || !take(rest, ") ")) return std::nullopt;
    return rest;
  }

  // "✖ adds (35.2ms)": told again below "✖ failing tests:".
  bool node_title(std::string_view text, const Line& line) {
    const std::size_t open_at = text.rfind(" (");
    if (open_at == std::string_view::npos || !text.ends_with("ms)")) return text == "failing tests:";
    return open(Kind::node_test, "node", text.substr(0, open_at), line);
  }

  Took frame(Record& record, const Located& place, const std::string& function) {
    framed_ = true;
    const bool library = is_library(place.file);
    if (record.frames.size() < most_frames)
      record.frames.push_back({.file = std::string(place.file),
                               .line = place.line,
                               .function = function,
                               .in_project = !library});
    if (library || placed_) return Took::yes;
    placed_ = true;
    record.file = place.file;
    record.line = place.line;
    record.column = place.column;
    return Took::yes;
  }

  void say(Record& record, std::string_view text) {
    const std::size_t indent = take_spaces(text);
    if (const std::size_t bar = text.find('|');
        bar != std::string_view::npos && bar < 10 && is_code_frame(text, bar))
      said_enough_ = true;
    std::string_view side_text = text;
    if (take(side_text, "Expected: "))
      record.expected = side_text;
    else if (take(side_text, "Received: "))
      record.actual = side_text;
    if (text.starts_with("- Expected") || text.starts_with("+ expected - actual"))
      said_enough_ = true;
    else if (said_enough_ && indent <= 6 && text.size() > 1 && text[0] == '-' && record.message.size() > 0)
      side(kind_ == Kind::mocha ? record.actual : record.expected, text);
    else if (said_enough_ && indent <= 6 && text.size() > 1 && text[0] == '+')
      side(kind_ == Kind::mocha ? record.expected : record.actual, text);
    if (said_enough_ || framed_) return;
    if (text.empty()) return;
    if (record.message.size() + text.size() > message_bytes) return;
    if (!record.message.empty()) record.message += '\n';
    record.message += text;
  }
  static void side(std::string& to, std::string_view text) {
    text.remove_prefix(1);
    take_spaces(text);
    if (to.empty() && text != "Expected" && text != "Received") to = text;
  }
  // "> 4 |     expect", "  3 |", "    |   ^"
  static bool is_code_frame(std::string_view text, std::size_t bar) {
    for (const char c : text.substr(0, bar)) {
      if (!is_digit(c) && c != ' ' && c != '>') return false;
    }
    return true;
  }

  // "Tests:       2 failed, 3 total" (jest), "      Tests  2 failed (2)" (vitest), "  2 failing" (mocha), "ℹ
  // fail 1"
  bool totals(std::string_view text, const Line& line) {
    const bool jest = take(text, "Tests: ");
    take_spaces(text);
    const bool vitest = !jest && take(text, "Tests  ");
    const bool node = !jest && !vitest && take(text, "\u2139 fail ");
    const auto number = take_number(text);
    if (!number) return false;
    const bool mocha = !jest && !vitest && !node && text == " failing";
    if (!node && !mocha && !text.starts_with(" failed")) return false;
    if (!jest && !vitest && !node && !mocha) return false;
    leave();
    mocha_ = mocha_ || mocha;
    const char* tool = jest ? "jest" : vitest ? "vitest" : node ? "node" : "mocha";
    Count count{.tool = tool, .failed = *number > 0, .log_line = line.number};
    if (!node) count.errors = *number + suites_;  // node counts the parents of what failed too
    out_.count(std::move(count));
    if (!node) told_.clear();  // what follows is another run; node lists its failures once more
    suites_ = 0;
    file_.clear();
    return true;
  }

  // "/p/x.js:3" alone, source, caret, "ReferenceError: x is not defined", frames.
  bool crash(std::string_view text, const Line& line) {
    const std::size_t colon = text.find(": ");
    std::string_view name = text.substr(0, colon);
    take(name, "Uncaught ");
    if (const std::size_t bracket = name.find(" ["); bracket != std::string_view::npos)
      name = name.substr(0, bracket);
    if (colon == std::string_view::npos || !name.ends_with("Error") ||
        name.find(' ') != std::string_view::npos)
      return false;
    std::optional<Located> place;
    for (std::size_t back = 1; back <= 6 && !place; ++back) {
      std::string_view before = recent_.before(back);
      take(before, "file://");
      place = whole_place(before);
      const bool own = place && has_extension(place->file, ".js .mjs .cjs .ts .mts .cts .jsx .tsx");
      if (place && !own && !is_library(place->file)) place.reset();
    }
    if (!place) return false;
    file_.clear();
    open(Kind::crash, "node", "", line);
    Record* record = out_.find(current_);
    if (!is_library(place->file)) {  // thrown by node itself: the stack tells whose it is
      record->file = place->file;
      record->line = place->line;
    }
    record->code = name;
    record->message = text;
    return true;
  }

  Ticket current_ = 0;
  Kind kind_ = Kind::none;
  bool framed_ = false, placed_ = false, said_enough_ = false;
  bool mocha_ = false;  // its count was seen: only then are numbered titles its own
  int suites_ = 0;      // files that could not be run: no test of them is counted
  std::string file_;
  std::set<std::string> told_;
};

}  // namespace

Definition javascript_definition() {
  return {.name = "javascript",
          .tools = "jest, vitest, mocha, node --test, node",
          .keywords = {"fail ", "\u25cf ", "1) ", "2) ", "3) ", "4) ", "5) ", "6) ", "7) ", "8) ", "9) ",
                       "0) ", "\u2716 ", " failed", " failing", "error: ", "\u2139 fail ", "error ["},
          .make = make_parser<JavascriptParser>,
          .examples = {
              {"FAIL ./a.test.js\n"
               "  \u25cf math \u203a adds\n"
               "\n"
               "    expect(received).toBe(expected) // Object.is equality\n"
               "\n"
               "    Expected: 3\n"
               "    Received: 2\n"
               "\n"
               "    > 4 |     expect(add(1, 1)).toBe(3);\n"
               "        |                       ^\n"
               "\n"
               "      at Object.toBe (a.test.js:4:23)\n"
               "\n"
               "Tests:       1 failed, 1 total\n",
               "error jest a.test.js:4:23 | expect(received).toBe(expected) // Object.is "
               "equality\\nExpected: 3\\nReceived: 2\n"},
              {" FAIL  a.test.ts > math > adds\n"
               "AssertionError: expected 2 to be 3 // Object.is equality\n"
               "\n"
               "- Expected\n"
               "+ Received\n"
               "\n"
               "- 3\n"
               "+ 2\n"
               "\n"
               " \u276f a.test.ts:4:19\n"
               "      4|     expect(1 + 1).toBe(3);\n"
               "      Tests  1 failed (1)\n",
               "error vitest a.test.ts:4:19 | AssertionError: expected 2 to be 3 // Object.is equality\n"},
              {"  1 failing\n"
               "\n"
               "  1) math\n"
               "       adds:\n"
               "\n"
               "      AssertionError [ERR_ASSERTION]: 1 == 2\n"
               "      + expected - actual\n"
               "\n"
               "      -1\n"
               "      +2\n"
               "\n"
               "      at Context.<anonymous> (mocha/a.js:4:12)\n",
               "error mocha mocha/a.js:4:12 | AssertionError [ERR_ASSERTION]: 1 == 2\n"},
              {"/p/x.js:3\n"
               "  y();\n"
               "  ^\n"
               "\n"
               "ReferenceError: y is not defined\n"
               "    at Object.<anonymous> (/p/x.js:3:3)\n"
               "    at Module._compile (node:internal/modules/cjs/loader:1554:14)\n",
               "error node /p/x.js:3:3 ReferenceError | ReferenceError: y is not defined\n"}}};
}

}  // namespace mira::builds

// The Test Anything Protocol: "not ok 3 - name", with a block of YAML below it that
// may say where and what. A test that is to do or skipped is no failure.
#include "knowledge/builds/parsers.h"
#include "knowledge/builds/scan.h"

namespace mira::builds {
namespace {

std::string_view unquoted(std::string_view text) {
  if (text.size() >= 2 && (text[0] == '\'' || text[0] == '"') && text.back() == text[0])
    return text.substr(1, text.size() - 2);
  return text;
}

class TapParser : public Parser {
 public:
  using Parser::Parser;

  bool start(const Line& line) override {
    std::string_view text = line.text;
    const std::size_t indent = take_spaces(text);
    if (text.starts_with("Result: FAIL")) {
      out_.count({.tool = "prove", .failed = true, .log_line = line.number});
      return true;
    }
    if (!take(text, "not ok")) return false;
    take_spaces(text);
    take_number(text);
    take_spaces(text);
    take(text, "- ");
    const std::size_t hash = text.find(" # ");
    const std::string_view directive =
        hash == std::string_view::npos ? std::string_view{} : text.substr(hash + 3);
    if (directive.starts_with("TODO") || directive.starts_with("todo") || directive.starts_with("SKIP") ||
        directive.starts_with("skip"))
      return true;
    if (hash != std::string_view::npos) text = text.substr(0, hash);
    Record record{.tool = "tap",
                  .message = std::string(text.empty() ? std::string_view("a test without a name") : text),
                  .test = std::string(text)};
    current_ = out_.begin(std::move(record), line);
    indent_ = indent;
    in_block_ = in_message_ = in_stack_ = false;
    message_.clear();
    return true;
  }

  Took follow(const Line& line) override {
    Record* record = out_.find(current_, line);
    if (record == nullptr) return Took::no;
    std::string_view text = line.text;
    std::string_view rest = text;
    const std::size_t indent = take_spaces(rest);
    if (!in_block_) {
      if (take(rest, "#")) return comment(*record, rest);
      in_block_ = rest == "---";
      block_ = indent;
      return in_block_ ? Took::yes : Took::no;
    }
    if (rest == "..." && indent <= block_) return end(*record);
    if (indent <= indent_ &&
        (rest.starts_with("not ok ") || rest.starts_with("ok "))) {  // it was never closed
      end(*record);
      return Took::no;
    }
    if (in_message_ && (indent > block_ || rest.empty())) {
      if (message_.size() < message_bytes) message_ += (message_.empty() ? "" : "\n") + std::string(rest);
      return Took::yes;
    }
    if (in_stack_ && indent > block_) return frame(*record, rest);
    in_message_ = in_stack_ = false;
    field(*record, rest);
    return Took::yes;
  }

 private:
  // bats: "# (in test file part.bats, line 3)"; Test::More: "#   at t/part.t line 3."
  Took comment(Record& record, std::string_view text) {
    take_spaces(text);
    for (const std::string_view own : {"Looks like ", "Failed test "}) {
      if (text.starts_with(own)) return Took::yes;
    }
    for (const std::string_view other : {"Subtest:", "tests ", "suites ", "pass ", "fail "}) {
      if (text.starts_with(other)) return Took::no;
    }
    std::string_view place = text;
    const bool bats = take(place, "(in test file ") || take(place, "(from function ");
    if (bats || take(place, "at ")) {
      if (const std::size_t file = place.rfind("in file "); file != std::string_view::npos)
        place.remove_prefix(file + 8);
      const auto file = take_until(place, bats ? ", line " : " line ");
      const auto number = take_number(place);
      if (file && number && record.line == 0) {
        record.file = *file;
        record.line = *number;
      }
      return Took::yes;
    }
    std::string_view value = text;
    if (take(value, "got: "))
      record.actual = value;
    else if (take(value, "expected: "))
      record.expected = value;
    if (!text.empty() && record.message.size() < message_bytes) record.message += "\n" + std::string(text);
    return Took::yes;
  }

  void field(Record& record, std::string_view rest) {
    const auto name = take_until(rest, ":");
    if (!name) return;
    take_spaces(rest);
    rest = unquoted(rest);
    if (*name == "error" || *name == "message") {
      in_message_ = rest.starts_with("|") || rest.starts_with(">");
      if (!in_message_) message_ = rest;
    } else if (*name == "stack") {
      in_stack_ = true;
    } else if (*name == "location" || *name == "at") {
      if (const auto place = whole_place(rest); place && record.line == 0) set(record, *place);
    } else if (*name == "file") {
      record.file = rest;
    } else if (*name == "line") {
      record.line = take_number(rest).value_or(0);
    } else if (*name == "column") {
      record.column = take_number(rest).value_or(0);
    } else if (*name == "expected" || *name == "wanted") {
      record.expected = rest;
    } else if (*name == "actual" || *name == "found" || *name == "got") {
      record.actual = rest;
    } else if (*name == "failureType" && (rest == "subtestsFailed")) {
      parent_ = true;
    }
  }

  static void set(Record& record, const Located& place) {
    record.file = place.file;
    if (record.file.starts_with("file://")) record.file.erase(0, 7);
    record.line = place.line;
    record.column = place.column;
  }

  // "TestContext.<anonymous> (/p/a.js:2:29)": the failed check, better than where the test begins.
  Took frame(Record& record, std::string_view rest) {
    std::string_view where = rest;
    if (const std::size_t open = rest.rfind('('); open != std::string_view::npos && rest.ends_with(')'))
      where = rest.substr(open + 1, rest.size() - open - 2);
    const auto place = whole_place(where);
    if (!place || record.frames.size() >= most_frames) return Took::yes;
    const bool library =
        place->file.starts_with("node:") || place->file.find("node_modules/") != std::string_view::npos;
    if (!library && record.frames.empty()) set(record, *place);
    record.frames.push_back({.file = std::string(place->file), .line = place->line, .in_project = !library});
    return Took::yes;
  }

  Took end(Record& record) {
    while (message_.ends_with('\n')) message_.pop_back();
    if (!message_.empty()) record.message = message_;
    if (parent_) out_.drop(current_);  // its subtests tell
    parent_ = in_block_ = false;
    out_.close(current_);
    current_ = 0;
    return Took::yes;
  }

  Ticket current_ = 0;
  std::size_t indent_ = 0, block_ = 0;  // of the test's line and of what opened its block
  bool in_block_ = false, in_message_ = false, in_stack_ = false, parent_ = false;
  std::string message_;
};

}  // namespace

Definition tap_definition() {
  return {.name = "tap",
          .tools = "TAP (node --test, prove, bats, tape)",
          .keywords = {"not ok", "result: fail"},
          .make = make_parser<TapParser>,
          .examples = {{"TAP version 13\n"
                        "not ok 1 - adds\n"
                        "  ---\n"
                        "  location: '/p/a.js:2:1'\n"
                        "  error: |-\n"
                        "    Expected values to be strictly equal:\n"
                        "    \n"
                        "    1 !== 2\n"
                        "    \n"
                        "  expected: 2\n"
                        "  actual: 1\n"
                        "  stack: |-\n"
                        "    TestContext.<anonymous> (/p/a.js:2:29)\n"
                        "    node:internal/test_runner/harness:255:12\n"
                        "  ...\n"
                        "ok 2 - fine\n"
                        "not ok 3 - later # TODO not done\n",
                        "error tap /p/a.js:2:29 | Expected values to be strictly equal:\\n\\n1 !== 2\n"},
                       {"not ok 1 p1\n"
                        "# (in test file part.bats, line 3)\n"
                        "#   `[ 1 -eq 2 ]' failed\n",
                        "error tap part.bats:3 | p1\\n`[ 1 -eq 2 ]' failed\n"},
                       {"not ok 1 - a.test.js > adds # time=19.98ms\n"
                        "    ---\n"
                        "    error:\n"
                        "        name: \"AssertionError\"\n"
                        "        message: \"expected 1 to equal 2\"\n"
                        "    at: \"/p/a.test.js:4:47\"\n"
                        "    actual: \"Object {\n"
                        "  \\\"a\\\": 1,\n"
                        "}\"\n"
                        "    ...\n"
                        "not ok 2 - a.test.js > throws # time=5.13ms\n"
                        "    ---\n"
                        "    at: \"/p/a.test.js:5:30\"\n"
                        "ok 3 - fine\n",
                        "error tap /p/a.test.js:4:47 | expected 1 to equal 2\n"
                        "error tap /p/a.test.js:5:30 | a.test.js > throws\n"},
                       {"1..1\n"
                        "not ok 1 - plain\n",
                        "error tap | plain\n"}}};
}

}  // namespace mira::builds

// go build, vet and test: "./part.go:3:19: message" without a level, "--- FAIL: Test" with its
// places indented below (or, with -v, above), and panics with their goroutine's stack.
#include <algorithm>
#include <deque>
#include <map>
#include <set>

#include "knowledge/builds/parsers.h"
#include "knowledge/builds/scan.h"

namespace mira::builds {
namespace {

constexpr std::size_t most_held = 200;     // lines of one running test
constexpr std::size_t most_running = 500;  // tests whose lines are kept until they end

bool is_go(std::string_view file) {
  return has_extension(file, ".go") || has_extension(file, ".s");
}

class GoParser : public Parser {
 public:
  using Parser::Parser;

  bool start(const Line& line) override {
    std::string_view text = line.text;
    if (text.starts_with("=== RUN ") || text.starts_with("=== CONT ") || text.starts_with("=== NAME "))
      return running(text);
    std::string_view rest = text;
    take_spaces(rest);
    if (take(rest, "--- FAIL: ")) return failed(rest, line);
    if (take(rest, "--- PASS: ") || take(rest, "--- SKIP: ")) return passed(rest);
    if (text == "FAIL" || text.starts_with("FAIL\t")) return package(text, line);
    if (text.starts_with("panic: ")) return panic(text, line);
    take(text, "vet: ");
    return build(text, line);
  }

  Took follow(const Line& line) override {
    if (in_panic_ > 0) return panic_body(line);
    std::string_view text = line.text;
    if (running_) return hold(line);
    if (in_failure_) return failure_body(line);
    if (text.starts_with("\t")) {  // the rest of a build message: "\thave (int)"
      Record* record = out_.find(current_, line);
      if (record == nullptr || record->message.size() > message_bytes) return Took::no;
      record->message += "\n" + std::string(text);
      return Took::yes;
    }
    return Took::no;
  }

  void finish() override {
    if (in_failure_) close_failure();
  }

 private:
  struct Held {
    std::string text;
    Line line;
  };

  bool build(std::string_view text, const Line& line) {
    if (text.empty() || text[0] == ' ' || text[0] == '\t') return false;
    const auto place = colon_place(text);
    if (!place || !is_go(place->file) || place->rest.empty()) return false;
    std::string_view message = place->rest;
    take(message, "error: ");
    Record record{.tool = "go",
                  .message = std::string(message),
                  .file = std::string(place->file),
                  .line = place->line,
                  .column = place->column};
    current_ = out_.begin(std::move(record), line);
    return true;
  }

  bool running(std::string_view text) {
    close_failure();
    running_ = true;
    const std::size_t space = text.rfind(' ');
    test_ = text.substr(space + 1);
    if (held_.size() > most_running) held_.clear();
    return true;
  }

  Took hold(const Line& line) {
    const std::string_view text = line.text;
    std::string_view rest = text;
    const bool indented = take_spaces(rest) > 0;
    if (!indented || rest.starts_with("--- ")) return Took::pass;
    if (std::deque<Held>& own = held_[test_]; own.size() < most_held) {
      own.push_back({std::string(text), line});
      return Took::yes;
    }
    return Took::pass;
  }

  bool passed(std::string_view rest) {
    close_failure();
    held_.erase(std::string(take_until(rest, " (").value_or(rest)));
    return true;
  }

  // "TestP1 (0.00s)"
  bool failed(std::string_view rest, const Line& line) {
    const std::string name(take_until(rest, " (").value_or(rest));
    if (in_failure_ && name.starts_with(test_ + "/")) in_failure_ = false;  // its subtest tells
    close_failure();
    for (std::size_t slash = name.find('/'); slash != std::string::npos; slash = name.find('/', slash + 1))
      told_parents_.insert(name.substr(0, slash));
    test_ = name;
    in_failure_ = true;
    failure_records_ = 0;
    failure_line_ = line;
    failure_line_.text = {};
    current_ = 0;
    auto own = held_.extract(name);
    for (Held& one : own ? own.mapped() : std::deque<Held>()) {
      one.line.text = one.text;
      failure_body(one.line);
    }
    running_ = false;
    return true;
  }

  Took failure_body(const Line& line) {
    std::string_view text = line.text;
    const std::size_t indent = take_spaces(text);
    if (indent == 0 || text.starts_with("--- ")) return Took::pass;
    const auto place = colon_place(text);
    if (place && is_go(place->file) && place->file.find(' ') == std::string_view::npos) {
      Record record{.tool = "go test",
                    .message = std::string(place->rest),
                    .file = std::string(place->file),
                    .line = place->line,
                    .column = place->column};
      record.test = test_;
      if (record.file == "testing.go") {  // the detector of races speaks, not a line of the test
        record.file.clear();
        record.line = 0;
      }
      current_ = out_.begin(std::move(record), line);
      ++failure_records_;
      return Took::yes;
    }
    Record* record = out_.find(current_, line);
    if (record == nullptr || record->message.size() > message_bytes) return Took::pass;
    if (!record->message.empty()) record->message += '\n';
    record->message += text;
    return Took::yes;
  }

  // A test without a line of its own (its subtests have them, or it just called Fail).
  void close_failure() {
    const bool told = failure_records_ > 0 || told_parents_.contains(test_);  // go test -json: subtests first
    if (in_failure_ && !told) {
      Record record{.tool = "go test", .message = test_ + " failed", .test = test_};
      out_.close(out_.begin(std::move(record), failure_line_));
    }
    in_failure_ = false;
  }

  bool package(std::string_view text, const Line& line) {
    close_failure();
    held_.clear();
    told_parents_.clear();
    running_ = false;
    if (!take(text, "FAIL\t")) {
      out_.count({.tool = "go test", .failed = true, .log_line = line.number});
      return true;
    }
    const std::size_t tab = text.find_first_of("\t ");
    Record record{.tool = "go test", .message = "package " + std::string(text.substr(0, tab)) + " failed"};
    if (tab != std::string_view::npos) record.message += " (" + std::string(text.substr(tab + 1)) + ")";
    out_.consequence(std::move(record), line, text.substr(0, tab));
    return true;
  }

  bool panic(std::string_view text, const Line& line) {
    take(text, "panic: ");
    if (Record* last = in_panic_ > 0 ? out_.find(current_) : nullptr) {
      last->notes.push_back({std::string(text), "", 0, 0});
      return true;
    }
    if (const std::size_t recovered = text.find(" [recovered]"); recovered != std::string_view::npos)
      text = text.substr(0, recovered);
    const bool timed_out = text.starts_with("test timed out");  // not the test that failed last
    if (timed_out) close_failure();
    Record record{.tool = in_failure_ || timed_out ? "go test" : "go",
                  .message = "panic: " + std::string(text)};
    if (in_failure_) record.test = test_;
    if (in_failure_) ++failure_records_;
    current_ = out_.begin(std::move(record), line);
    in_panic_ = 400;
    frame_function_.clear();
    return true;
  }

  Took panic_body(const Line& line) {
    std::string_view text = line.text;
    Record* record = out_.find(current_, line);
    if (record == nullptr || --in_panic_ == 0 || text.starts_with("FAIL") ||
        text.starts_with("exit status ")) {
      in_panic_ = 0;
      return Took::no;
    }
    if (text.starts_with("panic: ")) return panic(text, line) ? Took::yes : Took::no;
    if (take(text, "\t\t") && record->frames.empty()) {  // "\trunning tests:", "\t\tTestDead (2s)"
      if (record->test.empty() && text.starts_with("Test")) record->test = text.substr(0, text.find(" ("));
      return Took::yes;
    }
    if (!take(text, "\t")) {
      frame_function_ = text.substr(0, text.rfind('('));
      return is_blank(text) || text.starts_with("goroutine ") || text.find('(') != std::string_view::npos
                 ? Took::yes
                 : Took::pass;
    }
    const auto place = whole_place(text.substr(0, text.find(" +0x")));
    if (!place || record->frames.size() >= most_frames) return Took::yes;
    const bool library = place->file.find("/go/src/") != std::string_view::npos ||
                         place->file.find("/pkg/mod/") != std::string_view::npos ||
                         place->file == "_testmain.go" || frame_function_.starts_with("runtime.") ||
                         frame_function_.starts_with("panic") || frame_function_.starts_with("testing.");
    record->frames.push_back({std::string(place->file), place->line, frame_function_, !library});
    if (!library && record->file.empty()) {
      record->file = place->file;
      record->line = place->line;
    }
    return Took::yes;
  }

  std::map<std::string, std::deque<Held>> held_;  // by test: -v tells its words before it ends
  std::set<std::string> told_parents_;            // of subtests that failed
  std::string test_, frame_function_;
  bool running_ = false, in_failure_ = false;
  int failure_records_ = 0, in_panic_ = 0;
  Line failure_line_{};
  Ticket current_ = 0;
};

// The rest of them.
std::vector<Example> more_examples() {
  return {{"=== RUN   TestA\n"
           "=== RUN   TestA/sub_one\n"
           "    a_test.go:3: got 1\n"
           "        want 2\n"
           "=== RUN   TestA/ok\n"
           "--- FAIL: TestA (0.00s)\n"
           "    --- FAIL: TestA/sub_one (0.00s)\n"
           "    --- PASS: TestA/ok (0.00s)\n"
           "FAIL\n",
           "error go test a_test.go:3 | got 1\\nwant 2\n"},
          {"{\"Action\":\"run\",\"Package\":\"p\",\"Test\":\"TestA\"}\n"
           "{\"Action\":\"output\",\"Package\":\"p\",\"Test\":\"TestA\",\"Output\":\"=== RUN   TestA\\n\"}\n"
           "{\"Action\":\"output\",\"Package\":\"q\",\"Test\":\"TestQ\",\"Output\":\"=== RUN   TestQ\\n\"}\n"
           "{\"Action\":\"output\",\"Package\":\"p\",\"Test\":\"TestA/b\",\"Output\":\"=== RUN   "
           "TestA/b\\n\"}\n"
           "{\"Action\":\"output\",\"Package\":\"q\",\"Test\":\"TestQ\",\"Output\":\"    q_test.go:7: "
           "other\\n\"}\n"
           "{\"Action\":\"output\",\"Package\":\"p\",\"Test\":\"TestA/b\",\"Output\":\"    a_test.go:3: got "
           "1\\n\"}\n"
           "{\"Action\":\"output\",\"Package\":\"p\",\"Test\":\"TestA/b\",\"Output\":\"    --- FAIL: TestA/b "
           "(0.00s)\\n\"}\n"
           "{\"Action\":\"output\",\"Package\":\"p\",\"Test\":\"TestA\",\"Output\":\"--- FAIL: TestA "
           "(0.00s)\\n\"}\n"
           "{\"Action\":\"output\",\"Package\":\"p\",\"Output\":\"FAIL\\tp\\t0.1s\\n\"}\n"
           "{\"Action\":\"fail\",\"Package\":\"p\",\"Elapsed\":0.1}\n"
           "{\"Action\":\"output\",\"Package\":\"q\",\"Test\":\"TestQ\",\"Output\":\"--- FAIL: TestQ "
           "(0.00s)\\n\"}\n"
           "{\"Action\":\"fail\",\"Package\":\"q\"}\n",
           "error go test a_test.go:3 | got 1\n"
           "error go test q_test.go:7 | other\n"},
          {"--- FAIL: TestR (0.00s)\n"
           "    testing.go:1712: race detected during execution of test\n"
           "panic: test timed out after 2s\n"
           "\trunning tests:\n"
           "\t\tTestDead (2s)\n"
           "\n"
           "goroutine 21 [running]:\n"
           "main.main()\n"
           "\t_testmain.go:48 +0x2a\n"
           "p.TestDead(0xc000)\n"
           "\t/p/a_test.go:4 +0x28\n"
           "FAIL\tp\t2.01s\n",
           "error go test | race detected during execution of test\n"
           "error go test /p/a_test.go:4 | panic: test timed out after 2s\n"},
          {"FAIL\tpart [build failed]\n", "error go test | package part failed ([build failed])\n"}};
}

}  // namespace

Definition go_definition() {
  Definition out{
      .name = "go",
      .tools = "go build, go vet, go test",
      .keywords = {".go:", "--- fail: ", "--- pass: ", "--- skip: ", "=== run ", "=== cont ", "=== name ",
                   "fail", "panic: "},
      .make = make_parser<GoParser>,
      .examples = {
          {"# part\n"
           "./part.go:3:13: declared and not used: idle1\n"
           "./part.go:9:24: not enough arguments in call to f\n"
           "\thave ()\n"
           "\twant (int)\n",
           "error go ./part.go:3:13 | declared and not used: idle1\n"
           "error go ./part.go:9:24 | not enough arguments in call to f\\n\thave ()\\n\twant (int)\n"},
          {"--- FAIL: TestP1 (0.00s)\n"
           "    part_test.go:11: planted 1\n"
           "        and more\n"
           "FAIL\n"
           "FAIL\tpart\t0.002s\n",
           "error go test part_test.go:11 | planted 1\\nand more\n"},
          {"=== RUN   TestP1\n"
           "    part_test.go:11: planted 1\n"
           "--- FAIL: TestP1 (0.00s)\n"
           "=== RUN   TestP2\n"
           "    part_test.go:15: a log\n"
           "--- PASS: TestP2 (0.00s)\n"
           "FAIL\n",
           "error go test part_test.go:11 | planted 1\n"}}};
  std::ranges::move(more_examples(), std::back_inserter(out.examples));
  return out;
}

}  // namespace mira::builds

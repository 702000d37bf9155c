// C++ test programs: GoogleTest's failures ("file:line: Failure", then what was
// expected, to the test's closing line) and Catch2's and doctest's ("file:line: FAILED:").
#include <set>

#include "knowledge/builds/parsers.h"
#include "knowledge/builds/scan.h"

namespace mira::builds {
namespace {

class GtestParser : public Parser {
 public:
  using Parser::Parser;

  bool start(const Line& line) override {
    std::string_view text = line.text;
    if (take(text, "[ RUN      ] ")) {
      close();
      test_ = text;
      told_ = false;
      running_ = true;
      return true;
    }
    if (text.starts_with("[       OK ]") || text.starts_with("[  SKIPPED ]")) return ended();
    if (take(text, "[  FAILED  ] ")) return failed(text, line);
    if (text.ends_with(": Failure") || text.ends_with(": FAILED:") || text.ends_with(" error: Failure"))
      return failure(text, line);
    if (text.find(": ERROR: ") != std::string_view::npos ||
        text.find(": FATAL ERROR: ") != std::string_view::npos)
      return doctest(text, line);
    return summary(text, line);
  }

  Took follow(const Line& line) override {
    Record* record = out_.find(current_, line);
    if (record == nullptr) return running_ ? Took::pass : Took::no;
    std::string_view text = line.text;
    if (text.starts_with("[") || text.ends_with(": Failure") || text.ends_with(": FAILED:") ||
        text.starts_with("-------") || text.starts_with("=======")) {
      close();
      return running_ ? Took::pass : Took::no;
    }
    if (catch_ && is_blank(text) && !record->message.empty()) return close(), Took::no;
    say(*record, text);
    return Took::yes;
  }

 private:
  bool ended() {
    close();
    running_ = false;
    return true;
  }
  void close() {
    if (Record* record = out_.find(current_)) {
      while (record->message.ends_with('\n')) record->message.pop_back();
    }
    out_.close(current_);
    current_ = 0;
  }

  // "Math.Adds (0 ms)" when it ends, "Math.Adds" in the list at the end, "2 tests, listed below:"
  bool failed(std::string_view text, const Line& line) {
    close();
    if (text.ends_with("listed below:")) {
      running_ = false;
      return true;
    }
    const std::string name(text.substr(0, text.find_first_of(" ,")));
    if (name.find('.') == std::string::npos) return false;
    const bool fresh = tests_.size() < 100'000 && tests_.insert(name).second;
    if (fresh && !(told_ && name == test_)) {
      Record record{.tool = "gtest", .message = name + " failed", .test = name};
      out_.close(out_.begin(std::move(record), line));
    }
    running_ = false;
    return true;
  }

  bool failure(std::string_view text, const Line& line) {
    close();
    catch_ = text.ends_with(": FAILED:");
    Record record{.tool = catch_ ? "catch2" : "gtest"};
    const auto place = whole_place(text.substr(0, text.rfind(": ")));
    if (!place && !text.starts_with("unknown file")) return false;
    if (place) {
      record.file = place->file;
      record.line = place->line;
    }
    if (!catch_) record.test = test_;
    told_ = true;
    current_ = out_.begin(std::move(record), line);
    return true;
  }

  // doctest: "a.cpp:7: ERROR: CHECK( f() == 2 ) is NOT correct!"
  bool doctest(std::string_view text, const Line& line) {
    const auto place = colon_place(text);
    if (!place) return false;
    std::string_view rest = place->rest;
    take(rest, "FATAL ");
    if (!take(rest, "ERROR: ") ||
        !(rest.ends_with("correct!") || rest.find("CHECK") == 0 || rest.find("REQUIRE") == 0 ||
          rest.find("test case") != std::string_view::npos))
      return false;
    close();
    catch_ = true;
    Record record{.tool = "doctest",
                  .message = std::string(rest),
                  .file = std::string(place->file),
                  .line = place->line};
    current_ = out_.begin(std::move(record), line);
    return true;
  }

  static void say(Record& record, std::string_view text) {
    if (record.message.size() + text.size() > message_bytes) return;
    if (!record.message.empty()) record.message += '\n';
    record.message += text;
    std::string_view rest = text;
    take_spaces(rest);
    if (take(rest, "Which is: "))
      (record.actual.empty() ? record.actual : record.expected) = rest;
    else if (take(rest, "Actual: "))
      record.actual = rest;
    else if (take(rest, "Expected: "))
      record.expected = rest;
  }

  // " 2 FAILED TESTS", "assertions: 2 | 1 passed | 1 failed" (Catch2; doctest with "[doctest] " before),
  // "*** 2 failures are detected in the test module" (Boost.Test)
  bool summary(std::string_view text, const Line& line) {
    if (take(text, "*** ")) {
      const auto failures = take_number(text);
      if (!failures || text.find("detected in the test module") == std::string_view::npos) return false;
      out_.count({.tool = "boost.test", .errors = *failures, .failed = true, .log_line = line.number});
      return true;
    }
    const bool doctest = take(text, "[doctest] ");
    if (take(text, "assertions:")) return assertions(text, doctest, line);
    take_spaces(text);
    const auto number = take_number(text);
    if (number && (text == " FAILED TESTS" || text == " FAILED TEST")) {
      out_.count({.tool = "gtest", .tests_failed = *number, .failed = true, .log_line = line.number});
      tests_.clear();
      return true;
    }
    return false;
  }

  bool assertions(std::string_view text, bool doctest, const Line& line) {
    const std::size_t at = text.find(" failed");
    if (at == std::string_view::npos) return false;
    std::string_view before = text.substr(0, at);
    before.remove_prefix(std::min(before.find_last_of("| ") + 1, before.size()));
    const auto failed = take_number(before);
    if (!failed) return false;
    close();
    Count count{.tool = doctest ? "doctest" : "catch2", .failed = *failed > 0, .log_line = line.number};
    if (!doctest) count.errors = *failed;
    out_.count(std::move(count));
    return true;
  }

  Ticket current_ = 0;
  bool told_ = false, running_ = false, catch_ = false;
  std::string test_;
  std::set<std::string> tests_;
};

}  // namespace

Definition gtest_definition() {
  return {.name = "gtest",
          .tools = "GoogleTest, Catch2, doctest",
          .keywords = {"[ run      ]", "[       ok ]", "[  failed  ]", ": failure", ": failed:", ": error: ",
                       " failed test", "assertions:", "detected in the test module"},
          .make = make_parser<GtestParser>,
          .examples = {{"[ RUN      ] Math.Adds\n"
                        "cpp/g.cpp:2: Failure\n"
                        "Expected equality of these values:\n"
                        "  1 + 1\n"
                        "    Which is: 2\n"
                        "  3\n"
                        "[  FAILED  ] Math.Adds (0 ms)\n"
                        "[  FAILED  ] 1 test, listed below:\n"
                        "[  FAILED  ] Math.Adds\n"
                        "\n"
                        " 1 FAILED TEST\n",
                        "error gtest cpp/g.cpp:2 | Expected equality of these values:\\n  1 + 1\\n    Which "
                        "is: 2\\n  3\n"},
                       {"[  FAILED  ] Math.Dies\n"
                        " 1 FAILED TEST\n",
                        "error gtest | Math.Dies failed\n"},
                       {"a.cpp:5: FAILED:\n"
                        "  REQUIRE( f() == 2 )\n"
                        "with expansion:\n"
                        "  1 == 2\n"
                        "\n",
                        "error catch2 a.cpp:5 |   REQUIRE( f() == 2 )\\nwith expansion:\\n  1 == 2\n"}}};
}

}  // namespace mira::builds

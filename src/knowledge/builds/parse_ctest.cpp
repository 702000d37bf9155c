// ctest: a line a test while it runs, and a list of those that failed. A test that the
// first told is not told again by the second.
#include <unordered_set>

#include "knowledge/builds/parsers.h"
#include "knowledge/builds/scan.h"

namespace mira::builds {
namespace {

class CtestParser : public Parser {
 public:
  using Parser::Parser;

  bool start(const Line& line) override {
    std::string_view text = line.text;
    if (text.starts_with("The following tests FAILED:")) {
      told_in_list_ = true;
      return true;
    }
    if (text.find("tests passed, ") != std::string_view::npos) return closing(text, line);
    return result(text, line);
  }

  Took follow(const Line& line) override {
    if (!told_in_list_) return Took::no;
    return listed(line) ? Took::yes : Took::no;
  }

 private:
  // "5/6 Test #5: case_4 ......***Failed    0.03 sec"
  bool result(std::string_view text, const Line& line) {
    if (!take_until(text, "Test") || !take_until(text, "#") || !take_number(text) || !take(text, ": "))
      return false;
    const std::size_t stars = text.find("***");
    if (stars == std::string_view::npos) return false;
    std::string_view name = text.substr(0, stars);
    const std::size_t end = name.find_last_not_of(". ");
    name = name.substr(
        0, name.find(' ') == std::string_view::npos ? end + 1 : std::min(end + 1, name.find(" .")));
    std::string_view how = text.substr(stars + 3);
    if (how.starts_with("Skipped") || how.starts_with("Not Run (Disabled)")) return true;
    const std::size_t gap = how.find("  ");
    tell(name, how.substr(0, gap), line);
    told_in_list_ = false;
    return true;
  }

  // "\t  5 - case_4 (Failed)"
  bool listed(const Line& line) {
    std::string_view text = line.text;
    take_spaces(text);
    if (!take_number(text) || !take(text, " - ")) return false;
    const std::size_t open = text.rfind(" (");
    if (open == std::string_view::npos) return false;
    std::string_view how = text.substr(open + 2);
    how = how.substr(0, how.find(')'));
    const std::string_view name = text.substr(0, open);
    if (!told_.contains(std::string(name)) && how != "Disabled") tell(name, how, line);
    return true;
  }

  void tell(std::string_view name, std::string_view how, const Line& line) {
    if (told_.size() < 100'000) told_.emplace(name);
    Record record{.tool = "ctest",
                  .message = std::string(name) + " (" + std::string(how) + ")",
                  .test = std::string(name)};
    out_.close(out_.begin(std::move(record), line));
  }

  // "83% tests passed, 1 tests failed out of 6"
  bool closing(std::string_view text, const Line& line) {
    take_until(text, "tests passed, ");
    const auto failed = take_number(text);
    if (!failed) return false;
    out_.count({.tool = "ctest", .tests_failed = *failed, .failed = *failed > 0, .log_line = line.number});
    return true;
  }

  bool told_in_list_ = false;
  std::unordered_set<std::string> told_;
};

}  // namespace

Definition ctest_definition() {
  return {.name = "ctest",
          .tools = "ctest",
          .keywords = {"***", "tests failed", "tests passed, "},
          .make = make_parser<CtestParser>,
          .examples = {{"4/6 Test #4: case_3 ...........................   Passed    0.02 sec\n"
                        "5/6 Test #5: case_4 ...........................***Failed    0.03 sec\n"
                        "6/6 Test #6: case_5 ...........................***Exception: SegFault  0.03 sec\n"
                        "\n"
                        "83% tests passed, 2 tests failed out of 6\n"
                        "\n"
                        "The following tests FAILED:\n"
                        "\t  5 - case_4 (Failed)\n"
                        "\t  6 - case_5 (SEGFAULT)\n"
                        "Errors while running CTest\n",
                        "error ctest | case_4 (Failed)\n"
                        "error ctest | case_5 (Exception: SegFault)\n"},
                       {"The following tests FAILED:\n"
                        "\t  5 - case_4 (Failed)\n",
                        "error ctest | case_4 (Failed)\n"}}};
}

}  // namespace mira::builds

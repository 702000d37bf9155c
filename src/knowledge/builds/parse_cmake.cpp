// CMake: "CMake Error at file:line (command):", its message indented below, then
// the call stack.
#include "knowledge/builds/parsers.h"
#include "knowledge/builds/scan.h"

namespace mira::builds {
namespace {

class CmakeParser : public Parser {
 public:
  using Parser::Parser;

  bool start(const Line& line) override {
    std::string_view text = line.text;
    if (take(text, "-- Configuring incomplete, errors occurred")) {
      out_.count({.tool = "cmake", .failed = true, .log_line = line.number});
      return true;
    }
    if (!take(text, "CMake ")) return false;
    Record record{.tool = "cmake"};
    if (take(text, "Error")) {
      if (take(text, " (dev)")) record.code = "dev";
    } else if (take(text, "Warning") || take(text, "Deprecation Warning") ||
               take(text, "Deprecation Error")) {
      record.severity = line.text.find("Error") < 20 ? Severity::error : Severity::warning;
      if (line.text.starts_with("CMake Deprecation")) record.code = "deprecation";
      if (take(text, " (dev)")) record.code = "dev";
    } else {
      return false;
    }
    return head(record, text, line);
  }

  Took follow(const Line& line) override {
    Record* record = out_.find(current_, line);
    if (record == nullptr) return Took::no;
    std::string_view text = line.text;
    if (is_blank(text)) {
      paragraph_ = !record->message.empty();
      return ++blank_ > 2 ? leave() : Took::pass;
    }
    if (text.starts_with("Call Stack")) {
      in_stack_ = true;
      return Took::yes;
    }
    if (text[0] != ' ')
      return text.starts_with("This warning is for project developers") ? Took::yes : leave();
    blank_ = 0;
    if (in_stack_)
      frame(*record, text);
    else
      say(*record, text);
    return Took::yes;
  }

 private:
  // " at CMakeLists.txt:4 (message):", " in CMakeLists.txt:", ": message"
  bool head(Record& record, std::string_view text, const Line& line) {
    if (take(text, " at ")) {
      if (text.ends_with(':')) text.remove_suffix(1);
      const std::size_t open = text.rfind(" (");
      const std::string_view where = text.substr(0, open);
      const auto place = whole_place(where);
      record.file = place ? place->file : where;
      record.line = place ? place->line : 0;
      if (open != std::string_view::npos) record.symbol = text.substr(open + 2, text.size() - open - 3);
    } else if (take(text, " in ")) {
      record.file = text.substr(0, text.size() - (text.ends_with(':') ? 1 : 0));
    } else if (take(text, ": ")) {
      record.message = text;
    } else if (!take(text, ":")) {
      return false;
    }
    in_stack_ = paragraph_ = false;
    blank_ = 0;
    current_ = out_.begin(std::move(record), line);
    return true;
  }

  Took leave() {
    out_.close(current_);
    current_ = 0;
    return Took::no;
  }

  // CMake breaks lines to fit a terminal: those are joined again, indented ones stay as they are.
  void say(Record& record, std::string_view text) {
    const std::size_t indent = take_spaces(text);
    if (record.message.size() + text.size() > message_bytes) return;
    if (!record.message.empty()) record.message += paragraph_ ? "\n\n" : indent > 2 ? "\n" : " ";
    paragraph_ = false;
    record.message += text;
  }

  static void frame(Record& record, std::string_view text) {
    take_spaces(text);
    const std::size_t open = text.rfind(" (");
    const auto place = whole_place(text.substr(0, open));
    if (!place || record.frames.size() >= most_frames) return;
    record.frames.push_back({.file = std::string(place->file),
                             .line = place->line,
                             .function = open == std::string_view::npos
                                             ? std::string()
                                             : std::string(text.substr(open + 2, text.size() - open - 3))});
  }

  Ticket current_ = 0;
  bool in_stack_ = false, paragraph_ = false;
  int blank_ = 0;
};

}  // namespace

Definition cmake_definition() {
  return {.name = "cmake",
          .tools = "cmake",
          .keywords = {"cmake error", "cmake warning", "cmake deprecation", "configuring incomplete"},
          .make = make_parser<CmakeParser>,
          .examples = {
              {"CMake Error at cmake/Find.cmake:7 (message):\n"
               "  planted, and so long that the line was broken\n"
               "  here\n"
               "\n"
               "Call Stack (most recent call first):\n"
               "  CMakeLists.txt:3 (find_thing)\n"
               "\n"
               "\n"
               "-- Configuring incomplete, errors occurred!\n",
               "error cmake cmake/Find.cmake:7 | planted, and so long that the line was broken here\n"},
              {"CMake Error: The source directory \"/p\" does not appear to contain CMakeLists.txt.\n",
               "error cmake | The source directory \"/p\" does not appear to contain CMakeLists.txt.\n"}}};
}

}  // namespace mira::builds

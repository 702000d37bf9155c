// Programs that die or are watched while they run: AddressSanitizer and its kin,
// undefined behaviour, valgrind, failed assertions. The place is the first frame that has
// a line and is no library's.
#include "knowledge/builds/parsers.h"
#include "knowledge/builds/scan.h"

namespace mira::builds {
namespace {

bool is_library(std::string_view file) {
  return file.find("libsanitizer/") != std::string_view::npos || file.starts_with("../csu/") ||
         file.starts_with("../sysdeps/") || file.find("sanitizer_common") != std::string_view::npos ||
         file.starts_with("/usr/") || file.find("/include/c++/") != std::string_view::npos ||
         file.starts_with("vg_") || file.find("vg_replace") != std::string_view::npos ||
         file.find("compiler-rt/") != std::string_view::npos;
}

class SanitizerParser : public Parser {
 public:
  using Parser::Parser;

  bool start(const Line& line) override {
    std::string_view text = line.text;
    if (text.find("Sanitizer: ") != std::string_view::npos && !text.starts_with("SUMMARY"))
      return sanitizer(text, line);
    if (text.find(": runtime error: ") != std::string_view::npos) return undefined(text, line);
    if (text.find(": Assertion ") != std::string_view::npos && text.ends_with("failed."))
      return assertion(text, line);
    if (take(text, "==") && take_number(text) && take(text, "== ")) return valgrind(text, line);
    return false;
  }

  Took follow(const Line& line) override {
    Record* record = out_.find(current_, line);
    if (record == nullptr) return Took::no;
    std::string_view text = line.text;
    if (valgrind_) {
      if (!take(text, "==") || !take_number(text) || !take(text, "==")) return Took::pass;
      if (is_blank(text)) return finish_one();
      std::string_view rest = text;
      take_spaces(rest);
      if (rest.starts_with("at 0x") || rest.starts_with("by 0x")) return valgrind_frame(*record, rest);
      return Took::yes;
    }
    std::string_view rest = text;
    take_spaces(rest);
    if (rest.starts_with("#")) return frame(*record, rest);
    if (text.starts_with("SUMMARY: ") || text.starts_with("==")) return finish_one(), Took::yes;
    if (is_blank(text)) first_stack_ = first_stack_ && record->frames.empty();
    if (text.starts_with("READ of size") || text.starts_with("WRITE of size"))
      record->message += "\n" + std::string(text);
    return Took::yes;
  }

 private:
  Took finish_one() {
    out_.close(current_);
    current_ = 0;
    return Took::no;
  }

  // "==1==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x... at pc ...", "WARNING:
  // ThreadSanitizer: data race (pid=1)"
  bool sanitizer(std::string_view text, const Line& line) {
    if (take(text, "==")) {
      take_number(text);
      take(text, "==");
    }
    if (!take(text, "ERROR: ") && !take(text, "WARNING: ") && !take(text, "FATAL: ")) return false;
    const auto name = take_until(text, ": ");
    if (!name || name->empty()) return false;
    Record record{.tool = std::string(*name)};
    std::string_view kind = text;
    if (take(kind, "attempting ")) kind = text.substr(11);
    record.code = kind.substr(0, kind.find_first_of(" :"));
    record.message = text;
    current_ = out_.begin(std::move(record), line);
    valgrind_ = false;
    first_stack_ = true;
    return true;
  }

  // "a.c:3:5: runtime error: signed integer overflow: ..."
  bool undefined(std::string_view text, const Line& line) {
    const auto place = colon_place(text);
    if (!place) return false;
    std::string_view message = place->rest;
    if (!take(message, "runtime error: ")) return false;
    Record record{.tool = "UndefinedBehaviorSanitizer",
                  .message = std::string(message),
                  .file = std::string(place->file),
                  .line = place->line,
                  .column = place->column};
    current_ = out_.begin(std::move(record), line);
    valgrind_ = false;
    first_stack_ = true;
    return true;
  }

  // "prog: a.c:3: f: Assertion `x == 1' failed."
  bool assertion(std::string_view text, const Line& line) {
    const std::size_t at = text.find(": Assertion ");
    std::string_view where = text.substr(0, at);
    if (const std::size_t program = where.find(": "); program != std::string_view::npos)
      where.remove_prefix(program + 2);
    const auto place = colon_place(where);
    if (!place) return false;
    Record record{.tool = "assert",
                  .message = std::string(text.substr(at + 2)),
                  .file = std::string(place->file),
                  .line = place->line,
                  .symbol = std::string(place->rest)};
    out_.close(out_.begin(std::move(record), line));
    return true;
  }

  // "    #0 0x55e8 in f cpp/asan.c:2:5"
  Took frame(Record& record, std::string_view rest) {
    take(rest, "#");
    take_number(rest);
    take_until(rest, " in ");
    const std::size_t space = rest.rfind(' ');
    if (space == std::string_view::npos || !first_stack_) return Took::yes;
    add_frame(record, whole_place(rest.substr(space + 1)), rest.substr(0, space));
    return Took::yes;
  }

  static void add_frame(Record& record, const std::optional<Located>& place, std::string_view function) {
    if (!place || record.frames.size() >= most_frames) return;
    const bool library = is_library(place->file);
    record.frames.push_back({.file = std::string(place->file),
                             .line = place->line,
                             .function = std::string(function),
                             .in_project = !library});
    if (library || record.line != 0) return;
    record.file = place->file;
    record.line = place->line;
    record.column = place->column;
  }

  // "Invalid read of size 4"; its frames follow.
  bool valgrind(std::string_view text, const Line& line) {
    if (take(text, "ERROR SUMMARY: ")) {
      const auto errors = take_number(text);
      if (errors && *errors > 0) out_.count({.tool = "valgrind", .failed = true, .log_line = line.number});
      return true;
    }
    const bool fault = text.starts_with("Invalid ") || text.starts_with("Conditional jump") ||
                       text.starts_with("Use of uninitialised") || text.starts_with("Mismatched free") ||
                       text.starts_with("Source and destination overlap") ||
                       text.starts_with("Syscall param") ||
                       text.find(" definitely lost in loss record") != std::string_view::npos ||
                       text.starts_with("Process terminating with");
    if (!fault) return false;
    current_ = out_.begin({.tool = "valgrind", .message = std::string(text)}, line);
    return valgrind_ = true;
  }

  // "at 0x1091: f (x.c:3)"
  static Took valgrind_frame(Record& record, std::string_view rest) {
    const std::size_t open = rest.rfind(" (");
    const auto name = take_until(rest, ": ");
    if (!name || open == std::string_view::npos || !rest.ends_with(')')) return Took::yes;
    const std::size_t bracket = rest.rfind(" (");
    add_frame(record, whole_place(rest.substr(bracket + 2, rest.size() - bracket - 3)),
              rest.substr(0, bracket));
    return Took::yes;
  }

  Ticket current_ = 0;
  bool valgrind_ = false, first_stack_ = true;
};

}  // namespace

Definition sanitizer_definition() {
  return {
      .name = "sanitizer",
      .tools =
          "AddressSanitizer, LeakSanitizer, ThreadSanitizer, UndefinedBehaviorSanitizer, valgrind, assert",
      .keywords = {"sanitizer: ", ": runtime error: ", ": assertion ", "== invalid ", "== conditional jump",
                   "== use of uninitialised", "== mismatched", "definitely lost in", "== error summary",
                   "== process terminating", "== syscall param", "== source and destination"},
      .make = make_parser<SanitizerParser>,
      .examples = {{"==9844==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x6020 at pc 0x55\n"
                    "READ of size 4 at 0x6020 thread T0\n"
                    "    #0 0x7f in __interceptor_memcpy ../../../../src/libsanitizer/asan/asan.cpp:69\n"
                    "    #1 0x55 in f cpp/asan.c:2\n"
                    "\n"
                    "SUMMARY: AddressSanitizer: heap-buffer-overflow cpp/asan.c:2 in f\n"
                    "==9844==ABORTING\n",
                    "error AddressSanitizer cpp/asan.c:2 heap-buffer-overflow | heap-buffer-overflow on "
                    "address 0x6020 at pc 0x55\\nREAD of size 4 at 0x6020 thread T0\n"},
                   {"a.c:3:5: runtime error: signed integer overflow: 2147483647 + 1 cannot be represented "
                    "in type 'int'\n",
                    "error UndefinedBehaviorSanitizer a.c:3:5 | signed integer overflow: 2147483647 + 1 "
                    "cannot be represented in type 'int'\n"},
                   {"==77== Invalid read of size 4\n"
                    "==77==    at 0x1091: f (x.c:3)\n"
                    "==77==    by 0x1092: main (x.c:9)\n"
                    "==77== \n"
                    "==77== ERROR SUMMARY: 1 errors from 1 contexts\n",
                    "error valgrind x.c:3 | Invalid read of size 4\n"},
                   {"prog: a.c:3: f: Assertion `x == 1' failed.\n",
                    "error assert a.c:3 | Assertion `x == 1' failed.\n"}}};
}

}  // namespace mira::builds

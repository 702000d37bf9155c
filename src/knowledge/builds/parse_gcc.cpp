// The gcc family: "file:line:column: level: message [code]" and what stands around
// it. Many tools speak so; the name of the tool comes from the code, the file's
// ending and the lines that only one of them prints. gcc and clang can look alike
// to the last byte: clang ends with "N errors generated.", so records wait for it.
#include <algorithm>
#include <array>
#include <deque>

#include "knowledge/builds/dialects.h"
#include "knowledge/builds/parsers.h"
#include "knowledge/builds/scan.h"

namespace mira::builds {
namespace {

constexpr std::string_view unit_family = ".c .cc .cpp .cxx .c++ .C .m .mm .cu .S .s .i .ii .cppm .ixx";

bool is_gutter(std::string_view text) {
  const std::size_t spaces = take_spaces(text);
  if (spaces == 0) return false;
  if (is_digit(text.empty() ? ' ' : text[0])) {
    if (!take_number(text)) return false;
    return text.starts_with(" |");
  }
  return text.starts_with("| ") || text == "|" || text.starts_with("+++ |");
}

bool is_caret(std::string_view text) {
  return text.find('^') != std::string_view::npos &&
         text.find_first_not_of(" \t^~-.|") == std::string_view::npos;
}

class GccParser : public Parser {
 public:
  using Parser::Parser;

  bool start(const Line& line) override {
    std::string_view text = line.text;
    if (text.empty() || text[0] == ' ') return false;
    if (take(text, "In file included from ")) return included(text);
    if (const auto place = colon_place(text)) return located(*place, line);
    for (const std::string_view place : {"<built-in>", "<command-line>"}) {
      std::string_view said = text;
      if (take(said, place) && take(said, ": note: ")) return note({.file = place, .rest = said}, said, line);
    }
    return summary(text, line) || context(text) || enough(text, line) || driver(text, line);
  }

  Took follow(const Line& line) override {
    std::string_view text = line.text;
    if (!includes_.empty() && more_includes(text)) return Took::yes;
    Record* record = out_.find(current_);
    if (record == nullptr) return Took::no;
    if (is_gutter(text)) {
      join_wrapped(*record, wrapped_.size());
      see_source(*record, text);
      add_snippet(*record, line);
      return Took::yes;
    }
    if (is_caret(text)) {
      join_wrapped(*record, wrapped_.empty() ? 0 : wrapped_.size() - 1);  // the last one is the source
      return caret(*record, line);
    }
    if (detail(*record, text)) return Took::yes;
    if (own_ && words_below(*record, text)) return Took::yes;
    if (own_ && after_head_ == 0 && code_alone(*record, text)) return Took::yes;
    if (after_head_ == 0 && text.starts_with("   ") && wrapped_.size() < most_wrapped) {
      wrapped_.emplace_back(text);
      return Took::pass;
    }
    return after_head_++ < 2 ? Took::pass : Took::no;
  }

  void finish() override { decide(spoke_last_); }

 private:
  static constexpr std::size_t most_wrapped = 8;

  // mypy --pretty: "[return-value]" had no room in its line and stands in the next one.
  static bool code_alone(Record& record, std::string_view text) {
    if (record.tool != "mypy" || !record.code.empty() || !text.starts_with('[')) return false;
    std::string_view code = text.substr(1, text.find(']') - 1);
    if (code.size() + 2 != text.size()) return false;
    record.code = code;
    while (record.message.ends_with(' ')) record.message.pop_back();
    return true;
  }

  // ghc's head may end with "error:", its words stand indented below.
  bool words_below(Record& record, std::string_view text) {
    in_words_ = (in_words_ || record.message.empty()) && text.starts_with("   ");
    if (!in_words_) return false;
    text.remove_prefix(text.starts_with("    ") ? 4 : 3);
    if (record.message.empty()) take(text, "\u2022 ");
    if (record.message.size() < message_bytes)
      record.message += (record.message.empty() ? "" : "\n") + std::string(text);
    return true;
  }

  // A message that was broken to fit the terminal (gcc -fmessage-length, mypy --pretty): its other lines
  // stand indented between its head and the source.
  void join_wrapped(Record& record, std::size_t lines) {
    if (wrapped_.empty()) return;
    std::string& told = own_ || record.notes.empty() ? record.message : record.notes.back().message;
    for (std::size_t i = 0; i < lines && told.size() < message_bytes; ++i) {
      std::string_view rest = wrapped_[i];
      take_spaces(rest);
      told += rest;
    }
    wrapped_.clear();
    if (lines == 0 || !own_ || !record.code.empty()) return;
    std::string_view message = record.message;
    record.code = take_bracket_code(message);
    record.message = std::string(message);
  }

  bool included(std::string_view text) {
    includes_.clear();
    add_include(text);
    return true;
  }

  void add_include(std::string_view text) {
    if (!text.empty() && (text.back() == ',' || text.back() == ':')) text.remove_suffix(1);
    if (includes_.size() >= most_frames) return;
    const auto place = whole_place(text);
    includes_.push_back({.file = std::string(place ? place->file : text), .line = place ? place->line : 0});
  }

  bool more_includes(std::string_view text) {
    if (take_spaces(text) == 0 || !take(text, "from ")) return false;
    decide("gcc");
    add_include(text);
    return true;
  }

  bool located(Located place, const Line& line) {
    std::string_view rest = place.rest;
    const Level level = take_level(rest);
    if (level == Level::none) return bracketed(place, line) || (is_context(rest) && note_context());
    if (level == Level::note && !is_own_finding(place, rest)) return note(place, rest, line);
    if (is_part_of_last(place, level, rest) && note(place, rest, line)) return true;
    std::string_view message = rest;
    const std::string_view code = take_bracket_code(message);
    begin(place, level, message, code, line);
    return true;
  }

  // Why a candidate did not fit is told as an error below the note that announces it, and is none of its
  // own; so is one whose words go on ("  since ...").
  bool is_part_of_last(const Located& place, Level level, std::string_view message) {
    const Record* record = out_.find(current_);
    if (record == nullptr) return false;
    if (message.starts_with("  ")) return place.file == record->file;
    if (level != Level::error) return false;
    if (in_substitution_) return true;
    if (!last_note_explains_ || record->notes.empty()) return false;
    const Note& last = record->notes.back();
    if (place.file == record->file && place.line == record->line) return true;
    return place.file == last.file && place.line <= last.line && place.line + 3 > last.line;
  }

  // shellcheck's notes are findings of their own: each has a code.
  static bool is_own_finding(const Located& place, std::string_view message) {
    const std::string_view code = take_bracket_code(message);
    return code.starts_with("SC") && is_upper_code(code, 2) && tool_of(place.file, code) == "shellcheck";
  }

  // rustc --error-format=short: "src/lib.rs:2:22: error[E0425]: message".
  bool bracketed(const Located& place, const Line& line) {
    std::string_view rest = place.rest;
    const bool error = take(rest, "error[");
    if (!error && !take(rest, "warning[")) return false;
    const auto code = take_until(rest, "]: ");
    if (!code) return false;
    begin(place, error ? Level::error : Level::warning, rest, *code, line);
    return true;
  }

  static bool is_context(std::string_view rest) {
    return rest.starts_with("required ") || rest.starts_with("in 'constexpr'") ||
           rest.starts_with("in requirements ") || rest.starts_with("recursively required ");
  }
  bool note_context() {
    decide("gcc");
    return true;
  }

  void begin(const Located& place, Level level, std::string_view message, std::string_view code,
             const Line& line) {
    Record record;
    record.severity = level == Level::error ? Severity::error : Severity::warning;
    record.file = place.file;
    record.line = place.line;
    record.column = place.column;
    record.message = message;
    record.code = code;
    record.symbol = symbol_;
    std::string unit = unit_of(place);
    record.includes = std::move(includes_);
    includes_.clear();
    std::string_view tool = tool_of(place.file, code);
    if (code.starts_with("-Werror,-W")) {  // gcc says -Werror=
      tool = "clang";
      decide(tool);
    }
    record.tool = tool.empty() ? "gcc" : tool;
    current_ = out_.begin(std::move(record), line);
    if (tool.empty()) out_.hold(current_, true);
    open_.push_back({current_, std::move(unit)});
    if (open_.size() > 8) open_.pop_front();
    own_ = true;
    last_note_explains_ = in_substitution_ = false;
    placed_anew();
    after_head_ = 0;
  }

  // The file that is compiled: the outermost one that includes, or the file itself. gcc tells the stack of
  // includes only where it changes, so a header without one is of the unit that spoke last.
  std::string unit_of(const Located& place) const {
    if (!includes_.empty()) return includes_.back().file;
    if (has_extension(place.file, unit_family) || open_.empty()) return std::string(place.file);
    return open_.back().unit;
  }

  // A note belongs to the last record. When parallel compilers speak at once, it is the last of its
  // unit; one in a header names none, since every unit may point there.
  Ticket owner_of_note(const Located& place) const {
    if (open_.empty()) return 0;
    const bool names_unit = !includes_.empty() || has_extension(place.file, unit_family);
    const std::string unit = names_unit ? unit_of(place) : open_.back().unit;
    for (auto one = open_.rbegin(); one != open_.rend(); ++one) {
      if (one->unit == unit) return one->ticket;
    }
    return open_.back().ticket;
  }

  bool note(const Located& place, std::string_view message, const Line& line) {
    const Ticket ticket = owner_of_note(place);
    Record* record = out_.find(ticket, line);
    if (record == nullptr) return false;
    if (macro(*record, place, message)) return true;
    std::string_view text = message;
    if (const std::string_view code = take_bracket_code(text); !code.starts_with("-W")) text = message;
    if (record->notes.size() < most_notes)
      record->notes.push_back({std::string(text), std::string(place.file), place.line, place.column});
    current_ = ticket;
    own_ = in_substitution_ = false;
    last_note_explains_ =
        message.ends_with("substitution failed:") ||
        (message.starts_with("  conversion of argument ") && message.ends_with("would be ill-formed:"));
    placed_anew();
    after_head_ = 0;
    includes_.clear();
    return true;
  }

  // A head with a place of its own: its line of source comes next.
  void placed_anew() {
    wrapped_.clear();
    in_words_ = false;
    source_.clear();
    awaits_source_ = true;
    wrapping_.clear();
  }

  struct Place {
    std::string& file;
    int &line, &column;
  };
  // Of the head that was told last: the record's or its last note's.
  static Place place_told(Record& record) {
    if (record.notes.empty()) return {record.file, record.line, record.column};
    Note& last = record.notes.back();
    return {last.file, last.line, last.column};
  }

  // What is wrong inside a macro is told where the macro was used; how it got there is a frame.
  bool macro(Record& record, const Located& place, std::string_view message) {
    const bool expansion = message.starts_with("in expansion of macro '");
    if (!expansion && !message.starts_with("in definition of macro '")) return false;
    Place told = place_told(record);
    if (record.frames.size() < most_frames)
      record.frames.push_back({.file = expansion ? told.file : std::string(place.file),
                               .line = expansion ? told.line : place.line,
                               .function = std::string(message.substr(3))});
    if (!expansion) {
      std::string_view name = message.substr(message.find('\'') + 1);
      wrapping_.emplace_back(name.substr(0, name.find('\'')));
      leave_arguments(told);
      awaits_source_ = false;
      return true;
    }
    told.file = place.file;
    told.line = place.line;
    told.column = place.column;
    source_.clear();
    awaits_source_ = true;
    return true;
  }

  // "   35 | DECLARE(short, sf);": the line that the place told last names.
  void see_source(Record& record, std::string_view gutter) {
    if (!awaits_source_) return;
    take_spaces(gutter);
    Place told = place_told(record);
    const auto number = take_number(gutter);
    if (!number || *number != told.line || !take(gutter, " | ")) return;
    awaits_source_ = false;
    source_ = gutter;
    leave_arguments(told);
  }

  // A place in the arguments of a macro is one where the macro is used: the name before it in its line.
  void leave_arguments(Place told) {
    std::erase_if(wrapping_, [&](const std::string& name) {
      const auto size = static_cast<std::size_t>(std::max(0, told.column - 1));
      const std::string_view before = std::string_view(source_).substr(0, size);
      for (std::size_t at = before.rfind(name); at != std::string_view::npos;
           at = at == 0 ? std::string_view::npos : before.rfind(name, at - 1)) {
        std::string_view behind = before.substr(at + name.size());
        take_spaces(behind);
        if (!behind.starts_with('(') || (at > 0 && is_name_byte(before[at - 1]))) continue;
        told.column = static_cast<int>(at) + 1;
        return true;
      }
      return false;
    });
  }

  // "src/part.c: In function 'f1':", "x.cpp: At global scope:": only gcc says so.
  bool context(std::string_view text) {
    if (!text.ends_with(':')) return false;
    const std::size_t in = text.find(": In ");
    const bool global = text.ends_with(": At top level:") || text.ends_with(": At global scope:");
    if (in == std::string_view::npos && !global) return false;
    decide("gcc");
    in_substitution_ = text.find(": In substitution of ") != std::string_view::npos && last_note_explains_;
    last_note_explains_ = false;
    symbol_.clear();
    if (in != std::string_view::npos) {
      std::string_view quoted = text.substr(in);
      const std::size_t open = quoted.find_first_of("'`");
      const std::size_t close = quoted.rfind('\'');
      if (open != std::string_view::npos && close > open + 1)
        symbol_ = quoted.substr(open + 1, close - open - 1);
    }
    return true;
  }

  // clang: "fatal error: too many errors emitted, stopping now [-ferror-limit=]" counts as one.
  bool enough(std::string_view text, const Line& line) {
    if (!take(text, "fatal error: ") || !text.starts_with("too many errors emitted")) return false;
    const std::string_view code = take_bracket_code(text);
    decide("clang");
    out_.close(out_.begin({.tool = "clang", .code = std::string(code), .message = std::string(text)}, line));
    return true;
  }

  // "cc1plus: error: message": no place.
  bool driver(std::string_view text, const Line& line) {
    const auto name = take_until(text, ": ");
    if (!name) return false;
    const std::string_view program = driver_of(base_name(*name));
    const bool is_driver = !program.empty();
    if (!is_driver && !(has_extension(*name, unit_family) && looks_like_file(*name))) return false;
    std::string_view message = text;
    const Level level = take_level(message);
    if (level == Level::none) return false;
    if (level == Level::note) return note({.file = "", .rest = message}, message, line);
    const std::string_view code = take_bracket_code(message);
    const bool clang = program.starts_with("clang");
    if (message.starts_with("linker command failed ")) {  // the linker said why
      out_.consequence({.tool = "clang", .message = std::string(message)}, line, {});
      return true;
    }
    begin({.file = is_driver ? std::string_view() : *name, .rest = {}}, level, message, code, line);
    if (!is_driver) return true;  // "part.c: error: expected '}' at end of input": the file ended
    Record* record = out_.find(current_);
    out_.hold(current_, false);
    record->tool = clang ? "clang" : program == "as" ? "as" : "gcc";
    return true;
  }

  // clang: "3 warnings and 2 errors generated."; javac: "3 errors".
  bool summary(std::string_view text, const Line& line) {
    Count count{.log_line = line.number};
    while (const auto number = take_number(text)) {
      if (take(text, " errors") || take(text, " error"))
        count.errors = *number;
      else if (take(text, " warnings") || take(text, " warning"))
        count.warnings = *number;
      else
        return false;
      take(text, " and ");
    }
    if (count.errors < 0 && count.warnings < 0) return false;
    if (text == " generated." || text.starts_with(" generated when compiling for ")) {
      decide("clang");
      count.tool = "clang";
    } else if (text.empty() && java_) {
      count.tool = "javac";
    } else {
      return false;
    }
    count.failed = count.errors > 0;
    out_.count(std::move(count));
    return true;
  }

  // gcc or clang: known for the records that wait.
  void decide(std::string_view tool) {
    spoke_last_ = tool;
    if (!out_.holds_any()) return;
    for (const Ticket ticket : out_.held()) {
      Record* record = out_.find(ticket);
      if (record == nullptr || record->tool != "gcc") continue;  // others wait for other lines
      record->tool = tool;
      out_.hold(ticket, false);
    }
  }

  void add_snippet(Record& record, const Line& line) {
    record.log_end = line.end;
    if (!own_ || record.snippet.size() + line.text.size() > snippet_bytes) return;
    record.snippet.append(line.text);
    record.snippet += '\n';
  }

  // "    ^~~~" below a line of source: the way of javac and of older compilers.
  Took caret(Record& record, const Line& line) {
    if (own_ && record.snippet.empty()) {
      record.snippet = std::string(recent_.before(1)) + "\n" + std::string(line.text) + "\n";
      if (record.column == 0) record.column = static_cast<int>(line.text.find('^')) + 1;
    }
    record.log_end = line.end;
    after_head_ = 0;
    java_ = java_ || record.tool == "javac";
    return Took::yes;
  }

  // javac tells the rest of its message below the caret.
  bool detail(Record& record, std::string_view text) {
    if (record.tool != "javac" || !own_) return false;
    java_ = true;
    std::string_view rest = text;
    if (take_spaces(rest) < 2 || record.message.size() > message_bytes) return false;
    const std::size_t colon = rest.find(':');
    if (colon == std::string_view::npos) return false;
    const std::string_view name = rest.substr(0, colon);
    std::string_view said = rest.substr(colon + 1);
    take_spaces(said);
    if (name == "found")
      record.actual = said;
    else if (name == "required")
      record.expected = said;
    else if (name == "symbol")
      record.symbol = said;
    else if (name != "location" && name != "reason" && name != "where")
      return false;
    record.message += "\n" + std::string(text);
    return true;
  }

  struct Open {
    Ticket ticket;
    std::string unit;
  };
  std::deque<Open> open_;  // the last records, for notes that come between others
  Ticket current_ = 0;
  bool last_note_explains_ = false, in_substitution_ = false;
  std::string source_;  // the line of source at the place told last
  bool awaits_source_ = false;
  std::vector<std::string> wrapping_;  // macros in whose arguments that place is
  bool own_ = false;                   // the last head was the record's own, not a note's
  bool java_ = false;
  std::string spoke_last_ = "gcc";    // of gcc and clang
  std::vector<std::string> wrapped_;  // what may be the rest of the last head's message
  bool in_words_ = false;
  int after_head_ = 0;
  std::string symbol_;
  std::vector<Frame> includes_;
};

// Macros, candidates and ends of files.
std::vector<Example> more_examples() {
  return {
      {"a.c:35:9: error: unknown type name 'fract'\n"
       "   35 | DECLARE(fract, sf);\n"
       "      |         ^~~~~\n"
       "a.c:7:3: note: in definition of macro 'DECLARE'\n"
       "    7 |   TYPE NAME();\n"
       "      |   ^~~~\n",
       "error gcc a.c:35:1 | unknown type name 'fract'\n"},
      {"a.c:6:16: error: 'variable' undeclared\n"
       "    6 | #define PASTED var ## iable\n"
       "a.c:9:8: note: in definition of macro 'call_foo'\n"
       "    9 |        p2);\n"
       "a.c:16:14: note: in expansion of macro 'PASTED'\n"
       "   16 |   call_foo(1,PASTED);\n"
       "      |              ^~~~~~\n",
       "error gcc a.c:16:3 | 'variable' undeclared\n"},
      {"a.C:8:9: error: no matching function for call to 'foo<S>()'\n"
       "a.C:4:6: note:   template argument deduction/substitution failed:\n"
       "a.C:8:9: error: type/value mismatch at argument 1\n"
       "a.C:8:9: note:   expected a template\n"
       "a.C:30:1: error: expected '}'\n",
       "error gcc a.C:8:9 | no matching function for call to 'foo<S>()'\n"
       "  a.C:4:6 |   template argument deduction/substitution failed:\n"
       "  a.C:8:9 | type/value mismatch at argument 1\n"
       "  a.C:8:9 |   expected a template\n"
       "error gcc a.C:30:1 | expected '}'\n"},
      {"a.cpp:8:36: warning: suggest parentheses around assignment \n"
       "   used as truth value [-Wparentheses]\n"
       "    8 | int f(int x) { if (x = 4) return 1; }\n"
       "      |                    ~~^~~\n"
       "m.py:4:16: error: Incompatible return value type (got \"int\", expected \"str\") \n"
       "[return-value]\n"
       "        return a\n"
       "               ^\n",
       "warning gcc a.cpp:8:36 -Wparentheses | suggest parentheses around assignment used as truth value\n"
       "error mypy m.py:4:16 return-value | Incompatible return value type (got \"int\", expected "
       "\"str\")\n"}};
}

std::vector<Example> still_more_examples() {
  return {
      {"a.cpp:13:42: error: assigning to 'int' from incompatible type\n"
       "fatal error: too many errors emitted, stopping now [-ferror-limit=]\n"
       "2 errors generated.\n"
       "clang-19: error: no such file or directory: 'nofile.c'\n",
       "error clang a.cpp:13:42 | assigning to 'int' from incompatible type\n"
       "error clang -ferror-limit= | too many errors emitted, stopping now\n"
       "error clang | no such file or directory: 'nofile.c'\n"},
      {"a.cpp:8:20: error: unused variable 'idle' [-Werror,-Wunused-variable]\n"
       "a.cpp:9:7: error: static assertion failed\n"
       "b.c:5:77:{5:71-5:73}{5:77-5:79}: warning: format specifies type 'int' [-Wformat]\n",
       "error clang a.cpp:8:20 -Werror,-Wunused-variable | unused variable 'idle'\n"
       "error clang a.cpp:9:7 | static assertion failed\n"
       "warning clang b.c:5:77 -Wformat | format specifies type 'int'\n"},
      {"a.hs:4:11: error:\n"
       "    \u2022 Variable not in scope: undefinedVar\n"
       "    \u2022 Perhaps you meant 'undefined'\n"
       "  |\n"
       "4 |   let x = undefinedVar\n"
       "  |           ^^^^^^^^^^^^\n",
       "error ghc a.hs:4:11 | Variable not in scope: undefinedVar\\n\u2022 Perhaps you meant 'undefined'\n"},
      {"m.py:4:12:4:14: error: Incompatible return value type  [return-value]\n",
       "error mypy m.py:4:12 return-value | Incompatible return value type\n"},
      {"part.C: error: expected statement at end of input\n",
       "error gcc part.C | expected statement at end of input\n"}};
}

}  // namespace

Definition gcc_definition() {
  Definition out{
      .name = "gcc",
      .tools =
          "gcc, g++, clang, clang-tidy, cppcheck, shellcheck -f gcc, mypy, javac, swiftc, zig and others "
          "of that form",
      .keywords = {"error:",        "warning:",  "note:",          "in file included from",
                   "generated",     ": in ",     "at top level:",  "at global scope:",
                   "error[",        "warning[",  " errors",        "1 error",
                   " warnings",     "1 warning", "unimplemented:", "remark:",
                   "required from", "style:",    "performance:",   "portability:"},
      .make = make_parser<GccParser>,
      .examples = {
          {"src/a.c: In function 'f':\n"
           "src/a.c:3:20: warning: unused variable 'idle' [-Wunused-variable]\n"
           "    3 |   int idle = 1;\n"
           "      |       ^~~~\n"
           "src/a.c:8:25: error: 'x' undeclared (first use in this function)\n"
           "src/a.c:8:25: note: each undeclared identifier is reported only once\n",
           "warning gcc src/a.c:3:20 -Wunused-variable | unused variable 'idle'\n"
           "error gcc src/a.c:8:25 | 'x' undeclared (first use in this function)\n"
           "  src/a.c:8:25 | each undeclared identifier is reported only once\n"},
          {"a.c:1:5: error: use of undeclared identifier 'x'\n"
           "    1 | int f(void) { return x; }\n"
           "1 error generated.\n",
           "error clang a.c:1:5 | use of undeclared identifier 'x'\n"},
          {"Part.java:4: error: cannot find symbol\n"
           "  int f1() { return undeclared1; }\n"
           "                    ^\n"
           "  symbol:   variable undeclared1\n"
           "  location: class Part\n"
           "1 error\n",
           "error javac Part.java:4:21 | cannot find symbol\\n  symbol:   variable "
           "undeclared1\\n  location: class "
           "Part\n"},
          {"x.sh:3:4: note: Use ./*glob* [SC2035]\n", "warning shellcheck x.sh:3:4 SC2035 | Use ./*glob*\n"},
          {"part.y:3.5-15: error: symbol 'X' is used, but is not defined\n",
           "error bison part.y:3:5 | symbol 'X' is used, but is not defined\n"},
          {"cc1: error: unrecognized option\n", "error gcc | unrecognized option\n"}}};
  std::ranges::move(more_examples(), std::back_inserter(out.examples));
  std::ranges::move(still_more_examples(), std::back_inserter(out.examples));
  return out;
}

}  // namespace mira::builds

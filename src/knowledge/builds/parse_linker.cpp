// Linkers: GNU ld and gold (a place or an object before the message), lld and mold
// (the message first, its places on ">>>" lines). Driver lines such as "collect2:
// error: ld returned 1 exit status" only tell that something was wrong.
#include "knowledge/builds/parsers.h"
#include "knowledge/builds/scan.h"

namespace mira::builds {
namespace {

// "`missing_1'", "'x'" -> the name.
std::string_view quoted_name(std::string_view text) {
  const std::size_t open = text.find_first_of("`'");
  if (open == std::string_view::npos) return {};
  const std::size_t close = text.find('\'', open + 1);
  return close == std::string_view::npos ? text.substr(open + 1) : text.substr(open + 1, close - open - 1);
}

// "ld", "ld.gold", "/usr/bin/x86_64-linux-gnu-ld.bfd".
bool is_linker(std::string_view program) {
  program = base_name(program);
  const std::size_t version = program.find_last_not_of("0123456789.");  // "ld.lld-19"
  if (version != std::string_view::npos && program[version] == '-') program = program.substr(0, version);
  const std::size_t dash = program.rfind('-');
  if (dash != std::string_view::npos) program = program.substr(dash + 1);
  return program == "ld" || program == "ld.bfd" || program == "ld.gold" || program == "ld.lld" ||
         program == "lld" || program == "mold" || program == "ld64.lld" || program == "lld-link" ||
         program == "wasm-ld" || program == "gold";
}

// The message of a reference or a definition that GNU ld complains of.
bool is_complaint(std::string_view text) {
  return text.starts_with("undefined reference to ") || text.starts_with("multiple definition of ") ||
         text.starts_with("warning: ") || text.starts_with("relocation ") || text.starts_with("error: ") ||
         text.starts_with("more undefined references to ") || text.starts_with("dangerous relocation");
}

class LinkerParser : public Parser {
 public:
  using Parser::Parser;

  bool start(const Line& line) override {
    std::string_view text = line.text;
    if (take(text, ">>> ")) return more(text, line);
    if (text.starts_with("collect2: ")) return collect(text, line);
    const bool named = take_linker(text);
    if (const std::size_t in = text.find(": in function `"); in != std::string_view::npos)
      return in_function(text, in);
    if (const std::size_t in = text.find(": In function `"); in != std::string_view::npos)
      return in_function(text, in);
    if (placed(text, line)) return true;
    return named && plain(text, line);
  }

  Took follow(const Line& line) override {
    std::string_view text = line.text;
    if (take(text, ">>> ")) return more(text, line) ? Took::yes : Took::no;
    return Took::no;
  }

 private:
  // "/usr/bin/ld: " removed from the front.
  bool take_linker(std::string_view& text) {
    const std::size_t colon = text.find(": ");
    if (colon == std::string_view::npos || !is_linker(text.substr(0, colon))) return false;
    const std::string_view program = base_name(text.substr(0, colon));
    tool_ = program.find("lld") != std::string_view::npos ? "lld" : program.ends_with("mold") ? "mold" : "ld";
    text.remove_prefix(colon + 2);
    return true;
  }

  bool in_function(std::string_view text, std::size_t at) {
    function_ = quoted_name(text.substr(at + 2));
    object_ = text.substr(0, at);
    return true;
  }

  // "file.c:3: undefined reference to `x'", "a.o:(.text+0x5): undefined ...", "a.o:/p/a.c:3: multiple
  // definition".
  bool placed(std::string_view text, const Line& line) {
    std::size_t at = 0;
    while ((at = text.find(": ", at)) != std::string_view::npos && !is_complaint(text.substr(at + 2)))
      at += 2;
    if (at == std::string_view::npos) return false;
    std::string_view message = text.substr(at + 2);
    const bool warning = take(message, "warning: ");
    if (!warning) take(message, "error: ");
    if (warning && tool_.empty()) return false;
    if (message.starts_with("more undefined references")) return true;
    const std::string_view where = text.substr(0, at);
    const bool unnamed = text.substr(at + 2).starts_with("error: ") && tool_.empty();
    if (message == where || (unnamed && !message.starts_with("undefined reference to "))) return false;
    Record record;
    record.tool = "ld";
    record.severity = warning ? Severity::warning : Severity::error;
    set_place(where, record);
    split_first_definition(message, record);
    record.symbol = quoted_name(message);
    if (!function_.empty()) record.frames.push_back({.file = object_, .function = function_});
    current_ = out_.begin(std::move(record), line);
    return true;
  }

  static void set_place(std::string_view where, Record& record) {
    const std::size_t section = where.find(":(");
    if (section != std::string_view::npos) {
      record.file = where.substr(0, section);
      if (const std::size_t object = record.file.rfind(".o:"); object != std::string::npos)
        record.file.erase(0, object + 3);
      return;
    }
    if (const std::size_t in = where.find(":function "); in != std::string_view::npos) {  // gold
      record.frames.push_back({.file = {}, .function = std::string(where.substr(in + 10))});
      where = where.substr(0, in);
    }
    const auto place = whole_place(where);
    record.file = place ? place->file : where;
    record.line = place ? place->line : 0;
    if (const std::size_t object = record.file.find(".o:"); object != std::string::npos)
      record.file.erase(0, object + 3);
  }

  // "multiple definition of `x'; b.o:/p/b.c:4: first defined here": the other place is a note.
  static void split_first_definition(std::string_view message, Record& record) {
    record.message = message;
    const std::size_t semicolon = message.find("; ");
    constexpr std::string_view here = ": first defined here";
    if (semicolon == std::string_view::npos || !message.ends_with(here)) return;
    record.message = message.substr(0, semicolon);
    Record other;
    const std::string_view where = message.substr(semicolon + 2);
    set_place(where.substr(0, where.size() - here.size()), other);
    record.notes.push_back({"first defined here", other.file, other.line, 0});
  }

  bool plain(std::string_view text, const Line& line) {
    if (text.starts_with("final link failed")) {
      out_.consequence({.tool = "ld", .message = std::string(text)}, line, {});
      return true;
    }
    Record record{.tool = std::string(tool_)};
    if (take(text, "warning: ")) record.severity = Severity::warning;
    if (text.starts_with("NOTE: ")) return note(text, line);
    take(text, "error: ");
    take(text, "fatal error: ");
    const bool lld = tool_ == "lld" || tool_ == "mold";
    if (lld && (text.starts_with("too many errors") || text.empty())) return true;
    record.message = text;
    if (const std::size_t colon = text.find("symbol: "); colon != std::string_view::npos)
      record.symbol = text.substr(colon + 8);
    else
      record.symbol = quoted_name(text);
    current_ = out_.begin(std::move(record), line);
    return true;
  }

  bool note(std::string_view text, const Line& line) {
    Record* record = out_.find(current_, line);
    if (record != nullptr && record->notes.size() < most_notes)
      record->notes.push_back({std::string(text), "", 0, 0});
    return record != nullptr;
  }

  // ">>> referenced by part.c:3 (/p/part.c:3)", ">>> defined at a.c:3", ">>>               a.o:(main)".
  bool more(std::string_view text, const Line& line) {
    Record* record = out_.find(current_, line);
    if (record == nullptr) return false;
    std::string_view rest = text;
    std::string_view said;
    for (const std::string_view verb : {"referenced by ", "defined at ", "defined in "}) {
      if (take(rest, verb)) said = verb;
    }
    if (said.empty()) return true;
    if (const std::size_t open = rest.find(" ("); open != std::string_view::npos) {
      const std::string_view inside = rest.substr(open + 2, rest.size() - open - 3);
      rest = whole_place(inside) ? inside : rest.substr(0, open);
    }
    const auto place = whole_place(rest);
    const std::string file(place ? place->file : rest);
    const int number = place ? place->line : 0;
    if (record->file.empty()) {
      record->file = file;
      record->line = number;
    } else if (record->notes.size() < most_notes) {
      record->notes.push_back({std::string(said.substr(0, said.size() - 1)), file, number, 0});
    }
    return true;
  }

  bool collect(std::string_view text, const Line& line) {
    take(text, "collect2: ");
    take(text, "fatal ");
    if (!take(text, "error: ")) return false;
    out_.consequence({.tool = "collect2", .message = std::string(text)}, line, {});
    return true;
  }

  std::string tool_, function_, object_;
  Ticket current_ = 0;
};

}  // namespace

Definition linker_definition() {
  return {
      .name = "linker",
      .tools = "ld, gold, lld, mold, collect2",
      .keywords = {"undefined reference to", "multiple definition of",
                   "ld: ", "ld.gold: ", "ld.bfd: ", "lld: ", "lld-1", "lld-2",
                   "mold: ", "lld-link: ", "collect2: ", ">>> ", ": in function `"},
      .make = make_parser<LinkerParser>,
      .examples = {
          {"/usr/bin/ld: /tmp/cc1.o: in function `m1':\n"
           "/p/src/part.c:3: undefined reference to `missing_1'\n"
           "collect2: error: ld returned 1 exit status\n",
           "error ld /p/src/part.c:3 | undefined reference to `missing_1'\n"},
          {"/usr/bin/ld: b.o:/p/b.c:4: multiple definition of `x'; a.o:/p/a.c:3: first defined here\n",
           "error ld /p/b.c:4 | multiple definition of `x'\n"
           "  /p/a.c:3 | first defined here\n"},
          {"part.c:3: error: undefined reference to 'gone'\n",
           "error ld part.c:3 | undefined reference to 'gone'\n"},
          {"part.c:(.text+0x5): undefined reference to `gone'\n",
           "error ld part.c | undefined reference to `gone'\n"},
          {"/usr/bin/ld: cannot find -lnowhere: No such file or directory\n"
           "collect2: error: ld returned 1 exit status\n",
           "error ld | cannot find -lnowhere: No such file or directory\n"},
          {"ld.lld-19: error: undefined symbol: gone\n"
           ">>> referenced by part.c:3 (/p/part.c:3)\n"
           ">>>               part.o:(main)\n",
           "error lld /p/part.c:3 | undefined symbol: gone\n"},
          {"collect2: error: ld returned 1 exit status\n", "error collect2 | ld returned 1 exit status\n"}}};
}

}  // namespace mira::builds

// Tools that tell a finding over several lines: a head with some of it, and the rest on a
// line that follows within reach (the place, or the message), or that came before. A row
// of a table each, as in parse_shapes.
#include <algorithm>
#include <array>
#include <vector>

#include "knowledge/builds/parsers.h"
#include "knowledge/builds/scan.h"
#include "knowledge/builds/shapes.h"

namespace mira::builds {
namespace {

constexpr Severity warning = Severity::warning;

struct Framed {
  Shape head;
  std::string_view then;          // what completes it
  std::string_view or_then = "";  // another form of that
  int reach = 3;                  // lines
};

constexpr std::string_view fortran = ".f .f77 .f90 .f95 .f03 .f08 .F .F90 .F95 .for";
constexpr auto framed = std::to_array<Framed>({
    {{"gcc", ":", "{f}:{l}:{c}:", fortran}, "{s}: {m} [{k}]", "{s}: {m}", 9},
    {{"biome", " lint/", "{f}:{l}:{c} {k} {x}"}, "{_}\u00d7 {m}", "{_}! {m}", 3},
    {{"biome", " parse \u2501", "{f}:{l}:{c} {k} {x}"}, "{_}\u00d7 {m}", "{_}! {m}", 3},
    {{"webpack", "error in ", "ERROR in {f}:{l}:{c}"}, "{k}: {m}", "{m}", 1},
    {{"webpack", "error in ", "ERROR in {f} {l}:{c}"}, "{k}: {m}", "{m}", 1},
    {{"webpack", "warning in ", "WARNING in {f} {l}:{c}", "", warning}, "{m}", "", 1},
    {{"clojure", "syntax error ", "Syntax error {x} at ({f}:{l}:{c})."}, "{m}", "", 1},
    {{"gdb", "program received signal ", "Program received signal {k}, {m}"}, "{x} at {f}:{l}", "", 2},
    {{"esbuild", "[error] ", "\u2718 [ERROR] {m}"}, "{_}{f}:{l}:{c}:", "", 2},
    {{"esbuild", "[warning] ", "\u25b2 [WARNING] {m}", "", warning}, "{_}{f}:{l}:{c}:", "", 2},
    {{"elm", "-- ", "-- {m} --{x}- {f}", ".elm"}, "{l}|{x}", "", 6},
    {{"minitest", ".rb:", "{t} [{f}:{l}]:", ".rb"}, "{m}", "", 1},
});

// The place comes last; the words of its message stand on one of the lines before.
struct Preceded {
  Shape place;
  std::string_view message, or_message = "";
  std::size_t reach = 12;
};
constexpr auto preceded = std::to_array<Preceded>({
    {{"sass", " root stylesheet", "{_}{f} {l}:{c} {_}root stylesheet"}, "Error: {m}"},
    {{"terraform", ".tf line ", "{_}on {f} line {l}, in {x}:", ".tf"}, "{s}: {m}", "", 3},
    {{"terraform", ".tf line ", "{_}on {f} line {l}:", ".tf"}, "{s}: {m}", "", 3},
    {{"solc", "--> ", "{_}--> {f}:{l}:{c}:", ".sol"}, "{s}: {m}", "{s} ({k}): {m}", 3},
    {{"julia", "in expression starting at ", "in expression starting at {f}:{l}", ".jl"},
     "ERROR: LoadError: {m}",
     "{x}ERROR: {m}"},
    {{"rollup", " (", "{f} ({l}:{c})", ".js .mjs .cjs .ts .jsx .tsx .vue .svelte"},
     "[!] {x}Error: {m}",
     "[!] {m}",
     3},
});

class FramedParser : public Parser {
 public:
  using Parser::Parser;

  bool start(const Line& line) override {
    if (biome_ && found(line)) return true;
    for (const Framed& row : framed) {
      if (const auto found = match_shape(row.head, line.text)) return open(row, *found, line);
    }
    return std::ranges::any_of(preceded, [&](const Preceded& row) { return close_up(row, line); });
  }

  Took follow(const Line& line) override {
    Record* record = row_ == nullptr ? nullptr : out_.find(current_, line);
    if (record == nullptr) return Took::no;
    for (const std::string_view words : {row_->then, row_->or_then}) {
      const auto rest = words.empty() ? std::nullopt : match_shape(then_shape(words), line.text);
      if (!rest || !fill(*record, *rest)) continue;
      if (record->tool == "biome")
        record->severity = words.starts_with("{_}!") ? Severity::warning : Severity::error;
      row_ = nullptr;
      return Took::yes;
    }
    if (is_blank(line.text)) return Took::pass;
    return --left_ > 0 ? Took::yes : give_up(*record);
  }

  void finish() override {
    Record* record = row_ == nullptr ? nullptr : out_.find(current_);
    if (record != nullptr) give_up(*record);
  }

 private:
  // biome: "Found 3 errors."
  bool found(const Line& line) {
    std::string_view text = line.text;
    if (!take(text, "Found ")) return false;
    const auto number = take_number(text);
    if (!number || (text != " errors." && text != " error.")) return false;
    out_.count({.tool = "biome", .errors = *number, .failed = *number > 0, .log_line = line.number});
    return true;
  }

  Shape then_shape(std::string_view words) const { return {.tool = row_->head.tool, .words = words}; }

  bool open(const Framed& row, const Shaped& found, const Line& line) {
    if (row.head.tool == "biome" && line.text.find("\u2501") == std::string_view::npos) return false;
    if (row_ != nullptr) finish();
    Record record{.tool = std::string(row.head.tool),
                  .severity = found.severity,
                  .code = std::string(found.code),
                  .message = std::string(found.message),
                  .file = std::string(found.file),
                  .line = found.line,
                  .column = found.column,
                  .test = std::string(found.test)};
    biome_ = biome_ || record.tool == "biome";
    current_ = out_.begin(std::move(record), line);
    row_ = &row;
    left_ = row.reach;
    return true;
  }

  // What the second line adds; false when it is not that line.
  static bool fill(Record& record, const Shaped& rest) {
    if (rest.message.empty() && rest.line == 0) return false;
    if (record.tool == "gcc") record.severity = rest.severity;
    if (!rest.message.empty()) record.message = rest.message;
    if (!rest.code.empty()) record.code = rest.code;
    if (!rest.file.empty()) record.file = rest.file;
    if (rest.line > 0) record.line = rest.line;
    if (rest.column > 0) record.column = rest.column;
    return true;
  }

  Took give_up(Record& record) {
    if (record.message.empty()) record.message = record.code;
    const bool nothing = record.message.empty() || (record.file.empty() && record.tool != "gdb");
    if (nothing) out_.drop(current_);
    row_ = nullptr;
    return Took::no;
  }

  bool close_up(const Preceded& row, const Line& line) {
    const auto place = match_shape(row.place, line.text);
    if (!place) return false;
    for (std::size_t back = 1; back <= row.reach; ++back) {
      for (const std::string_view words : {row.message, row.or_message}) {
        const auto said = words.empty()
                              ? std::nullopt
                              : match_shape({.tool = row.place.tool, .words = words}, recent_.before(back));
        if (!said || said->message.empty()) continue;
        Record record{.tool = std::string(row.place.tool),
                      .severity = said->severity,
                      .code = std::string(said->code),
                      .message = std::string(said->message),
                      .file = std::string(place->file),
                      .line = place->line,
                      .column = place->column};
        out_.close(out_.begin(std::move(record), line));
        return true;
      }
    }
    return false;
  }

  Ticket current_ = 0;
  const Framed* row_ = nullptr;
  int left_ = 0;
  bool biome_ = false;
};

std::vector<std::string_view> keywords() {
  std::vector<std::string_view> out{".f90:", ".f:", ".f95:", ".f03:", ".f08:", ".for:", ".f77:", "found "};
  for (const Framed& row : framed) {
    if (row.head.keyword.size() > 1) out.push_back(row.head.keyword);
  }
  for (const Preceded& row : preceded) {
    if (row.place.keyword.size() > 2) out.push_back(row.place.keyword);
  }
  for (const std::string_view file : {".js (", ".ts (", ".jsx (", ".tsx (", ".vue (", ".svelte ("})
    out.push_back(file);
  std::ranges::sort(out);
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

std::vector<Example> examples() {
  return {
      {"part.f90:5:3:\n"
       "\n"
       "    5 |   undeclared1 = 1\n"
       "      |   1\n"
       "Error: Symbol 'undeclared1' at (1) has no IMPLICIT type\n",
       "error gcc part.f90:5:3 | Symbol 'undeclared1' at (1) has no IMPLICIT type\n"},
      {"part.js:3:34 lint/suspicious/noDoubleEquals \u2501\u2501\u2501\u2501\n"
       "\n"
       "  \u00d7 Using == may be unsafe.\n",
       "error biome part.js:3:34 lint/suspicious/noDoubleEquals | Using == may be unsafe.\n"},
      {"ERROR in ./src/part.ts:3:5\nTS2322: Type 'string' is not assignable to type 'number'.\n",
       "error webpack ./src/part.ts:3:5 TS2322 | Type 'string' is not assignable to type 'number'.\n"},
      {"Program received signal SIGSEGV, Segmentation fault.\n0x0000555555555131 in f (p=0x0) at part.c:3\n",
       "error gdb part.c:3 SIGSEGV | Segmentation fault.\n"},
      {"\u2718 [ERROR] Could not resolve \"./gone\"\n\n    src/part.js:3:7:\n",
       "error esbuild src/part.js:3:7 | Could not resolve \"./gone\"\n"},
      {"PartTest#test_p1 [part_test.rb:3]:\nExpected: 77\n",
       "error minitest part_test.rb:3 | Expected: 77\n"},
      {"Error: Undefined variable.\n  \u2577\n3 \u2502   color: $gone;\n  \u2575\n  part.scss 3:10  root "
       "stylesheet\n",
       "error sass part.scss:3:10 | Undefined variable.\n"},
      {"Error: Reference to undeclared local value\n\n  on main.tf line 3, in output \"o1\":\n",
       "error terraform main.tf:3 | Reference to undeclared local value\n"},
      {"Error: Undeclared identifier.\n --> part.sol:3:5:\n",
       "error solc part.sol:3:5 | Undeclared identifier.\n"}};
}

}  // namespace

Definition framed_definition() {
  return {.name = "framed",
          .tools =
              "gfortran, biome, webpack, clojure, gdb, esbuild, elm, minitest, sass, solc, julia, rollup, "
              "terraform",
          .keywords = keywords(),
          .make = make_parser<FramedParser>,
          .examples = examples()};
}

}  // namespace mira::builds

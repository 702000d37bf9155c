// Tools whose finding is one line with a shape of its own: a row of the table each. A
// message that begins with a severity's word ("warning: ") is read so where the shape
// does not say it.
#include <algorithm>
#include <array>
#include <bitset>
#include <span>
#include <vector>

#include "knowledge/builds/parsers.h"
#include "knowledge/builds/scan.h"
#include "knowledge/builds/shapes.h"
#include "platform/guard/keyword_scan.h"

namespace mira::builds {
namespace {

constexpr Severity warning = Severity::warning;

// The first row that fits is taken: of one tool, the longer shape stands first.
constexpr auto languages = std::to_array<Shape>({
    {"ruby", ".rb:", "{f}:{l}:in `{x}': {m} ({k})", ".rb .rake .ru .gemspec"},
    {"ruby", ".rb:", "{f}:{l}:in '{x}': {m} ({k})", ".rb .rake .ru .gemspec"},
    {"ruby", ".rb:", "{f}:{l}: syntax error, {m}", ".rb .rake .ru .gemspec"},
    {"ruby", ".rb:", "{f}:{l}: warning: {m}", ".rb .rake .ru .gemspec", warning},
    {"lua", "lua: ", "lua: {f}:{l}: {m}"},
    {"lua", "lua: ", "luac: {f}:{l}: {m}"},
    {"lua", "lua5.", "lua5.{x}: {f}:{l}: {m}"},
    {"luacheck", ".lua:", "{_}{f}:{l}:{c}: ({k}) {m}", ".lua"},
    {"luacheck", ".lua:", "{_}{f}:{l}:{c}: {m}", ".lua"},
    {"awk", "awk: ", "awk: {f}:{l}: {m}"},
    {"awk", "gawk: ", "gawk: {f}:{l}: {m}"},
    {"zsh", ": command not found: ", "{f}:{l}: command not found: {m}"},
    {"fish", " (line ", "{f} (line {l}): {m}", ".fish"},
    {"groovy", ".groovy: ", "{f}: {l}: {m} @ line {x}, column {c}.", ".groovy .gradle"},
    {"groovy", ".gradle: ", "{f}: {l}: {m} @ line {x}, column {c}.", ".groovy .gradle"},
    {"erlang", ".erl:", "{f}:{l}:{c}: {m}", ".erl .hrl .yrl .xrl"},
    {"erlang", ".erl:", "{f}:{l}: {m}", ".erl .hrl .yrl .xrl"},
    {"elixir", ".ex", "** ({k}) {f}:{l}:{c}: {m}", ".ex .exs"},
    {"elixir", ".ex", "** ({k}) {f}:{l}: {m}", ".ex .exs"},
    {"nim", ".nim(", "{f}({l}, {c}) {s}: {m} [{k}]", ".nim .nims"},
    {"nim", ".nim(", "{f}({l}, {c}) {s}: {m}", ".nim .nims"},
    {"fpc", ".pas(", "{f}({l},{c}) {s}: ({k}) {m}", ".pas .pp .lpr .dpr .inc"},
    {"fpc", ".pas(", "{f}({l},{c}) {s}: {m}", ".pas .pp .lpr .dpr .inc"},
    {"fpc", ".pp(", "{f}({l},{c}) {s}: {m}", ".pas .pp .lpr .dpr .inc"},
    {"dmd", ".d(", "{f}({l},{c}): {s}: {m}", ".d .di"},
    {"dmd", ".d(", "{f}({l}): {s}: {m}", ".d .di"},
    {"gnat", ".ad", "{f}:{l}:{c}: {m}", ".adb .ads .ada"},
    {"dart", ".dart:", "{_}{s} \u2022 {m} \u2022 {f}:{l}:{c} \u2022 {k}", ".dart"},
    {"dart", ".dart:", "{_}{s} - {f}:{l}:{c} - {m} - {k}", ".dart"},
    {"dart", ".dart:", "{f}:{l}:{c}: {s}: {m}", ".dart"},
});

constexpr auto checkers = std::to_array<Shape>({
    {"verilator", "%error", "%Error-{k}: {f}:{l}:{c}: {m}"},
    {"verilator", "%error", "%Error: {f}:{l}:{c}: {m}"},
    {"verilator", "%warning", "%Warning-{k}: {f}:{l}:{c}: {m}", "", warning},
    {"iverilog", ".v:", "{f}:{l}: {m}", ".v"},
    {"iverilog", ".sv:", "{f}:{l}: {m}", ".sv .svh"},
    {"ghdl", ".vhd", "{f}:{l}:{c}: {m}", ".vhd .vhdl"},
    {"protoc", ".proto:", "{f}:{l}:{c}: {m}", ".proto"},
    {"protoc", ".proto:", "{f}: {m}", ".proto"},
    {"psql", "psql:", "psql:{f}:{l}: {s}: {m}"},
    {"xmllint", "parser error : ", "{f}:{l}: parser error : {m}"},
    {"xmllint", "validity error : ", "{f}:{l}: {x} validity error : {m}"},
    {"yamllint", ": [error] ", "{f}:{l}:{c}: [{s}] {m} ({k})"},
    {"yamllint", ": [warning] ", "{f}:{l}:{c}: [{s}] {m} ({k})"},
    {"pylint", ".py:", "{f}:{l}: [{k}({x}){x}] {m}", ".py .pyi"},
    {"pylint", ".py(", "{f}({l}): [{k}({x}){x}] {m}", ".py .pyi"},
    {"flake8", ".py:", "{f}:{l}: [{k}] {m}", ".py .pyi"},
    {"ruff", "failed to parse ", "error: Failed to parse {f}:{l}:{c}: {m}", ".py .pyi .ipynb"},
    {"eslint", "[error/", "{f}:{l}:{c}: {m} [{s}/{k}]"},
    {"eslint", "[warning/", "{f}:{l}:{c}: {m} [{s}/{k}]"},
    {"stylelint", " [error]", "{f}:{l}:{c}: {m} ({k}) [{s}]", ".css .scss .sass .less .vue .html"},
    {"stylelint", " [warning]", "{f}:{l}:{c}: {m} ({k}) [{s}]", ".css .scss .sass .less .vue .html"},
    {"stylelint", ", col ", "{f}: line {l}, col {c}, {s} - {m} ({k})", ".css .scss .sass .less"},
    {"eslint", ", col ", "{f}: line {l}, col {c}, {s} - {m} ({k})"},
    {"eslint", ", col ", "{f}: line {l}, col {c}, {s} - {m}"},
    {"markdownlint", " md0", "{f}:{l}:{c} {s} {k} {m}", ".md .markdown"},
    {"markdownlint", " md0", "{f}:{l} {s} {k} {m}", ".md .markdown"},
    {"markdownlint", " md0", "{f}:{l}:{c} {k} {m}", ".md .markdown"},
    {"markdownlint", " md0", "{f}:{l} {k} {m}", ".md .markdown"},
    {"javac", ": compiler.", "{f}:{l}:{c}: compiler.err.{k}: {m}", ".java"},
    {"javac", ": compiler.", "{f}:{l}:{c}: compiler.warn.{k}: {m}", ".java", warning},
    {"checkstyle", ".java:", "[{s}] {f}:{l}:{c}: {m} [{k}]", ".java"},
    {"checkstyle", ".java:", "[{s}] {f}:{l}: {m} [{k}]", ".java"},
    {"pmd", ".java:", "{f}:{l}:\t{k}:\t{m}", ".java"},
    {"ktlint", ".kt", "{f}:{l}:{c}: {m} ({k})", ".kt .kts"},
    {"detekt", ".kt", "{f}:{l}:{c}: {m} [{k}]", ".kt .kts"},
    {"golangci-lint", ".go:", "{f}:{l}:{c}: {m} ({k})", ".go"},
    {"boost.test", ": in \"", "{f}({l}): {s}: in \"{t}\": {m}"},
    {"unity", ":fail", "{f}:{l}:{t}:FAIL: {m}"},
    {"unity", ":fail", "{f}:{l}:{t}:FAIL:{m}"},
    {"check", ":f:", "{f}:{l}:F:{x}:{t}:{x}: {m}"},
    {"check", ":e:", "{f}:{l}:E:{x}:{t}:{x}: {m}"},
    {"criterion", "[----] ", "[----] {f}:{l}: {m}"},
    {"babel", "syntaxerror: ", "SyntaxError: {f}: {m} ({l}:{c})", ".js .jsx .ts .tsx .mjs .cjs .vue"},
});

constexpr std::array<std::span<const Shape>, 2> shapes{languages, checkers};

// The rows whose keyword a line holds; trying all of them would cost more than all else.
constexpr std::size_t most_rows = 128;
static_assert(languages.size() + checkers.size() <= most_rows);

std::bitset<most_rows> rows_of(std::string_view text) {
  static const guard::KeywordScan scan = [] {
    std::vector<std::string_view> words;  // one a row: the same word twice is two keywords
    for (const std::span<const Shape> rows : shapes) {
      for (const Shape& shape : rows) words.push_back(shape.keyword);
    }
    return guard::KeywordScan(words);
  }();
  std::bitset<most_rows> out;
  scan.scan(text, [&](std::uint16_t row, std::size_t) { out.set(row); });
  return out;
}

// Hints that a line of one of these languages is no finding: frames of a stack.
bool is_frame(std::string_view message) {
  return message.starts_with("in ") || message.starts_with("from ") || message.starts_with("at ");
}

// A tool that gives words like "Warning: " or "error - " in its message.
void take_severity(Shaped& found) {
  std::string_view rest = found.message;
  const Level level = take_level(rest);
  if (level == Level::none) return;
  found.message = rest;
  found.severity = level == Level::error ? Severity::error : Severity::warning;
  found.note = level == Level::note;
}

// "C0114", "E302"
bool is_letter_and_digits(std::string_view code) {
  return code.size() > 3 && code[0] >= 'A' && code[0] <= 'Z' && is_digit(code[1]) && is_digit(code.back());
}

// false: the shape fits, what it says does not.
bool refine(Shaped& found, std::string_view tool) {
  if (tool == "pylint" || tool == "flake8") {
    if (!is_letter_and_digits(found.code)) return false;
    const bool error = found.code[0] == 'E' || found.code[0] == 'F';
    if (!error && (tool == "pylint" || found.code[0] == 'W')) found.severity = warning;
    return true;
  }
  take_severity(found);
  if (tool == "luacheck" && !found.code.empty() && found.code[0] == 'W') found.severity = warning;
  if (tool == "gnat" && found.message.starts_with("(style) ")) found.severity = warning;
  while (found.message.starts_with(' ')) found.message.remove_prefix(1);
  return true;
}

class ShapesParser : public Parser {
 public:
  using Parser::Parser;

  bool start(const Line& line) override {
    const std::bitset<most_rows> likely = rows_of(line.text);
    for (std::size_t row = 0; row < languages.size(); ++row) {
      if (likely[row] && take_row(languages[row], line)) return true;
    }
    for (std::size_t row = 0; row < checkers.size(); ++row) {
      if (likely[languages.size() + row] && take_row(checkers[row], line)) return true;
    }
    return false;
  }

  // A stack below an exception: "\tfrom a.rb:3:in `f'".
  Took follow(const Line& line) override {
    Record* record = out_.find(current_, line);
    std::string_view text = line.text;
    if (record == nullptr || take_spaces(text) == 0 || !take(text, "from ")) return Took::no;
    const auto place = colon_place(text);
    if (place && record->frames.size() < most_frames)
      record->frames.push_back(
          {.file = std::string(place->file), .line = place->line, .function = std::string(place->rest)});
    return Took::yes;
  }

 private:
  bool take_row(const Shape& shape, const Line& line) {
    auto found = match_shape(shape, line.text);
    if (!found || is_frame(found->message)) return false;
    if (!refine(*found, shape.tool) || found->message.empty()) return false;
    return found->note ? note(*found, line) : add(*found, shape.tool, line);
  }

  bool add(const Shaped& found, std::string_view tool, const Line& line) {
    Record record{.tool = std::string(tool),
                  .severity = found.severity,
                  .code = std::string(found.code),
                  .message = std::string(found.message),
                  .file = std::string(found.file),
                  .line = found.line,
                  .column = found.column,
                  .test = std::string(found.test)};
    current_ = out_.begin(std::move(record), line);
    return true;
  }

  bool note(const Shaped& found, const Line& line) {
    Record* record = out_.find(current_, line);
    if (record == nullptr) return false;
    if (record->notes.size() < most_notes)
      record->notes.push_back(
          {std::string(found.message), std::string(found.file), found.line, found.column});
    return true;
  }

  Ticket current_ = 0;
};

std::vector<std::string_view> keywords() {
  std::vector<std::string_view> out;
  for (const std::span<const Shape> rows : shapes) {
    for (const Shape& shape : rows) out.push_back(shape.keyword);
  }
  std::ranges::sort(out);
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

std::vector<Example> examples() {
  return {{"part.rb:3:in `<main>': undefined local variable or method `x' for main:Object (NameError)\n"
           "\tfrom other.rb:1:in `f'\n",
           "error ruby part.rb:3 NameError | undefined local variable or method `x' for main:Object\n"},
          {"part.rb:3:in 'Object#f': no (RuntimeError)\n", "error ruby part.rb:3 RuntimeError | no\n"},
          {"part.rb:3: syntax error, unexpected end-of-input\n",
           "error ruby part.rb:3 | unexpected end-of-input\n"},
          {"lua: part.lua:3: attempt to call a nil value (global 'x')\n",
           "error lua part.lua:3 | attempt to call a nil value (global 'x')\n"},
          {"    part.lua:3:5: (W111) setting non-standard global variable 'x'\n",
           "warning luacheck part.lua:3:5 W111 | setting non-standard global variable 'x'\n"},
          {"src/part.erl:3:5: function f/0 undefined\n"
           "src/part.erl:4:1: Warning: variable 'X' is unused\n",
           "error erlang src/part.erl:3:5 | function f/0 undefined\n"
           "warning erlang src/part.erl:4:1 | variable 'X' is unused\n"},
          {"** (CompileError) lib/part.ex:3: undefined function f/0\n",
           "error elixir lib/part.ex:3 CompileError | undefined function f/0\n"},
          {"part.nim(3, 5) Error: undeclared identifier: 'x'\n"
           "part.nim(4, 5) Hint: 'y' is declared but not used [XDeclaredButNotUsed]\n",
           "error nim part.nim:3:5 | undeclared identifier: 'x'\n"
           "  part.nim:4:5 | 'y' is declared but not used\n"},
          {"part.pas(3,5) Error: Identifier not found \"x\"\n",
           "error fpc part.pas:3:5 | Identifier not found \"x\"\n"},
          {"part.d(3): Error: undefined identifier `x`\n", "error dmd part.d:3 | undefined identifier `x`\n"},
          {"part.adb:3:05: \"x\" is undefined\n"
           "part.adb:4:05: warning: variable \"y\" is not referenced\n",
           "error gnat part.adb:3:5 | \"x\" is undefined\n"
           "warning gnat part.adb:4:5 | variable \"y\" is not referenced\n"},
          {"  error - lib/part.dart:3:5 - Undefined name 'x'. - undefined_identifier\n",
           "error dart lib/part.dart:3:5 undefined_identifier | Undefined name 'x'.\n"},
          {"%Error: part.v:3:5: syntax error, unexpected end\n"
           "%Warning-WIDTH: part.v:4:5: Operator ASSIGN expects 8 bits\n",
           "error verilator part.v:3:5 | syntax error, unexpected end\n"
           "warning verilator part.v:4:5 WIDTH | Operator ASSIGN expects 8 bits\n"}};
}

std::vector<Example> more_examples() {
  return {{"part.vhd:3:5:error: no declaration for \"x\"\n",
           "error ghdl part.vhd:3:5 | no declaration for \"x\"\n"},
          {"part.proto:3:5: \"Gone\" is not defined.\n",
           "error protoc part.proto:3:5 | \"Gone\" is not defined.\n"},
          {"psql:part.sql:3: ERROR:  relation \"x\" does not exist\n",
           "error psql part.sql:3 | relation \"x\" does not exist\n"},
          {"part.xml:3: parser error : Opening and ending tag mismatch\n",
           "error xmllint part.xml:3 | Opening and ending tag mismatch\n"},
          {"part.yaml:3:5: [error] too many spaces after comma (commas)\n",
           "error yamllint part.yaml:3:5 commas | too many spaces after comma\n"},
          {"m.py:1: [C0114(missing-module-docstring), ] Missing module docstring\n"
           "m.py:6: [E1101(no-member), A.g] Instance of 'A' has no 'nope' member\n"
           "m.py:2: [E302] expected 2 blank lines, found 0\n"
           "error: Failed to parse m.py:1:12: Expected a parameter\n",
           "warning pylint m.py:1 C0114 | Missing module docstring\n"
           "error pylint m.py:6 E1101 | Instance of 'A' has no 'nope' member\n"
           "error flake8 m.py:2 E302 | expected 2 blank lines, found 0\n"
           "error ruff m.py:1:12 | Expected a parameter\n"},
          {"/p/e.js:1:5: 'unused' is never used. [Warning/no-unused-vars]\n"
           "/p/e.js: line 1, col 21, Error - 'a' is not defined. (no-undef)\n"
           "/p/s.css:1:3: Unexpected empty block (block-no-empty) [error]\n"
           "/p/s.css: line 2, col 2, warning - Unexpected empty block (block-no-empty)\n",
           "warning eslint /p/e.js:1:5 no-unused-vars | 'unused' is never used.\n"
           "error eslint /p/e.js:1:21 no-undef | 'a' is not defined.\n"
           "error stylelint /p/s.css:1:3 block-no-empty | Unexpected empty block\n"
           "warning stylelint /p/s.css:2:2 block-no-empty | Unexpected empty block\n"},
          {"README.md:3:5 MD009/no-trailing-spaces Trailing spaces [Expected: 0]\n",
           "error markdownlint README.md:3:5 MD009/no-trailing-spaces | Trailing spaces [Expected: 0]\n"},
          {"[ERROR] /p/src/Part.java:3:5: Missing a Javadoc comment. [MissingJavadocType]\n",
           "error checkstyle /p/src/Part.java:3:5 MissingJavadocType | Missing a Javadoc comment.\n"},
          {"src/part.kt:3:5: Unexpected indentation (indent)\n",
           "error ktlint src/part.kt:3:5 indent | Unexpected indentation\n"},
          {"part.go:3:5: Error return value is not checked (errcheck)\n",
           "error golangci-lint part.go:3:5 errcheck | Error return value is not checked\n"},
          {"part.cpp(3): error: in \"p1\": check 1 + 1 == 77 has failed [2 != 77]\n",
           "error boost.test part.cpp:3 | check 1 + 1 == 77 has failed [2 != 77]\n"},
          {"part.c:3:test_p1:FAIL: Expected 77 Was 2\n", "error unity part.c:3 | Expected 77 Was 2\n"},
          {"SyntaxError: /p/part.jsx: Unexpected token, expected \",\" (3:5)\n",
           "error babel /p/part.jsx:3:5 | Unexpected token, expected \",\"\n"}};
}

}  // namespace

Definition shapes_definition() {
  Definition out{
      .name = "shapes",
      .tools =
          "ruby, lua, luacheck, awk, zsh, fish, groovy, erlang, elixir, nim, fpc, dmd, gnat, dart, "
          "verilator, iverilog, ghdl, protoc, psql, xmllint, yamllint, markdownlint, checkstyle, pmd, "
          "ktlint, detekt, golangci-lint, Boost.Test, Unity, Check, Criterion, babel",
      .keywords = keywords(),
      .make = make_parser<ShapesParser>,
      .examples = examples()};
  std::ranges::move(more_examples(), std::back_inserter(out.examples));
  return out;
}

}  // namespace mira::builds

// rustc, cargo, clippy and rustdoc: a head at the margin ("error[E0425]: message"), its place
// on a "-->" line, a gutter, then notes; also the panics of their tests. A head without
// a place is kept back until the next lines show whose it is.
#include <algorithm>
#include <map>

#include "knowledge/builds/parsers.h"
#include "knowledge/builds/scan.h"

namespace mira::builds {
namespace {

// Text with what stands between backticks left out: lints of one kind share it.
std::string template_of(std::string_view message) {
  std::string out;
  bool inside = false;
  for (const char c : message) {
    if (c == '`')
      inside = !inside;
    else if (!inside)
      out += c;
  }
  return out;
}

std::string_view between(std::string_view text, std::string_view before, std::string_view after) {
  const std::size_t start = text.find(before);
  if (start == std::string_view::npos) return {};
  text.remove_prefix(start + before.size());
  const std::size_t end = text.find(after);
  return end == std::string_view::npos ? std::string_view{} : text.substr(0, end);
}

bool is_summary(std::string_view message) {
  return message.starts_with("could not compile ") || message.starts_with("aborting due to ") ||
         message.starts_with("could not document ") || message.starts_with("build failed") ||
         message.find(") generated ") != std::string_view::npos;
}

// What cargo itself says, without a place.
bool is_cargo(std::string_view message) {
  for (const std::string_view head :
       {"no matching package ", "failed to parse manifest", "failed to select a version",
        "could not find `Cargo.toml`", "failed to load source ", "failed to get `", "the lock file ",
        "no such command: ", "failed to run custom build", "manifest path `", "package ID specification ",
        "failed to download "}) {
    if (message.starts_with(head)) return true;
  }
  return false;
}

class RustcParser : public Parser {
 public:
  using Parser::Parser;

  bool start(const Line& line) override {
    std::string_view text = line.text;
    if (text.starts_with("thread '")) return panic(text, line);
    if (text.starts_with("test ")) return test_line(text, line);
    if (text.starts_with("---- ")) return output_of(text, line);
    if (text.starts_with("error") || text.starts_with("warning")) return head(text, line);
    return false;
  }

  Took follow(const Line& line) override {
    if (in_panic_ > 0) return panic_body(line);
    if (in_output_) return output_line(line);
    Record* record = out_.find(current_);
    if (record == nullptr) return Took::no;
    std::string_view text = line.text;
    if (is_blank(text)) return leave(*record);
    std::string_view rest = text;
    const std::size_t indent = take_spaces(rest);
    if (take(rest, "--> ") || take(rest, "::: ") || take(rest, "\u2514\u2500 "))
      return place(*record, rest, line);
    if (rest.starts_with("= ")) return remark(*record, rest.substr(2), line);
    if (indent == 0 && (rest.starts_with("note: ") || rest.starts_with("help: ")))
      return side(*record, rest, line);
    if (is_gutter(rest, indent)) return gutter(*record, text, line);
    if (confirmed_ && indent > 0 && text.starts_with("      ")) return gutter(*record, text, line);
    return leave(*record);
  }

  void finish() override {
    if (Record* record = out_.find(current_)) leave(*record);
  }

 private:
  static bool is_gutter(std::string_view rest, std::size_t indent) {
    if (rest.starts_with("|") || rest.starts_with("\u2502") || rest == "...") return true;
    if (rest.empty() || !is_digit(rest[0]) || !take_number(rest)) return false;
    take_spaces(rest);
    return (rest.starts_with("|") || rest.starts_with("\u2502") || rest.starts_with("+") ||
            rest.starts_with("-") || rest.starts_with("~")) &&
           indent < 8;
  }

  bool head(std::string_view text, const Line& line) {
    Record record{.tool = "rustc"};
    if (take(text, "warning"))
      record.severity = Severity::warning;
    else
      take(text, "error");
    if (take(text, "[")) {
      const auto code = take_until(text, "]");
      if (!code) return false;
      record.code = *code;
    }
    if (!take(text, ": ") || text.empty() || text.starts_with("Failed to parse ")) return false;  // ruff's
    if (finish_previous(); is_summary(text)) return summary(record, text, line);
    record.message = text;
    if (const auto known = lints_.find(template_of(text)); record.code.empty() && known != lints_.end())
      record.code = known->second;
    confirmed_ = !record.code.empty();
    head_line_ = line;
    head_text_ = line.text;
    own_ = true;
    current_ = out_.begin(std::move(record), line);
    return true;
  }

  void finish_previous() {
    if (Record* record = out_.find(current_)) leave(*record);
  }

  // A head that nothing followed is some other program's word: told only where nothing else explains the
  // failure.
  Took leave(Record& record) {
    if (confirmed_) {
      out_.close(current_);
    } else {
      Record plain = std::move(record);
      out_.drop(current_);
      plain.tool = plain.tool == "cargo" || is_cargo(plain.message) ? "cargo" : "generic";
      Line line = head_line_;
      line.text = head_text_;
      if (plain.severity == Severity::error) out_.consequence(std::move(plain), line, {});
    }
    current_ = 0;
    return Took::no;
  }

  bool summary(Record& record, std::string_view text, const Line& line) {
    std::string_view rest = text;
    Count count{.tool = "rustc", .failed = record.severity == Severity::error, .log_line = line.number};
    const bool aborting = take(rest, "aborting due to ");
    if (aborting || (text.starts_with("could not") && take_until(rest, "due to "))) {
      count.errors =
          take(rest, "previous error") || take(rest, "1 previous error") ? 1 : take_number(rest).value_or(-1);
    }
    if (count.failed) {
      out_.count(std::move(count));
      record.tool = "cargo";
      record.message = text;
      out_.consequence(std::move(record), line, {});
    }
    return true;
  }

  Took place(Record& record, std::string_view rest, const Line& line) {
    confirmed_ = true;
    record.log_end = line.end;
    auto at = whole_place(rest);
    if (!at) at = whole_place(rest.substr(0, rest.find(": ")));  // Elixir: the function stands behind
    if (!at) return Took::yes;
    if (has_extension(at->file, ".ex .exs")) record.tool = "elixir";
    if (own_ && base_name(at->file) == "Cargo.toml") record.tool = "cargo";
    if (own_ && record.file.empty()) {
      record.file = at->file;
      record.line = at->line;
      record.column = at->column;
    } else if (!record.notes.empty() && !own_ && record.notes.back().file.empty()) {
      record.notes.back().file = at->file;
      record.notes.back().line = at->line;
      record.notes.back().column = at->column;
    }
    return Took::yes;
  }

  Took remark(Record& record, std::string_view rest, const Line& line) {
    confirmed_ = true;
    record.log_end = line.end;
    const std::string_view lint = between(rest, "#[warn(", ")]");
    const std::string_view denied = between(rest, "#[deny(", ")]");
    const std::string_view flag = lint.empty() ? denied : lint;
    if (!flag.empty() && record.code.empty()) {
      record.code = flag;
      if (lints_.size() < 1000) lints_.emplace(template_of(record.message), flag);
    }
    if (record.notes.size() < most_notes) record.notes.push_back({std::string(rest), "", 0, 0});
    return Took::yes;
  }

  Took side(Record& record, std::string_view text, const Line& line) {
    confirmed_ = true;
    record.log_end = line.end;
    own_ = false;
    if (text.starts_with("help: ") && record.suggestion.empty()) record.suggestion = text.substr(6);
    if (record.notes.size() < most_notes) record.notes.push_back({std::string(text), "", 0, 0});
    return Took::yes;
  }

  Took gutter(Record& record, std::string_view text, const Line& line) {
    confirmed_ = true;
    record.log_end = line.end;
    if (own_ && record.snippet.size() + text.size() < snippet_bytes) {
      record.snippet.append(text);
      record.snippet += '\n';
    }
    if (own_ && record.code == "E0308" && record.expected.empty()) {
      record.expected = between(text, "expected `", "`");
      record.actual = between(text, "found `", "`");
    }
    return Took::yes;
  }

  // "thread 'tests::t' (123) panicked at src/lib.rs:12:9:" with its message on the next lines.
  bool panic(std::string_view text, const Line& line) {
    take(text, "thread '");
    const auto thread = take_until(text, "'");
    if (!thread || !take_until(text, "panicked at ")) return false;
    Record record{.tool = "cargo test"};
    if (*thread != "main" && *thread != "<unnamed>")
      record.test = *thread;
    else if (in_output_)
      record.test = output_test_;
    if (text.ends_with(':')) text.remove_suffix(1);
    if (take(text, "'")) {  // before 1.73: "panicked at 'message', src/lib.rs:12:9"
      const std::size_t quote = text.rfind("', ");
      if (quote == std::string_view::npos) return false;
      record.message = text.substr(0, quote);
      text.remove_prefix(quote + 3);
    }
    if (const auto at = whole_place(text)) {
      record.file = at->file;
      record.line = at->line;
      record.column = at->column;
    }
    if (!record.test.empty()) panicked_.push_back(record.test);
    current_ = out_.begin(std::move(record), line);
    in_panic_ = 40;
    return true;
  }

  Took panic_body(const Line& line) {
    Record* record = out_.find(current_, line);
    std::string_view text = line.text;
    const bool over = record == nullptr || text.starts_with("note: ") ||
                      text.starts_with("stack backtrace:") || (is_blank(text) && !record->message.empty()) ||
                      --in_panic_ == 0 || text.starts_with("test ");
    if (over) {
      in_panic_ = 0;
      current_ = 0;
      return text.starts_with("note: ") ? Took::yes : Took::no;
    }
    std::string_view rest = text;
    take_spaces(rest);
    if (take(rest, "left: "))
      record->actual = rest;
    else if (take(rest, "right: "))
      record->expected = rest;
    if (!record->message.empty()) record->message += '\n';
    record->message += text;
    return Took::yes;
  }

  // "test tests::t ... FAILED", "test result: FAILED. 1 passed; 2 failed; ..."
  bool test_line(std::string_view text, const Line& line) {
    if (take(text, "test result: ")) {
      const bool failed = take(text, "FAILED. ");
      if (!failed && !take(text, "ok. ")) return false;
      Count count{.tool = "cargo test", .failed = failed, .log_line = line.number};
      if (take_until(text, "; ")) count.tests_failed = take_number(text).value_or(-1);
      out_.count(std::move(count));
      tell_the_silent(line);
      return true;
    }
    take(text, "test ");
    const auto name = take_until(text, " ... ");
    if (!name || !text.starts_with("FAILED")) return false;
    failed_.push_back({test_name(*name), line, {}});
    failed_.back().line.text = {};
    return true;
  }

  // Tests that failed without a panic of their own (they returned an error, or a process died).
  void tell_the_silent(const Line&) {
    for (Failed& one : failed_) {
      if (std::ranges::find(panicked_, one.name) != panicked_.end()) continue;
      Record record{.tool = "cargo test", .message = "test " + one.name + " failed", .test = one.name};
      if (!one.said.empty()) record.message = one.said;
      const std::string_view said = record.message;
      if (const std::size_t at = said.rfind(" at "); at != std::string_view::npos) {
        if (const auto place = whole_place(said.substr(at + 4))) {  // "... as expected at src/lib.rs:5:31"
          record.file = place->file;
          record.line = place->line;
          record.column = place->column;
        }
      }
      out_.close(out_.begin(std::move(record), one.line));
    }
    failed_.clear();
    panicked_.clear();
    in_output_ = false;
  }

  struct Failed {
    std::string name;
    Line line;
    std::string said;  // what it printed
  };

  static constexpr std::string_view must_panic = " - should panic";
  static std::string test_name(std::string_view name) {
    return std::string(name.ends_with(must_panic) ? name.substr(0, name.size() - must_panic.size()) : name);
  }

  // "---- tests::d stdout ----": what a failed test printed.
  bool output_of(std::string_view text, const Line& line) {
    take(text, "---- ");
    const auto name = take_until(text, " stdout ----");
    if (!name || !text.empty()) return false;
    finish_previous();
    output_test_ = test_name(*name);
    in_output_ = true;
    if (std::ranges::find(failed_, output_test_, &Failed::name) != failed_.end()) return true;
    failed_.push_back({output_test_, line, {}});  // -q did not name it before
    failed_.back().line.text = {};
    return true;
  }

  Took output_line(const Line& line) {
    std::string_view text = line.text;
    if (text == "failures:" || text.starts_with("test result: ") || text.starts_with("---- ")) {
      in_output_ = false;
      return Took::no;
    }
    const auto own = std::ranges::find(failed_, output_test_, &Failed::name);
    if (own == failed_.end() || own->said.size() > message_bytes || is_blank(text)) return Took::pass;
    take(text, "note: ");
    take(text, "Error: ");
    own->said += (own->said.empty() ? "" : "\n") + std::string(text);
    return Took::pass;
  }
  std::vector<Failed> failed_;
  std::vector<std::string> panicked_;
  std::map<std::string, std::string> lints_;  // by template of the message: told only once a crate
  Ticket current_ = 0;
  bool confirmed_ = false, own_ = false, in_output_ = false;
  std::string output_test_;
  int in_panic_ = 0;
  Line head_line_{};
  std::string head_text_;
};

// The rest of them.
std::vector<Example> more_examples() {
  return {{"thread 'tests::adds' panicked at src/lib.rs:12:9:\n"
           "assertion `left == right` failed\n"
           "  left: 4\n"
           " right: 5\n"
           "note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace\n"
           "test result: FAILED. 0 passed; 1 failed; 0 ignored\n",
           "error cargo test src/lib.rs:12:9 | assertion `left == right` failed\\n  left: 4\\n right: 5\n"},
          {"test tests::d - should panic ... FAILED\n"
           "\n"
           "failures:\n"
           "\n"
           "---- tests::d stdout ----\n"
           "note: test did not panic as expected at src/lib.rs:5:31\n"
           "\n"
           "---- tests::e stdout ----\n"
           "Error: \"bad\"\n"
           "\n"
           "---- src/lib.rs - add (line 8) stdout ----\n"
           "thread 'main' panicked at src/lib.rs:3:1:\n"
           "assertion failed\n"
           "\n"
           "failures:\n"
           "    tests::d\n"
           "\n"
           "test result: FAILED. 0 passed; 3 failed; 0 ignored\n",
           "error cargo test src/lib.rs:3:1 | assertion failed\n"
           "error cargo test src/lib.rs:5:31 | test did not panic as expected at src/lib.rs:5:31\n"
           "error cargo test | \"bad\"\n"},
          {"error: failed to parse manifest at `/p/Cargo.toml`\n",
           "error cargo | failed to parse manifest at `/p/Cargo.toml`\n"},
          {"error: could not compile `p` (lib) due to 1 previous error\n",
           "error cargo | could not compile `p` (lib) due to 1 previous error\n"}};
}

}  // namespace

Definition rustc_definition() {
  Definition out{.name = "rustc",
                 .tools = "rustc, cargo, clippy, rustdoc, cargo test",
                 .keywords = {"error: ", "error[", "warning: ", "warning[", "panicked at ", "... failed",
                              "test result: ", " stdout ----"},
                 .make = make_parser<RustcParser>,
                 .examples = {{"error[E0425]: cannot find value `x` in this scope\n"
                               " --> src/lib.rs:2:22\n"
                               "  |\n"
                               "2 | pub fn f() -> i32 { x }\n"
                               "  |                     ^ not found in this scope\n"
                               "  |\n"
                               "note: consider this\n"
                               " --> src/lib.rs:1:1\n"
                               "\n"
                               "error: could not compile `p` (lib) due to 1 previous error\n",
                               "error rustc src/lib.rs:2:22 E0425 | cannot find value `x` in this scope\n"
                               "  src/lib.rs:1:1 | note: consider this\n"},
                              {"warning: unused variable: `a`\n"
                               " --> src/lib.rs:3:9\n"
                               "  |\n"
                               "  = note: `#[warn(unused_variables)]` on by default\n"
                               "\n"
                               "warning: unused variable: `b`\n"
                               " --> src/lib.rs:4:9\n"
                               "\n",
                               "warning rustc src/lib.rs:3:9 unused_variables | unused variable: `a`\n"
                               "   | note: `#[warn(unused_variables)]` on by default\n"
                               "warning rustc src/lib.rs:4:9 unused_variables | unused variable: `b`\n"},
                              {"error: undefined variable \"x\"\n"
                               "  \u2502\n"
                               "3 \u2502     x\n"
                               "  \u2502     ^\n"
                               "  \u2502\n"
                               "  \u2514\u2500 lib/part.ex:3:5: Part.f/0\n"
                               "\n",
                               "error elixir lib/part.ex:3:5 | undefined variable \"x\"\n"}}};
  std::ranges::move(more_examples(), std::back_inserter(out.examples));
  return out;
}

}  // namespace mira::builds

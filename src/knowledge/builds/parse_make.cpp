// make and ninja: their own lines say that something failed, seldom what. They become
// records only where no error of a tool explains them. Errors in a Makefile itself
// ("Makefile:3: *** missing separator.  Stop.") are records always.
#include "knowledge/builds/parsers.h"
#include "knowledge/builds/scan.h"

namespace mira::builds {
namespace {

class MakeParser : public Parser {
 public:
  using Parser::Parser;

  bool start(const Line& line) override {
    std::string_view text = line.text;
    if (take(text, "ninja: ")) return ninja(text, line);
    if (take(text, "FAILED: ")) return failed_target(text, line);
    const std::size_t stars = text.find(": *** ");
    if (stars == std::string_view::npos) return false;
    const std::string_view who = text.substr(0, stars);
    text.remove_prefix(stars + 6);
    return is_make(who) ? stopped(who, text, line) : in_makefile(who, text, line);
  }

  void finish() override { settle(); }

 private:
  static bool is_make(std::string_view who) {
    who = base_name(who);
    const std::size_t bracket = who.find('[');
    const std::string_view name = who.substr(0, bracket);
    return name == "make" || name == "gmake" || name == "mingw32-make" || name == "bmake";
  }

  static int depth_of(std::string_view who) {
    if (!take_until(who, "[")) return 0;
    return take_number(who).value_or(0);
  }

  // "[Makefile:3: a.o] Error 1", "No rule to make target 'x', needed by 'all'.  Stop."
  bool stopped(std::string_view who, std::string_view text, const Line& line) {
    Record record{.tool = "make", .message = std::string(text)};
    std::string_view rest = text;
    if (!take(rest, "[")) {
      if (text.starts_with("Waiting for unfinished jobs")) return true;
      out_.close(out_.begin(std::move(record), line));
      return true;
    }
    const auto inside = take_until(rest, "] ");
    if (!inside) return false;
    std::string_view target = *inside;
    if (const auto place = colon_place(target)) {
      record.file = place->file;
      record.line = place->line;
      target = place->rest;
    }
    record.symbol = target;
    out_.consequence(std::move(record), line, target, depth_of(who));
    return true;
  }

  bool in_makefile(std::string_view who, std::string_view text, const Line& line) {
    const auto place = whole_place(who);
    if (!place) return false;
    Record record{
        .tool = "make", .message = std::string(text), .file = std::string(place->file), .line = place->line};
    out_.close(out_.begin(std::move(record), line));
    return true;
  }

  // "FAILED: src/a.o": its output follows, so it is judged when the next thing fails.
  bool failed_target(std::string_view text, const Line& line) {
    settle();
    waiting_ = true;
    errors_then_ = out_.errors_begun();
    target_ = text.substr(0, text.find(' '));
    if (take(text, "[code=")) {
      take_until(text, "] ");
      target_ = text.substr(0, text.find(' '));
    }
    line_ = line;
    line_.text = {};
    return true;
  }

  void settle() {
    if (!waiting_) return;
    waiting_ = false;
    if (out_.errors_begun() > errors_then_) return;
    out_.consequence({.tool = "ninja", .message = "FAILED: " + target_, .symbol = target_}, line_, target_);
  }

  bool ninja(std::string_view text, const Line& line) {
    settle();
    if (text.starts_with("build stopped")) {
      out_.count({.tool = "ninja", .failed = true, .log_line = line.number});
      return true;
    }
    if (!take(text, "error: ") && !take(text, "fatal: ")) return false;
    Record record{.tool = "ninja", .message = std::string(text)};
    if (const auto place = colon_place(text)) {
      record.file = place->file;
      record.line = place->line;
      record.message = place->rest;
    }
    out_.close(out_.begin(std::move(record), line));
    return true;
  }

  bool waiting_ = false;
  std::uint64_t errors_then_ = 0;
  std::string target_;
  Line line_{};
};

}  // namespace

Definition make_definition() {
  return {.name = "make",
          .tools = "make, ninja",
          .keywords = {": *** ", "ninja: ", "failed: "},
          .make = make_parser<MakeParser>,
          .examples = {{"cp: cannot stat 'a': No such file\n"
                        "make[1]: *** [Makefile:3: copy] Error 1\n"
                        "make: *** [Makefile:9: all] Error 2\n",
                        "error make Makefile:3 | [Makefile:3: copy] Error 1\n"},
                       {"src/a.c:3:5: error: broken\n"
                        "make: *** [Makefile:3: a.o] Error 1\n",
                        "error gcc src/a.c:3:5 | broken\n"},
                       {"Makefile:3: *** missing separator.  Stop.\n",
                        "error make Makefile:3 | missing separator.  Stop.\n"},
                       {"make: *** No rule to make target 'x', needed by 'all'.  Stop.\n",
                        "error make | No rule to make target 'x', needed by 'all'.  Stop.\n"},
                       {"FAILED: gen.txt\n"
                        "/bin/generate gen.txt\n"
                        "ninja: build stopped: subcommand failed.\n",
                        "error ninja | FAILED: gen.txt\n"}}};
}

}  // namespace mira::builds

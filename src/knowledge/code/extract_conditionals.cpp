#include "knowledge/code/extract_conditionals.h"

#include <algorithm>
#include <array>

#include "knowledge/code/extract_c_tokens.h"

namespace mira::code {
namespace {

enum class Truth : std::uint8_t { no, maybe, yes };

constexpr std::array<std::string_view, 62> never_defined{
    "AMIGA",         "ANDROID",        "MACOS9",       "MSDOS",
    "NETWARE",       "UNDER_CE",       "VMS",          "WIN32",
    "WIN64",         "_AIX",           "_MSC_VER",     "_WIN32",
    "_WIN32_WCE",    "_WIN64",         "_WINDOWS",     "__AMIGA__",
    "__ANDROID__",   "__APPLE_CC__",   "__APPLE__",    "__BEOS__",
    "__BORLANDC__",  "__CYGWIN32__",   "__CYGWIN__",   "__DJGPP__",
    "__DragonFly__", "__EMSCRIPTEN__", "__FreeBSD__",  "__FreeBSD_kernel__",
    "__GNU__",       "__HAIKU__",      "__HPUX__",     "__ICL",
    "__ILEC400__",   "__MACH__",       "__MINGW32__",  "__MINGW64__",
    "__MSDOS__",     "__MSYS__",       "__MVS__",      "__NetBSD__",
    "__OS2__",       "__OS400__",      "__OpenBSD__",  "__PASE__",
    "__PS4__",       "__QNXNTO__",     "__QNX__",      "__SUNPRO_C",
    "__SUNPRO_CC",   "__SYMBIAN32__",  "__TANDEM",     "__VMS",
    "__WATCOMC__",   "__WIN32__",      "__amigaos4__", "__hpux",
    "__hpux__",      "__riscos__",     "__sun",        "__sun__",
    "__wasi__",      "__wasm__"};
constexpr std::array<std::string_view, 11> always_defined{"__ELF__", "__GLIBC__", "__GNUC__",     "__STDC__",
                                                          "__linux", "__linux__", "__unix",       "__unix__",
                                                          "linux",   "unix",      "__gnu_linux__"};

Truth negated(Truth truth) {
  return truth == Truth::maybe ? Truth::maybe : truth == Truth::yes ? Truth::no : Truth::yes;
}
Truth both(Truth a, Truth b) {
  return std::min(a, b);
}
Truth any(Truth a, Truth b) {
  return std::max(a, b);
}

// POSIX says that these exist, and this system follows it.
bool is_posix(std::string_view name) {
  return name.starts_with("_POSIX_") || (name.starts_with("PTHREAD_") && !name.ends_with("_NP"));
}

Truth is_defined(std::string_view name) {
  if (std::ranges::find(never_defined, name) != never_defined.end()) return Truth::no;
  if (std::ranges::find(always_defined, name) != always_defined.end() || is_posix(name)) return Truth::yes;
  return Truth::maybe;
}

// A condition in three-valued logic: what it does not understand may be either.
class Condition {
 public:
  explicit Condition(std::string_view text) : tokens_(text, CTokens::Directives::skip), text_(text) {
    move();
  }

  Truth read() {
    Truth out = either();
    return ended_ ? out : Truth::maybe;
  }

 private:
  static constexpr int nesting_limit = 64;

  void move() { ended_ = !tokens_.next(); }
  std::string_view now() const { return ended_ ? std::string_view() : tokens_.token(); }
  bool take(std::string_view token) {
    if (now() != token) return false;
    move();
    return true;
  }
  bool take_twice(std::string_view token) {
    if (now() != token || text_.substr(tokens_.end()).substr(0, 1) != token) return false;
    move();
    move();
    return true;
  }

  Truth either() {
    Truth out = all();
    while (take_twice("|")) out = any(out, all());
    return out;
  }
  Truth all() {
    Truth out = one();
    while (take_twice("&")) out = both(out, one());
    return out;
  }
  Truth one() {
    if (++depth_ > nesting_limit) return give_up();
    Truth out = Truth::maybe;
    if (take("!")) {
      out = negated(one());
    } else if (take("(")) {
      out = either();
      if (!take(")")) return give_up();
    } else if (take("defined")) {
      bool bracket = take("(");
      out = is_defined(now());
      move();
      if (bracket) (void)take(")");
    } else {
      out = value();
    }
    --depth_;
    return compared() ? Truth::maybe : out;
  }

  Truth value() {
    std::string_view word = now();
    if (word.empty()) return Truth::maybe;
    move();
    if (is_word_start(word[0])) {
      if (now() == "(") return give_up();  // __has_include(...)
      return is_defined(word) == Truth::no ? Truth::no : Truth::maybe;
    }
    return word == "0" ? Truth::no : word == "1" ? Truth::yes : Truth::maybe;
  }

  // `X > 3`: passes over the comparison.
  bool compared() {
    bool found = false;
    while (!ended_ && now() != "&" && now() != "|" && now() != ")") {
      found = true;
      move();
      if (now() == "(") return give_up() == Truth::maybe;
    }
    return found;
  }

  Truth give_up() {
    while (!ended_) move();
    return Truth::maybe;
  }

  CTokens tokens_;
  std::string_view text_;
  bool ended_ = false;
  int depth_ = 0;
};

struct Directive {
  std::string_view word, rest;
};

Directive directive_of(std::string_view line) {
  std::size_t begin = std::min(line.find_first_not_of("# \t"), line.size());
  std::size_t end = begin;
  while (end < line.size() && is_word(line[end])) ++end;
  return {line.substr(begin, end - begin), line.substr(end)};
}

std::string_view first_word(std::string_view text) {
  CTokens tokens(text, CTokens::Directives::skip);
  return tokens.next() ? tokens.token() : std::string_view();
}

// One #if with its branches.
struct Level {
  Truth around = Truth::yes;  // of what it stands in
  Truth earlier = Truth::no;  // has one of the branches before been taken?
  std::string_view guard;     // X of `#ifndef X`, until the next directive shows whether it guards the file
};

Guard guard_of(Truth truth) {
  return truth == Truth::yes ? Guard::none : truth == Truth::no ? Guard::elsewhere : Guard::open;
}

}  // namespace

GuardedLines::GuardedLines(std::string_view source) {
  CTokens tokens(source, CTokens::Directives::give);
  std::vector<Level> open;
  std::int32_t line = 1;
  std::size_t counted = 0;
  bool first_directive = true;
  Truth here = Truth::yes;
  auto enter = [&](Truth condition) {
    Level& level = open.back();
    here = both(level.around, both(negated(level.earlier), condition));
    level.earlier = any(level.earlier, condition);
  };
  while (tokens.next()) {
    std::string_view token = tokens.token();
    if (token[0] != '#' || token.size() < 2) continue;
    line += static_cast<std::int32_t>(std::count(source.begin() + static_cast<std::ptrdiff_t>(counted),
                                                 source.begin() + static_cast<std::ptrdiff_t>(tokens.end()),
                                                 '\n'));
    counted = tokens.end();
    Directive directive = directive_of(token);
    if (!open.empty() && !open.back().guard.empty() && directive.word == "define" &&
        first_word(directive.rest) == open.back().guard) {
      here = open.back().around;  // an include guard
      open.back().earlier = Truth::yes;
      changes_.push_back({line + 1, guard_of(here)});
    }
    if (!open.empty()) open.back().guard = {};
    bool opens = directive.word == "if" || directive.word == "ifdef" || directive.word == "ifndef";
    if (opens) {
      open.push_back({.around = here});
      Truth condition = directive.word == "if"      ? Condition(directive.rest).read()
                        : directive.word == "ifdef" ? is_defined(first_word(directive.rest))
                                                    : negated(is_defined(first_word(directive.rest)));
      if (first_directive && directive.word == "ifndef") open.back().guard = first_word(directive.rest);
      enter(condition);
    } else if (!open.empty() && (directive.word == "elif" || directive.word == "else")) {
      enter(directive.word == "else" ? Truth::yes : Condition(directive.rest).read());
    } else if (!open.empty() && directive.word == "endif") {
      here = open.back().around;
      open.pop_back();
    } else {
      first_directive = first_directive && directive.word == "pragma";
      continue;
    }
    first_directive = false;
    changes_.push_back({line + 1, guard_of(here)});
  }
}

Guard GuardedLines::at(std::int32_t line) const {
  auto after = std::ranges::upper_bound(changes_, line, {}, &Change::line);
  return after == changes_.begin() ? Guard::none : std::prev(after)->guard;
}

void mark_guards(Facts& facts, std::string_view source) {
  GuardedLines lines(source);
  for (Symbol& symbol : facts.symbols) symbol.guard = lines.at(symbol.name_line);
}

}  // namespace mira::code

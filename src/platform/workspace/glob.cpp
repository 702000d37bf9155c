#include <algorithm>
#include <array>

#include "platform/workspace/ignore.h"

namespace mira::workspace {
namespace {

using Set = std::bitset<256>;

struct NamedClass {
  std::string_view name;
  bool (*holds)(unsigned char);
};

bool is_lower(unsigned char c) {
  return c >= 'a' && c <= 'z';
}
bool is_upper(unsigned char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_digit(unsigned char c) {
  return c >= '0' && c <= '9';
}
bool is_alpha(unsigned char c) {
  return is_lower(c) || is_upper(c);
}
bool is_alnum(unsigned char c) {
  return is_alpha(c) || is_digit(c);
}
bool is_blank(unsigned char c) {
  return c == ' ' || c == '\t';
}
bool is_space(unsigned char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}
bool is_control(unsigned char c) {
  return c < 0x20 || c == 0x7f;
}
bool is_graph(unsigned char c) {
  return c > 0x20 && c < 0x7f;
}
bool is_print(unsigned char c) {
  return c >= 0x20 && c < 0x7f;
}
bool is_punct(unsigned char c) {
  return is_graph(c) && !is_alnum(c);
}
bool is_hex(unsigned char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

constexpr std::array<NamedClass, 12> named_classes = {{{"alnum", is_alnum},
                                                       {"alpha", is_alpha},
                                                       {"blank", is_blank},
                                                       {"cntrl", is_control},
                                                       {"digit", is_digit},
                                                       {"graph", is_graph},
                                                       {"lower", is_lower},
                                                       {"print", is_print},
                                                       {"punct", is_punct},
                                                       {"space", is_space},
                                                       {"upper", is_upper},
                                                       {"xdigit", is_hex}}};

bool add_named(std::string_view name, Set& set) {
  for (const NamedClass& known : named_classes) {
    if (known.name != name) continue;
    for (int byte = 0; byte < 256; ++byte) {
      if (known.holds(static_cast<unsigned char>(byte))) set.set(byte);
    }
    return true;
  }
  return false;
}

// Reads the members of a class, from behind its "[" or "[!", up to its "]".
class SetReader {
 public:
  SetReader(std::string_view pattern, std::size_t at) : pattern_(pattern), at_(at) {}

  // False when the class is not closed or names an unknown [:class:].
  bool read(Set& set) {
    do {
      if (!read_member(set)) return false;
    } while (at_ < pattern_.size() && pattern_[at_] != ']');
    return at_ < pattern_.size();
  }
  std::size_t end() const { return at_ + 1; }  // behind the "]"

 private:
  bool read_member(Set& set) {
    if (at_ >= pattern_.size()) return false;
    char c = pattern_[at_];
    if (c == '-' && previous_ != 0 && at_ + 1 < pattern_.size() && pattern_[at_ + 1] != ']') {
      return read_range(set);
    }
    if (c == '[' && pattern_.substr(at_).starts_with("[:")) return read_named(set);
    return read_byte(set);
  }

  bool read_byte(Set& set) {
    if (pattern_[at_] == '\\' && ++at_ >= pattern_.size()) return false;
    previous_ = static_cast<unsigned char>(pattern_[at_++]);
    set.set(previous_);
    return true;
  }

  bool read_range(Set& set) {
    ++at_;
    if (pattern_[at_] == '\\' && ++at_ >= pattern_.size()) return false;
    int last = static_cast<unsigned char>(pattern_[at_++]);
    for (int byte = previous_; byte <= last; ++byte) set.set(byte);
    previous_ = 0;
    return true;
  }

  // A "[:" that no ":]" closes is a plain "[".
  bool read_named(Set& set) {
    std::size_t close = pattern_.find(']', at_ + 2);
    if (close == std::string_view::npos) return false;
    if (close < at_ + 3 || pattern_[close - 1] != ':') return read_byte(set);
    std::string_view name = pattern_.substr(at_ + 2, close - 1 - (at_ + 2));
    at_ = close + 1;
    previous_ = 0;
    return add_named(name, set);
  }

  std::string_view pattern_;
  std::size_t at_;
  unsigned char previous_ = 0;  // where a range may begin; 0: nowhere
};

}  // namespace

Glob Glob::compile(std::string_view pattern) {
  Glob glob;
  for (std::size_t at = 0; at < pattern.size();) {
    switch (pattern[at]) {
      case '*':
        at = glob.add_stars(pattern, at);
        break;
      case '?':
        glob.tokens_.push_back({Kind::any});
        ++at;
        break;
      case '[':
        at = glob.add_set(pattern, at);
        break;
      case '\\':
        if (++at == pattern.size()) {
          glob.tokens_.push_back({Kind::never});
          break;
        }
        [[fallthrough]];
      default:
        glob.tokens_.push_back({Kind::literal, static_cast<unsigned char>(pattern[at++])});
    }
  }
  return glob;
}

std::size_t Glob::add_stars(std::string_view pattern, std::size_t at) {
  std::size_t end = std::min(pattern.find_first_not_of('*', at), pattern.size());
  std::string_view rest = pattern.substr(end);
  bool after_slash = at == 0 || pattern[at - 1] == '/';
  if (end - at == 1 || !after_slash) {
    tokens_.push_back({Kind::star});
  } else if (rest.starts_with('/')) {
    tokens_.push_back({Kind::deep_folders});
    ++end;
  } else if (rest.empty() || rest.starts_with("\\/")) {
    tokens_.push_back({Kind::deep_star});
  } else {
    tokens_.push_back({Kind::star});
  }
  return end;
}

std::size_t Glob::add_set(std::string_view pattern, std::size_t at) {
  ++at;
  bool negated = at < pattern.size() && (pattern[at] == '!' || pattern[at] == '^');
  if (negated) ++at;
  Set set;
  SetReader reader(pattern, at);
  if (!reader.read(set)) {
    tokens_.push_back({Kind::never});
    return pattern.size();
  }
  if (negated) set.flip();
  set.reset('/');
  tokens_.push_back({Kind::set, 0, static_cast<std::uint32_t>(sets_.size())});
  sets_.push_back(set);
  return reader.end();
}

bool Glob::takes(const Token& token, unsigned char byte) const {
  switch (token.kind) {
    case Kind::literal:
      return token.byte == byte;
    case Kind::any:
      return byte != '/';
    case Kind::set:
      return sets_[token.set].test(byte);
    default:
      return false;
  }
}

// Where to go on when the text stops fitting. Only the last star of each sort
// needs to be remembered: what an earlier one could take, the later one can too.
struct Glob::Attempt {
  std::size_t token = 0;   // behind the star; 0: no star yet
  std::size_t text = 0;    // where the rest of the pattern is tried next
  bool to_folder = false;  // "**/": only behind a "/"

  // Moves one step on; false when nothing is left to try.
  bool advance(std::string_view whole, bool crosses) {
    if (token == 0 || text >= whole.size()) return false;
    if (to_folder) {
      std::size_t slash = whole.find('/', text);
      if (slash == std::string_view::npos) return false;
      text = slash + 1;
      return true;
    }
    return crosses || whole[text] != '/' ? (++text, true) : false;
  }
};

bool Glob::matches(std::string_view text) const {
  Attempt star, deep;
  std::size_t token = 0, at = 0;
  while (true) {
    Kind kind = token < tokens_.size() ? tokens_[token].kind : Kind::never;
    if (token == tokens_.size() && at == text.size()) return true;
    if (kind == Kind::star) {
      star = {++token, at};
      continue;
    }
    if (kind == Kind::deep_star || kind == Kind::deep_folders) {
      deep = {++token, at, kind == Kind::deep_folders};
      star = {};
      continue;
    }
    if (at < text.size() && takes(token < tokens_.size() ? tokens_[token] : Token{Kind::never},
                                  static_cast<unsigned char>(text[at]))) {
      ++token, ++at;
      continue;
    }
    if (star.advance(text, false)) {
      token = star.token, at = star.text;
    } else if (deep.advance(text, true)) {
      star = {};
      token = deep.token, at = deep.text;
    } else {
      return false;
    }
  }
}

}  // namespace mira::workspace

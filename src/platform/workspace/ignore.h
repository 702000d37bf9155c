// The rules of one ignore file (.gitignore, .git/info/exclude, .ignore or
// .miraignore), with git's own meaning to the last corner: the last rule that
// matches decides, "!" takes back, a "/" inside or in front anchors, a "/" at the
// end means folders only, "**" crosses folders. Rules that are plain names, plain
// paths or "*.ext" are looked up by hash, so a long file costs no more than a
// short one. Matching takes at most O(path * pattern) steps whatever is written.
#pragma once

#include <bitset>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace mira::workspace {

// One pattern with wildcards, as git's wildmatch in path mode: "*", "?" and
// classes never match a "/".
class Glob {
 public:
  static Glob compile(std::string_view pattern);
  bool matches(std::string_view text) const;

 private:
  enum class Kind : std::uint8_t { literal, any, set, star, deep_star, deep_folders, never };
  struct Token {
    Kind kind;
    unsigned char byte = 0;  // of a literal
    std::uint32_t set = 0;   // index into sets_
  };
  struct Attempt;

  std::size_t add_stars(std::string_view pattern, std::size_t at);
  std::size_t add_set(std::string_view pattern, std::size_t at);
  bool takes(const Token& token, unsigned char byte) const;

  std::vector<Token> tokens_;
  std::vector<std::bitset<256>> sets_;
};

class IgnoreRules {
 public:
  enum class Verdict { none, ignored, kept };
  enum class EntryKind { file, folder };

  IgnoreRules() = default;
  static IgnoreRules parse(std::string_view content);

  bool empty() const { return rules_.empty(); }
  // path: relative to the folder that holds the ignore file, '/' between parts, no '/' at either end.
  Verdict match(std::string_view path, EntryKind kind) const;

 private:
  struct Rule {
    bool negated = false;
    bool folders_only = false;
    bool of_name = false;  // compares the last part only
    std::string literal;   // what stands before the first wildcard
    bool wild = false;     // a wildcard follows
    bool suffix = false;   // "*text": the name ends with `literal`
    Glob glob;             // of the rest, when wild
  };
  struct BytesHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view bytes) const { return std::hash<std::string_view>{}(bytes); }
  };
  using Lookup = std::unordered_map<std::string, std::vector<int>, BytesHash, std::equal_to<>>;

  void add_line(std::string_view line);
  void file_rule(Rule rule);
  int best_of(const Lookup& lookup, std::string_view key, EntryKind kind, int best) const;
  static bool rule_matches(const Rule& rule, std::string_view path, std::string_view name);

  std::vector<Rule> rules_;
  Lookup names_;             // rules that are one plain name
  Lookup paths_;             // rules that are one plain path from here
  Lookup endings_;           // rules "*.ext"
  std::vector<int> others_;  // everything else, in order
};

}  // namespace mira::workspace

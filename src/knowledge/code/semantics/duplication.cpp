#include "knowledge/code/semantics/duplication.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <tuple>
#include <unordered_map>

#include "knowledge/code/search_path.h"
#include "platform/base/hash.h"
#include "platform/base/limits.h"
#include "platform/base/text.h"
#include "platform/workspace/read_file.h"

namespace mira::semantics {
namespace {

constexpr std::size_t gram_tokens = 30;
constexpr std::size_t window_grams = least_shared_tokens - gram_tokens + 1;
constexpr std::size_t most_places = 40;  // of one fingerprint: what stands in more places is boilerplate
constexpr double least_same_names = 0.6;
constexpr std::uint64_t base_of_hash = 1'000'003;

constexpr std::array<std::string_view, 47> keywords = {
    "and",  "as",      "async",  "await",  "break",  "case",   "catch",  "class",   "const",  "continue",
    "def",  "defer",   "delete", "do",     "elif",   "else",   "except", "finally", "fn",     "for",
    "func", "go",      "goto",   "if",     "in",     "is",     "lambda", "let",     "match",  "new",
    "not",  "or",      "raise",  "return", "select", "sizeof", "static", "struct",  "switch", "throw",
    "try",  "typedef", "unsafe", "var",    "while",  "with",   "yield"};

bool is_name_start(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool is_digit(char c) {
  return std::isdigit(static_cast<unsigned char>(c)) != 0;
}

std::uint32_t hash_of(std::string_view text) {
  std::uint32_t hash = 2166136261u;
  for (char byte : text) hash = (hash ^ static_cast<unsigned char>(byte)) * 16777619u;
  return hash;
}

class Lexer {
 public:
  Lexer(std::string_view text, std::string_view language)
      : text_(text),
        hash_comments_(language == "python" || language == "ruby" || language == "bash"),
        slash_comments_(!hash_comments_),
        triple_quotes_(language == "python"),
        lifetimes_(language == "rust") {}

  std::vector<CodeToken> run() {
    while (at_ < text_.size()) next();
    return std::move(out_);
  }

 private:
  bool at(std::string_view token) const { return text_.substr(at_).starts_with(token); }

  void skip_to(std::string_view end, bool with_end) {
    std::size_t found = text_.find(end, at_);
    std::size_t stop = found == std::string_view::npos ? text_.size() : found + (with_end ? end.size() : 0);
    line_ += static_cast<std::int32_t>(std::count(text_.begin() + static_cast<std::ptrdiff_t>(at_),
                                                  text_.begin() + static_cast<std::ptrdiff_t>(stop), '\n'));
    at_ = stop;
  }

  void push(std::string_view shape, std::string_view exact, bool name, std::int32_t line) {
    out_.push_back({hash_of(shape), hash_of(exact), line, name});
  }

  void next() {
    char c = text_[at_];
    if (std::isspace(static_cast<unsigned char>(c)) != 0) {
      line_ += c == '\n' ? 1 : 0;
      ++at_;
    } else if ((hash_comments_ && c == '#') || (slash_comments_ && at("//"))) {
      skip_to("\n", false);
    } else if (slash_comments_ && at("/*")) {
      at_ += 2;
      skip_to("*/", true);
    } else if (c == '"' || c == '`' || (c == '\'' && !is_lifetime())) {
      string(c);
    } else if (is_name_start(c)) {
      word();
    } else if (is_digit(c)) {
      number();
    } else {
      push(text_.substr(at_, 1), text_.substr(at_, 1), false, line_);
      ++at_;
    }
  }

  bool is_lifetime() const {
    return lifetimes_ && at_ + 2 < text_.size() && is_name_start(text_[at_ + 1]) && text_[at_ + 2] != '\'';
  }

  void string(char quote) {
    std::size_t start = at_;
    std::int32_t line = line_;
    std::string triple(3, quote);
    if (triple_quotes_ && at(triple)) {
      at_ += 3;
      skip_to(triple, true);
    } else {
      ++at_;
      while (at_ < text_.size() && text_[at_] != quote && (text_[at_] != '\n' || quote == '`')) {
        if (text_[at_] == '\\') ++at_;
        if (at_ < text_.size() && text_[at_] == '\n') ++line_;
        ++at_;
      }
      at_ = std::min(at_ + 1, text_.size());
      if (text_[at_ - 1] == '\n') --at_;  // it did not close: the line's end is counted where lines are
    }
    push("\"", text_.substr(start, at_ - start), false, line);
  }

  void word() {
    std::size_t start = at_;
    while (at_ < text_.size() && (is_name_start(text_[at_]) || is_digit(text_[at_]))) ++at_;
    std::string_view word = text_.substr(start, at_ - start);
    bool keyword = std::ranges::binary_search(keywords, word);
    push(keyword ? word : "x", word, !keyword, line_);
  }

  void number() {
    std::size_t start = at_;
    while (at_ < text_.size() && (is_name_start(text_[at_]) || is_digit(text_[at_]) || text_[at_] == '.'))
      ++at_;
    push("0", text_.substr(start, at_ - start), false, line_);
  }

  std::string_view text_;
  bool hash_comments_, slash_comments_, triple_quotes_, lifetimes_;
  std::size_t at_ = 0;
  std::int32_t line_ = 1;
  std::vector<CodeToken> out_;
};

struct Body {
  std::string path, element, name;
  std::int64_t start_line = 0, end_line = 0;
  std::vector<CodeToken> tokens;
};

// A run of code that two bodies share.
struct Run {
  std::size_t length = 0, other = 0;       // tokens, the other body
  std::size_t start = 0, other_start = 0;  // of the run in both
};

class DuplicateFinder {
 public:
  DuplicateFinder(contracts::Session& session, base::Deadline deadline)
      : session_(session), deadline_(deadline) {}

  base::Result<std::vector<Issue>> run() {
    MIRA_TRY(read_bodies());
    for (std::size_t i = 0; i < bodies_.size(); ++i) choose_fingerprints(i);
    best_.resize(bodies_.size());
    for (const auto& [hash, places] : places_)
      if (places.size() > 1 && places.size() <= most_places) compare(places);
    std::vector<Issue> out;
    for (std::size_t i = 0; i < bodies_.size(); ++i)
      if (best_[i].length >= least_shared_tokens) out.push_back(issue_of(i));
    return out;
  }

 private:
  using Place = std::pair<std::uint32_t, std::uint32_t>;  // body, first token

  struct Listed {
    std::string path, language, hash, element, name, doc;
    std::int64_t start_line, end_line;
  };

  base::Status read_bodies() {
    std::vector<Listed> listed;
    MIRA_TRY(session_.index.each(
        "SELECT f.path, f.language, f.content_hash, e.qualified_name, e.ordinal, e.start_line, e.end_line,"
        " e.doc FROM code_elements e JOIN repository_files f USING(file_id) WHERE f.generated = 0 AND"
        " e.is_declaration = 0 AND e.kind IN ('function', 'method', 'constructor') ORDER BY f.path,"
        " e.start_line, e.symbol_index",
        [&](const store::Row& row) {
          code::PathTraits traits = code::path_traits(row.text(0));
          if (traits.test || traits.example || traits.vendored || traits.type_declarations) return;
          std::string name(row.text(3));
          std::string key = row.integer(4) == 0 ? name : fmt::format("{}#{}", name, row.integer(4));
          listed.push_back({std::string(row.text(0)), std::string(row.text(1)), std::string(row.text(2)),
                            std::move(key), std::move(name), std::string(row.text(7)), row.integer(5),
                            row.integer(6)});
        }));
    for (std::size_t i = 0; i < listed.size();) {
      std::size_t end = i;
      while (end < listed.size() && listed[end].path == listed[i].path) ++end;
      MIRA_TRY(read_file(listed, i, end));
      i = end;
    }
    return {};
  }

  base::Status read_file(const std::vector<Listed>& listed, std::size_t first, std::size_t end) {
    if (deadline_.expired())
      return base::fail(base::ErrorCode::timeout, "repeated code was not looked for to the end",
                        "run `mira index`");
    const Listed& file = listed[first];
    auto read = workspace::read_file(session_.project.root, file.path, limits::file_bytes);
    if (!read || base::content_hash(read->bytes) != file.hash) return {};  // the next index reads it
    std::vector<CodeToken> tokens = code_tokens(read->bytes, file.language);
    std::int64_t covered = 0;  // functions inside functions belong to the outer one
    for (std::size_t i = first; i < end; ++i) {
      const Listed& one = listed[i];
      if (one.start_line <= covered || one.doc.find("mira: ignore duplication") != std::string::npos)
        continue;
      auto from = std::ranges::lower_bound(tokens, one.start_line, {}, &CodeToken::line);
      auto to = std::ranges::lower_bound(tokens, one.end_line + 1, {}, &CodeToken::line);
      covered = one.end_line;
      if (to - from < static_cast<std::ptrdiff_t>(least_shared_tokens)) continue;
      bodies_.push_back({one.path, one.element, one.name, one.start_line, one.end_line, {from, to}});
    }
    return {};
  }

  // The least hash of every window of grams, the last of equal ones, each once.
  void choose_fingerprints(std::size_t body) {
    const std::vector<CodeToken>& tokens = bodies_[body].tokens;
    std::vector<std::uint64_t> grams;
    std::uint64_t hash = 0, highest = 1;
    for (std::size_t i = 1; i < gram_tokens; ++i) highest *= base_of_hash;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      if (i >= gram_tokens) hash -= highest * tokens[i - gram_tokens].shape;
      hash = hash * base_of_hash + tokens[i].shape;
      if (i + 1 >= gram_tokens) grams.push_back(hash * 0x9E3779B97F4A7C15ull);
    }
    std::size_t chosen = SIZE_MAX;
    for (std::size_t start = 0; start + window_grams <= grams.size(); ++start) {
      std::size_t least = start;
      for (std::size_t i = start + 1; i < start + window_grams; ++i)
        if (grams[i] <= grams[least]) least = i;
      if (least == chosen) continue;
      chosen = least;
      places_[grams[least]].emplace_back(static_cast<std::uint32_t>(body), static_cast<std::uint32_t>(least));
    }
  }

  void compare(const std::vector<Place>& places) {
    for (std::size_t i = 0; i < places.size(); ++i)
      for (std::size_t j = i + 1; j < places.size(); ++j)
        if (places[i].first != places[j].first) follow(places[i], places[j]);
  }

  void follow(Place a, Place b) {
    const std::vector<CodeToken>&one = bodies_[a.first].tokens, &two = bodies_[b.first].tokens;
    std::size_t from = a.second, other = b.second, length = 0, names = 0, same = 0;
    while (from > 0 && other > 0 && one[from - 1].shape == two[other - 1].shape) --from, --other;
    while (from + length < one.size() && other + length < two.size() &&
           one[from + length].shape == two[other + length].shape) {
      const CodeToken &left = one[from + length], &right = two[other + length];
      names += left.name ? 1 : 0;
      same += left.name && left.exact == right.exact ? 1 : 0;
      ++length;
    }
    if (length < least_shared_tokens) return;
    if (static_cast<double>(same) < least_same_names * static_cast<double>(names)) return;
    keep(a.first, {length, b.first, from, other});
    keep(b.first, {length, a.first, other, from});
  }

  // The longest; of equal ones the one with the first place.
  void keep(std::size_t body, const Run& run) {
    Run& best = best_[body];
    auto order = [](const Run& one) {
      return std::tuple(one.length, SIZE_MAX - one.other, SIZE_MAX - one.start, SIZE_MAX - one.other_start);
    };
    if (order(run) > order(best)) best = run;
  }

  Issue issue_of(std::size_t body) const {
    const Body& one = bodies_[body];
    const Run& run = best_[body];
    const Body& other = bodies_[run.other];
    std::int32_t from = one.tokens[run.start].line, to = one.tokens[run.start + run.length - 1].line;
    return {one.path,
            one.element,
            "duplication",
            "info",
            static_cast<std::int64_t>(run.length),
            fmt::format("{} tokens are as in {} at {}:{}", run.length, base::display_line(other.name),
                        base::display_line(other.path), other.tokens[run.other_start].line),
            "take what both do into one function",
            from,
            to};
  }

  contracts::Session& session_;
  base::Deadline deadline_;
  std::vector<Body> bodies_;
  std::unordered_map<std::uint64_t, std::vector<Place>> places_;
  std::vector<Run> best_;
};

}  // namespace

std::vector<CodeToken> code_tokens(std::string_view text, std::string_view language) {
  return Lexer(text, language).run();
}

base::Result<std::vector<Issue>> find_duplicates(contracts::Session& session, base::Deadline deadline) {
  return DuplicateFinder(session, deadline).run();
}

}  // namespace mira::semantics

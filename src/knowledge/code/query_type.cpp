#include "knowledge/code/query_type.h"

#include <algorithm>
#include <charconv>
#include <unordered_map>
#include <unordered_set>

#include "knowledge/code/languages.h"
#include "knowledge/code/search_path.h"
#include "knowledge/code/search_words.h"
#include "platform/base/ascii.h"
#include "platform/base/limits.h"
#include "platform/base/text.h"

namespace mira::code {
namespace {

using base::is_digit;
using base::is_lower;
using base::is_name_byte;
using base::is_upper;

constexpr std::size_t most_words = 64;    // of one query; a long issue text keeps its commonest
constexpr std::size_t most_symbols = 16;  // mentions looked up
constexpr std::size_t most_paths = 32;
constexpr double told_path = 0.5;    // a path below the first line, against one in it
constexpr double outer_call = 0.85;  // a call of a trace, against the one inside it

bool is_identifier(std::string_view text) {
  return !text.empty() && !is_digit(text[0]) && std::all_of(text.begin(), text.end(), is_name_byte);
}

// fooBar, FooBar, HTTPServer, foo_bar, FOO_BAR; not foo, Foo or HTTP.
bool looks_like_code(std::string_view name) {
  if (name.find('_', 1) != std::string_view::npos && name.back() != '_') return true;
  bool lower = std::any_of(name.begin(), name.end(), is_lower);
  std::size_t upper_inside = 0;
  for (std::size_t i = 1; i < name.size(); ++i) upper_inside += is_upper(name[i]);
  return lower && upper_inside > 0;
}

std::string_view strip_punctuation(std::string_view token) {
  constexpr std::string_view outer = ".,;:!?\"'()[]{}<>*=&";
  while (!token.empty() && outer.find(token.front()) != std::string_view::npos) token.remove_prefix(1);
  while (!token.empty() && outer.find(token.back()) != std::string_view::npos) token.remove_suffix(1);
  return token;
}

// "src/a.c", "a.py:12", "lib/x/": holds a slash or ends like a file name.
PathMention path_mention(std::string_view token) {
  PathMention mention;
  std::size_t colon = token.find(':');
  if (colon != std::string_view::npos) {
    std::string_view digits = token.substr(colon + 1);
    std::from_chars(digits.data(), digits.data() + digits.size(), mention.line);
    if (mention.line <= 0) return {};
    token = token.substr(0, colon);
  }
  if (token.empty() || token.find("//") != std::string_view::npos) return {};
  std::size_t slash = token.rfind('/');
  std::string_view name = slash == std::string_view::npos ? token : token.substr(slash + 1);
  if (slash == std::string_view::npos && language_of(name, "") == nullptr) return {};
  if (!std::all_of(token.begin(), token.end(),
                   [](char c) { return is_name_byte(c) || c == '/' || c == '.' || c == '-' || c == '+'; })) {
    return {};
  }
  mention.path = token;
  return mention;
}

class Typer {
 public:
  TypedQuery type(std::string_view text) {
    text = base::truncate_utf8(text, limits::query_bytes);
    std::string shown = without_remarks(base::repair_utf8(text));
    bool fenced = false;
    for (std::string_view line : base::split(shown, '\n')) {
      if (base::trim(line).empty()) continue;
      bool fence = is_fence(line);
      fenced ^= fence;
      voice_ = lines_ == 0 ? Voice::title : voice_of(line, fenced || fence);
      ++lines_;
      if (lines_ > 1 && is_inventory(line)) continue;
      python_call_ = line.contains("File \"");
      read_line(line);
    }
    finish();
    return std::move(query_);
  }

 private:
  void read_line(std::string_view line) {
    std::size_t at = 0;
    while (at < line.size()) {
      std::size_t end = std::min(line.find_first_of(" \t\r\n", at), line.size());
      token(line.substr(at, end - at));
      at = end + 1;
    }
  }

  void token(std::string_view raw) {
    if (raw.empty() || filter(raw)) return;
    ++tokens_;
    bool quoted = raw.size() > 2 && raw.find('`') != std::string_view::npos;
    std::string unquoted(raw);
    std::erase(unquoted, '`');
    std::string_view bare = strip_punctuation(unquoted);
    if (bare.empty()) return;
    if (PathMention path = path_mention(bare); !path.path.empty()) {
      add_path(std::move(path));
    } else {
      mention(bare, quoted || unquoted.ends_with("()"));
    }
    for (std::string_view word : base::words(unquoted)) add_word(word);
  }

  void add_path(PathMention path) {
    bool named = voice_ == Voice::title;
    bool called = voice_ == Voice::code || python_call_;
    (named ? query_.paths : called ? calls_ : told_).push_back(std::move(path));
    python_trace_ |= python_call_;
  }

  // Below the first line a path is told of, or is one of the calls of a trace. Of these the innermost counts
  // most: the first one, but Python's is the last.
  void take_paths_below() {
    if (python_trace_) std::ranges::reverse(calls_);
    for (PathMention& path : told_) take_path(std::move(path), told_path);
    double share = told_path;
    for (PathMention& path : calls_)
      if (take_path(std::move(path), share)) share *= outer_call;
  }

  bool take_path(PathMention path, double share) {
    auto same = [&](const PathMention& other) { return other.path == path.path; };
    if (query_.paths.size() >= most_paths || std::ranges::any_of(query_.paths, same)) return false;
    path.share = share;
    query_.paths.push_back(std::move(path));
    return true;
  }

  void mention(std::string_view bare, bool marked) {
    SymbolMention found = symbol_mention(bare);
    if (found.name.empty() || query_.symbols.size() >= most_symbols) return;
    found.explicit_ = marked || !found.scope.empty() || looks_like_code(found.name);
    if (!found.explicit_ && !is_upper(found.name[0])) {
      last_plain_ = found;
      return;
    }
    bool known = std::any_of(query_.symbols.begin(), query_.symbols.end(),
                             [&](const SymbolMention& m) { return m.written == found.written; });
    if (!known) query_.symbols.push_back(std::move(found));
  }

  void add_word(std::string_view token) {
    CodeWord word = code_word(token);
    if (word.whole.empty() && word.parts.empty()) return;
    note_wish(word.whole);
    bool stop = base::is_stop_word(word.whole);
    (stop ? stop_words_ : words_).add(word.whole, voice_, false);
    if (word.parts.empty() && !stop) plain_.add(word.whole, voice_, false);
    for (const std::string& part : word.parts) {
      if (base::is_stop_word(part)) continue;
      words_.add(part, voice_, true);
      plain_.add(part, voice_, true);
    }
  }

  void note_wish(std::string_view word) {
    query_.wants_system |= is_system_name(word);
    for (std::string_view test :
         {"test", "tests", "testing", "unittest", "spec", "specs", "fixture", "mock"}) {
      query_.wants_tests |= word == test;
    }
    for (std::string_view example : {"example", "examples", "demo", "sample", "samples"}) {
      query_.wants_examples |= word == example;
    }
  }

  bool filter(std::string_view token) {
    auto take = [&](std::string_view prefix, std::string& into) {
      if (!token.starts_with(prefix) || token.size() == prefix.size() || token[prefix.size()] == ':')
        return false;
      into = token.substr(prefix.size());
      return true;
    };
    return take("path:", query_.filters.path) || take("lang:", query_.filters.language) ||
           take("sym:", query_.filters.symbol);
  }

  void finish() {
    query_.report = lines_ > 1 || words_.is_long();
    if (query_.report)
      query_.wants_tests = query_.wants_examples = false;  // it says how to see what it is about
    take_paths_below();
    query_.words = words_.take(most_words);
    for (QueryWord& word : plain_.take(most_words)) query_.plain.push_back(std::move(word.text));
    if (query_.words.empty()) query_.words = stop_words_.take(most_words);
    if (tokens_ != 1) return;
    if (!query_.paths.empty()) query_.kind = QueryKind::path;
    if (query_.symbols.empty() && !last_plain_.name.empty()) query_.symbols.push_back(last_plain_);
    if (!query_.symbols.empty()) {
      query_.kind = QueryKind::symbol;
      query_.symbols.front().explicit_ = true;
    }
  }

  TypedQuery query_;
  WordList words_, plain_, stop_words_;
  std::vector<PathMention> told_, calls_;
  SymbolMention last_plain_;
  Voice voice_ = Voice::title;
  bool python_call_ = false, python_trace_ = false;
  int tokens_ = 0, lines_ = 0;
};

}  // namespace

TypedQuery type_query(std::string_view text) {
  return Typer().type(text);
}

SymbolMention symbol_mention(std::string_view text) {
  text = strip_punctuation(text);
  SymbolMention mention;
  mention.written = text;
  std::size_t cut = std::string_view::npos, width = 0;
  for (std::string_view separator : {"::", "->", ".", "#"}) {
    std::size_t at = text.rfind(separator);
    if (at != std::string_view::npos && (cut == std::string_view::npos || at > cut)) {
      cut = at;
      width = separator.size();
    }
  }
  std::string_view name = cut == std::string_view::npos ? text : text.substr(cut + width);
  std::string_view scope = cut == std::string_view::npos ? std::string_view() : text.substr(0, cut);
  if (!is_identifier(name)) return {};
  bool whole = std::all_of(scope.begin(), scope.end(), [](char c) {
    return is_name_byte(c) || c == ':' || c == '.' || c == '-' || c == '>';
  });
  if (!whole) return {};
  mention.name = name;
  mention.scope = scope;
  return mention;
}

}  // namespace mira::code

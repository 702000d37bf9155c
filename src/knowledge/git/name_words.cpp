#include "knowledge/git/name_words.h"

#include <algorithm>
#include <array>

#include "platform/base/text.h"

namespace mira::git {
namespace {

enum class Letter { other, small, capital, digit };

Letter letter(char c) {
  if (c >= 'a' && c <= 'z') return Letter::small;
  if (c >= 'A' && c <= 'Z') return Letter::capital;
  return c >= '0' && c <= '9' ? Letter::digit : Letter::other;
}

bool says_nothing(std::string_view word) {
  constexpr std::array<std::string_view, 8> dull = {"test",  "tests", "spec", "t",
                                                    "index", "main",  "src",  "lib"};
  return std::ranges::find(dull, word) != dull.end();
}

// End of the word that starts at `from`: small letters after one capital at most, digits, or a run of
// capitals that leaves the last one to a small letter behind it.
std::size_t word_end(std::string_view stem, std::size_t from) {
  Letter kind = letter(stem[from]);
  std::size_t end = from + 1;
  while (end < stem.size() && letter(stem[end]) == kind) ++end;
  if (kind != Letter::capital || end == stem.size() || letter(stem[end]) != Letter::small) return end;
  if (end - from > 1) return end - 1;
  while (end < stem.size() && letter(stem[end]) == Letter::small) ++end;
  return end;
}

}  // namespace

std::vector<std::string> name_words(std::string_view path) {
  std::string_view base = path.substr(path.rfind('/') + 1);
  std::string_view stem = base.starts_with('.') ? base : base.substr(0, base.find('.'));
  std::vector<std::string> out;
  for (std::size_t at = 0; at < stem.size();) {
    if (letter(stem[at]) == Letter::other) {
      ++at;
      continue;
    }
    std::size_t end = word_end(stem, at);
    std::string word = base::to_lower(stem.substr(at, end - at));
    if (!says_nothing(word)) out.push_back(std::move(word));
    at = end;
  }
  std::ranges::sort(out);
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

std::string_view folder_of(std::string_view path) {
  std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

}  // namespace mira::git

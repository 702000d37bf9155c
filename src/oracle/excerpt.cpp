#include "oracle/excerpt.h"

#include <algorithm>
#include <cctype>
#include <numeric>

#include "platform/base/text.h"
#include "platform/tokens/tokens.h"

namespace mira::oracle {
namespace {

constexpr int opening_lines = 3;
constexpr int lines_around = 2;  // shown before and after a telling line
constexpr int widest_filled_gap = 1;
constexpr std::size_t least_stem = 4;
constexpr std::string_view gap_mark = "...\n";

// "redirects" and "redirected" are both found by "redirect".
std::string_view stem(std::string_view word) {
  for (std::string_view ending : {"ing", "ed", "es", "s"}) {
    if (word.ends_with(ending) && word.size() >= least_stem + ending.size())
      return word.substr(0, word.size() - ending.size());
  }
  return word;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

// For each line the sum over the words it holds of 1 / lines that hold the word.
std::vector<double> telling(const std::vector<std::string_view>& lines,
                            const std::vector<std::string>& words) {
  std::vector<std::string> lowered;
  lowered.reserve(lines.size());
  for (std::string_view line : lines) lowered.push_back(lower(line));
  std::vector<double> scores(lines.size(), 0);
  for (const std::string& word : words) {
    std::string_view looked_for = stem(word);
    if (looked_for.size() < least_stem - 1) continue;
    std::vector<std::size_t> holders;
    for (std::size_t i = 0; i < lowered.size(); ++i) {
      if (lowered[i].contains(looked_for)) holders.push_back(i);
    }
    for (std::size_t i : holders) scores[i] += 1.0 / static_cast<double>(holders.size());
  }
  return scores;
}

// Lines in the order in which they are worth showing.
std::vector<int> order_of(const std::vector<double>& scores) {
  int count = static_cast<int>(scores.size());
  std::vector<int> order;
  std::vector<bool> taken(scores.size(), false);
  auto take = [&](int line) {
    if (line < 0 || line >= count || taken[static_cast<std::size_t>(line)]) return;
    taken[static_cast<std::size_t>(line)] = true;
    order.push_back(line);
  };
  for (int line = 0; line < opening_lines; ++line) take(line);
  std::vector<int> hits;
  for (int line = 0; line < count; ++line) {
    if (scores[static_cast<std::size_t>(line)] > 0) hits.push_back(line);
  }
  std::stable_sort(hits.begin(), hits.end(), [&](int a, int b) {
    return scores[static_cast<std::size_t>(a)] > scores[static_cast<std::size_t>(b)];
  });
  for (int hit : hits) {
    take(hit);
    for (int away = 1; away <= lines_around; ++away) {
      take(hit - away);
      take(hit + away);
    }
  }
  for (int line = 0; line < count; ++line) take(line);
  return order;
}

}  // namespace

Excerpt::Excerpt(std::string_view text, const std::vector<std::string>& words) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  lines_ = base::split(text, '\n');
  tokens_.reserve(lines_.size());
  for (std::string_view line : lines_) tokens_.push_back(tokens::count(line) + 1);
  order_ = order_of(telling(lines_, words));
}

Shown Excerpt::first(std::size_t count) const {
  std::vector<int> chosen(order_.begin(), order_.begin() + static_cast<std::ptrdiff_t>(count));
  std::sort(chosen.begin(), chosen.end());
  Shown out{.left_out = lines()};
  int next = 0;  // the line that would follow without a gap
  auto show = [&](int line) {
    out.text += lines_[static_cast<std::size_t>(line)];
    out.text += '\n';
    --out.left_out;
  };
  for (int line : chosen) {
    if (line - next <= widest_filled_gap) {
      while (next < line) show(next++);
    } else {
      out.text += gap_mark;
    }
    show(line);
    next = line + 1;
  }
  return out;
}

Shown Excerpt::within(std::size_t most_tokens, int most_lines) const {
  std::size_t count = 0;
  std::size_t sum = 0;
  while (count < order_.size() && count < static_cast<std::size_t>(std::max(most_lines, 0))) {
    sum += tokens_[static_cast<std::size_t>(order_[count])];
    if (sum > most_tokens) break;
    ++count;
  }
  while (count > 0) {
    Shown shown = first(count);
    std::size_t tokens = tokens::count(shown.text);
    if (tokens <= most_tokens) return shown;
    // Gap marks and filled gaps cost more than was summed up: take off about as much.
    std::size_t each = std::max<std::size_t>(1, tokens / count);
    count -= std::min(count, std::max<std::size_t>(1, (tokens - most_tokens) / each / 2));
  }
  return {.left_out = lines()};
}

}  // namespace mira::oracle

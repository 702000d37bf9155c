#include "knowledge/memory/supersede.h"

#include <algorithm>
#include <map>
#include <set>

#include "knowledge/memory/weights.h"
#include "platform/base/text.h"

namespace mira::memory {
namespace {

using base::Result;
using base::Status;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// "3 PM", "1,350 words", "4:30" -> {"3", "1,350", "4:30"}.
std::set<std::string> numbers_in(std::string_view text) {
  std::set<std::string> out;
  for (std::size_t at = 0; at < text.size();) {
    if (!is_digit(text[at])) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < text.size() && (is_digit(text[end]) || (std::string_view(".,:").contains(text[end]) &&
                                                         end + 1 < text.size() && is_digit(text[end + 1]))))
      ++end;
    out.emplace(text.substr(at, end - at));
    at = end;
  }
  return out;
}

class Pairs {
 public:
  Pairs(store::Connection& main, const Snapshot& snapshot, const Lexical& lexical)
      : main_(main), snapshot_(snapshot), lexical_(lexical) {}

  // How much of what the earlier says of the question the later says too; 0 when it does not replace it.
  Result<float> replaces(const Ranked& earlier, const Ranked& later) {
    const Document &before = snapshot_.documents[earlier.document],
                   &after = snapshot_.documents[later.document];
    bool candidate = before.has(Document::by_person) && after.has(Document::by_person) &&
                     is_later(before, after) && after.has(Document::changes) &&
                     after.has(Document::numbered) && !after.has(Document::acknowledges) &&
                     earlier.score - later.score <= weights::replaces_reach;
    if (!candidate) return 0;
    float share = shared(earlier.document, later.document);
    if (share < weights::replaces_share) return 0;
    if (after.has(Document::replaces)) return share;
    return MIRA_TRY(has_new_number(before.entry, after.entry)) ? share : 0;
  }

 private:
  static bool is_later(const Document& before, const Document& after) {
    if (before.said_ms > 0 && after.said_ms > 0 && before.said_ms != after.said_ms)
      return after.said_ms > before.said_ms;
    return after.entry > before.entry;
  }
  float idf_of(std::uint64_t stems) const {
    float sum = 0;
    for (std::size_t i = 0; i < lexical_.idf.size() && i < 64; ++i) {
      if ((stems >> i) & 1) sum += lexical_.idf[i];
    }
    return sum;
  }
  float shared(std::uint32_t earlier, std::uint32_t later) const {
    float own = idf_of(lexical_.holds[earlier]);
    return own > 0 ? idf_of(lexical_.holds[earlier] & lexical_.holds[later]) / own : 0;
  }
  Result<const std::set<std::string>*> numbers_of(std::int64_t entry) {
    auto known = numbers_.find(entry);
    if (known == numbers_.end()) {
      auto text = MIRA_TRY(main_.text("SELECT content FROM memory_entries WHERE entry_id = ?", entry));
      known = numbers_.emplace(entry, numbers_in(text.value_or(""))).first;
    }
    return &known->second;
  }
  Result<bool> has_new_number(std::int64_t earlier, std::int64_t later) {
    const std::set<std::string>* before = MIRA_TRY(numbers_of(earlier));
    const std::set<std::string>* after = MIRA_TRY(numbers_of(later));
    return std::ranges::any_of(*after, [&](const std::string& number) { return !before->contains(number); });
  }

  store::Connection& main_;
  const Snapshot& snapshot_;
  const Lexical& lexical_;
  std::map<std::int64_t, std::set<std::string>> numbers_;
};

}  // namespace

Status put_successors_first(store::Connection& main, const Snapshot& snapshot, const Lexical& lexical,
                            std::vector<Ranked>& ranked) {
  Pairs pairs(main, snapshot, lexical);
  std::size_t among = std::min(weights::replaces_among, ranked.size());
  std::set<std::uint32_t> moved;
  for (std::size_t i = 0; i < among; ++i) {
    if (moved.contains(ranked[i].document)) continue;
    float best = 0;
    std::size_t successor = 0;
    for (std::size_t j = i + 1; j < among; ++j) {
      if (moved.contains(ranked[j].document)) continue;
      float share = MIRA_TRY(pairs.replaces(ranked[i], ranked[j]));
      if (share > best) {
        best = share;
        successor = j;
      }
    }
    if (best <= 0) continue;
    moved.insert({ranked[i].document, ranked[successor].document});
    auto from = ranked.begin() + static_cast<std::ptrdiff_t>(i);
    std::rotate(from, ranked.begin() + static_cast<std::ptrdiff_t>(successor),
                ranked.begin() + static_cast<std::ptrdiff_t>(successor) + 1);
    from->score = std::max(from->score, (from + 1)->score);
  }
  return {};
}

}  // namespace mira::memory

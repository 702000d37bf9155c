#include "knowledge/memory/supersede.h"

#include <algorithm>
#include <bit>
#include <map>
#include <set>

#include "knowledge/memory/claims.h"
#include "knowledge/memory/cues.h"
#include "knowledge/memory/weights.h"

namespace mira::memory {
namespace {

using base::Result;
using base::Status;

// What one saying states, as far as it bears on the question.
struct Reading {
  std::vector<Claim> claims;
  std::vector<std::string> replaced;  // the old name it gives
  std::string prose;
  bool reschedules = false;
};

class Pairs {
 public:
  Pairs(store::Connection& main, const Snapshot& snapshot, const Lexical& lexical,
        const std::vector<std::string>& stems, unsigned kinds, WordReader& reader)
      : main_(main), snapshot_(snapshot), lexical_(lexical), stems_(stems), kinds_(kinds), reader_(reader) {}

  // How well the later fits as the successor of the earlier; 0 when it does not replace it.
  Result<float> replaces(const Ranked& earlier, const Ranked& later) {
    const Document &before = snapshot_.documents[earlier.document],
                   &after = snapshot_.documents[later.document];
    bool candidate = before.has(Document::by_person) && after.has(Document::by_person) &&
                     is_later(before, after) && !after.has(Document::acknowledges) &&
                     earlier.score - later.score <= weights::replaces_reach;
    if (!candidate) return 0;
    float share = shared(earlier.document, later.document);
    if (share < weights::replaces_share) return 0;
    const Reading* old = MIRA_TRY(reading_of(before.entry));
    const Reading* fresh = MIRA_TRY(reading_of(after.entry));
    float near = 1 - weights::successor_fade * (earlier.score - later.score);
    bool same_subject = share >= weights::same_subject_share;
    if (same_subject && names_old(*old, *fresh)) return std::max(share + near + 1, 0.01F);
    bool announced = after.has(Document::changes) || after.has(Document::replaces);
    float support = states_anew(*old, *fresh, lexical_.holds[earlier.document], announced,
                                same_subject ? 1 : weights::words_of_a_subject);
    float fit = share + support + near + (announced ? weights::announced_worth : 0);
    bool changed = before.has(Document::changes) || before.has(Document::replaces);
    float least = announced ? weights::announced_support : weights::silent_support;
    if (changed) least = std::max(least, weights::changed_support);
    if (support >= least) return std::max(fit, 0.01F);
    if (same_subject && fresh->reschedules && announced && !old->claims.empty())
      return std::max(share + near, 0.01F);
    return 0;
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
  bool names_old(const Reading& old, const Reading& fresh) const {
    if (fresh.replaced.empty()) return false;
    std::vector<std::string> said = reader_.read(old.prose);
    return std::ranges::all_of(
        fresh.replaced, [&](const std::string& stem) { return std::ranges::find(said, stem) != said.end(); });
  }
  // Both count in a unit that the question names: "how many books".
  bool counts_what_is_asked(const Claim& before, const Claim& after) const {
    return std::ranges::any_of(after.units, [&](const std::string& unit) {
      return std::ranges::find(before.units, unit) != before.units.end() &&
             std::ranges::find(stems_, unit) != stems_.end();
    });
  }
  // The share of the earlier's words of the question that stand beside both values; 0: no value is new. At
  // least `words` must: one word ("deadline") is as much of another subject.
  float states_anew(const Reading& old, const Reading& fresh, std::uint64_t held, bool announced,
                    int words) const {
    float best = 0, own = idf_of(held);
    for (const Claim& after : fresh.claims) {
      bool said_before = false;
      float support = 0;
      for (const Claim& before : old.claims) {
        bool bare = after.kind == ClaimKind::count && (before.units.empty() || after.units.empty());
        if (!comparable(before, after) || (bare && !announced)) continue;
        said_before |= before.stated == after.stated;
        if (std::popcount(before.near & after.near) < words) continue;
        float own_unit = counts_what_is_asked(before, after) ? weights::unit_support * own : 0;
        support = std::max(support, idf_of(before.near & after.near) + own_unit);
      }
      if (!said_before) best = std::max(best, support);
    }
    return own > 0 ? best / own : 0;
  }

  Result<const Reading*> reading_of(std::int64_t entry) {
    auto known = readings_.find(entry);
    if (known != readings_.end()) return &known->second;
    auto content = MIRA_TRY(main_.text("SELECT content FROM memory_entries WHERE entry_id = ?", entry));
    std::string text = prose_of(content.value_or(""));
    Reading reading;
    reading.claims = claims_in(text, stems_, reader_);
    std::erase_if(reading.claims, [&](const Claim& claim) { return !is_asked(claim.kind, kinds_); });
    reading.replaced = replaced_in(text, reader_);
    reading.reschedules = reschedules(text);
    reading.prose = std::move(text);
    return &readings_.emplace(entry, std::move(reading)).first->second;
  }

  store::Connection& main_;
  const Snapshot& snapshot_;
  const Lexical& lexical_;
  const std::vector<std::string>& stems_;
  unsigned kinds_;
  WordReader& reader_;
  std::map<std::int64_t, Reading> readings_;
};

}  // namespace

Status put_successors_first(store::Connection& main, const Snapshot& snapshot, const Lexical& lexical,
                            const std::vector<std::string>& stems, unsigned kinds, WordReader& reader,
                            std::vector<Ranked>& ranked) {
  Pairs pairs(main, snapshot, lexical, stems, kinds, reader);
  std::size_t replaced = std::min(weights::replaces_among, ranked.size());
  std::size_t among = std::min(weights::successors_among, ranked.size());
  std::set<std::uint32_t> moved;
  for (std::size_t i = 0; i < replaced; ++i) {
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
    moved.insert(ranked[successor].document);
    auto from = ranked.begin() + static_cast<std::ptrdiff_t>(i);
    std::rotate(from, ranked.begin() + static_cast<std::ptrdiff_t>(successor),
                ranked.begin() + static_cast<std::ptrdiff_t>(successor) + 1);
    from->score = std::max(from->score, (from + 1)->score);
  }
  return {};
}

}  // namespace mira::memory

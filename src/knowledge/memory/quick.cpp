#include "knowledge/memory/quick.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>
#include <numeric>

#include "knowledge/memory/arms.h"
#include "knowledge/memory/segments.h"

namespace mira::memory {
namespace {

using base::Result;
using base::Status;
using store::Connection;
using store::Row;

constexpr std::size_t most_stems = 64;               // a bit each
constexpr std::int64_t most_list_bytes = 256 << 10;  // of a word in all segments; more say little of any
constexpr std::int64_t most_candidates = 60'000;     // looked at, of the lists that name them
constexpr std::size_t records_read = 64;             // of the best candidates
constexpr std::int64_t waiting_as_one_segment = 0;   // entries that are in no segment yet

struct Found {
  std::int64_t segment = 0;
  std::uint32_t place = 0;  // in the segment
  std::int64_t entry = 0;   // known at once of those that wait, else by their record
  std::uint64_t holds = 0;  // which stems
  double covered = 0;       // idf of those
};

struct Stem {
  std::string word;
  std::int64_t bytes = 0;                         // of its lists
  std::map<std::int64_t, std::vector<Hit>> hits;  // by segment
  std::size_t holding() const {
    return std::accumulate(hits.begin(), hits.end(), std::size_t{0},
                           [](std::size_t sum, const auto& list) { return sum + list.second.size(); });
  }
};

class QuickPass {
 public:
  QuickPass(Connection& main, const RecallQuestion& question, WordReader& reader)
      : main_(main), question_(question), reader_(reader) {}

  Result<std::optional<RecallAnswer>> run() {
    MIRA_TRY(measure());
    if (size_ <= quick_from) return std::nullopt;
    for (std::string& word : stems_asked(question_.text, {}, reader_))
      if (stems_.size() < most_stems) stems_.push_back({std::move(word), 0, {}});
    MIRA_TRY(read_lists());
    RecallAnswer answer{.quick = true, .looked_at = static_cast<std::size_t>(size_)};
    if (stems_.empty()) return answer;
    needed_ = static_cast<int>(std::ceil(quick_share * static_cast<double>(stems_.size())));
    for (std::int64_t segment : segments_) collect(segment);
    MIRA_TRY(collect_waiting());
    MIRA_TRY(rank());
    for (const Found& one : found_) {
      if (answer.found.size() == question_.limit) break;
      answer.found.push_back({one.entry, asked() > 0 ? one.covered / asked() : 0, {}});
    }
    return answer;
  }

 private:
  Status measure() {
    for (std::int64_t scope : question_.scopes) {
      MIRA_TRY(main_.each(
          "SELECT segment_id, entries FROM memory_segments WHERE scope_id = ?",
          [&](const Row& row) {
            segments_.push_back(row.integer(0));
            size_ += row.integer(1);
          },
          scope));
      auto waiting = MIRA_TRY(
          main_.integer("SELECT count(*) FROM memory_entries WHERE scope_id = ? AND segment_id = 0", scope));
      size_ += waiting.value_or(0);
    }
    return {};
  }

  // The rarest word first; words that a large part of all messages hold are not asked for.
  Status read_lists() {
    for (Stem& stem : stems_) {
      for (std::int64_t segment : segments_) {
        auto bytes = MIRA_TRY(
            main_.integer("SELECT length(hits) FROM memory_postings WHERE segment_id = ? AND word = ?",
                          segment, stem.word));
        stem.bytes += bytes.value_or(0);
      }
    }
    std::erase_if(stems_, [](const Stem& stem) { return stem.bytes > most_list_bytes; });
    std::ranges::stable_sort(stems_, {}, &Stem::bytes);
    for (Stem& stem : stems_) {
      for (std::int64_t segment : segments_) {
        MIRA_TRY(main_.each(
            "SELECT hits FROM memory_postings WHERE segment_id = ? AND word = ?",
            [&](const Row& row) { unpack_hits(row.blob(0), stem.hits[segment]); }, segment, stem.word));
      }
      rarity_.push_back(idf(static_cast<double>(size_), static_cast<double>(stem.holding())));
    }
    return {};
  }

  double asked() const { return std::accumulate(rarity_.begin(), rarity_.end(), 0.0); }

  // What holds `needed_` of the words holds one of all but the needed_ - 1 most common.
  void collect(std::int64_t segment) {
    const std::size_t naming = stems_.size() - static_cast<std::size_t>(needed_) + 1;
    std::vector<Found> candidates;
    for (std::size_t i = 0; i < naming; ++i) {
      if (std::ssize(candidates) > most_candidates) break;
      for (const Hit& hit : stems_[i].hits[segment])
        candidates.push_back({.segment = segment, .place = hit.document});
    }
    std::ranges::sort(candidates, {}, &Found::place);
    auto repeated = std::ranges::unique(candidates, {}, &Found::place);
    candidates.erase(repeated.begin(), repeated.end());
    for (std::size_t i = 0; i < stems_.size(); ++i) mark(candidates, i, stems_[i].hits[segment]);
    for (const Found& one : candidates) keep(one);
  }

  // Both lists rise.
  void mark(std::vector<Found>& candidates, std::size_t stem, const std::vector<Hit>& hits) const {
    auto at = hits.begin();
    for (Found& one : candidates) {
      while (at != hits.end() && at->document < one.place) ++at;
      if (at == hits.end()) return;
      if (at->document != one.place) continue;
      one.holds |= std::uint64_t{1} << stem;
      one.covered += rarity_[stem];
    }
  }

  Status collect_waiting() {
    for (std::int64_t scope : question_.scopes) {
      MIRA_TRY(main_.each(
          "SELECT entry_id, origin, content FROM memory_entries WHERE scope_id = ? AND segment_id = 0",
          [&](const Row& row) {
            if (row.text(1) == "recalled") return;
            Found one{.segment = waiting_as_one_segment, .entry = row.integer(0)};
            const std::vector<std::string> words = reader_.read(row.text(2));
            for (std::size_t i = 0; i < stems_.size(); ++i) {
              if (std::ranges::find(words, stems_[i].word) == words.end()) continue;
              one.holds |= std::uint64_t{1} << i;
              one.covered += rarity_[i];
            }
            keep(one);
          },
          scope));
    }
    return {};
  }

  void keep(const Found& one) {
    if (std::popcount(one.holds) >= needed_) found_.push_back(one);
  }

  Status rank() {
    std::ranges::stable_sort(found_, [](const Found& a, const Found& b) {
      if (a.covered != b.covered) return a.covered > b.covered;
      return a.entry != b.entry ? a.entry > b.entry : a.place > b.place;
    });
    if (found_.size() > records_read) found_.resize(records_read);
    std::vector<Found> told;
    for (Found& one : found_) {
      if (one.segment == waiting_as_one_segment) {
        told.push_back(one);
        continue;
      }
      auto document = MIRA_TRY(document_at(main_, one.segment, one.place));
      if (!document || document->has(Document::recalled)) continue;  // an echo is nobody's saying
      one.entry = document->entry;
      told.push_back(one);
    }
    std::ranges::stable_sort(told, [](const Found& a, const Found& b) {
      return a.covered != b.covered ? a.covered > b.covered : a.entry > b.entry;
    });
    found_ = std::move(told);
    return {};
  }

  Connection& main_;
  const RecallQuestion& question_;
  WordReader& reader_;
  std::vector<std::int64_t> segments_;
  std::int64_t size_ = 0;
  std::vector<Stem> stems_;     // the rarest first
  std::vector<double> rarity_;  // idf of each
  int needed_ = 1;
  std::vector<Found> found_;
};

}  // namespace

Result<std::optional<RecallAnswer>> ask_quickly(Connection& main, const RecallQuestion& question,
                                                WordReader& reader) {
  return QuickPass(main, question, reader).run();
}

}  // namespace mira::memory

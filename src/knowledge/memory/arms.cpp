#include "knowledge/memory/arms.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "knowledge/memory/cues.h"
#include "knowledge/memory/weights.h"
#include "platform/base/text.h"

namespace mira::memory {
namespace {

using base::Result;

// BM25 (Robertson, Zaragoza 2009), with an idf that never goes below 0.
constexpr float saturation = 1.2F, length_share = 0.75F, conversation_length_share = 0.3F;
constexpr std::size_t few_documents = 5000;  // up to here every word is looked at
constexpr double common_share = 0.2;         // words in more documents than this say little and cost much

float saturated(float count, float length, float average, float share) {
  return count * (saturation + 1) /
         (count + saturation * (1 - share + share * length / std::max(average, 1.0F)));
}

// Counts by place, and which places have one; emptied by its reader.
class Counts {
 public:
  explicit Counts(std::size_t size) : count_(size) {}
  void add(std::uint32_t place, std::uint32_t count) {
    if (count_[place] == 0) touched_.push_back(place);
    count_[place] += static_cast<float>(count);
  }
  std::size_t size() const { return touched_.size(); }
  template <class F>
  void take(F&& visit) {
    for (std::uint32_t place : touched_) {
      visit(place, count_[place]);
      count_[place] = 0;
    }
    touched_.clear();
  }

 private:
  std::vector<float> count_;
  std::vector<std::uint32_t> touched_;
};

class LexicalPass {
 public:
  explicit LexicalPass(const Snapshot& snapshot)
      : snapshot_(snapshot),
        turn_(snapshot.size()),
        window_(snapshot.size()),
        family_(snapshot.size()),
        reply_(snapshot.size()),
        covered_(snapshot.size()),
        holds_(snapshot.size()),
        conversation_(snapshot.conversation_words.size()),
        near_(snapshot.size()),
        alike_(snapshot.size()),
        together_(snapshot.conversation_words.size()) {
    auto documents = static_cast<float>(std::max<std::size_t>(1, snapshot.size()));
    average_ = static_cast<float>(snapshot.words) / documents;
    average_window_ =
        std::accumulate(snapshot.window_words.begin(), snapshot.window_words.end(), 0.0F) / documents;
    average_conversation_ = static_cast<float>(snapshot.words) /
                            static_cast<float>(std::max<std::size_t>(1, snapshot.conversation_words.size()));
  }

  void add(const Standing& standing, std::size_t stem) {
    float rarity = idf(static_cast<double>(snapshot_.size()), static_cast<double>(standing.exact.size()));
    std::uint64_t bit = stem < 64 ? std::uint64_t{1} << stem : 0;
    for (const Hit& hit : standing.exact) {
      turn_[hit.document] +=
          rarity * saturated(static_cast<float>(hit.count), length(hit.document), average_, length_share);
      covered_[hit.document] += rarity;
      holds_[hit.document] |= bit;
      snapshot_.for_window(hit.document, window_reach,
                           [&](std::uint32_t near) { near_.add(near, hit.count); });
      together_.add(snapshot_.conversation[hit.document], hit.count);
    }
    add_replies(standing.exact, rarity, bit);
    take_windows(rarity);
    take_conversations();
    add_family(standing.family);
  }

  Lexical finish() {
    std::vector<float> around(snapshot_.size());
    bool several = snapshot_.conversation_words.size() > 1;
    for (std::size_t i = 0; several && i < around.size(); ++i) {
      if (window_[i] > 0 || family_[i] > 0) around[i] = conversation_[snapshot_.conversation[i]];
    }
    Lexical out;
    out.arms.push_back({"turn", weights::turn, std::move(turn_)});
    out.arms.push_back({"window", weights::window, std::move(window_)});
    out.arms.push_back({"family", weights::family, std::move(family_)});
    out.arms.push_back({"conversation", weights::conversation, std::move(around)});
    out.arms.push_back({"reply", weights::reply, std::move(reply_)});
    out.covered = std::move(covered_);
    out.holds = std::move(holds_);
    return out;
  }

 private:
  float length(std::uint32_t document) const { return snapshot_.documents[document].words; }

  // What follows a question says with other words what the question says with these.
  void add_replies(const std::vector<Hit>& hits, float rarity, std::uint64_t bit) {
    for (const Hit& hit : hits) {
      std::uint32_t after = snapshot_.next[hit.document];
      if (after == Snapshot::none || !snapshot_.documents[hit.document].has(Document::asks)) continue;
      if ((holds_[after] & bit) == 0) reply_[after] += rarity;
    }
  }

  void take_windows(float rarity) {
    near_.take([&](std::uint32_t document, float count) {
      window_[document] +=
          rarity * saturated(count, snapshot_.window_words[document], average_window_, length_share);
    });
  }

  void take_conversations() {
    float rarity = idf(static_cast<double>(conversation_.size()), static_cast<double>(together_.size()));
    together_.take([&](std::uint32_t conversation, float count) {
      auto words = static_cast<float>(snapshot_.conversation_words[conversation]);
      conversation_[conversation] +=
          rarity * saturated(count, words, average_conversation_, conversation_length_share);
    });
  }

  void add_family(const std::vector<Hit>& hits) {
    for (const Hit& hit : hits) alike_.add(hit.document, hit.count);
    float rarity = idf(static_cast<double>(snapshot_.size()), static_cast<double>(alike_.size()));
    alike_.take([&](std::uint32_t document, float count) {
      family_[document] += rarity * saturated(count, length(document), average_, length_share);
    });
  }

  const Snapshot& snapshot_;
  std::vector<float> turn_, window_, family_, reply_, covered_;
  std::vector<std::uint64_t> holds_;
  std::vector<float> conversation_;
  Counts near_, alike_, together_;
  float average_ = 1, average_window_ = 1, average_conversation_ = 1;
};

std::vector<std::uint32_t> speakers_of(const Snapshot& snapshot) {
  std::vector<std::uint32_t> known;
  std::uint32_t before = 0;
  for (const Document& document : snapshot.documents) {
    if (document.speaker == before) continue;
    before = document.speaker;
    if (std::ranges::find(known, before) == known.end()) known.push_back(before);
    if (known.size() > 256) break;  // a crowd: nobody stands out by name
  }
  std::ranges::sort(known);
  return known;
}

}  // namespace

float idf(double documents, double holding) {
  return static_cast<float>(std::log(1 + (documents - holding + 0.5) / (holding + 0.5)));
}

std::vector<std::string> stems_asked(std::string_view question, const std::vector<std::string>& names,
                                     WordReader& reader) {
  std::vector<std::string> asking, content, all;
  for (std::string_view word : base::words(question)) {
    std::string lower = base::to_lower(word);
    if (is_asking_word(lower)) asking.push_back(reader.stem(lower));
  }
  for (std::string& stem : reader.read(question)) {
    bool is_name = std::ranges::find(names, stem) != names.end();
    if (is_name || std::ranges::find(all, stem) != all.end()) continue;
    if (std::ranges::find(asking, stem) == asking.end()) content.push_back(stem);
    all.push_back(std::move(stem));
  }
  return content.empty() ? all : content;
}

RecallWords draw_words(std::string_view question, const Snapshot& snapshot, WordReader& reader) {
  std::vector<std::uint32_t> known = speakers_of(snapshot);
  RecallWords out;
  std::vector<std::string> names;
  for (std::string_view word : base::words(question)) {
    std::uint32_t hash = speaker_hash(word);
    if (!std::ranges::binary_search(known, hash)) continue;
    names.push_back(reader.stem(base::to_lower(word)));
    if (std::ranges::find(out.speakers, hash) == out.speakers.end()) out.speakers.push_back(hash);
  }
  out.stems = stems_asked(question, names, reader);
  return out;
}

Result<Lexical> lexical_arms(store::Connection& main, const Snapshot& snapshot,
                             const std::vector<std::string>& stems) {
  LexicalPass pass(snapshot);
  std::vector<Standing> standings;
  std::vector<float> rarities;
  float asked = 0, unknown = 0;
  for (const std::string& stem : stems) {
    standings.push_back(MIRA_TRY(standing_of(main, snapshot, stem)));
    std::size_t holding = standings.back().exact.size();
    rarities.push_back(idf(static_cast<double>(snapshot.size()), static_cast<double>(holding)));
    asked += rarities.back();
    if (holding == 0) unknown += rarities.back();
  }
  auto is_common = [&](const Standing& standing) {
    return snapshot.size() > few_documents &&
           static_cast<double>(standing.exact.size()) > common_share * static_cast<double>(snapshot.size());
  };
  bool any_rare =
      std::ranges::any_of(standings, [&](const Standing& s) { return !s.exact.empty() && !is_common(s); });
  for (std::size_t i = 0; i < standings.size(); ++i) {
    if (!any_rare || !is_common(standings[i])) pass.add(standings[i], i);
  }
  Lexical out = pass.finish();
  out.idf_asked = asked;
  out.idf_unknown = unknown;
  out.idf = std::move(rarities);
  return out;
}

std::vector<float> fuse(const std::vector<Arm>& arms, const Snapshot& snapshot) {
  std::vector<float> out(snapshot.size());
  for (const Arm& arm : arms) {
    float best = arm.scores.empty() ? 0 : *std::ranges::max_element(arm.scores);
    if (best <= 0) continue;
    float people = arm.weight.people / best, program = arm.weight.program / best;
    for (std::size_t i = 0; i < out.size(); ++i) {
      bool with_program = snapshot.with_program[snapshot.conversation[i]] != 0;
      out[i] += (with_program ? program : people) * arm.scores[i];
    }
  }
  return out;
}

}  // namespace mira::memory

#include "knowledge/memory/arms.h"

#include <algorithm>
#include <cmath>

#include "platform/base/text.h"

namespace mira::memory {
namespace {

using base::Result;

// BM25 (Robertson, Zaragoza 2009), with an idf that never goes below 0.
constexpr double saturation = 1.2, length_share = 0.75, conversation_length_share = 0.3;
constexpr double turn_weight = 1.0, window_weight = 1.0, conversation_weight = 0.5;
constexpr std::size_t few_documents = 5000;  // up to here every word is looked at
constexpr double common_share = 0.2;         // words in more documents than this say little and cost much

double idf(double documents, double holding) {
  return std::log(1 + (documents - holding + 0.5) / (holding + 0.5));
}

double saturated(double count, double length, double average, double share) {
  return count * (saturation + 1) /
         (count + saturation * (1 - share + share * length / std::max(average, 1.0)));
}

class LexicalPass {
 public:
  explicit LexicalPass(const Snapshot& snapshot)
      : snapshot_(snapshot),
        turn_(snapshot.size()),
        window_(snapshot.size()),
        covered_(snapshot.size()),
        near_(snapshot.size()),
        conversation_(snapshot.conversation_words.size()),
        in_conversation_(snapshot.conversation_words.size()) {
    average_ = snapshot.words / std::max<double>(1, static_cast<double>(snapshot.size()));
    average_conversation_ =
        snapshot.words / std::max<double>(1, static_cast<double>(snapshot.conversation_words.size()));
  }

  void add(const std::vector<Hit>& hits) {
    auto rarity =
        static_cast<float>(idf(static_cast<double>(snapshot_.size()), static_cast<double>(hits.size())));
    for (const Hit& hit : hits) {
      turn_[hit.document] +=
          rarity * static_cast<float>(saturated(hit.count, length(hit.document), average_, length_share));
      covered_[hit.document] += rarity;
      add_near(hit.document, hit.count);
      add_near(snapshot_.previous[hit.document], hit.count);
      add_near(snapshot_.next[hit.document], hit.count);
      add_to_conversation(snapshot_.conversation[hit.document], hit.count);
    }
    take_windows(rarity);
    take_conversations();
  }

  Lexical finish() {
    std::vector<float> by_document(snapshot_.size());
    for (std::size_t i = 0; i < by_document.size(); ++i) {
      if (window_[i] > 0) by_document[i] = conversation_[snapshot_.conversation[i]];
    }
    Lexical out;
    out.arms.push_back({"turn", turn_weight, std::move(turn_)});
    out.arms.push_back({"window", window_weight, std::move(window_)});
    out.arms.push_back({"conversation", conversation_weight, std::move(by_document)});
    out.covered = std::move(covered_);
    return out;
  }

 private:
  double length(std::uint32_t document) const { return snapshot_.documents[document].words; }
  double length_if(std::uint32_t document) const { return document == Snapshot::none ? 0 : length(document); }

  void add_near(std::uint32_t document, std::uint32_t count) {
    if (document == Snapshot::none) return;
    if (near_[document] == 0) touched_.push_back(document);
    near_[document] += static_cast<float>(count);
  }
  void add_to_conversation(std::uint32_t conversation, std::uint32_t count) {
    if (in_conversation_[conversation] == 0) touched_conversations_.push_back(conversation);
    in_conversation_[conversation] += static_cast<float>(count);
  }

  void take_windows(float rarity) {
    for (std::uint32_t document : touched_) {
      double around =
          length(document) + length_if(snapshot_.previous[document]) + length_if(snapshot_.next[document]);
      window_[document] +=
          rarity * static_cast<float>(saturated(near_[document], around, 3 * average_, length_share));
      near_[document] = 0;
    }
    touched_.clear();
  }

  void take_conversations() {
    auto rarity = static_cast<float>(
        idf(static_cast<double>(conversation_.size()), static_cast<double>(touched_conversations_.size())));
    for (std::uint32_t conversation : touched_conversations_) {
      conversation_[conversation] +=
          rarity * static_cast<float>(saturated(in_conversation_[conversation],
                                                snapshot_.conversation_words[conversation],
                                                average_conversation_, conversation_length_share));
      in_conversation_[conversation] = 0;
    }
    touched_conversations_.clear();
  }

  const Snapshot& snapshot_;
  std::vector<float> turn_, window_, covered_, near_, conversation_, in_conversation_;
  std::vector<std::uint32_t> touched_, touched_conversations_;
  double average_ = 1, average_conversation_ = 1;
};

}  // namespace

RecallWords draw_words(std::string_view question, const Snapshot& snapshot, WordReader& reader) {
  std::vector<std::uint32_t> known;
  for (const Document& document : snapshot.documents) {
    if (known.empty() || known.back() != document.speaker) known.push_back(document.speaker);
  }
  std::ranges::sort(known);
  known.erase(std::unique(known.begin(), known.end()), known.end());
  RecallWords out;
  std::vector<std::string> names;
  for (std::string_view word : base::words(question)) {
    std::uint32_t hash = speaker_hash(word);
    if (!std::ranges::binary_search(known, hash)) continue;
    names.push_back(reader.stem(base::to_lower(word)));
    if (std::ranges::find(out.speakers, hash) == out.speakers.end()) out.speakers.push_back(hash);
  }
  for (std::string& stem : reader.read(question)) {
    bool is_name = std::ranges::find(names, stem) != names.end();
    if (!is_name && std::ranges::find(out.stems, stem) == out.stems.end())
      out.stems.push_back(std::move(stem));
  }
  return out;
}

Result<Lexical> lexical_arms(store::Connection& main, const Snapshot& snapshot,
                             const std::vector<std::string>& stems) {
  LexicalPass pass(snapshot);
  double asked = 0, unknown = 0;
  std::vector<std::vector<Hit>> lists;
  for (const std::string& stem : stems) {
    lists.push_back(MIRA_TRY(hits_of(main, snapshot, stem)));
    double rarity = idf(static_cast<double>(snapshot.size()), static_cast<double>(lists.back().size()));
    asked += rarity;
    if (lists.back().empty()) unknown += rarity;
  }
  auto is_common = [&](const std::vector<Hit>& hits) {
    return snapshot.size() > few_documents &&
           static_cast<double>(hits.size()) > common_share * static_cast<double>(snapshot.size());
  };
  bool any_rare =
      std::ranges::any_of(lists, [&](const auto& hits) { return !hits.empty() && !is_common(hits); });
  for (const std::vector<Hit>& hits : lists) {
    if (!any_rare || !is_common(hits)) pass.add(hits);
  }
  Lexical out = pass.finish();
  out.idf_asked = asked;
  out.idf_unknown = unknown;
  return out;
}

std::vector<float> fuse(const std::vector<Arm>& arms, std::size_t documents) {
  std::vector<float> out(documents);
  for (const Arm& arm : arms) {
    float best = arm.scores.empty() ? 0 : *std::ranges::max_element(arm.scores);
    if (best <= 0) continue;
    auto scale = static_cast<float>(arm.weight) / best;
    for (std::size_t i = 0; i < out.size(); ++i) out[i] += scale * arm.scores[i];
  }
  return out;
}

}  // namespace mira::memory

#include "knowledge/memory/recall.h"

#include <algorithm>
#include <cmath>
#include <unordered_set>

#include "knowledge/memory/claims.h"
#include "knowledge/memory/cues.h"
#include "knowledge/memory/dates_arm.h"
#include "knowledge/memory/meaning.h"
#include "knowledge/memory/quick.h"
#include "knowledge/memory/replaced.h"
#include "knowledge/memory/supersede.h"
#include "knowledge/memory/weights.h"
#include "knowledge/memory/whether.h"
#include "platform/base/text.h"

namespace mira::memory {
namespace {

using base::Result;
using base::Status;

// What is known of a document beside its words, as far as it bears on this question.
class Signs {
 public:
  Signs(const Snapshot& snapshot, const RecallWords& words, const Lexical& lexical, std::string_view question)
      : snapshot_(snapshot),
        words_(words),
        lexical_(lexical),
        of_when_(asks_when(question)),
        of_value_(asks_for_a_value(question)) {}

  float of(std::uint32_t i) const {
    const Document& document = snapshot_.documents[i];
    bool program = snapshot_.with_program[snapshot_.conversation[i]] != 0;
    auto worth = [&](const Weight& weight) { return program ? weight.program : weight.people; };
    float cover = lexical_.idf_asked > 0 ? lexical_.covered[i] / static_cast<float>(lexical_.idf_asked) : 0;
    float out = worth(weights::cover) * cover;
    if (words_.speakers.size() == 1 && words_.speakers[0] == document.speaker)
      out += worth(weights::named_speaker);
    if (document.has(Document::asks)) out += worth(weights::asks);
    if (of_when_ && document.has(Document::dated)) out += worth(weights::tells_when);
    if (snapshot_.previous[i] == Snapshot::none) out += worth(weights::opening);
    if (!document.has(Document::by_person)) return out;
    out += worth(weights::person) + worth(weights::length) * std::log1p(static_cast<float>(document.words));
    if (document.has(Document::acknowledges)) out += worth(weights::acknowledges);
    if (document.has(Document::instructs) && cover > 0) out += worth(weights::instructs);
    if (document.has(Document::prefers)) out += worth(weights::prefers);
    if (of_value_ && document.has(Document::changes)) out += worth(weights::changes) * cover;
    return out;
  }

 private:
  const Snapshot& snapshot_;
  const RecallWords& words_;
  const Lexical& lexical_;
  bool of_when_, of_value_;
};

// Documents that the question's conditions leave; nullopt: all.
using Wanted = std::optional<std::unordered_set<std::int64_t>>;

bool is_about(std::string_view topics, const std::string& topic) {
  if (topic.empty()) return true;
  std::string lower = base::to_lower(topics);
  return std::ranges::any_of(base::split(lower, '\n'), [&](std::string_view one) { return one == topic; });
}

Result<Wanted> wanted_of(store::Connection& main, const RecallQuestion& question) {
  if (question.intent.empty() && question.topic.empty() && !question.with_error) return Wanted();
  std::unordered_set<std::int64_t> out;
  std::string topic = base::to_lower(question.topic);
  for (std::int64_t scope : question.scopes) {
    MIRA_TRY(main.each(
        "SELECT a.entry_id, a.topics FROM message_analysis a JOIN memory_entries e USING (entry_id)"
        " WHERE e.scope_id = ?1 AND (?2 = '' OR a.intent = ?2) AND (?3 = 0 OR a.contains_error = 1)",
        [&](const store::Row& row) {
          if (is_about(row.text(1), topic)) out.insert(row.integer(0));
        },
        scope, question.intent, question.with_error ? 1 : 0));
  }
  return Wanted(std::move(out));
}

// Best first; only documents that an arm speaks of.
std::vector<Ranked> best_of(const std::vector<float>& fused, const Snapshot& snapshot, const Signs& signs,
                            const RecallQuestion& question, const Wanted& only, std::size_t limit) {
  std::vector<Ranked> order;
  for (std::uint32_t i = 0; i < fused.size(); ++i) {
    bool wanted = question.conversation == 0 || snapshot.documents[i].conversation == question.conversation;
    wanted = wanted && !snapshot.documents[i].has(Document::recalled);  // an echo is nobody's saying
    wanted = wanted && (!only || only->contains(snapshot.documents[i].entry));
    if (fused[i] > 0 && wanted) order.push_back({i, fused[i] + signs.of(i)});
  }
  auto better = [](const Ranked& a, const Ranked& b) {
    return a.score != b.score ? a.score > b.score : a.document < b.document;
  };
  std::size_t kept = std::min(limit, order.size());
  std::ranges::partial_sort(order, order.begin() + static_cast<std::ptrdiff_t>(kept), better);
  order.resize(kept);
  return order;
}

double confidence_of(const std::vector<Ranked>& ranked, const Lexical& lexical) {
  if (ranked.empty() || lexical.idf_asked <= 0) return 0;
  std::size_t looked_at = std::min(weights::looked_at, ranked.size());
  double cover = 0;
  for (std::size_t i = 0; i < looked_at; ++i)
    cover = std::max(cover, lexical.covered[ranked[i].document] / lexical.idf_asked);
  double known = -lexical.idf_unknown / lexical.idf_asked;
  double ahead = ranked.front().score - ranked[looked_at - 1].score;
  double sum = weights::known_share * known + weights::best_cover * cover + weights::stands_out * ahead +
               weights::best_score * ranked.front().score + weights::offset;
  return 1 / (1 + std::exp(-sum));
}

std::vector<ArmRank> ranks_of(const std::vector<Arm>& arms, std::uint32_t document) {
  std::vector<ArmRank> out;
  for (const Arm& arm : arms) {
    float own = arm.scores[document];
    if (own <= 0) continue;
    auto better = std::ranges::count_if(arm.scores, [&](float score) { return score > own; });
    out.push_back({arm.name, static_cast<std::size_t>(better) + 1});
  }
  return out;
}

}  // namespace

Result<RecallAnswer> Recall::ask_in_snapshot(store::Connection& main, const RecallQuestion& question) {
  auto snapshot = MIRA_TRY(snapshots_.take(main, question.scopes, reader_));
  RecallWords words = draw_words(question.text, *snapshot, reader_);
  Lexical lexical = MIRA_TRY(lexical_arms(main, *snapshot, words.stems));
  if (question.near) {
    for (Arm& arm : meaning_arms(*question.near, *snapshot)) lexical.arms.push_back(std::move(arm));
  }
  lexical.arms.push_back(dates_arm(*snapshot, question.text, question.now_ms));
  std::vector<float> fused = fuse(lexical.arms, *snapshot);
  Signs signs(*snapshot, words, lexical, question.text);
  Wanted only = MIRA_TRY(wanted_of(main, question));
  std::size_t wanted = std::max({question.limit, weights::successors_among, weights::tellings_among});
  std::vector<Ranked> ranked = best_of(fused, *snapshot, signs, question, only, wanted);
  RecallAnswer answer{.confidence = confidence_of(ranked, lexical), .looked_at = snapshot->size()};
  if (asks_whether(question.text))
    MIRA_TRY(weigh_tellings(main, *snapshot, lexical, words.stems, reader_, ranked));
  bool timed = std::ranges::any_of(lexical.arms.back().scores, [](float score) { return score > 0; });
  bool of_now = !timed || !asks_of_then(question.text, question.now_ms);
  if (of_now && asks_for_a_value(question.text))
    MIRA_TRY(put_successors_first(main, *snapshot, lexical, words.stems, kinds_asked(question.text), reader_,
                                  ranked));
  if (ranked.size() > question.limit) ranked.resize(question.limit);
  for (const Ranked& one : ranked) {
    Recalled found{snapshot->documents[one.document].entry, one.score, {}};
    if (question.explain) found.arms = ranks_of(lexical.arms, one.document);
    answer.found.push_back(std::move(found));
  }
  return answer;
}

Result<RecallAnswer> Recall::ask(store::Connection& main, const RecallQuestion& question) {
  std::lock_guard guard(mutex_);
  MIRA_TRY(main.run("BEGIN"));
  Result<std::optional<RecallAnswer>> quick = std::nullopt;
  if (question.quick && !question.has_conditions()) quick = ask_quickly(main, question, reader_);
  Result<RecallAnswer> answer = !quick   ? std::unexpected(quick.error())
                                : *quick ? Result<RecallAnswer>(std::move(**quick))
                                         : ask_in_snapshot(main, question);
  Status ordered =
      answer ? put_replaced_behind(main, question, !question.has_conditions(), reader_, answer->found)
             : Status();
  main.roll_back();
  if (!ordered) return std::unexpected(ordered.error());
  return answer;
}

}  // namespace mira::memory

#include "knowledge/memory/recall.h"

#include <algorithm>
#include <cmath>

namespace mira::memory {
namespace {

using base::Result;

constexpr float named_speaker = 0.3F;   // the question names who said it
constexpr float person_first = 0.8F;    // long replies of programs bury what people said
constexpr float question_costs = 0.1F;  // who asks does not tell

void weigh_documents(std::vector<float>& scores, const Snapshot& snapshot, const RecallWords& words) {
  bool programs = std::ranges::any_of(snapshot.documents,
                                      [](const Document& d) { return (d.marks & Document::by_person) == 0; });
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (scores[i] <= 0) continue;
    const Document& document = snapshot.documents[i];
    if (words.speakers.size() == 1 && words.speakers[0] == document.speaker) scores[i] += named_speaker;
    if (programs && (document.marks & Document::by_person) != 0) scores[i] += person_first;
    if ((document.marks & Document::asks) != 0) scores[i] = std::max(scores[i] - question_costs, 1e-6F);
  }
}

std::vector<std::uint32_t> best_of(const std::vector<float>& scores, std::size_t limit) {
  std::vector<std::uint32_t> order;
  for (std::uint32_t i = 0; i < scores.size(); ++i) {
    if (scores[i] > 0) order.push_back(i);
  }
  auto better = [&](std::uint32_t a, std::uint32_t b) {
    return scores[a] != scores[b] ? scores[a] > scores[b] : a < b;
  };
  std::size_t kept = std::min(limit, order.size());
  std::ranges::partial_sort(order, order.begin() + static_cast<std::ptrdiff_t>(kept), better);
  order.resize(kept);
  return order;
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
  std::vector<float> scores = fuse(lexical.arms, snapshot->size());
  weigh_documents(scores, *snapshot, words);
  if (question.conversation != 0) {
    for (std::size_t i = 0; i < scores.size(); ++i) {
      if (snapshot->documents[i].conversation != question.conversation) scores[i] = 0;
    }
  }
  RecallAnswer answer{.looked_at = snapshot->size()};
  for (std::uint32_t document : best_of(scores, question.limit))
    answer.found.push_back(
        {snapshot->documents[document].entry, scores[document], ranks_of(lexical.arms, document)});
  return answer;
}

Result<RecallAnswer> Recall::ask(store::Connection& main, const RecallQuestion& question) {
  std::lock_guard guard(mutex_);
  MIRA_TRY(main.run("BEGIN"));
  auto answer = ask_in_snapshot(main, question);
  main.roll_back();
  return answer;
}

}  // namespace mira::memory

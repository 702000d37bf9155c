#include "oracle/rank.h"

#include <algorithm>
#include <array>

#include "platform/base/text.h"

namespace mira::oracle {
namespace {

using contracts::Evidence;
using contracts::Intent;
using contracts::Place;

struct KindPriors {
  std::string_view kind;
  // In the order of contracts::Intent: general, explain, find, change, fix, who, history.
  std::array<double, 7> by_intent;
};

// Starting values by judgement: what a developer would want to read first.
constexpr auto kind_priors = std::to_array<KindPriors>({
    {"definition", {1.0, 1.2, 1.4, 1.1, 1.0, 0.6, 0.6}},
    {"chunk", {1.0, 1.0, 1.2, 1.0, 1.0, 0.6, 0.6}},
    {"outline", {0.9, 1.1, 0.9, 0.8, 0.6, 0.5, 0.5}},
    {"callers", {0.6, 0.7, 0.5, 0.8, 0.7, 0.3, 0.3}},
    {"callees", {0.5, 0.7, 0.4, 0.6, 0.6, 0.3, 0.3}},
    {"commit", {0.6, 0.5, 0.4, 0.5, 0.9, 0.8, 1.6}},
    {"partner", {0.5, 0.3, 0.3, 1.0, 0.7, 0.3, 0.4}},
    {"person", {0.4, 0.3, 0.3, 0.3, 0.3, 2.0, 0.8}},
    {"change", {0.7, 0.4, 0.4, 0.9, 1.0, 0.4, 0.8}},
    {"memory", {0.7, 0.5, 0.4, 0.7, 0.7, 0.6, 0.6}},
    {"document", {0.8, 0.8, 0.6, 0.7, 0.5, 0.3, 0.4}},
    {"fact", {0.9, 0.6, 0.5, 1.1, 0.9, 0.5, 0.5}},
    {"guideline", {0.6, 0.3, 0.3, 0.9, 0.6, 0.2, 0.2}},
});
constexpr double unknown_prior = 0.5;

double start_score(const Evidence& evidence, std::size_t rank_in_source, Intent intent) {
  double belief = weight_floor + (1 - weight_floor) * std::clamp(evidence.weight, 0.0, 1.0);
  double score = prior(evidence.kind, intent) * belief * rank_constant /
                 (rank_constant + static_cast<double>(rank_in_source));
  return evidence.tier == contracts::Tier::possible ? score * possible_factor : score;
}

int lines_of(const Place& place) {
  return place.end_line - place.start_line + 1;
}

bool contains(const Place& outer, const Place& inner) {
  return outer.start_line <= inner.start_line && outer.end_line >= inner.end_line;
}
bool overlap(const Place& a, const Place& b) {
  return a.start_line <= b.end_line && b.start_line <= a.end_line;
}

// True when text line i is line start_line + i of the file.
bool is_aligned(const Evidence& evidence) {
  std::string_view text = evidence.text;
  if (text.ends_with('\n')) text.remove_suffix(1);
  return std::ranges::count(text, '\n') + 1 == lines_of(evidence.place);
}

// The lines of `later` that come after `earlier` are added to it.
void append_rest(Evidence& earlier, const Evidence& later) {
  std::vector<std::string_view> lines = base::split(later.text, '\n');
  auto known = static_cast<std::size_t>(earlier.place.end_line - later.place.start_line + 1);
  if (!earlier.text.ends_with('\n')) earlier.text += '\n';
  for (std::size_t i = known; i < lines.size(); ++i) {
    earlier.text += lines[i];
    if (i + 1 < lines.size()) earlier.text += '\n';
  }
  earlier.place.end_line = later.place.end_line;
}

void take_lines(Evidence& into, const Evidence& from) {
  if (!from.symbol.empty()) into.symbol = from.symbol;
  into.text = from.text;
  into.place.start_line = from.place.start_line;
  into.place.end_line = from.place.end_line;
}

// Makes `kept` show the lines of `other` too, or decides that they need not be shown.
// False: they are two pieces.
bool merge_lines(Evidence& kept, const Evidence& other) {
  if (contains(kept.place, other.place)) return true;
  if (contains(other.place, kept.place)) {
    if (lines_of(other.place) <= container_growth * lines_of(kept.place)) take_lines(kept, other);
    return true;
  }
  if (!overlap(kept.place, other.place) || !is_aligned(kept) || !is_aligned(other)) return false;
  if (kept.place.start_line < other.place.start_line) {
    append_rest(kept, other);
  } else {
    Evidence whole = other;
    append_rest(whole, kept);
    take_lines(kept, whole);
  }
  return true;
}

bool merge(Evidence& kept, const Evidence& other) {
  if (kept.kind == "commit" && other.kind == "commit")
    return !kept.place.commit.empty() && kept.place.commit == other.place.commit;
  if (kept.place.path != other.place.path) return false;
  if (quotes_lines(kept) && quotes_lines(other)) return merge_lines(kept, other);
  return kept.kind == other.kind && kept.title == other.title && kept.text == other.text;
}

void absorb(Piece& kept, const Piece& other, Ranking& ranking) {
  kept.score += other.score;
  const std::string& source = other.evidence.source;
  ++ranking.merged[source];
  if (source == kept.evidence.source || std::ranges::find(kept.also, source) != kept.also.end()) return;
  kept.also.push_back(source);
}

void sort_by_score(std::vector<Piece>& pieces) {
  std::ranges::stable_sort(pieces, [](const Piece& a, const Piece& b) { return a.score > b.score; });
}

}  // namespace

double prior(std::string_view kind, Intent intent) {
  auto found = std::ranges::find(kind_priors, kind, &KindPriors::kind);
  return found == kind_priors.end() ? unknown_prior : found->by_intent[static_cast<std::size_t>(intent)];
}

bool quotes_lines(const Evidence& evidence) {
  bool quoting = evidence.kind == "definition" || evidence.kind == "chunk" || evidence.kind == "guideline";
  return quoting && !evidence.place.path.empty() && evidence.place.start_line > 0;
}

Ranking rank(const std::vector<SourceAnswer>& answers, const contracts::Question& question) {
  std::vector<Piece> all;
  for (const SourceAnswer& answer : answers) {
    for (std::size_t i = 0; i < answer.pieces.size(); ++i)
      all.push_back({answer.pieces[i], {}, start_score(answer.pieces[i], i, question.intent)});
  }
  sort_by_score(all);
  Ranking ranking;
  std::map<std::string, std::vector<std::size_t>> kept_of;  // by path, or by commit
  for (Piece& piece : all) {
    const Place& place = piece.evidence.place;
    std::vector<std::size_t>& neighbours =
        kept_of[piece.evidence.kind == "commit" ? "commit " + place.commit : place.path];
    auto same = std::ranges::find_if(
        neighbours, [&](std::size_t i) { return merge(ranking.pieces[i].evidence, piece.evidence); });
    if (same != neighbours.end()) {
      absorb(ranking.pieces[*same], piece, ranking);
    } else {
      neighbours.push_back(ranking.pieces.size());
      ranking.pieces.push_back(std::move(piece));
    }
  }
  sort_by_score(ranking.pieces);
  return ranking;
}

}  // namespace mira::oracle

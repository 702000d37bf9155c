#include "oracle/fit.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "oracle/excerpt.h"
#include "oracle/quote.h"
#include "platform/base/text.h"
#include "platform/guard/foreign_text.h"
#include "platform/tokens/tokens.h"

namespace mira::oracle {
namespace {

constexpr double bytes_per_token = 3.5;     // an estimate, for the order of trying only
constexpr double header_tokens = 30;        // the same
constexpr std::size_t piece_bytes = 2400;   // the same, for a piece that will be cut
constexpr std::size_t widest_number = 999;  // while fitting; numbers up to it are one token

Block make_block(const Piece& piece) {
  const contracts::Evidence& evidence = piece.evidence;
  Block block{.number = widest_number,
              .source = quotable_line(evidence.source),
              .kind = quotable_line(evidence.kind),
              .title = quotable_line(evidence.title),
              .text = quotable_text(evidence.text),
              .why = quotable_line(evidence.why),
              .citation = quotable_line(contracts::citation(evidence.place)),
              .place = evidence.place,
              .trust = evidence.trust,
              .tier = evidence.tier,
              .confidence = evidence.confidence,
              .also = piece.also};
  block.place.path = quotable_line(evidence.place.path);
  block.instruction_like =
      guard::reads_as_instruction(block.text) || guard::reads_as_instruction(block.title);
  count_tokens(block);
  return block;
}

// The block with its text cut to its most telling lines, at most `limit` tokens in all;
// false when too little would be left.
bool cut_to(Block& block, const Excerpt& excerpt, std::size_t limit, int most_lines) {
  Block cut = block;
  cut.text.clear();
  cut.cut_lines = excerpt.lines();
  count_tokens(cut);
  const std::size_t frame = cut.tokens + 2 * tokens::count(fence_for(block.text) + "\n");
  for (std::size_t spare = 0; spare <= 16; spare = spare * 2 + 1) {
    if (frame + spare >= limit) return false;
    Shown shown = excerpt.within(limit - frame - spare, most_lines);
    if (excerpt.lines() - shown.left_out < std::min(least_cut_lines, excerpt.lines())) return false;
    cut.text = std::move(shown.text);
    cut.cut_lines = shown.left_out;
    count_tokens(cut);
    if (cut.tokens > limit) continue;
    block = std::move(cut);
    return true;
  }
  return false;
}

struct Candidate {
  const Piece* piece = nullptr;
  double value = 0;                // score for the estimated cost
  std::optional<Block> whole;      // made when first tried
  std::optional<Excerpt> excerpt;  // of whole->text
  std::optional<Block> shown;      // chosen, perhaps cut
  bool refused = false;            // did not fit, and less will be left from now on
};

class Fitting {
 public:
  Fitting(const Ranking& ranking, const std::vector<std::string>& words, std::size_t budget, std::size_t left)
      : words_(words), budget_(budget), left_(left) {
    for (const Piece& piece : ranking.pieces) {
      std::size_t bytes = std::min(piece.evidence.text.size(), piece_bytes);
      double cost = header_tokens + static_cast<double>(bytes) / bytes_per_token;
      candidates_.push_back({.piece = &piece, .value = piece.score / std::pow(cost, cost_exponent)});
      sources_.insert(piece.evidence.source);
    }
  }

  std::vector<Candidate> run() {
    let_each_source_speak();
    for (Candidate* best = most_valuable(); best != nullptr && left_ >= least_piece_tokens;
         best = most_valuable()) {
      if (!choose(*best, largest_piece())) best->refused = true;
    }
    grow_cut_pieces();
    return std::move(candidates_);
  }

 private:
  std::size_t largest_piece() const {
    return static_cast<std::size_t>(static_cast<double>(budget_) * largest_share);
  }

  void let_each_source_speak() {
    if (sources_.empty()) return;
    std::size_t share = std::max(left_ / sources_.size(), least_share_tokens);
    for (Candidate& candidate : candidates_) {
      if (spoken_[candidate.piece->evidence.source] > 0) continue;
      bool is_best = &candidate == candidates_.data();
      choose(candidate, is_best ? std::max(share, largest_piece()) : share);
    }
  }

  Candidate* most_valuable() {
    Candidate* best = nullptr;
    double best_value = 0;
    for (Candidate& candidate : candidates_) {
      if (candidate.shown || candidate.refused) continue;
      double value =
          candidate.value * std::pow(same_source_factor, spoken_[candidate.piece->evidence.source]);
      const contracts::Evidence& evidence = candidate.piece->evidence;
      if (quotes_lines(evidence)) value *= std::pow(same_file_factor, quoted_of_file_[evidence.place.path]);
      if (best != nullptr && value <= best_value) continue;
      best = &candidate;
      best_value = value;
    }
    return best;
  }

  bool choose(Candidate& candidate, std::size_t limit) {
    limit = std::min(limit, left_);
    if (!candidate.whole) {
      candidate.whole = make_block(*candidate.piece);
      candidate.excerpt.emplace(candidate.whole->text, words_);
    }
    Block block = *candidate.whole;
    bool fits = block.tokens <= limit && candidate.excerpt->lines() <= piece_lines;
    if (!fits && !cut_to(block, *candidate.excerpt, limit, piece_lines)) return false;
    left_ -= block.tokens;
    candidate.shown = std::move(block);
    ++spoken_[candidate.piece->evidence.source];
    const contracts::Evidence& evidence = candidate.piece->evidence;
    if (quotes_lines(evidence)) ++quoted_of_file_[evidence.place.path];
    return true;
  }

  void grow_cut_pieces() {
    for (Candidate& candidate : candidates_) {
      if (!candidate.shown || candidate.shown->cut_lines == 0) continue;
      std::size_t limit = candidate.shown->tokens + left_;
      Block block = *candidate.whole;
      if (block.tokens > limit && !cut_to(block, *candidate.excerpt, limit, candidate.excerpt->lines()))
        continue;
      left_ = limit - block.tokens;
      candidate.shown = std::move(block);
    }
  }

  const std::vector<std::string>& words_;  // of the question
  std::size_t budget_, left_;
  std::vector<Candidate> candidates_;  // best first
  std::set<std::string> sources_;
  std::map<std::string, int> spoken_, quoted_of_file_;
};

void add_unheard(Pack& pack, const std::vector<SourceAnswer>& answers) {
  for (const SourceAnswer& answer : answers) {
    if (answer.state == AnswerState::answered) continue;
    auto& list = answer.state == AnswerState::late ? pack.late : pack.failed;
    list.push_back({answer.source, quotable_line(answer.reason)});
  }
}

std::vector<Dropped> dropped_list(const std::map<std::string, int>& over_budget,
                                  const std::map<std::string, int>& merged) {
  std::vector<Dropped> out;
  for (const auto& [source, count] : over_budget) out.push_back({source, count, "over the budget"});
  for (const auto& [source, count] : merged) out.push_back({source, count, "same as another piece"});
  return out;
}

// Room for the closing line, whatever will have to be dropped.
std::size_t closing_reserve(const Pack& pack, const Ranking& ranking) {
  std::map<std::string, int> all;
  for (const Piece& piece : ranking.pieces) ++all[piece.evidence.source];
  Pack worst = pack;
  worst.dropped = dropped_list(all, ranking.merged);
  std::string longest = render_closing(worst, Length::full);
  auto most = static_cast<std::size_t>(static_cast<double>(pack.budget) * closing_share);
  return std::min(tokens::count(longest), most);
}

void take_blocks(Pack& pack, std::vector<Candidate> candidates, const Ranking& ranking) {
  std::map<std::string, int> over_budget;
  for (Candidate& candidate : candidates) {
    if (candidate.shown) {
      candidate.shown->number = pack.blocks.size() + 1;
      count_tokens(*candidate.shown);
      pack.blocks.push_back(std::move(*candidate.shown));
    } else {
      ++over_budget[candidate.piece->evidence.source];
    }
  }
  pack.dropped = dropped_list(over_budget, ranking.merged);
}

// Numbers of four digits cost a token more than was planned for.
void hold_budget(Pack& pack) {
  pack.used = tokens::count(render(pack));
  while (pack.used > pack.budget && !pack.blocks.empty()) {
    pack.used -= pack.blocks.back().tokens;
    pack.dropped.push_back({pack.blocks.back().source, 1, "over the budget"});
    pack.blocks.pop_back();
  }
}

// The longest closing line that fits.
void add_closing(Pack& pack) {
  pack.closing.clear();
  hold_budget(pack);
  for (Length length : {Length::full, Length::brief}) {
    std::string closing = render_closing(pack, length);
    std::size_t tokens = tokens::count(closing);
    if (pack.used + tokens > pack.budget) continue;
    pack.closing = std::move(closing);
    pack.used = tokens::count(render(pack));
    return;
  }
}

}  // namespace

Pack fit(const Ranking& ranking, const std::vector<SourceAnswer>& answers,
         const contracts::Question& question, std::size_t budget) {
  Pack pack{.budget = budget};
  for (const SourceAnswer& answer : answers) pack.looked_at.push_back({answer.source, answer.pieces.size()});
  add_unheard(pack, answers);
  pack.heading = render_heading(question);
  std::size_t heading = tokens::count(pack.heading);
  if (heading * 4 > budget) {  // a budget so small that every token is for evidence
    pack.heading.clear();
    heading = 0;
  }
  std::size_t taken = heading + closing_reserve(pack, ranking);
  take_blocks(pack, Fitting(ranking, question.words, budget, budget - std::min(taken, budget)).run(),
              ranking);
  add_closing(pack);
  return pack;
}

}  // namespace mira::oracle

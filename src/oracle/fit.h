// Fits ranked pieces into a hard budget of tokens. Three passes: each source that
// found something says its best piece (cut to a share); then the pieces with the most
// value for their tokens; then what was cut grows back into what is left. A piece is cut
// to its lines that tell most about the question (excerpt.h). Value falls with each
// further passage quoted from one file and each further piece of one source; who calls a
// function or who wrote its file does not stand in for its lines, so these do not count.
// The rendered text never has more tokens than the budget, and everything that was left
// out is counted.
#pragma once

#include "oracle/rank.h"
#include "oracle/render.h"

namespace mira::oracle {

inline constexpr double cost_exponent = 0.3;        // 0: value alone decides, 1: value per token
inline constexpr double same_file_factor = 0.7;     // for each passage of the file that is already quoted
inline constexpr double same_source_factor = 0.85;  // for each piece of the source that is already in
inline constexpr double largest_share = 0.4;        // of the budget, for one piece before the last pass
inline constexpr std::size_t least_share_tokens = 60;
inline constexpr std::size_t least_piece_tokens = 20;  // less room than that holds no piece
inline constexpr double closing_share = 0.2;           // of the budget, for the closing line at most
inline constexpr int least_cut_lines = 2;              // a cut piece shows at least so many lines
inline constexpr int piece_lines = 60;                 // of one piece before the last pass

// budget: tokens of the whole rendered text, at least 1.
Pack fit(const Ranking& ranking, const std::vector<SourceAnswer>& answers,
         const contracts::Question& question, std::size_t budget);

}  // namespace mira::oracle

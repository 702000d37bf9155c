// Draws from the words of a question what sources can use: content words, names of
// code, paths, error lines, and what is wanted. Plain rules over bytes, no pattern
// engine: a question may be a pasted log of any kind, so time and counts are bounded
// and nothing here can fail. What only looks like a name is cheap: sources check
// names against what they know.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "contracts/question.h"
#include "platform/workspace/tree.h"

namespace mira::oracle {

inline constexpr std::size_t max_words = 64, max_identifiers = 32, max_paths = 16, max_errors = 16;
inline constexpr std::size_t max_drawn_bytes = 128;       // of one word or identifier; longer ones are noise
inline constexpr std::size_t max_error_line_bytes = 500;  // of one error line that is kept

// A question from any bytes: repaired, cut at limits::query_bytes, drawn.
contracts::Question draw_question(std::string_view bytes, int budget_tokens);

// A place that text names: "src/a.c:12", `File "a.py", line 3`, "a.cs(12,5)".
struct Mention {
  std::string path;  // '/' separators, without a leading "./"
  int line = 0;      // 0: none
};
std::vector<Mention> mentions(std::string_view text);

// The files and folders of the tree that the question names, in its order: exactly, by
// the end of the path, or by the end of an absolute path. Ambiguous ends give up to three.
std::vector<contracts::Focus> named_places(const contracts::Question& question, const workspace::Tree& tree);

// What is wanted: a pasted error is to be fixed; else the first verb, else the strongest cue anywhere.
contracts::Intent draw_intent(std::string_view text, bool has_errors);
std::string_view intent_name(contracts::Intent intent);

}  // namespace mira::oracle

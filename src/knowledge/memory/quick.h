// Recall for who has milliseconds and wants only what is surely meant: a hook at a
// prompt. The whole recall looks at every document, which takes a quarter of a second
// of a million. What holds most of the words of a question holds one of its rarest
// ones, so their lists are enough to name every candidate; of those alone the records
// are read. No neighbours, no families of words, no meaning: what it finds the whole
// recall finds too, not the other way about.
#pragma once

#include <optional>

#include "knowledge/memory/recall.h"

namespace mira::memory {

inline constexpr std::int64_t quick_from = 5000;  // messages; fewer are looked at whole
inline constexpr double quick_share = 0.6;        // of the question's words, that a message must hold

// nullopt: so few messages that all can be looked at. Best is what holds the most and rarest of the words,
// then the latest. Call inside a read transaction.
base::Result<std::optional<RecallAnswer>> ask_quickly(store::Connection& main, const RecallQuestion& question,
                                                      WordReader& reader);

}  // namespace mira::memory

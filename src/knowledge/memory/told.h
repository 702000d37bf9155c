// What Mira tells comes back: agents repeat it, and transcripts hold it. Kept as if it
// were said anew, a memory would feed on itself. So every line that is told is
// remembered by its hash, and a text made of such lines is stored as an echo: never
// recalled, never learned from. By provenance, not by likeness: what the user says in
// the same words later counts.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "contracts/session.h"

namespace mira::memory {

inline constexpr std::size_t least_line_bytes = 16;  // shorter lines are everybody's

// Remembers the lines of what is about to be told. Writes only what is new.
base::Status note_told(contracts::Session& session, const std::vector<std::string>& texts,
                       base::Deadline deadline);

struct Echo {
  bool whole = false;                                        // most of the text was told by Mira
  std::vector<std::pair<std::size_t, std::size_t>> lines{};  // byte spans of the lines that were
  bool holds(std::size_t byte) const;
};
base::Result<Echo> echo_in(store::Connection& main, std::string_view content);

}  // namespace mira::memory

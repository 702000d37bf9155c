// The known cure of an error, told: only the identity's own, only when it is sharp
// (verified, confirmed, or seen once with the first hunk at the error's own place),
// at most 300 tokens. How often what was told helped decides whether the weakest
// kind is told at all.
#pragma once

#include <string>

#include "knowledge/builds/recall.h"

namespace mira::builds {

inline constexpr std::size_t cure_tokens = 300;

using KnownCure = ResolutionRow;  // with its first hunk

// What may be pushed without being asked for; nullopt when nothing sharp is known.
base::Result<std::optional<KnownCure>> sharp_cure(contracts::Session& session, const std::string& error_hash);

// The error in one line, the hunk, the commit, how often it cured. Never over cure_tokens.
std::string tell_cure(const Record& record, const KnownCure& cure);

std::string short_time(std::int64_t milliseconds);    // "2026-11-25 10:22"
std::string short_length(std::int64_t milliseconds);  // "3.2 s", "14 min"
// "@@ src/a.c:12" and its lines.
std::string show_hunk(const Hunk& hunk);

}  // namespace mira::builds

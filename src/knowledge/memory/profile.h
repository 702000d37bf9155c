// What is known of the person, derived: the profile is the confirmed facts, ordered by
// what they tell; patterns are what came back in the conversations (a fact, a request,
// a correction), three times on two days at least. Both are functions of what is kept:
// made anew when it changes, so nothing in them outlives its source. A line names its
// fact, a pattern its messages; how sure it is, is its counts and no percentage.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "knowledge/memory/facts.h"

namespace mira::memory {

inline constexpr std::int64_t pattern_times = 3, pattern_days = 2;

// "identity", "coding_preferences" ... (see schema 008); "" : it tells nothing of the person.
std::string_view profile_section(const Fact& fact);

// Makes both of a scope anew; rows that stay the same are not written. Inside a transaction.
base::Status rebuild_profile(store::Connection& main, std::int64_t scope);
base::Status rebuild_patterns(store::Connection& main, std::int64_t scope);

struct ProfileLine {
  std::string section, line;
  std::int64_t fact = 0;
};
// By section, then the newest fact first.
base::Result<std::vector<ProfileLine>> profile_of(store::Connection& main,
                                                  const std::vector<std::int64_t>& scopes);

struct Pattern {
  std::int64_t id = 0;
  std::string type, description, language;
  std::vector<std::int64_t> examples;
  std::int64_t observed = 0, days = 0, last_ms = 0, applied = 0;
};
// Most observed first.
base::Result<std::vector<Pattern>> patterns_of(store::Connection& main,
                                               const std::vector<std::int64_t>& scopes);
// Inside a transaction: it was told to an agent.
base::Status count_applied(store::Connection& main, std::int64_t pattern);

// What two requests must share to be the same: the stems of the first sentence, without politeness and names
// of code; "" when too little is left to tell.
std::string request_words(std::string_view text);

}  // namespace mira::memory

// Rolling summaries: one for every ten entries of a conversation and one for every
// hundred, and a snapshot of the conversation so far, drawn from those. Each knows its first and last entry;
// those of one level lie side by side without a gap. What is due follows from the last entry that was
// summarised, never from a count, so nothing is skipped and doing it again changes nothing. With no model a
// summary is the sentences that matter most, word for word, with the entry each is from.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "platform/store/connection.h"

namespace mira::memory {

inline constexpr int summary_rules_version = 1;
inline constexpr std::size_t ten_tokens = 120, hundred_tokens = 400, snapshot_tokens = 400;
inline constexpr int snapshot_level = 0;  // a conversation so far

struct SummarySource {
  std::int64_t entry = 0;
  std::string role, content;
};

// The sentences that matter most, in their order, one a line as "[entry] sentence", within the tokens.
std::string extract(const std::vector<SummarySource>& entries, std::size_t tokens);

// Makes what is due in a conversation. Inside a transaction.
base::Status summarise(store::Connection& main, std::int64_t conversation);
// Makes all summaries of a conversation anew: the same entries give the same bytes. Inside a transaction.
base::Status rebuild_summaries(store::Connection& main, std::int64_t conversation);

struct Summary {
  int level = 10;
  std::int64_t first_entry = 0, last_entry = 0;
  std::string content;
};
// Those of ten and of a hundred of a conversation that none of a hundred covers, oldest first.
base::Result<std::vector<Summary>> summaries_of(store::Connection& main, std::int64_t conversation);

// The snapshot; content "" when the conversation is too short to have one.
base::Result<Summary> snapshot_of(store::Connection& main, std::int64_t conversation);

}  // namespace mira::memory

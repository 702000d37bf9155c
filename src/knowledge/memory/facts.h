// What holds, learned from what the user said: each fact points to the words that say
// it (entry and byte span). It is a candidate until it was said again in another
// conversation, or the user confirmed it or asked to remember it. What replaces a fact
// ends it and is linked to it; nothing is overwritten. Two that contradict each other
// without a word of change both stay and are shown together.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "knowledge/memory/statements.h"
#include "platform/store/connection.h"

namespace mira::memory {

struct Said {
  std::int64_t entry = 0, conversation = 0, scope = 0;
  std::int64_t at_ms = 0;        // when it was said
  std::int64_t recorded_ms = 0;  // when Mira learned it
  bool confirmed = false;        // the user asked to keep it
};

// Learns the statements of one entry; learning the same again changes nothing. Inside a transaction.
base::Status learn(store::Connection& main, const Said& said, std::string_view content,
                   const std::vector<Statement>& statements);

struct Fact {
  std::int64_t id = 0, entry = 0;
  std::string kind, subject, statement, value, state, reason, scope_kind, scope_name;
  bool refused = false;
  std::int64_t valid_from_ms = 0, recorded_ms = 0;
  std::optional<std::int64_t> valid_to_ms, retracted_ms, superseded_by;
  std::int64_t first_byte = 0, end_byte = 0;
  std::int64_t mentions = 0;            // entries that say it
  std::vector<std::int64_t> conflicts;  // facts that contradict it
};

struct FactFilter {
  std::vector<std::int64_t> scopes;
  std::optional<std::int64_t> as_of_ms;     // that held then; none: now
  std::optional<std::int64_t> known_at_ms;  // that Mira knew then; none: now
  bool with_ended = false;                  // those that no longer hold too
};
// Newest first.
base::Result<std::vector<Fact>> facts_of(store::Connection& main, const FactFilter& filter);
base::Result<std::optional<Fact>> fact_by_id(store::Connection& main, std::int64_t id,
                                             const std::vector<std::int64_t>& scopes);

// The user's word on a fact. Inside a transaction.
base::Status confirm_fact(store::Connection& main, std::int64_t id);
base::Status withdraw_fact(store::Connection& main, std::int64_t id, std::int64_t now_ms);
// What an entry says takes the place of a fact, whatever the rules would make of the two.
base::Status correct_fact(store::Connection& main, std::int64_t id, std::int64_t entry, std::int64_t now_ms);
// Sets the state that the user gave a fact elsewhere; one that is not known here is left out. Whether it was
// known.
struct SettledFact {
  std::int64_t scope = 0;
  std::string subject, value;
  bool refused = false, withdrawn = false;
};
base::Result<bool> settle_fact(store::Connection& main, const SettledFact& settled, std::int64_t now_ms);

}  // namespace mira::memory

// Writing what was said: one short transaction an entry or a batch of them. Text is
// repaired and its secrets are masked before anything else sees it; an entry that is
// there already (by its client's id, or by place and content) changes nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "contracts/session.h"
#include "knowledge/memory/analysis.h"
#include "knowledge/memory/statements.h"
#include "platform/store/connection.h"

namespace mira::memory {

// Whom it belongs to. A project's memories are seen in that project only.
struct ScopeName {
  std::string kind;  // "user", "project", "named"
  std::string name;
  bool operator==(const ScopeName&) const = default;
};
ScopeName user_scope();
ScopeName project_scope(const contracts::Session& session);
// What a person calls it: "user", "project", or a name given at import.
ScopeName scope_of(const std::string& said, const contracts::Session& session);
std::string scope_label(const ScopeName& scope);

struct NewEntry {
  ScopeName scope;
  std::string client, session;  // "" is a conversation like any other
  std::string message;          // the client's id; "" when it has none
  std::int64_t place = 0;       // without an id: its number among those of an import; 0: after what is there
  std::string role = "user";    // user, assistant, tool, system
  std::string origin = "said";  // said, remembered, imported, recalled
  std::string speaker, model;
  std::optional<std::int64_t> said_ms;
  std::string content;
  bool from_file = false;                  // what was forgotten does not come back by it, whatever its origin
  std::vector<Statement> statements = {};  // this and the next: filled by prepare()
  Analysis analysis = {};
};

struct StoredEntry {
  std::int64_t entry = 0;  // of the one that was there, when it is not new
  std::int64_t conversation = 0;
  bool is_new = false;
  bool taught = false;  // it is new and says what holds, or asks for something: facts and patterns may change
};

// Repairs and masks, sees whether it is an echo of what Mira told, draws the user's statements and analyses.
// Done before submit(), so that a change that runs twice does it once.
base::Status prepare(contracts::Session& session, NewEntry& entry, const contracts::ErrorReader& errors);

// Inside a transaction. `entry` must be prepared. Entry 0: it was forgotten before and is not taken in
// again.
base::Result<StoredEntry> add_entry(store::Connection& main, const NewEntry& entry, std::int64_t now_ms);

base::Result<std::int64_t> scope_id(store::Connection& main, const ScopeName& scope);  // made when new
// nullopt when nothing was ever kept there.
base::Result<std::optional<std::int64_t>> find_scope(store::Connection& main, const ScopeName& scope);

// Durable when it returns. One answer an entry, in order.
base::Result<std::vector<StoredEntry>> store_entries(contracts::Session& session,
                                                     std::vector<NewEntry> entries,
                                                     const contracts::ErrorReader& errors,
                                                     base::Deadline deadline);
// What follows from new entries: indexes what waits in a scope (see seal), summarises conversations, makes
// the profile and the patterns anew, and reads some entries that were kept before there were analyses.
struct FollowUp {
  ScopeName scope;
  std::int64_t least = 1;  // entries that wait before they are indexed
  std::vector<std::int64_t> conversations = {};
  bool taught = false;  // one of the entries was
};
base::Status follow_up(contracts::Session& session, FollowUp what, const contracts::ErrorReader& errors,
                       base::Deadline deadline);

}  // namespace mira::memory

#include "knowledge/memory/entries.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <set>

#include "knowledge/memory/facts.h"
#include "knowledge/memory/profile.h"
#include "knowledge/memory/reread.h"
#include "knowledge/memory/segments.h"
#include "knowledge/memory/summaries.h"
#include "knowledge/memory/told.h"
#include "platform/base/hash.h"
#include "platform/base/text.h"
#include "platform/guard/secrets.h"

namespace mira::memory {
namespace {

using base::Result;
using base::Status;
using store::Connection;

constexpr std::string_view owner = "local";  // the one user of a home, as projects name it

constexpr int older_read = 50;                  // entries that older rules read, at each write
constexpr std::size_t short_saying_bytes = 60;  // a line that anybody may say again

// One short line of a person is said anew, whoever said it before.
bool is_echo_of(const NewEntry& entry, const Echo& echo) {
  return entry.role != "user" || echo.lines.size() > 1 || entry.content.size() > short_saying_bytes;
}

// What the user asked to remember holds, whatever form it has.
Statement note_of(const std::string& content) {
  std::string_view line = base::trim(std::string_view(content).substr(0, content.find('\n')));
  auto first = static_cast<std::size_t>(line.data() - content.data());
  return {.kind = FactKind::note,
          .subject = "note",
          .value = base::to_lower(line),
          .first_byte = first,
          .end_byte = first + line.size()};
}

struct Place {
  std::int64_t conversation = 0, next_ordinal = 1;
};

Result<Place> place_in(Connection& main, std::int64_t scope, const NewEntry& entry, std::int64_t now_ms) {
  MIRA_TRY(
      main.run("INSERT INTO memory_conversations(scope_id, client, session, started_ms) VALUES (?, ?, ?, ?)"
               " ON CONFLICT (scope_id, client, session) DO NOTHING",
               scope, entry.client, entry.session, entry.said_ms.value_or(now_ms)));
  Place place;
  place.conversation =
      MIRA_TRY(
          main.integer("SELECT conversation_id FROM memory_conversations WHERE scope_id = ? AND client = ?"
                       " AND session = ?",
                       scope, entry.client, entry.session))
          .value_or(0);
  place.next_ordinal =
      MIRA_TRY(main.integer("SELECT max(ordinal) FROM memory_entries WHERE conversation_id = ?",
                            place.conversation))
          .value_or(0) +
      1;
  return place;
}

}  // namespace

ScopeName user_scope() {
  return {"user", ""};
}
ScopeName project_scope(const contracts::Session& session) {
  return {"project", session.project.id};
}
ScopeName scope_of(const std::string& said, const contracts::Session& session) {
  if (said == "user") return user_scope();
  if (said.empty() || said == "project") return project_scope(session);
  return {"named", said};
}
std::string scope_label(const ScopeName& scope) {
  return scope.kind == "named" ? scope.name : scope.kind;
}

Status prepare(contracts::Session& session, NewEntry& entry, const contracts::ErrorReader& errors) {
  for (std::string* text :
       {&entry.content, &entry.session, &entry.speaker, &entry.message, &entry.client, &entry.model})
    *text = guard::mask_secrets(base::repair_utf8(*text));
  Echo echo = MIRA_TRY(echo_in(session.main, entry.content));
  bool remembered = entry.origin == "remembered";
  if (echo.whole && !remembered && is_echo_of(entry, echo)) entry.origin = "recalled";
  if (entry.origin != "recalled") entry.analysis = analyse(entry.role, entry.content, errors);
  if (entry.role != "user" || entry.origin == "recalled") return {};
  entry.statements = statements_in(entry.content);
  std::erase_if(entry.statements,
                [&](const Statement& s) { return !remembered && echo.holds(s.first_byte); });
  if (entry.statements.empty() && remembered) entry.statements.push_back(note_of(entry.content));
  return {};
}

Result<std::optional<std::int64_t>> find_scope(Connection& main, const ScopeName& scope) {
  return main.integer("SELECT scope_id FROM memory_scopes WHERE owner = ? AND kind = ? AND name = ?", owner,
                      scope.kind, scope.name);
}

Result<std::int64_t> scope_id(Connection& main, const ScopeName& scope) {
  MIRA_TRY(
      main.run("INSERT INTO memory_scopes(owner, kind, name) VALUES (?, ?, ?) ON CONFLICT (owner, kind, "
               "name) DO NOTHING",
               owner, scope.kind, scope.name));
  return MIRA_TRY(find_scope(main, scope)).value_or(0);
}

Result<StoredEntry> add_entry(Connection& main, const NewEntry& entry, std::int64_t now_ms) {
  MIRA_TRY(begin_reading(main));
  std::int64_t scope = MIRA_TRY(scope_id(main, entry.scope));
  Place place = MIRA_TRY(place_in(main, scope, entry, now_ms));
  std::string hash = base::content_hash(entry.content);
  if ((entry.origin == "imported" || entry.from_file) &&
      MIRA_TRY(main.integer("SELECT 1 FROM memory_tombstones WHERE content_hash = ?", hash)))
    return StoredEntry{};
  std::string message = entry.message;
  if (message.empty()) {
    std::int64_t number = entry.place > 0 ? entry.place : place.next_ordinal;
    message = fmt::format("#{}:{}", number, hash.substr(0, 12));
  }
  MIRA_TRY(main.run(
      "INSERT INTO memory_entries(scope_id, conversation_id, ordinal, message, role, origin, speaker, model,"
      " said_ms, recorded_ms, content, content_hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
      " ON CONFLICT (conversation_id, message) DO NOTHING",
      scope, place.conversation, place.next_ordinal, message, entry.role, entry.origin, entry.speaker,
      entry.model, entry.said_ms, now_ms, entry.content, hash));
  StoredEntry stored{.conversation = place.conversation, .is_new = main.changes() > 0};
  stored.entry =
      MIRA_TRY(main.integer("SELECT entry_id FROM memory_entries WHERE conversation_id = ? AND message = ?",
                            place.conversation, message))
          .value_or(0);
  if (!stored.is_new) return stored;
  stored.taught = !entry.statements.empty() || !entry.analysis.request_words.empty();
  Said said{.entry = stored.entry,
            .conversation = stored.conversation,
            .scope = scope,
            .at_ms = entry.said_ms.value_or(now_ms),
            .recorded_ms = now_ms,
            .confirmed = entry.origin == "remembered"};
  MIRA_TRY(learn(main, said, entry.content, entry.statements));
  if (entry.origin != "recalled") MIRA_TRY(store_analysis(main, stored.entry, entry.analysis));
  return stored;
}

Result<std::vector<StoredEntry>> store_entries(contracts::Session& session, std::vector<NewEntry> entries,
                                               const contracts::ErrorReader& errors,
                                               base::Deadline deadline) {
  for (NewEntry& entry : entries) MIRA_TRY(prepare(session, entry, errors));
  const std::int64_t now_ms = session.clock.now_ms();
  auto stored = std::make_shared<std::vector<StoredEntry>>();
  MIRA_TRY(session.main_writer.submit(
      [stored, now_ms, entries = std::move(entries)](Connection& main) -> Status {
        stored->clear();
        for (const NewEntry& entry : entries) {
          auto added = add_entry(main, entry, now_ms);
          if (!added) return std::unexpected(added.error());
          stored->push_back(*added);
        }
        return {};
      },
      deadline));
  return std::move(*stored);
}

Status follow_up(contracts::Session& session, FollowUp what, const contracts::ErrorReader& errors,
                 base::Deadline deadline) {
  const std::int64_t now_ms = session.clock.now_ms();
  return session.main_writer.submit(
      [what = std::move(what), errors, now_ms](Connection& main) -> Status {
        for (std::int64_t conversation : what.conversations) MIRA_TRY(summarise(main, conversation));
        MIRA_TRY(analyse_older(main, errors, older_read));
        std::set<std::int64_t> taught = MIRA_TRY(reread_older(main, now_ms, older_read));
        auto id = MIRA_TRY(find_scope(main, what.scope));
        if (id && what.taught) taught.insert(*id);
        for (std::int64_t scope : taught) {
          MIRA_TRY(rebuild_profile(main, scope));
          MIRA_TRY(rebuild_patterns(main, scope));
        }
        return id ? seal(main, *id, what.least) : Status();
      },
      deadline);
}

}  // namespace mira::memory

#include "knowledge/memory/facts.h"

#include <algorithm>

#include "knowledge/memory/known_tools.h"

namespace mira::memory {
namespace {

using base::Result;
using base::Status;
using store::Connection;
using store::Row;

struct Live {
  std::int64_t id = 0, valid_from_ms = 0;
  std::string subject, value;
  bool refused = false, single_valued = false;
};

Result<std::vector<Live>> live_facts(Connection& main, std::int64_t scope) {
  std::vector<Live> out;
  MIRA_TRY(main.each(
      "SELECT fact_id, valid_from_ms, subject, said_value, stance, single_valued FROM memory_facts"
      " WHERE scope_id = ? AND state IN ('candidate','confirmed') ORDER BY fact_id",
      [&](const Row& row) {
        out.push_back({row.integer(0), row.integer(1), std::string(row.text(2)), std::string(row.text(3)),
                       row.text(4) == "refused", row.integer(5) != 0});
      },
      scope));
  return out;
}

enum class Relation { none, same, replaced, contradicted };

// How a statement stands to a fact that holds.
Relation relation_of(const Statement& statement, const Live& fact) {
  bool same_value = fact.value == statement.value;
  bool same_subject = fact.subject == statement.subject;
  if (same_subject && same_value && fact.refused == statement.refused) return Relation::same;
  bool named_as_old = !statement.replaces.empty() && fact.value == statement.replaces && !fact.refused;
  if (named_as_old) return Relation::replaced;
  if (same_value && fact.refused != statement.refused)
    return statement.is_update ? Relation::replaced : Relation::contradicted;
  bool another_value = same_subject && !same_value && !fact.refused && !statement.refused &&
                       !are_of_different_groups(statement.value, fact.value);
  if (another_value && statement.single_valued && (fact.single_valued || statement.is_update))
    return Relation::replaced;
  return Relation::none;
}

Status mention(Connection& main, std::int64_t fact, const Said& said) {
  MIRA_TRY(
      main.run("INSERT INTO memory_fact_mentions(fact_id, entry_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
               fact, said.entry));
  if (said.confirmed) return confirm_fact(main, fact);
  return main.run(
      "UPDATE memory_facts SET state = 'confirmed' WHERE fact_id = ?1 AND state = 'candidate' AND"
      " (SELECT count(DISTINCT e.conversation_id) FROM memory_fact_mentions m JOIN memory_entries e USING "
      "(entry_id)"
      " WHERE m.fact_id = ?1) >= 2",
      fact);
}

Result<std::int64_t> insert(Connection& main, const Said& said, std::string_view content,
                            const Statement& statement) {
  MIRA_TRY(main.run(
      "INSERT INTO memory_facts(scope_id, kind, subject, stance, statement, said_value, single_valued, "
      "state, entry_id,"
      " first_byte, end_byte, valid_from_ms, recorded_ms, rule_version)"
      " VALUES (?, ?, ?, ?, ?, ?, ?, 'candidate', ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
      said.scope, fact_kind_name(statement.kind), statement.subject, statement.refused ? "refused" : "holds",
      content.substr(statement.first_byte, statement.end_byte - statement.first_byte), statement.value,
      statement.single_valued, said.entry, statement.first_byte, statement.end_byte, said.at_ms,
      said.recorded_ms, statement_rules_version));
  return main.changes() > 0 ? main.last_insert_id() : 0;
}

std::string reason_of(const Statement& statement, const Live& fact) {
  if (statement.refused != fact.refused) return "said to be over";
  if (!statement.replaces.empty() && statement.replaces == fact.value) return "named as the old one";
  return statement.is_update ? "said to have changed" : "another value was said later";
}

// Ends the one that was said earlier, which need not be the one learned earlier.
Status supersede(Connection& main, std::int64_t fresh, const Said& said, const Statement& statement,
                 const Live& fact) {
  bool is_later = said.at_ms >= fact.valid_from_ms;
  std::int64_t ended = is_later ? fact.id : fresh, successor = is_later ? fresh : fact.id;
  std::int64_t at_ms = is_later ? said.at_ms : fact.valid_from_ms;
  return main.run(
      "UPDATE memory_facts SET state = 'superseded', valid_to_ms = ?, retracted_ms = ?, superseded_by = ?, "
      "reason = ?"
      " WHERE fact_id = ?",
      at_ms, said.recorded_ms, successor, reason_of(statement, fact), ended);
}

Status learn_one(Connection& main, const Said& said, std::string_view content, const Statement& statement) {
  std::vector<Live> live = MIRA_TRY(live_facts(main, said.scope));
  for (const Live& fact : live) {
    if (relation_of(statement, fact) == Relation::same) return mention(main, fact.id, said);
  }
  std::int64_t fresh = MIRA_TRY(insert(main, said, content, statement));
  if (fresh == 0) return {};
  MIRA_TRY(mention(main, fresh, said));
  for (const Live& fact : live) {
    Relation relation = relation_of(statement, fact);
    if (relation == Relation::replaced) MIRA_TRY(supersede(main, fresh, said, statement, fact));
    if (relation == Relation::contradicted)
      MIRA_TRY(main.run(
          "INSERT INTO memory_fact_conflicts(fact_id, other_id) VALUES (?, ?) ON CONFLICT DO NOTHING", fresh,
          fact.id));
  }
  return {};
}

Fact fact_of(const Row& row) {
  Fact out{.id = row.integer(0),
           .entry = row.integer(1),
           .kind = std::string(row.text(2)),
           .subject = std::string(row.text(3)),
           .statement = std::string(row.text(4)),
           .value = std::string(row.text(5)),
           .state = std::string(row.text(6)),
           .reason = std::string(row.text(7)),
           .scope_kind = std::string(row.text(8)),
           .scope_name = std::string(row.text(9)),
           .refused = row.text(10) == "refused",
           .valid_from_ms = row.integer(11),
           .recorded_ms = row.integer(12)};
  if (!row.is_null(13)) out.valid_to_ms = row.integer(13);
  if (!row.is_null(14)) out.retracted_ms = row.integer(14);
  if (!row.is_null(15)) out.superseded_by = row.integer(15);
  out.first_byte = row.integer(16);
  out.end_byte = row.integer(17);
  out.mentions = row.integer(18);
  return out;
}

Status add_conflicts(Connection& main, Fact& fact) {
  return main.each(
      "SELECT other_id FROM memory_fact_conflicts WHERE fact_id = ?1 UNION SELECT fact_id FROM "
      "memory_fact_conflicts"
      " WHERE other_id = ?1",
      [&](const Row& row) { fact.conflicts.push_back(row.integer(0)); }, fact.id);
}

bool is_wanted(const Fact& fact, const FactFilter& filter) {
  if (filter.known_at_ms) {
    if (fact.recorded_ms > *filter.known_at_ms) return false;
    bool known_ended = fact.retracted_ms && *fact.retracted_ms <= *filter.known_at_ms;
    if (known_ended && !filter.with_ended && !filter.as_of_ms) return false;
    if (!filter.as_of_ms && !known_ended) return true;
  }
  if (filter.as_of_ms)
    return fact.valid_from_ms <= *filter.as_of_ms &&
           (!fact.valid_to_ms || *fact.valid_to_ms > *filter.as_of_ms);
  return filter.with_ended || fact.state == "candidate" || fact.state == "confirmed";
}

}  // namespace

Status learn(Connection& main, const Said& said, std::string_view content,
             const std::vector<Statement>& statements) {
  for (const Statement& statement : statements) MIRA_TRY(learn_one(main, said, content, statement));
  return {};
}

Result<std::vector<Fact>> facts_of(Connection& main, const FactFilter& filter) {
  std::vector<Fact> out;
  for (std::int64_t scope : filter.scopes) {
    MIRA_TRY(main.each(
        "SELECT f.fact_id, f.entry_id, f.kind, f.subject, f.statement, f.said_value, f.state, f.reason, "
        "s.kind, s.name,"
        " f.stance, f.valid_from_ms, f.recorded_ms, f.valid_to_ms, f.retracted_ms, f.superseded_by, "
        "f.first_byte,"
        " f.end_byte, (SELECT count(*) FROM memory_fact_mentions m WHERE m.fact_id = f.fact_id)"
        " FROM memory_facts f JOIN memory_scopes s USING (scope_id) WHERE f.scope_id = ?",
        [&](const Row& row) {
          Fact fact = fact_of(row);
          if (is_wanted(fact, filter)) out.push_back(std::move(fact));
        },
        scope));
  }
  for (Fact& fact : out) MIRA_TRY(add_conflicts(main, fact));
  std::ranges::stable_sort(out, [](const Fact& a, const Fact& b) {
    return a.valid_from_ms != b.valid_from_ms ? a.valid_from_ms > b.valid_from_ms : a.id > b.id;
  });
  return out;
}

Result<std::optional<Fact>> fact_by_id(Connection& main, std::int64_t id,
                                       const std::vector<std::int64_t>& scopes) {
  std::vector<Fact> all =
      MIRA_TRY(facts_of(main, {.scopes = scopes, .as_of_ms = {}, .known_at_ms = {}, .with_ended = true}));
  auto found = std::ranges::find(all, id, &Fact::id);
  return found == all.end() ? std::nullopt : std::optional(std::move(*found));
}

Status confirm_fact(Connection& main, std::int64_t id) {
  return main.run("UPDATE memory_facts SET state = 'confirmed' WHERE fact_id = ? AND state = 'candidate'",
                  id);
}

Status withdraw_fact(Connection& main, std::int64_t id, std::int64_t now_ms) {
  return main.run(
      "UPDATE memory_facts SET state = 'withdrawn', valid_to_ms = ?1, retracted_ms = ?1, reason = 'withdrawn "
      "by you'"
      " WHERE fact_id = ?2 AND state IN ('candidate','confirmed')",
      now_ms, id);
}

Status correct_fact(Connection& main, std::int64_t id, std::int64_t entry, std::int64_t now_ms) {
  return main.run(
      "UPDATE memory_facts SET state = 'superseded', valid_to_ms = ?1, retracted_ms = ?1, reason = "
      "'corrected by you',"
      " superseded_by = (SELECT min(m.fact_id) FROM memory_fact_mentions m WHERE m.entry_id = ?2)"
      " WHERE fact_id = ?3 AND NOT EXISTS (SELECT 1 FROM memory_fact_mentions m WHERE m.entry_id = ?2 AND "
      "m.fact_id ="
      " ?3)",
      now_ms, entry, id);
}

Result<bool> settle_fact(Connection& main, const SettledFact& settled, std::int64_t now_ms) {
  auto id = MIRA_TRY(main.integer(
      "SELECT fact_id FROM memory_facts WHERE scope_id = ? AND subject = ? AND said_value = ? AND stance = ?"
      " ORDER BY fact_id DESC LIMIT 1",
      settled.scope, settled.subject, settled.value, settled.refused ? "refused" : "holds"));
  if (!id) return false;
  MIRA_TRY(settled.withdrawn ? withdraw_fact(main, *id, now_ms) : confirm_fact(main, *id));
  return true;
}

}  // namespace mira::memory

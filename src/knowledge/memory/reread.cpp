#include "knowledge/memory/reread.h"

#include <algorithm>

#include "knowledge/memory/told.h"

namespace mira::memory {
namespace {

using base::Result;
using base::Status;
using store::Connection;
using store::Row;

struct Older {
  Said said;
  std::string content;
};

Result<std::vector<Older>> next_entries(Connection& main, std::int64_t now_ms, int most) {
  MIRA_TRY(begin_reading(main));
  std::vector<Older> out;
  MIRA_TRY(main.each(
      "SELECT e.entry_id, e.conversation_id, e.scope_id, coalesce(e.said_ms, "
      "e.recorded_ms), e.origin,"
      " e.content FROM memory_fact_reading r JOIN memory_entries e"
      " ON e.entry_id > r.last_entry AND e.entry_id <= r.until_entry"
      " WHERE r.rule_version = ? AND e.role = 'user' AND e.origin <> "
      "'recalled' ORDER BY e.entry_id LIMIT ?",
      [&](const Row& row) {
        out.push_back({{.entry = row.integer(0),
                        .conversation = row.integer(1),
                        .scope = row.integer(2),
                        .at_ms = row.integer(3),
                        .recorded_ms = now_ms,
                        .confirmed = row.text(4) == "remembered"},
                       std::string(row.text(5))});
      },
      statement_rules_version, most));
  MIRA_TRY(
      main.run("UPDATE memory_fact_reading SET last_entry = CASE WHEN ?1 > 0 "
               "THEN ?1 ELSE until_entry END"
               " WHERE rule_version = ?2 AND last_entry < until_entry",
               static_cast<int>(out.size()) == most ? out.back().said.entry : 0, statement_rules_version));
  return out;
}

std::string_view stance_of(const Statement& statement) {
  return statement.refused ? "refused" : "holds";
}

// The facts of this entry that the rules find as before.
Status keep(Connection& main, const Older& older, const Statement& statement) {
  return main.run(
      "UPDATE memory_facts SET rule_version = ? WHERE entry_id = ? "
      "AND subject = ? AND said_value = ? AND"
      " stance = ?",
      statement_rules_version, older.said.entry, statement.subject, statement.value, stance_of(statement));
}

// It is known from this entry, or the user took it back after saying it.
Result<bool> is_settled(Connection& main, const Older& older, const Statement& statement) {
  auto known =
      MIRA_TRY(main.integer("SELECT 1 FROM memory_facts f WHERE f.scope_id = ?1 AND "
                            "f.subject = ?2 AND f.said_value = ?3 AND"
                            " f.stance = ?4 AND (EXISTS (SELECT 1 FROM "
                            "memory_fact_mentions m WHERE m.fact_id = f.fact_id AND"
                            " m.entry_id = ?5) OR (f.state = 'withdrawn' AND f.reason = "
                            "'withdrawn by you' AND"
                            " f.retracted_ms >= ?6))",
                            older.said.scope, statement.subject, statement.value, stance_of(statement),
                            older.said.entry, older.said.at_ms));
  return known.has_value();
}

struct OldReading {
  std::int64_t fact = 0;
  std::size_t first_byte = 0, end_byte = 0;
  bool confirmed = false;
};

// What an older version read in this entry and this one does not. A confirmed one only where this version
// reads something else in the same words: what the user confirmed is not lost.
Result<std::vector<OldReading>> unread(Connection& main, const Older& older,
                                       const std::vector<Statement>& fresh) {
  std::vector<OldReading> out;
  MIRA_TRY(main.each(
      "SELECT fact_id, first_byte, end_byte, state = 'confirmed' FROM memory_facts WHERE entry_id = ? AND"
      " rule_version < ? AND state IN ('candidate','confirmed')",
      [&](const Row& row) {
        out.push_back({row.integer(0), static_cast<std::size_t>(row.integer(1)),
                       static_cast<std::size_t>(row.integer(2)), row.integer(3) != 0});
      },
      older.said.entry, statement_rules_version));
  std::erase_if(out, [&](const OldReading& old) {
    return old.confirmed && std::ranges::none_of(fresh, [&](const Statement& one) {
             return one.first_byte < old.end_byte && old.first_byte < one.end_byte;
           });
  });
  return out;
}

Status withdraw(Connection& main, const Older& older, std::int64_t fact) {
  MIRA_TRY(
      main.run("UPDATE memory_facts SET state = 'withdrawn', valid_to_ms = ?1, retracted_ms = ?1,"
               " reason = 'read otherwise by newer rules' WHERE fact_id = ?2",
               older.said.recorded_ms, fact));
  MIRA_TRY(main.run("DELETE FROM memory_fact_conflicts WHERE fact_id = ?1 OR other_id = ?1", fact));
  return main.run(
      "UPDATE memory_facts SET valid_to_ms = NULL, retracted_ms = NULL, superseded_by = NULL, reason = '',"
      " state = CASE WHEN (SELECT count(DISTINCT e.conversation_id) FROM memory_fact_mentions m"
      " JOIN memory_entries e USING (entry_id) WHERE m.fact_id = memory_facts.fact_id) >= 2"
      " OR (SELECT origin FROM memory_entries e WHERE e.entry_id = memory_facts.entry_id) = 'remembered'"
      " THEN 'confirmed' ELSE 'candidate' END WHERE state = 'superseded' AND superseded_by = ?",
      fact);
}

// What was confirmed in other words of the rules stays so.
Status confirm_again(Connection& main, const Older& older, const OldReading& old) {
  return main.run(
      "UPDATE memory_facts SET state = 'confirmed' WHERE entry_id = ? AND rule_version = ? AND state = "
      "'candidate' AND"
      " first_byte < ? AND ? < end_byte",
      older.said.entry, statement_rules_version, static_cast<std::int64_t>(old.end_byte),
      static_cast<std::int64_t>(old.first_byte));
}

// Whether anything is known otherwise than before.
Result<bool> reread(Connection& main, const Older& older) {
  const Echo echo = MIRA_TRY(echo_in(main, older.content));
  std::vector<Statement> fresh;
  for (const Statement& statement : statements_in(older.content)) {
    if (echo.holds(statement.first_byte) && !older.said.confirmed) continue;
    const bool settled = MIRA_TRY(is_settled(main, older, statement));
    if (!settled) fresh.push_back(statement);
    if (settled) MIRA_TRY(keep(main, older, statement));
  }
  const std::vector<OldReading> wrong = MIRA_TRY(unread(main, older, fresh));
  for (const OldReading& old : wrong)
    MIRA_TRY(withdraw(main, older, old.fact));  // what was never said replaces nothing
  MIRA_TRY(learn(main, older.said, older.content, fresh));
  for (const OldReading& old : wrong) {
    if (old.confirmed) MIRA_TRY(confirm_again(main, older, old));
  }
  return !wrong.empty() || !fresh.empty();
}

}  // namespace

Status begin_reading(Connection& main) {
  return main.run(
      "INSERT INTO memory_fact_reading(rule_version, last_entry, until_entry) SELECT ?, 0, "
      "coalesce(max(entry_id), 0)"
      " FROM memory_entries WHERE true ON CONFLICT (rule_version) DO NOTHING",
      statement_rules_version);
}

Result<std::set<std::int64_t>> reread_older(Connection& main, std::int64_t now_ms, int most) {
  std::set<std::int64_t> scopes;
  for (const Older& older : MIRA_TRY(next_entries(main, now_ms, most))) {
    if (MIRA_TRY(reread(main, older))) scopes.insert(older.said.scope);
  }
  return scopes;
}

}  // namespace mira::memory

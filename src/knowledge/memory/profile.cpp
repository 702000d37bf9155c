#include "knowledge/memory/profile.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <map>

namespace mira::memory {
namespace {

using base::Result;
using base::Status;
using store::Connection;
using store::Row;

constexpr auto sections =
    std::to_array<std::string_view>({"identity", "experience_level", "communication_style",
                                     "coding_preferences", "tech_stack", "learning_goals"});

// Of answers, not of code.
bool is_of_answers(std::string_view statement) {
  static const RE2 pattern(
      R"((?i)\b(answers?|answering|explain\w*|explanations?|respon[ds]\w*|responses?|repl(y|ies)|summar\w+|concise(ly)?|brief(ly)?|verbose|emojis?|tone|talk|tell me|ask me|show me|walk me|in (english|german|french|spanish|italian|dutch|portuguese))\b)");
  return RE2::PartialMatch(re2::StringPiece(statement.data(), statement.size()), pattern);
}

bool is_tool_subject(std::string_view subject) {
  for (std::string_view tool :
       {"database", "editor", "package manager", "build tool", "test framework", "shell"}) {
    if (subject == tool) return true;
  }
  return false;
}

Result<std::vector<Fact>> confirmed(Connection& main, std::int64_t scope) {
  std::vector<Fact> facts = MIRA_TRY(facts_of(main, {.scopes = {scope}, .as_of_ms = {}, .known_at_ms = {}}));
  std::erase_if(facts, [](const Fact& fact) { return fact.state != "confirmed"; });
  return facts;
}

}  // namespace

std::string_view profile_section(const Fact& fact) {
  if (fact.subject == "experience") return "experience_level";
  if (fact.subject == "learning goal") return "learning_goals";
  if (fact.kind == "identity") return "identity";
  if (fact.kind == "environment" || is_tool_subject(fact.subject)) return "tech_stack";
  if (fact.kind != "preference" && fact.kind != "decision") return "";
  return is_of_answers(fact.statement) ? "communication_style" : "coding_preferences";
}

Status rebuild_profile(Connection& main, std::int64_t scope) {
  std::map<std::int64_t, std::pair<std::string, std::string>> wanted, present;
  for (const Fact& fact : MIRA_TRY(confirmed(main, scope))) {
    std::string_view section = profile_section(fact);
    if (!section.empty()) wanted[fact.id] = {std::string(section), fact.statement};
  }
  MIRA_TRY(main.each(
      "SELECT fact_id, section, line FROM user_profile WHERE scope_id = ?",
      [&](const Row& row) { present[row.integer(0)] = {std::string(row.text(1)), std::string(row.text(2))}; },
      scope));
  for (const auto& [fact, line] : present) {
    auto stays = wanted.find(fact);
    if (stays != wanted.end() && stays->second == line) continue;
    MIRA_TRY(main.run("DELETE FROM user_profile WHERE scope_id = ? AND fact_id = ?", scope, fact));
  }
  for (const auto& [fact, line] : wanted) {
    MIRA_TRY(
        main.run("INSERT INTO user_profile(scope_id, section, fact_id, line) VALUES (?, ?, ?, ?) ON CONFLICT "
                 "DO NOTHING",
                 scope, line.first, fact, line.second));
  }
  return {};
}

Result<std::vector<ProfileLine>> profile_of(Connection& main, const std::vector<std::int64_t>& scopes) {
  std::vector<ProfileLine> out;
  for (std::int64_t scope : scopes) {
    MIRA_TRY(main.each(
        "SELECT section, line, fact_id FROM user_profile WHERE scope_id = ? ORDER BY fact_id DESC",
        [&](const Row& row) {
          out.push_back({std::string(row.text(0)), std::string(row.text(1)), row.integer(2)});
        },
        scope));
  }
  auto place = [](const ProfileLine& line) { return std::ranges::find(sections, line.section); };
  std::ranges::stable_sort(out, {}, place);
  return out;
}

}  // namespace mira::memory

// Patterns of what came back, see profile.h.
#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "knowledge/memory/profile.h"
#include "knowledge/memory/words.h"
#include "platform/base/text.h"

namespace mira::memory {
namespace {

using base::Result;
using base::Status;
using store::Connection;
using store::Row;

constexpr std::int64_t day_ms = 86'400'000;
constexpr std::size_t examples_kept = 8, request_bytes = 300;
constexpr std::size_t least_stems = 2, most_stems = 10;

// What was seen of one pattern so far.
struct Seen {
  std::string description;
  std::vector<std::int64_t> examples;  // the newest first
  std::set<std::int64_t> days, conversations;
  std::map<std::string, std::int64_t> languages;
  std::int64_t times = 0, last_ms = 0;

  void add(std::int64_t entry, std::int64_t conversation, std::int64_t said_ms) {
    ++times;
    days.insert(said_ms / day_ms);
    conversations.insert(conversation);
    last_ms = std::max(last_ms, said_ms);
    if (examples.size() < examples_kept) examples.push_back(entry);
  }
  bool is_pattern() const {
    return times >= pattern_times && std::ssize(days) >= pattern_days && conversations.size() > 1;
  }
};
using Key = std::pair<std::string, std::string>;  // type, words
using Found = std::map<Key, Seen>;

// Facts that were said again and again, and that nothing contradicts.
Status see_facts(Connection& main, std::int64_t scope, Found& found) {
  return main.each(
      "SELECT f.fact_id, f.statement, e.entry_id, e.conversation_id, coalesce(e.said_ms, e.recorded_ms)"
      " FROM memory_facts f JOIN memory_fact_mentions m USING (fact_id) JOIN memory_entries e ON e.entry_id ="
      " m.entry_id WHERE f.scope_id = ? AND f.state IN ('candidate','confirmed') AND f.kind <> 'note' AND NOT"
      " EXISTS (SELECT 1 FROM memory_fact_conflicts c WHERE c.fact_id = f.fact_id OR c.other_id = f.fact_id)"
      " ORDER BY e.entry_id DESC",
      [&](const Row& row) {
        Seen& seen = found[{"fact", std::to_string(row.integer(0))}];
        seen.description = row.text(1);
        seen.add(row.integer(2), row.integer(3), row.integer(4));
      },
      scope);
}

std::string_view first_line(std::string_view text) {
  text = base::trim(text);
  return base::truncate_utf8(text.substr(0, text.find('\n')), request_bytes);
}

// What the user asked for or put right, by its words.
Status see_requests(Connection& main, std::int64_t scope, Found& found) {
  return main.each(
      "SELECT e.entry_id, e.conversation_id, coalesce(e.said_ms, e.recorded_ms), e.content, a.intent,"
      " a.code_language, a.request_words FROM message_analysis a JOIN memory_entries e USING (entry_id)"
      " WHERE e.scope_id = ?1 AND a.request_words IN (SELECT other.request_words FROM message_analysis other"
      " JOIN memory_entries said USING (entry_id) WHERE other.request_words <> '' AND said.scope_id = ?1"
      " GROUP BY other.request_words HAVING count(*) >= ?2) ORDER BY e.entry_id DESC",
      [&](const Row& row) {
        std::string_view line = first_line(row.text(3));
        Seen& seen = found[{std::string(row.text(4)), std::string(row.text(6))}];
        if (seen.description.empty() || line.size() < seen.description.size()) seen.description = line;
        seen.add(row.integer(0), row.integer(1), row.integer(2));
        if (!row.text(5).empty()) ++seen.languages[std::string(row.text(5))];
      },
      scope, pattern_times);
}

// The language of two thirds of the examples, or "".
std::string language_of(const Seen& seen) {
  for (const auto& [language, times] : seen.languages) {
    if (times * 3 >= seen.times * 2) return language;
  }
  return "";
}

// To the end of the sentence: a point inside a word (v1.2, a.cpp) is none.
std::string_view first_clause(std::string_view text) {
  for (std::size_t at = 0; at < text.size() && at < request_bytes; ++at) {
    bool ends = std::string_view(".!?").contains(text[at]) && (at + 1 == text.size() || text[at + 1] == ' ');
    if (text[at] == '\n' || ends) return text.substr(0, at);
  }
  return base::truncate_utf8(text, request_bytes);
}

std::string examples_of(const Seen& seen) {
  std::string out;
  for (std::int64_t entry : seen.examples) out += fmt::format("{}{}", out.empty() ? "" : " ", entry);
  return out;
}

Status write(Connection& main, std::int64_t scope, const Key& key, const Seen& seen) {
  return main.run(
      "INSERT INTO learned_patterns(scope_id, pattern_type, pattern_words, description, applies_language, "
      "examples,"
      " times_observed, days_observed, last_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
      " ON CONFLICT (scope_id, pattern_type, pattern_words) DO UPDATE SET description = excluded.description,"
      " applies_language = excluded.applies_language, examples = excluded.examples,"
      " times_observed = excluded.times_observed, days_observed = excluded.days_observed, last_ms = "
      "excluded.last_ms"
      " WHERE examples <> excluded.examples OR times_observed <> excluded.times_observed"
      " OR description <> excluded.description",
      scope, key.first, key.second, seen.description, language_of(seen), examples_of(seen), seen.times,
      std::ssize(seen.days), seen.last_ms);
}

}  // namespace

std::string request_words(std::string_view text) {
  static const RE2 politeness(
      R"((?i)^\W*((please|now|then|and|ok(ay)?|so|no|actually|again|can you|could you|would you|will you|i want you to)\b[\s,]*)+)");
  static const RE2 names(R"(\S*(::|_|\(\)|/|\.[a-z]{1,5}\b)\S*|`[^`]*`|"[^"]*")");
  std::string clause(first_clause(base::trim(text)));
  RE2::Replace(&clause, politeness, "");
  RE2::GlobalReplace(&clause, names, " ");
  WordReader reader;
  std::vector<std::string> stems = reader.read(clause);
  std::erase_if(stems, [](const std::string& stem) {
    return stem == "again" || stem == "pleas" || (stem[0] >= '0' && stem[0] <= '9');
  });
  if (stems.size() < least_stems || stems.size() > most_stems) return "";
  return base::join(stems, " ");
}

Status rebuild_patterns(Connection& main, std::int64_t scope) {
  Found found;
  MIRA_TRY(see_facts(main, scope, found));
  MIRA_TRY(see_requests(main, scope, found));
  std::erase_if(found, [](const auto& one) { return !one.second.is_pattern(); });
  std::vector<std::int64_t> gone;
  MIRA_TRY(main.each(
      "SELECT pattern_id, pattern_type, pattern_words FROM learned_patterns WHERE scope_id = ?",
      [&](const Row& row) {
        if (!found.contains({std::string(row.text(1)), std::string(row.text(2))}))
          gone.push_back(row.integer(0));
      },
      scope));
  for (std::int64_t pattern : gone)
    MIRA_TRY(main.run("DELETE FROM learned_patterns WHERE pattern_id = ?", pattern));
  for (const auto& [key, seen] : found) MIRA_TRY(write(main, scope, key, seen));
  return {};
}

Result<std::vector<Pattern>> patterns_of(Connection& main, const std::vector<std::int64_t>& scopes) {
  std::vector<Pattern> out;
  for (std::int64_t scope : scopes) {
    MIRA_TRY(main.each(
        "SELECT pattern_id, pattern_type, description, applies_language, examples, times_observed, "
        "days_observed,"
        " last_ms, times_applied FROM learned_patterns WHERE scope_id = ?",
        [&](const Row& row) {
          Pattern one{.id = row.integer(0),
                      .type = std::string(row.text(1)),
                      .description = std::string(row.text(2)),
                      .language = std::string(row.text(3)),
                      .observed = row.integer(5),
                      .days = row.integer(6),
                      .last_ms = row.integer(7),
                      .applied = row.integer(8)};
          for (std::string_view example : base::split(row.text(4), ' ')) {
            std::int64_t entry = 0;
            std::from_chars(example.data(), example.data() + example.size(), entry);
            if (entry > 0) one.examples.push_back(entry);
          }
          out.push_back(std::move(one));
        },
        scope));
  }
  std::ranges::stable_sort(out, [](const Pattern& a, const Pattern& b) {
    return a.observed != b.observed ? a.observed > b.observed : a.last_ms > b.last_ms;
  });
  return out;
}

Status count_applied(Connection& main, std::int64_t pattern) {
  return main.run("UPDATE learned_patterns SET times_applied = times_applied + 1 WHERE pattern_id = ?",
                  pattern);
}

}  // namespace mira::memory

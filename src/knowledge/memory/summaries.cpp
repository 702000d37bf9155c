#include "knowledge/memory/summaries.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "knowledge/memory/cues.h"
#include "platform/base/text.h"
#include "platform/tokens/tokens.h"

namespace mira::memory {
namespace {

using base::Result;
using base::Status;
using store::Connection;
using store::Row;

constexpr std::size_t sentence_bytes = 400, text_bytes = 16 << 10;
constexpr std::size_t candidates_counted = 64;  // sentences whose tokens are counted

struct Sentence {
  std::int64_t entry = 0;
  std::size_t place = 0;
  double worth = 0;
  std::string text;
};

double worth_of(std::string_view sentence, const SummarySource& from, bool first) {
  double worth = from.role == "user" ? 1.0 : from.role == "assistant" ? 0.2 : 0.0;
  std::string lower = base::to_lower(sentence);
  auto holds = [&](std::initializer_list<std::string_view> words) {
    return std::ranges::any_of(words, [&](std::string_view word) { return lower.contains(word); });
  };
  if (instructs(sentence) || states_preference(sentence)) worth += 1.0;
  if (holds({"decided", "let's ", "we will", "from now on", "instead", "no longer", "agreed"})) worth += 0.8;
  if (holds({"error", "fail", "crash", "exception", "bug", "broken"})) worth += 0.6;
  if (holds({"fixed", "the fix", "the cause", "because", "solved", "turned out"})) worth += 0.6;
  if (holds({"next step", "still need", "remaining", "left to do", "not done", "later we", "open question"}))
    worth += 0.6;
  if (announces_change(sentence)) worth += 0.3;
  if (sentence.contains('?')) worth += from.role == "user" ? 0.2 : -0.4;
  if (sentence.contains('/') || sentence.contains("::") || sentence.contains("()")) worth += 0.2;
  if (acknowledges(sentence)) worth -= 1.0;
  if (sentence.size() < 20) worth -= 0.5;
  return first ? worth + 0.1 : worth;
}

// Sentences outside of code, cut at ends of sentences and of lines.
std::vector<std::string> sentences_of(std::string_view text) {
  std::vector<std::string> out;
  bool code = false;
  for (std::string_view line : base::split(base::truncate_utf8(text, text_bytes), '\n')) {
    line = base::trim(line);
    if (line.starts_with("```")) {
      code = !code;
      continue;
    }
    if (code || line.empty()) continue;
    std::size_t start = 0;
    for (std::size_t at = 0; at < line.size(); ++at) {
      bool ends =
          std::string_view(".!?").contains(line[at]) && (at + 1 == line.size() || line[at + 1] == ' ');
      if (!ends && at + 1 < line.size()) continue;
      std::string_view sentence = base::trim(line.substr(start, at + 1 - start));
      if (!sentence.empty()) out.emplace_back(base::truncate_utf8(sentence, sentence_bytes));
      start = at + 1;
    }
  }
  return out;
}

Result<std::vector<SummarySource>> entries_after(Connection& main, std::int64_t conversation,
                                                 std::int64_t after, std::int64_t count) {
  std::vector<SummarySource> out;
  MIRA_TRY(main.each(
      "SELECT entry_id, role, content FROM memory_entries WHERE conversation_id = ? AND entry_id > ?"
      " AND origin <> 'recalled' ORDER BY entry_id LIMIT ?",
      [&](const Row& row) {
        out.push_back({row.integer(0), std::string(row.text(1)), std::string(row.text(2))});
      },
      conversation, after, count));
  return out;
}

// One more of a level when it is due; false when it is not.
Result<bool> summarise_next(Connection& main, std::int64_t conversation, int level, std::size_t tokens) {
  auto last = MIRA_TRY(
      main.integer("SELECT max(last_entry) FROM rolling_summaries WHERE conversation_id = ? AND level = ?",
                   conversation, level));
  std::vector<SummarySource> entries = MIRA_TRY(entries_after(main, conversation, last.value_or(0), level));
  if (entries.size() < static_cast<std::size_t>(level)) return false;
  MIRA_TRY(main.run(
      "INSERT INTO rolling_summaries(conversation_id, level, first_entry, last_entry, content, rule_version)"
      " VALUES (?, ?, ?, ?, ?, ?)",
      conversation, level, entries.front().entry, entries.back().entry, extract(entries, tokens),
      summary_rules_version));
  std::int64_t made = main.last_insert_id();
  if (level == 100) {
    MIRA_TRY(
        main.run("UPDATE rolling_summaries SET parent_id = ? WHERE conversation_id = ? AND level = 10 AND "
                 "first_entry >= ?"
                 " AND last_entry <= ?",
                 made, conversation, entries.front().entry, entries.back().entry));
  }
  return true;
}

// The lines of the summaries that no higher one covers, as entries of their own.
Result<std::vector<SummarySource>> summarised(Connection& main, std::int64_t conversation) {
  std::vector<SummarySource> out;
  for (const Summary& summary : MIRA_TRY(summaries_of(main, conversation))) {
    for (std::string_view line : base::split(summary.content, '\n')) {
      std::size_t close = line.find("] ");
      if (!line.starts_with('[') || close == std::string_view::npos) continue;
      SummarySource source{.role = {}, .content = std::string(line.substr(close + 2))};
      std::from_chars(line.data() + 1, line.data() + close, source.entry);
      out.push_back(std::move(source));
    }
  }
  for (SummarySource& source : out)
    source.role =
        MIRA_TRY(main.text("SELECT role FROM memory_entries WHERE entry_id = ?", source.entry)).value_or("");
  return out;
}

// The conversation so far, from its summaries alone: the same summaries give the same bytes.
Status take_snapshot(Connection& main, std::int64_t conversation) {
  std::vector<Summary> parts = MIRA_TRY(summaries_of(main, conversation));
  if (parts.empty()) return {};
  std::string content = extract(MIRA_TRY(summarised(main, conversation)), snapshot_tokens);
  MIRA_TRY(main.run("DELETE FROM rolling_summaries WHERE conversation_id = ? AND level = 0", conversation));
  MIRA_TRY(main.run(
      "INSERT INTO rolling_summaries(conversation_id, level, first_entry, last_entry, content, rule_version)"
      " VALUES (?, 0, ?, ?, ?, ?)",
      conversation, parts.front().first_entry, parts.back().last_entry, content, summary_rules_version));
  return main.run("UPDATE rolling_summaries SET parent_id = ? WHERE conversation_id = ? AND level = 100",
                  main.last_insert_id(), conversation);
}

}  // namespace

std::string extract(const std::vector<SummarySource>& entries, std::size_t tokens) {
  std::vector<Sentence> all;
  for (const SummarySource& from : entries) {
    bool first = true;
    for (std::string& text : sentences_of(from.content)) {
      double worth = worth_of(text, from, first);
      all.push_back({from.entry, all.size(), worth, std::move(text)});
      first = false;
    }
  }
  std::ranges::stable_sort(all, std::greater<>(), &Sentence::worth);
  if (all.size() > candidates_counted) all.resize(candidates_counted);
  std::vector<Sentence> chosen;
  std::size_t used = 0;
  for (Sentence& sentence : all) {
    std::size_t cost = tokens::count(fmt::format("[{}] {}\n", sentence.entry, sentence.text));
    if (used + cost > tokens) continue;
    used += cost;
    chosen.push_back(std::move(sentence));
  }
  std::ranges::sort(chosen, {}, &Sentence::place);
  std::string out;
  for (const Sentence& sentence : chosen) out += fmt::format("[{}] {}\n", sentence.entry, sentence.text);
  return out;
}

Status summarise(Connection& main, std::int64_t conversation) {
  bool any = false;
  while (MIRA_TRY(summarise_next(main, conversation, 10, ten_tokens))) any = true;
  while (MIRA_TRY(summarise_next(main, conversation, 100, hundred_tokens))) any = true;
  return any ? take_snapshot(main, conversation) : Status();
}

Result<Summary> snapshot_of(Connection& main, std::int64_t conversation) {
  Summary out{.level = snapshot_level, .content = {}};
  MIRA_TRY(main.each(
      "SELECT first_entry, last_entry, content FROM rolling_summaries WHERE conversation_id = ? AND level = "
      "0",
      [&](const Row& row) {
        out.first_entry = row.integer(0);
        out.last_entry = row.integer(1);
        out.content = row.text(2);
      },
      conversation));
  return out;
}

Status rebuild_summaries(Connection& main, std::int64_t conversation) {
  MIRA_TRY(main.run("DELETE FROM rolling_summaries WHERE conversation_id = ?", conversation));
  return summarise(main, conversation);
}

Result<std::vector<Summary>> summaries_of(Connection& main, std::int64_t conversation) {
  std::vector<Summary> out;
  MIRA_TRY(main.each(
      "SELECT level, first_entry, last_entry, content FROM rolling_summaries WHERE conversation_id = ?"
      " AND level > 0 AND (level = 100 OR parent_id IS NULL) ORDER BY first_entry",
      [&](const Row& row) {
        out.push_back(
            {static_cast<int>(row.integer(0)), row.integer(1), row.integer(2), std::string(row.text(3))});
      },
      conversation));
  return out;
}

}  // namespace mira::memory

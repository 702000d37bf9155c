#include "knowledge/memory/forget.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <set>

#include "knowledge/memory/facts.h"
#include "knowledge/memory/profile.h"
#include "knowledge/memory/segments.h"
#include "knowledge/memory/summaries.h"
#include "platform/store/backup.h"

namespace mira::memory {
namespace {

namespace fs = std::filesystem;
using base::ErrorCode;
using base::Result;
using base::Status;
using store::Connection;
using store::Row;

constexpr std::size_t piece_bytes = 20;        // of the text, one piece
constexpr std::size_t pieces_of_a_text = 200;  // looked for
constexpr std::size_t chunk_bytes = 4 << 20;   // of a file, read at once

Result<std::set<std::int64_t>> numbers(Connection& main, store::Sql sql,
                                       const std::vector<std::int64_t>& entries) {
  std::set<std::int64_t> out;
  for (std::int64_t entry : entries)
    MIRA_TRY(main.each(sql, [&](const Row& row) { out.insert(row.integer(0)); }, entry));
  return out;
}

// Whether the journal was emptied: (busy, pages in it, pages moved).
Status empty_log(Connection& main) {
  bool busy = false;
  MIRA_TRY(main.each("PRAGMA wal_checkpoint(TRUNCATE)", [&](const Row& row) { busy = row.integer(0) != 0; }));
  if (busy)
    return base::fail(ErrorCode::locked, "another program is reading; the log could not be emptied",
                      "run the same again when it has finished");
  return {};
}

// What was ended only by what is forgotten holds again.
Status revive_superseded_by(Connection& main, std::int64_t entry) {
  return main.run(
      "UPDATE memory_facts SET valid_to_ms = NULL, retracted_ms = NULL, superseded_by = NULL, reason = '',"
      " state = CASE WHEN EXISTS (SELECT 1 FROM memory_entries r WHERE r.entry_id = memory_facts.entry_id AND"
      " r.origin = 'remembered') OR (SELECT count(DISTINCT e.conversation_id) FROM memory_fact_mentions m "
      "JOIN "
      "memory_entries e"
      " USING (entry_id) WHERE m.fact_id = memory_facts.fact_id) >= 2 THEN 'confirmed' ELSE 'candidate' END"
      " WHERE state = 'superseded' AND superseded_by IN (SELECT fact_id FROM memory_facts WHERE entry_id = "
      "?)",
      entry);
}

// A fact that others said too rests on them from now on.
Status learn_again(Connection& main, std::int64_t entry, std::int64_t now_ms) {
  Said said{.entry = entry, .recorded_ms = now_ms};
  std::string content;
  MIRA_TRY(main.each(
      "SELECT conversation_id, scope_id, coalesce(said_ms, recorded_ms), origin, content FROM memory_entries"
      " WHERE entry_id = ?",
      [&](const Row& row) {
        said.conversation = row.integer(0);
        said.scope = row.integer(1);
        said.at_ms = row.integer(2);
        said.confirmed = row.text(3) == "remembered";
        content = row.text(4);
      },
      entry));
  return content.empty() ? Status() : learn(main, said, content, statements_in(content));
}

fs::path main_file(const base::Home& home) {
  return home.data / "mira.db";
}

}  // namespace

Status remove_entries(Connection& main, const std::vector<std::int64_t>& entries, std::int64_t now_ms) {
  std::set<std::int64_t> segments = MIRA_TRY(
      numbers(main, "SELECT segment_id FROM memory_entries WHERE entry_id = ? AND segment_id <> 0", entries));
  std::set<std::int64_t> scopes =
      MIRA_TRY(numbers(main, "SELECT scope_id FROM memory_entries WHERE entry_id = ?", entries));
  std::set<std::int64_t> conversations =
      MIRA_TRY(numbers(main, "SELECT conversation_id FROM memory_entries WHERE entry_id = ?", entries));
  std::set<std::int64_t> witnesses =
      MIRA_TRY(numbers(main,
                       "SELECT m.entry_id FROM memory_fact_mentions m JOIN memory_facts f USING (fact_id)"
                       " WHERE f.entry_id = ?1 AND m.entry_id <> ?1",
                       entries));
  for (std::int64_t entry : entries) {
    MIRA_TRY(revive_superseded_by(main, entry));
    MIRA_TRY(main.run(
        "INSERT INTO memory_tombstones(content_hash, forgotten_ms) SELECT content_hash, ? FROM memory_entries"
        " WHERE entry_id = ? ON CONFLICT DO NOTHING",
        now_ms, entry));
    MIRA_TRY(main.run("DELETE FROM memory_entries WHERE entry_id = ?", entry));
  }
  for (std::int64_t witness : witnesses) MIRA_TRY(learn_again(main, witness, now_ms));
  for (std::int64_t scope : scopes) {
    MIRA_TRY(rebuild_profile(main, scope));
    MIRA_TRY(rebuild_patterns(main, scope));
  }
  for (std::int64_t segment : segments) MIRA_TRY(rebuild_segment(main, segment));
  for (std::int64_t conversation : conversations) MIRA_TRY(rebuild_summaries(main, conversation));
  return {};
}

Status scrub(const contracts::Session& session, base::Deadline deadline) {
  auto main = MIRA_TRY(Connection::open(main_file(session.home),
                                        {.durability = store::Durability::full, .secure_delete = true}));
  main.set_deadline(deadline.within_ms(5000));
  return empty_log(main);
}

Traces::Traces(const std::vector<std::string>& forgotten, const std::vector<std::string>& kept) {
  std::set<std::string> pieces;
  for (const std::string& text : forgotten) {
    if (text.size() <= piece_bytes) {
      if (text.size() >= 4) pieces.insert(text);
      continue;
    }
    std::size_t step = std::max<std::size_t>(1, (text.size() - piece_bytes) / pieces_of_a_text);
    for (std::size_t at = 0; at + piece_bytes <= text.size(); at += step)
      pieces.insert(text.substr(at, piece_bytes));
  }
  for (const std::string& piece : pieces) {
    auto holds = [&](const std::string& text) { return text.contains(piece); };
    if (!std::ranges::any_of(kept, holds)) pieces_.push_back(piece);
  }
}

Result<bool> Traces::in_file(const fs::path& file) const {
  std::ifstream in(file, std::ios::binary);
  if (!in) return base::fail(ErrorCode::unavailable, fmt::format("{} cannot be read", file.string()));
  std::string buffer;
  std::string chunk(chunk_bytes, '\0');
  while (in.read(chunk.data(), static_cast<std::streamsize>(chunk.size())), in.gcount() > 0) {
    buffer.append(chunk, 0, static_cast<std::size_t>(in.gcount()));
    auto stands = [&](const std::string& piece) { return buffer.contains(piece); };
    if (std::ranges::any_of(pieces_, stands)) return true;
    if (buffer.size() > piece_bytes) buffer.erase(0, buffer.size() - piece_bytes);
  }
  return false;
}

Result<std::vector<fs::path>> files_with(const Traces& traces, const base::Home& home) {
  std::set<fs::path> files;
  std::error_code error;
  for (const fs::path& folder : {home.data, home.state, home.cache}) {
    for (auto at = fs::recursive_directory_iterator(folder, error);
         !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
      if (at->is_regular_file(error) && !at->is_symlink(error)) files.insert(at->path());
    }
  }
  std::vector<fs::path> out;
  for (const fs::path& file : files) {
    if (MIRA_TRY(traces.in_file(file))) out.push_back(file);
  }
  return out;
}

Result<int> replace_backups(contracts::Session& session, const Traces& traces) {
  std::vector<fs::path> old;
  std::error_code error;
  fs::path folder = session.home.data / "backups";
  for (auto at = fs::directory_iterator(folder, error); !error && at != fs::directory_iterator();
       at.increment(error)) {
    if (at->is_regular_file(error) && MIRA_TRY(traces.in_file(at->path()))) old.push_back(at->path());
  }
  if (old.empty()) return 0;
  fs::path fresh = folder / fmt::format("mira-{}-after-forgetting.db", session.clock.now_ms());
  MIRA_TRY(store::backup(session.main, fresh));
  for (const fs::path& file : old) {
    if (!fs::remove(file, error))
      return base::fail(ErrorCode::unavailable,
                        fmt::format("{} holds the text and cannot be removed", file.string()));
  }
  return static_cast<int>(old.size());
}

}  // namespace mira::memory

#include "tests/crash/diary.h"

namespace mira::crash {
namespace {

using store::Connection;
using store::Row;
using store::Status;

constexpr std::string_view step_1 =
    "CREATE TABLE entries (entry_id INTEGER PRIMARY KEY, text TEXT NOT NULL);"
    "CREATE TABLE parts (entry_id INTEGER NOT NULL REFERENCES entries(entry_id) ON DELETE CASCADE,"
    "  ordinal INTEGER NOT NULL, text TEXT NOT NULL, PRIMARY KEY (entry_id, ordinal));"
    "CREATE TABLE totals (changes INTEGER NOT NULL);"
    "INSERT INTO totals VALUES (0);";
constexpr std::string_view step_2 =
    "CREATE TABLE new_entries (entry_id INTEGER PRIMARY KEY, text TEXT NOT NULL, mood TEXT NOT NULL DEFAULT "
    "'calm');"
    "INSERT INTO new_entries SELECT entry_id, text, 'calm' FROM entries;"
    "DROP TABLE entries;"
    "ALTER TABLE new_entries RENAME TO entries;"
    "CREATE INDEX entries_mood ON entries(mood);";

constexpr int parts_of_an_entry = 3;

std::string text_of(int number) {
  return "change " + std::to_string(number) + " " +
         std::string(static_cast<std::size_t>(number) * 37 % 900, 'x');
}

// Every seventh change rewrites an older entry; every eleventh forgets one.
int rewritten_by(int number) {
  return number % 7 == 0 ? number - 3 : 0;
}
int forgotten_by(int number) {
  return number % 11 == 0 ? number - 5 : 0;
}

Status write_entry(Connection& connection, int number) {
  MIRA_TRY(connection.run("INSERT INTO entries (entry_id, text) VALUES (?1, ?2)", number, text_of(number)));
  for (int ordinal = 0; ordinal < parts_of_an_entry; ++ordinal) {
    MIRA_TRY(connection.run("INSERT INTO parts VALUES (?1, ?2, ?3)", number, ordinal, text_of(number)));
  }
  return {};
}

Status apply_change(Connection& connection, int number) {
  MIRA_TRY(write_entry(connection, number));
  MIRA_TRY(connection.run("UPDATE entries SET text = ?2 WHERE entry_id = ?1", rewritten_by(number),
                          text_of(number) + "!"));
  MIRA_TRY(connection.run("DELETE FROM entries WHERE entry_id = ?1", forgotten_by(number)));
  return connection.run("UPDATE totals SET changes = changes + 1");
}

}  // namespace

std::vector<store::Schema> diary_schema(int steps) {
  std::vector<store::Migration> migrations = {{1, "entries", step_1}, {2, "moods", step_2}};
  if (steps == 1) migrations.pop_back();
  return {{"diary", {}, migrations}};
}

store::Writer::Change diary_change(int number) {
  return [number](Connection& connection) { return apply_change(connection, number); };
}

std::map<std::int64_t, std::string> diary_after(int changes) {
  std::map<std::int64_t, std::string> entries;
  for (int number = 1; number <= changes; ++number) {
    entries[number] = text_of(number);
    auto rewritten = entries.find(rewritten_by(number));
    if (rewritten != entries.end()) rewritten->second = text_of(number) + "!";
    entries.erase(forgotten_by(number));
  }
  return entries;
}

store::Result<DiaryFound> read_diary(Connection& connection) {
  DiaryFound found;
  auto changes = MIRA_TRY(connection.integer("SELECT changes FROM totals"));
  found.changes = static_cast<int>(changes.value_or(-1));
  MIRA_TRY(connection.each("SELECT entry_id, text FROM entries", [&](const Row& row) {
    found.entries[row.integer(0)] = std::string(row.text(1));
  }));
  auto parts = MIRA_TRY(connection.integer("SELECT count(*) FROM parts"));
  if (parts.value_or(-1) != static_cast<std::int64_t>(found.entries.size()) * parts_of_an_entry) {
    return base::fail(base::ErrorCode::failed, "entries and parts do not agree");
  }
  return found;
}

}  // namespace mira::crash

// A small database like mira.db and a fixed story of changes to it, with a model
// that says what it must hold after any number of them. Each change touches several
// rows and tables, so a half-done one cannot look like a whole one.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "platform/store/migrate.h"
#include "platform/store/writer.h"

namespace mira::crash {

// Step 1, or steps 1 and 2 (which rebuilds the table that step 1 made).
std::vector<store::Schema> diary_schema(int steps);

// The change number `number` (from 1) of the story; it must run as the number-th.
store::Writer::Change diary_change(int number);

// Entry texts by id after the first `changes` changes.
std::map<std::int64_t, std::string> diary_after(int changes);

// What a database holds; fails when its tables do not agree with each other.
struct DiaryFound {
  int changes = 0;
  std::map<std::int64_t, std::string> entries;
};
store::Result<DiaryFound> read_diary(store::Connection& connection);

}  // namespace mira::crash

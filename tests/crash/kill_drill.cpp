// A program to be killed: it writes through store::Writer from several threads and
// tells each acknowledged id on its standard output, one write call an id.
//   write FILE FIRST_ID COUNT THREADS  writes COUNT rows in two tables (0: until killed)
//   migrate FILE STEPS BACKUPS         brings a diary to its step 1 or 2
// Exit 0: everything was acknowledged. 1: the first error is on standard error.
#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <charconv>
#include <cstdio>
#include <string_view>
#include <thread>

#include "tests/crash/diary.h"

namespace mira::crash {
namespace {

using base::Deadline;
using store::Connection;
using store::Durability;
using store::Result;
using store::Status;
using store::Writer;

constexpr std::int64_t patience_ms = 60'000;

std::int64_t number_of(std::string_view text) {
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

Result<Connection> open_diary(const char* file, int steps, const char* backups) {
  Connection connection =
      MIRA_TRY(Connection::open(file, {.durability = Durability::full, .secure_delete = true}));
  auto schema = diary_schema(steps);
  auto now_ms = base::SystemClock().now_ms();
  MIRA_TRY(store::migrate(connection, file, schema, store::Which::main, backups, now_ms));
  return connection;
}

// One row in each of two tables, so that half a change would show.
Status write_pair(Connection& connection, std::int64_t id) {
  MIRA_TRY(connection.run("INSERT INTO entries (entry_id, text) VALUES (?1, ?2)", id,
                          fmt::format("entry {}", id)));
  return connection.run("INSERT INTO parts VALUES (?1, 0, ?2)", id, fmt::format("part of {}", id));
}

void tell(std::int64_t id) {
  std::string line = fmt::format("{:019}\n", id);
  if (::write(STDOUT_FILENO, line.data(), line.size()) != static_cast<ssize_t>(line.size())) _exit(2);
}

Status write_rows(Writer& writer, std::int64_t first, std::int64_t count, int threads) {
  std::atomic<std::int64_t> next = 0;
  std::atomic<bool> stop = false;
  std::vector<Status> ends(static_cast<std::size_t>(threads));
  std::vector<std::thread> workers;
  for (Status& end : ends) {
    workers.emplace_back([&] {
      while (!stop) {
        std::int64_t index = next++;
        if (count > 0 && index >= count) return;
        auto change = [&](Connection& connection) { return write_pair(connection, first + index); };
        end = writer.submit(change, Deadline::after_ms(patience_ms));
        if (!end) stop = true;
        if (end) tell(first + index);
      }
    });
  }
  for (std::thread& worker : workers) worker.join();
  for (Status& end : ends) MIRA_TRY(std::move(end));
  return {};
}

Status run(int count, char** words) {
  std::string_view verb = count > 1 ? words[1] : "";
  if (verb == "write" && count == 6) {
    Connection connection = MIRA_TRY(open_diary(words[2], 1, "/nowhere"));
    MIRA_TRY(connection.script("PRAGMA wal_autocheckpoint=100"));
    auto writer = Writer::start(std::move(connection));
    return write_rows(*writer, number_of(words[3]), number_of(words[4]),
                      static_cast<int>(number_of(words[5])));
  }
  if (verb == "migrate" && count == 5) {
    MIRA_TRY(open_diary(words[2], static_cast<int>(number_of(words[3])), words[4]));
    return {};
  }
  return base::fail(base::ErrorCode::usage, "write FILE FIRST_ID COUNT THREADS | migrate FILE STEPS BACKUPS");
}

}  // namespace
}  // namespace mira::crash

int main(int count, char** words) {
  mira::store::Status done = mira::crash::run(count, words);
  if (done) return 0;
  fmt::print(stderr, "{}\n", done.error().message);
  return 1;
}

#include "platform/store/connection.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "platform/base/limits.h"
#include "platform/store/patience.h"
#include "tests/support/temporary_folder.h"

namespace mira::store {
namespace {

using support::TemporaryFolder;

Connection open_or_die(const std::filesystem::path& file, OpenOptions options = {}) {
  auto connection = Connection::open(file, options);
  if (!connection) ADD_FAILURE() << connection.error().message;
  return std::move(connection).value();
}

TEST(Connection, KeepsWhatWasWritten) {
  TemporaryFolder folder;
  Connection connection = open_or_die(folder / "a.db");
  ASSERT_TRUE(
      connection.script("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT, data BLOB, share REAL)"));
  ASSERT_TRUE(connection.run("INSERT INTO notes (text, data, share) VALUES (?1, ?2, ?3)", "it's",
                             Blob{std::string_view("\0\xff", 2)}, 0.5));
  EXPECT_EQ(connection.last_insert_id(), 1);
  Connection again = open_or_die(folder / "a.db");
  int rows = 0;
  ASSERT_TRUE(again.each("SELECT text, data, share, id FROM notes", [&](const Row& row) {
    ++rows;
    EXPECT_EQ(row.text(0), "it's");
    EXPECT_EQ(row.blob(1), std::string_view("\0\xff", 2));
    EXPECT_EQ(row.real(2), 0.5);
    EXPECT_EQ(row.integer(3), 1);
  }));
  EXPECT_EQ(rows, 1);
}

TEST(Connection, EmptyTextIsNotNullAndNothingIs) {
  TemporaryFolder folder;
  Connection connection = open_or_die(folder / "a.db");
  std::optional<std::string> missing;
  ASSERT_TRUE(connection.each(
      "SELECT ?1, ?2, ?3, ?4",
      [&](const Row& row) {
        EXPECT_FALSE(row.is_null(0));
        EXPECT_FALSE(row.is_null(1));
        EXPECT_TRUE(row.is_null(2));
        EXPECT_TRUE(row.is_null(3));
      },
      std::string_view(), Blob{}, nullptr, missing));
}

TEST(Connection, OpenedInAHurryWaitsForNobodyLong) {
  TemporaryFolder folder;
  Connection holder = open_or_die(folder / "a.db");
  ASSERT_TRUE(holder.script("CREATE TABLE notes (id INTEGER PRIMARY KEY)"));
  ASSERT_TRUE(holder.run("BEGIN IMMEDIATE"));
  const base::Deadline long_before_the_usual_wait = base::Deadline::after_ms(limits::busy_wait_ms - 500);
  {
    const Patience patience(10);
    const Patience no_longer_inside(60'000);
    EXPECT_EQ(Patience::busy_wait_ms(), 10);
    Connection hurried = open_or_die(folder / "a.db");
    auto begun = hurried.run("BEGIN IMMEDIATE");
    ASSERT_FALSE(begun);
    EXPECT_EQ(begun.error().code, ErrorCode::locked);
  }
  EXPECT_FALSE(long_before_the_usual_wait.expired());
  EXPECT_EQ(Patience::busy_wait_ms(), limits::busy_wait_ms);
}

TEST(Connection, RefusesTheWrongNumberOfValues) {
  TemporaryFolder folder;
  Connection connection = open_or_die(folder / "a.db");
  Status run = connection.run("SELECT ?1, ?2", 1);
  ASSERT_FALSE(run);
  EXPECT_NE(run.error().message.find("got 1 values and needs 2"), std::string::npos);
}

TEST(Connection, AStatementMayRunInsideItsOwnRows) {
  TemporaryFolder folder;
  Connection connection = open_or_die(folder / "a.db");
  static constexpr Sql three = "SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3";
  int pairs = 0;
  ASSERT_TRUE(connection.each(
      three, [&](const Row&) { EXPECT_TRUE(connection.each(three, [&](const Row&) { ++pairs; })); }));
  EXPECT_EQ(pairs, 9);
}

TEST(Connection, AFailingTransactionLeavesNothing) {
  TemporaryFolder folder;
  Connection connection = open_or_die(folder / "a.db");
  ASSERT_TRUE(connection.script("CREATE TABLE notes (text TEXT)"));
  Status done = connection.transaction([&]() -> Status {
    MIRA_TRY(connection.run("INSERT INTO notes VALUES ('one')"));
    return base::fail(ErrorCode::usage, "changed my mind");
  });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().message, "changed my mind");
  EXPECT_EQ(connection.integer("SELECT count(*) FROM notes"), 0);
}

TEST(Connection, HoldsItsPromisesAboutTheFile) {
  TemporaryFolder folder;
  Connection connection =
      open_or_die(folder / "a.db", {.durability = Durability::full, .secure_delete = true});
  ASSERT_TRUE(connection.script("CREATE TABLE notes (text TEXT)"));
  EXPECT_EQ(connection.text("PRAGMA journal_mode"), "wal");
  EXPECT_EQ(connection.integer("PRAGMA page_size"), 8192);
  EXPECT_EQ(connection.integer("PRAGMA synchronous"), 2);
  EXPECT_EQ(connection.integer("PRAGMA mmap_size").value().value_or(0), 0);
  EXPECT_EQ(connection.integer("PRAGMA foreign_keys"), 1);
  EXPECT_EQ(connection.integer("PRAGMA secure_delete"), 1);
  for (const char* name : {"a.db", "a.db-wal", "a.db-shm"}) {
    struct stat found{};
    ASSERT_EQ(::stat((folder / name).c_str(), &found), 0) << name;
    EXPECT_EQ(found.st_mode & 0777, 0600u) << name;
  }
}

TEST(Connection, DescriptorsCloseInChildren) {
  TemporaryFolder folder;
  Connection connection = open_or_die(folder / "a.db");
  ASSERT_TRUE(connection.script("CREATE TABLE notes (text TEXT)"));
  int seen = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code gone;
    auto target = std::filesystem::read_symlink(entry.path(), gone);
    if (gone || target.native().find(folder.path().native()) != 0) continue;
    ++seen;
    int flags = ::fcntl(std::stoi(entry.path().filename()), F_GETFD);
    EXPECT_TRUE(flags & FD_CLOEXEC) << target;
  }
  EXPECT_EQ(seen, 3);
}

TEST(Connection, ReadOnlyNeitherMakesNorChanges) {
  TemporaryFolder folder;
  auto missing = Connection::open(folder / "none.db", {.access = Access::read_only});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::unavailable);
  EXPECT_FALSE(std::filesystem::exists(folder / "none.db"));

  {
    ASSERT_TRUE(open_or_die(folder / "a.db").script("CREATE TABLE notes (text TEXT)"));
  }
  Connection reader = open_or_die(folder / "a.db", {.access = Access::read_only});
  Status written = reader.run("INSERT INTO notes VALUES ('x')");
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, ErrorCode::unavailable);
  EXPECT_EQ(reader.integer("SELECT count(*) FROM notes"), 0);
}

TEST(Connection, RunningOutOfDescriptorsIsSaidAndHarmsNobody) {
  TemporaryFolder folder;
  Connection connection = open_or_die(folder / "a.db");
  ASSERT_TRUE(connection.script("CREATE TABLE notes (text TEXT)"));
  struct rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  int next = ::dup(0);
  ::close(next);
  struct rlimit tight = before;
  tight.rlim_cur = static_cast<rlim_t>(next);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &tight), 0);
  auto refused = Connection::open(folder / "b.db", {});
  Status written = connection.run("INSERT INTO notes VALUES ('still here')");
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("Too many open files"), std::string::npos)
      << refused.error().message;
  EXPECT_TRUE(written);
  EXPECT_TRUE(Connection::open(folder / "b.db", {}));
}

TEST(Connection, AFolderThatMayNotBeUsedIsSaid) {
  auto refused = Connection::open("/nowhere/at/all/a.db", {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::unavailable);
  EXPECT_NE(refused.error().message.find("No such file or directory"), std::string::npos)
      << refused.error().message;
}

TEST(Connection, SomethingElseIsNotADatabase) {
  TemporaryFolder folder;
  std::ofstream(folder / "a.db") << std::string(20000, 'x');
  auto opened = Connection::open(folder / "a.db", {});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::unavailable);
  EXPECT_NE(opened.error().message.find("a.db is not a database"), std::string::npos);
  EXPECT_FALSE(opened.error().hint.empty());
}

TEST(Connection, OddNamesAreOpenedAsTheyStand) {
  TemporaryFolder folder;
  for (const char* name : {"a b?c#d%41.db", "line\nbreak.db", "\xff\xfe.db"}) {
    {
      ASSERT_TRUE(open_or_die(folder / name).script("CREATE TABLE notes (text TEXT)"));
    }
    EXPECT_TRUE(std::filesystem::exists(folder / name)) << name;
  }
}

TEST(Connection, AnEndlessQueryEndsAtItsDeadline) {
  TemporaryFolder folder;
  Connection connection = open_or_die(folder / "a.db");
  connection.set_deadline(base::Deadline::after_ms(20));
  auto counted = connection.integer(
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n");
  ASSERT_FALSE(counted);
  EXPECT_EQ(counted.error().code, ErrorCode::timeout);
  connection.set_deadline(base::Deadline::never());
  EXPECT_EQ(connection.integer("SELECT 7"), 7);
}

TEST(Connection, TheLogIsCutAgainOnceALongReaderHasEnded) {
  TemporaryFolder folder;
  Connection writer = open_or_die(folder / "a.db");
  ASSERT_TRUE(writer.script("CREATE TABLE pages (data BLOB); INSERT INTO pages VALUES (x'00')"));
  std::string megabyte(1 << 20, 'x');
  auto fill = [&](int megabytes) {
    for (int i = 0; i < megabytes; ++i) {
      ASSERT_TRUE(writer.run("INSERT INTO pages VALUES (?1)", Blob{megabyte}));
    }
  };
  auto log_bytes = [&] { return std::filesystem::file_size(folder / "a.db-wal"); };
  constexpr std::uintmax_t limit = 64 << 20;  // journal_size_limit
  {
    Connection reader = open_or_die(folder / "a.db", {.access = Access::read_only});
    ASSERT_TRUE(reader.script("BEGIN; SELECT count(*) FROM pages"));  // holds the log from here on
    fill(70);
    ASSERT_GT(log_bytes(), limit) << "the reader was meant to keep the log growing";
  }
  fill(2);
  EXPECT_LE(log_bytes(), limit);
}

TEST(Connection, ACancelledQueryIsInterrupted) {
  TemporaryFolder folder;
  Connection connection = open_or_die(folder / "a.db");
  std::atomic<bool> cancel = true;
  connection.set_deadline(base::Deadline::never().with_cancel(&cancel));
  auto counted = connection.integer(
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n");
  ASSERT_FALSE(counted);
  EXPECT_EQ(counted.error().code, ErrorCode::interrupted);
}

TEST(Connection, AnotherWriterIsWaitedForUntilTheDeadline) {
  TemporaryFolder folder;
  Connection first = open_or_die(folder / "a.db");
  Connection second = open_or_die(folder / "a.db");
  ASSERT_TRUE(first.run("BEGIN IMMEDIATE"));
  second.set_deadline(base::Deadline::after_ms(20));
  Status begun = second.run("BEGIN IMMEDIATE");
  ASSERT_FALSE(begun);
  EXPECT_EQ(begun.error().code, ErrorCode::timeout);
}

}  // namespace
}  // namespace mira::store

#include "platform/store/backup_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "platform/store/backup.h"
#include "tests/support/temporary_folder.h"

namespace mira::store {
namespace {

using support::TemporaryFolder;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::int64_t day_ms = 86'400'000;
constexpr std::int64_t made_ms = 1'700'000'000'000;

// A database as migrate() leaves one, made at made_ms; the files' times are those of the real clock, which is
// later than any time that is used here.
class BackupFolderTest : public testing::Test {
 protected:
  BackupFolderTest() {
    EXPECT_TRUE(
        connection.script("CREATE TABLE schema_migrations (feature TEXT, number INTEGER, applied_ms INTEGER);"
                          "CREATE TABLE notes (text TEXT)"));
    EXPECT_TRUE(
        connection.run("INSERT INTO schema_migrations VALUES ('a', 1, ?1), ('a', 2, ?1 + 5)", made_ms));
  }

  void note(std::string_view text) { EXPECT_TRUE(connection.run("INSERT INTO notes VALUES (?1)", text)); }
  bool is_due(std::int64_t now_ms) { return backups.is_due(connection, now_ms).value(); }
  std::vector<std::int64_t> times() {
    std::vector<std::int64_t> out;
    for (const BackupFile& file : backups.newest_first()) out.push_back(file.made_ms);
    return out;
  }
  static std::vector<std::string> notes_in(const std::filesystem::path& file) {
    std::vector<std::string> out;
    Connection opened = Connection::open(file, {.access = Access::read_only}).value();
    EXPECT_TRUE(opened.each("SELECT text FROM notes ORDER BY rowid",
                            [&](const Row& row) { out.emplace_back(row.text(0)); }));
    return out;
  }

  TemporaryFolder folder;
  std::filesystem::path database = folder / "mira.db";
  BackupFolder backups{folder / "backups", database};
  Connection connection = Connection::open(database, {.durability = Durability::full}).value();
};

TEST_F(BackupFolderTest, TheFirstIsDueADayAfterTheDatabaseWasMade) {
  EXPECT_FALSE(is_due(made_ms + day_ms - 1));
  EXPECT_TRUE(is_due(made_ms + day_ms));
}

TEST_F(BackupFolderTest, TheNextIsDueADayAfterTheNewest) {
  ASSERT_TRUE(backups.make(connection, made_ms + day_ms));
  note("written since");
  EXPECT_FALSE(is_due(made_ms + 2 * day_ms - 1));
  EXPECT_TRUE(is_due(made_ms + 2 * day_ms));
  EXPECT_FALSE(is_due(made_ms)) << "a clock that was set back";
}

TEST_F(BackupFolderTest, NothingIsDueWhereNothingWasWritten) {
  std::int64_t later_than_the_file = 4'000'000'000'000;
  ASSERT_TRUE(backups.make(connection, later_than_the_file));
  EXPECT_FALSE(is_due(later_than_the_file + 30 * day_ms));
}

TEST_F(BackupFolderTest, TheNewestThreeOfAKindStay) {
  for (const char* name :
       {"mira-before-migration-1700000000001-0.db", "mira-before-migration-1700000000002-0.db",
        "mira-before-migration-1700000000003-0.db", "mira-before-migration-1700000000004-0.db",
        "other-1700000000009-daily.db", "mira-notes.txt"}) {
    std::filesystem::create_directories(folder / "backups");
    std::ofstream(folder / "backups" / name) << "x";
  }
  for (int day = 1; day <= 5; ++day) ASSERT_TRUE(backups.make(connection, made_ms + day * day_ms));
  EXPECT_THAT(times(), ElementsAre(made_ms + 5 * day_ms, made_ms + 4 * day_ms, made_ms + 3 * day_ms,
                                   1700000000004, 1700000000003, 1700000000002));
  EXPECT_TRUE(std::filesystem::exists(folder / "backups/other-1700000000009-daily.db"));
  EXPECT_TRUE(std::filesystem::exists(folder / "backups/mira-notes.txt"));
}

TEST_F(BackupFolderTest, IsForItsOwnerOnly) {
  auto file = backups.make(connection, made_ms).value();
  for (const auto& made : {file, file.parent_path()}) {
    struct stat found{};
    ASSERT_EQ(::stat(made.c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 077, 0u) << made;
  }
}

TEST_F(BackupFolderTest, WhatWasForgottenGoesFromAllWithTheNextOne) {
  EXPECT_TRUE(backups.replace_at_next_turn());
  EXPECT_FALSE(backups.is_replaced_at_next_turn()) << "there is no copy that could hold it";
  note("a secret");
  auto old = backups.make(connection, made_ms).value();
  ASSERT_TRUE(connection.run("DELETE FROM notes"));
  ASSERT_TRUE(backups.replace_at_next_turn());
  EXPECT_TRUE(is_due(made_ms + 1)) << "not only after a day";
  ASSERT_TRUE(backups.make(connection, made_ms + 1));
  EXPECT_FALSE(std::filesystem::exists(old));
  EXPECT_THAT(times(), ElementsAre(made_ms + 1));
  EXPECT_FALSE(backups.is_replaced_at_next_turn());
}

TEST_F(BackupFolderTest, RestoringKeepsWhatWasThereWithItsLog) {
  note("first");
  auto copy = backups.make(connection, made_ms).value();
  note("second");  // it stands in the log alone
  {
    Connection closed = std::move(connection);
    sqlite3_db_config(closed.handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  }
  auto restored = backups.restore(copy);
  ASSERT_TRUE(restored) << restored.error().message;
  EXPECT_THAT(notes_in(database), ElementsAre("first"));
  EXPECT_THAT(notes_in(restored->set_aside), ElementsAre("first", "second"));
  struct stat found{};
  ASSERT_EQ(::stat(database.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0600u);
  ASSERT_TRUE(backups.restore(restored->set_aside)) << "and it can be undone";
  EXPECT_THAT(notes_in(database), ElementsAre("first", "second"));
}

TEST_F(BackupFolderTest, RestoresWhereNothingIsLeft) {
  note("first");
  auto copy = backups.make(connection, made_ms).value();
  {
    Connection closed = std::move(connection);
  }
  std::filesystem::remove(database);
  auto restored = backups.restore(copy);
  ASSERT_TRUE(restored) << restored.error().message;
  EXPECT_TRUE(restored->set_aside.empty());
  EXPECT_THAT(notes_in(database), ElementsAre("first"));
}

TEST_F(BackupFolderTest, ADamagedCopyIsNotRestored) {
  note("first");
  auto copy = backups.make(connection, made_ms).value();
  {
    Connection closed = std::move(connection);
  }
  std::filesystem::resize_file(copy, std::filesystem::file_size(copy) / 2);
  EXPECT_FALSE(backups.restore(copy));
  EXPECT_FALSE(backups.restore(folder / "none.db"));
  EXPECT_THAT(notes_in(database), ElementsAre("first"));
}

TEST_F(BackupFolderTest, ADatabaseOfAnotherProgramIsNotRestored) {
  {
    Connection closed = std::move(connection);
  }
  Connection other = Connection::open(folder / "other.db", {}).value();
  ASSERT_TRUE(other.script("CREATE TABLE bookmarks (url TEXT)"));
  auto refused = backups.restore(folder / "other.db");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::usage);
  EXPECT_TRUE(notes_in(database).empty());
}

// Another process, since the kernel does not tell a process of its own locks.
TEST_F(BackupFolderTest, IsRefusedWhileAnotherProcessHasTheDatabaseOpen) {
  note("first");
  auto copy = backups.make(connection, made_ms).value();
  {
    Connection closed = std::move(connection);
  }
  int ready[2], end[2];
  ASSERT_EQ(::pipe(ready), 0);
  ASSERT_EQ(::pipe(end), 0);
  pid_t other = ::fork();
  if (other == 0) {
    auto opened = Connection::open(database, {});
    char byte = opened && opened->integer("SELECT count(*) FROM notes") == 1 ? 'y' : 'n';
    (void)::write(ready[1], &byte, 1);
    ::close(end[1]);
    (void)::read(end[0], &byte, 1);
    ::_exit(0);
  }
  ::close(end[0]);
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  ASSERT_EQ(byte, 'y');
  auto refused = backups.restore(copy);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::locked);
  EXPECT_THAT(refused.error().message, HasSubstr(std::to_string(other)));
  ::close(end[1]);
  ::waitpid(other, nullptr, 0);
  EXPECT_TRUE(backups.restore(copy));
  for (int number : {ready[0], ready[1]}) ::close(number);
}

}  // namespace
}  // namespace mira::store

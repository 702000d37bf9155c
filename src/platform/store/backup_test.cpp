#include "platform/store/backup.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "tests/support/temporary_folder.h"

namespace mira::store {
namespace {

using support::TemporaryFolder;

Connection notes_in(const std::filesystem::path& file, int rows) {
  Connection connection = Connection::open(file, {.durability = Durability::full}).value();
  EXPECT_TRUE(connection.script("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)"));
  for (int row = 0; row < rows; ++row) {
    EXPECT_TRUE(connection.run("INSERT INTO notes (text) VALUES (?1)", std::string(3000, 'x')));
  }
  return connection;
}

void overwrite(const std::filesystem::path& file, std::int64_t offset, std::string_view bytes) {
  std::fstream out(file, std::ios::in | std::ios::out | std::ios::binary);
  out.seekp(offset);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

TEST(Backup, IsOnePrivateSoundFileWithTheNewestRows) {
  TemporaryFolder folder;
  Connection connection = notes_in(folder / "a.db", 20);  // the rows are still in the log
  ASSERT_TRUE(backup(connection, folder / "copy.db"));
  struct stat found{};
  ASSERT_EQ(::stat((folder / "copy.db").c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0600u);
  ASSERT_TRUE(verify(folder / "copy.db"));
  EXPECT_FALSE(std::filesystem::exists(folder / "copy.db-wal"));
  Connection copy = Connection::open(folder / "copy.db", {.access = Access::read_only}).value();
  EXPECT_EQ(copy.integer("SELECT count(*) FROM notes"), 20);
}

TEST(Backup, NeverOverwrites) {
  TemporaryFolder folder;
  Connection connection = notes_in(folder / "a.db", 1);
  std::ofstream(folder / "copy.db") << "precious";
  ASSERT_FALSE(backup(connection, folder / "copy.db"));
  EXPECT_EQ(std::filesystem::file_size(folder / "copy.db"), 8u);
}

TEST(Backup, OfADamagedDatabaseIsNotKept) {
  TemporaryFolder folder;
  {
    notes_in(folder / "a.db", 50);
  }
  overwrite(folder / "a.db", 8192 * 5, std::string(4000, '\x7f'));
  Connection connection = Connection::open(folder / "a.db", {}).value();
  Status done = backup(connection, folder / "copy.db");
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::unavailable);
  EXPECT_FALSE(std::filesystem::exists(folder / "copy.db"));
}

TEST(Verify, FindsADamagedPageAndACutFile) {
  TemporaryFolder folder;
  {
    notes_in(folder / "a.db", 50);
  }
  ASSERT_TRUE(verify(folder / "a.db"));
  std::filesystem::copy_file(folder / "a.db", folder / "cut.db");
  overwrite(folder / "a.db", 8192 * 5, std::string(4000, '\x7f'));
  EXPECT_EQ(verify(folder / "a.db").error().code, ErrorCode::unavailable);
  std::filesystem::resize_file(folder / "cut.db", 8192 * 4);
  EXPECT_EQ(verify(folder / "cut.db").error().code, ErrorCode::unavailable);
}

TEST(Verify, FindsRowsThatReferToNothing) {
  TemporaryFolder folder;
  Connection connection = notes_in(folder / "a.db", 1);
  ASSERT_TRUE(
      connection.script("CREATE TABLE tags (note INTEGER REFERENCES notes(id));"
                        "PRAGMA foreign_keys=OFF; INSERT INTO tags VALUES (99);"));
  Status sound = integrity_check(connection);
  ASSERT_FALSE(sound);
  EXPECT_NE(sound.error().message.find("tags"), std::string::npos);
}

TEST(SetAside, MovesTheDatabaseAndItsSideFiles) {
  TemporaryFolder folder;
  for (const char* name : {"index.db", "index.db-wal", "index.db-shm"}) std::ofstream(folder / name) << name;
  auto aside = set_aside(folder / "index.db");
  ASSERT_TRUE(aside);
  EXPECT_EQ(*aside, folder / "index.db.damaged-1");
  EXPECT_TRUE(std::filesystem::exists(folder / "index.db.damaged-1-wal"));
  EXPECT_FALSE(std::filesystem::exists(folder / "index.db-wal"));
  Connection fresh = notes_in(folder / "index.db", 1);
  EXPECT_TRUE(integrity_check(fresh));
}

TEST(SetAside, KeepsWhatWasSetAsideBefore) {
  TemporaryFolder folder;
  std::ofstream(folder / "index.db.damaged-1") << "older";
  std::ofstream(folder / "index.db") << "damaged";
  EXPECT_EQ(set_aside(folder / "index.db"), folder / "index.db.damaged-2");
}

TEST(SideFiles, AMissingOrForeignShmIsMadeAgain) {
  TemporaryFolder folder;
  Connection connection = notes_in(folder / "a.db", 3);
  for (const char* suffix : {"", "-wal"}) {  // as a crash leaves them, without -shm
    std::filesystem::copy_file((folder / "a.db").native() + suffix, (folder / "b.db").native() + suffix);
  }
  EXPECT_EQ(Connection::open(folder / "b.db", {}).value().integer("SELECT count(*) FROM notes"), 3);
}

TEST(SideFiles, AForeignLogIsNotReadIntoTheDatabase) {
  TemporaryFolder folder;
  {
    notes_in(folder / "a.db", 3);
  }
  std::ofstream(folder / "a.db-wal") << std::string(50'000, 'w');
  Connection connection = Connection::open(folder / "a.db", {}).value();
  EXPECT_EQ(connection.integer("SELECT count(*) FROM notes"), 3);
  EXPECT_TRUE(integrity_check(connection));
}

}  // namespace
}  // namespace mira::store

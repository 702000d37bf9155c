#include "platform/store/migrate.h"

#include <gtest/gtest.h>

#include <fstream>

#include "platform/base/hash.h"
#include "platform/store/backup.h"
#include "tests/support/temporary_folder.h"

namespace mira::store {
namespace {

constexpr Migration first = {1, "notes", "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL);"};
constexpr Migration second = {2, "tags",
                              "ALTER TABLE notes ADD COLUMN tag TEXT; CREATE TABLE tags (name TEXT);"};
constexpr Migration broken = {3, "broken", "CREATE TABLE half (id INTEGER); INSERT INTO nowhere VALUES (1);"};
constexpr Migration cheating = {3, "cheating", "COMMIT; BEGIN;"};

class Migrate : public testing::Test {
 protected:
  Result<MigrationReport> migrate_to(std::vector<Migration> steps, Which which = Which::main) {
    Connection connection = MIRA_TRY(Connection::open(file(), {.durability = Durability::full}));
    std::vector<Schema> schemas(1);
    schemas[0] = {"memory", which == Which::index ? steps : std::vector<Migration>{},
                  which == Which::main ? steps : std::vector<Migration>{}};
    return migrate(connection, file(), schemas, which, folder_ / "backups", 1234);
  }
  void add_note(std::string_view text) {
    Connection connection = Connection::open(file(), {}).value();
    ASSERT_TRUE(connection.run("INSERT INTO notes (text) VALUES (?1)", text));
  }
  std::int64_t count_objects(std::string_view name) {
    Connection connection = Connection::open(file(), {}).value();
    return connection.integer("SELECT count(*) FROM sqlite_master WHERE name = ?1", name).value().value();
  }
  std::string hash_of_file() {
    std::ifstream in(file(), std::ios::binary);
    return base::sha256_hex(std::string(std::istreambuf_iterator<char>(in), {}));
  }
  std::filesystem::path file() const { return folder_ / "mira.db"; }

  support::TemporaryFolder folder_;
};

TEST_F(Migrate, ANewDatabaseGetsEveryStepAndNoBackup) {
  auto report = migrate_to({first, second});
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->applied, 2);
  EXPECT_TRUE(report->backup.empty());
  EXPECT_EQ(count_objects("tags"), 1);
}

TEST_F(Migrate, AgainDoesNothing) {
  ASSERT_TRUE(migrate_to({first}));
  std::string before = hash_of_file();
  auto report = migrate_to({first});
  ASSERT_TRUE(report);
  EXPECT_EQ(report->applied, 0);
  EXPECT_EQ(hash_of_file(), before);
}

TEST_F(Migrate, AnOlderDatabaseIsBackedUpAndKeepsItsRows) {
  ASSERT_TRUE(migrate_to({first}));
  add_note("precious");
  auto report = migrate_to({first, second});
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->applied, 1);
  ASSERT_TRUE(verify(report->backup));
  Connection backup = Connection::open(report->backup, {.access = Access::read_only}).value();
  EXPECT_EQ(backup.text("SELECT text FROM notes"), "precious");
  Connection now = Connection::open(file(), {}).value();
  EXPECT_EQ(now.text("SELECT text FROM notes WHERE tag IS NULL"), "precious");
}

TEST_F(Migrate, AnIndexIsNotBackedUp) {
  ASSERT_TRUE(migrate_to({first}, Which::index));
  auto report = migrate_to({first, second}, Which::index);
  ASSERT_TRUE(report);
  EXPECT_TRUE(report->backup.empty());
}

TEST_F(Migrate, ANewerDatabaseIsRefusedUnchanged) {
  ASSERT_TRUE(migrate_to({first, second}));
  std::string before = hash_of_file();
  auto report = migrate_to({first});
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::unavailable);
  EXPECT_NE(report.error().message.find("newer"), std::string::npos);
  EXPECT_FALSE(report.error().hint.empty());
  EXPECT_EQ(hash_of_file(), before);
}

TEST_F(Migrate, AStepWithAnotherTextIsRefusedUnchanged) {
  ASSERT_TRUE(migrate_to({first}));
  std::string before = hash_of_file();
  auto report = migrate_to({{1, "notes", "CREATE TABLE notes (id INTEGER PRIMARY KEY);"}, second});
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::unavailable);
  EXPECT_EQ(hash_of_file(), before);
}

TEST_F(Migrate, AStepMissingBelowOneThatRanIsRefused) {
  ASSERT_TRUE(migrate_to({{2, "tags", "CREATE TABLE tags (name TEXT);"}}));
  auto report = migrate_to({first, {2, "tags", "CREATE TABLE tags (name TEXT);"}});
  ASSERT_FALSE(report);
  EXPECT_NE(report.error().message.find("lacks step memory 1"), std::string::npos);
}

TEST_F(Migrate, AFailingStepTakesTheOthersWithIt) {
  ASSERT_TRUE(migrate_to({first}));
  auto report = migrate_to({first, second, broken});
  ASSERT_FALSE(report);
  EXPECT_NE(report.error().message.find("step memory 3 broken did not run"), std::string::npos);
  EXPECT_EQ(count_objects("tags"), 0);
  EXPECT_EQ(count_objects("half"), 0);
  EXPECT_TRUE(migrate_to({first, second}));
}

TEST_F(Migrate, AStepMayNotEndItsTransaction) {
  ASSERT_TRUE(migrate_to({first}));
  ASSERT_FALSE(migrate_to({first, cheating}));
}

TEST_F(Migrate, AFailedBackupLeavesTheDatabaseAsItWas) {
  ASSERT_TRUE(migrate_to({first}));
  std::ofstream(folder_ / "backups") << "a file in the way";
  auto report = migrate_to({first, second});
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::unavailable);
  EXPECT_EQ(count_objects("tags"), 0);
}

TEST_F(Migrate, ADatabaseOfAnotherProgramIsRefused) {
  {
    ASSERT_TRUE(Connection::open(file(), {}).value().script("CREATE TABLE theirs (id INTEGER)"));
  }
  std::string before = hash_of_file();
  auto report = migrate_to({first});
  ASSERT_FALSE(report);
  EXPECT_NE(report.error().message.find("another program"), std::string::npos);
  EXPECT_EQ(hash_of_file(), before);
}

TEST_F(Migrate, ARestoredBackupIsAWalDatabaseAgain) {
  ASSERT_TRUE(migrate_to({first}));
  auto report = migrate_to({first, second});
  ASSERT_TRUE(report);
  std::filesystem::rename(report->backup, file());
  ASSERT_TRUE(migrate_to({first, second}));
  EXPECT_EQ(Connection::open(file(), {}).value().text("PRAGMA journal_mode"), "wal");
}

}  // namespace
}  // namespace mira::store

// `mira doctor` on damaged homes: each fault is named with its cure, nothing gets worse by being looked at,
// and what the cures say works.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <fstream>
#include <map>

#include "tests/support/fake_repo.h"
#include "tests/support/run_mira.h"

namespace mira {
namespace {

namespace fs = std::filesystem;
using support::FakeRepo;
using support::Mira;
using testing::HasSubstr;
using testing::IsSupersetOf;

std::string bytes_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write(const fs::path& file, std::string_view bytes) {
  fs::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
}

void overwrite(const fs::path& file, std::int64_t offset, std::size_t count) {
  std::fstream out(file, std::ios::in | std::ios::out | std::ios::binary);
  out.seekp(offset);
  for (std::size_t i = 0; i < count; ++i) out.put(static_cast<char>(i * 37 + 11));
}

// Everything that is kept for good: not logs, locks, nor what SQLite keeps beside a database in use.
std::map<std::string, std::string> kept_in(const fs::path& home) {
  std::map<std::string, std::string> out;
  for (const auto& entry : fs::recursive_directory_iterator(home)) {
    std::string path = fs::relative(entry.path(), home).string();
    bool passing = path.starts_with("state") || path.ends_with("lock") || path.ends_with("-shm") ||
                   path.ends_with("-wal");
    if (!passing && entry.is_regular_file() && entry.file_size() > 0) out[path] = bytes_of(entry.path());
  }
  return out;
}

class Doctor : public testing::Test {
 protected:
  Doctor() : mira(repo.root().parent_path()) {
    repo.write("a.py", "def f():\n    return 1\n");
    repo.commit("First");
    mira.in(repo.root());
    EXPECT_EQ(mira.run({"index"}).exit_code, 0);
    EXPECT_EQ(mira.run({"remember", "Indent with tabs here"}).exit_code, 0);
    for (const auto& entry : fs::directory_iterator(mira.home() / "projects")) project = entry.path();
  }

  nlohmann::json finding(const support::Ran& ran, std::string_view subject) {
    const nlohmann::json data = ran.data();
    for (const auto& row : data["findings"])
      if (row["subject"] == subject && row["health"] != "ok") return row;
    return nullptr;
  }

  FakeRepo repo;
  Mira mira;
  fs::path project;
};

struct Damage {
  std::string name;
  std::string health;   // of the worst finding
  std::string subject;  // of what is told
  std::string cure;     // a part of it
  void (*done)(const fs::path& home, const fs::path& project);
};

void PrintTo(const Damage& damage, std::ostream* out) {
  *out << damage.name;
}

class DoctorOn : public Doctor, public testing::WithParamInterface<Damage> {};

TEST_P(DoctorOn, NamesTheFaultWithItsCureAndMakesNothingWorse) {
  const Damage& damage = GetParam();
  damage.done(mira.home(), project);
  auto before = kept_in(mira.home());
  auto ran = mira.run({"doctor", "--json"});
  EXPECT_EQ(ran.exit_code, damage.health == "fault" ? 4 : 0) << ran.out;
  EXPECT_EQ(ran.json()["data"]["health"], damage.health) << ran.out;
  auto row = finding(ran, damage.subject);
  ASSERT_TRUE(row.is_object()) << ran.out;
  EXPECT_NE(row["message"], "");
  EXPECT_THAT(row["cure"].get<std::string>(), HasSubstr(damage.cure));
  EXPECT_THAT(kept_in(mira.home()), IsSupersetOf(before)) << "what there was is as it was";
}

constexpr std::string_view junk =
    "this is no database, and it is longer than the head of one would have to be: "
    "a hundred bytes are read before anything is said of it";

INSTANTIATE_TEST_SUITE_P(
    Homes, DoctorOn,
    testing::Values(
        Damage{
            "PagesOfTheMainDatabase", "fault", "mira.db", "mira memories export",
            [](const fs::path& home, const fs::path&) { overwrite(home / "mira.db", 8192 * 3, 8192 * 4); }},
        Damage{"MainDatabaseIsSomethingElse", "fault", "mira.db", "move",
               [](const fs::path& home, const fs::path&) { write(home / "mira.db", junk); }},
        Damage{"MainDatabaseIsCut", "fault", "mira.db", "mira memories export",
               [](const fs::path& home, const fs::path&) { fs::resize_file(home / "mira.db", 30000); }},
        Damage{"MainDatabaseIsAFolder", "fault", "mira.db", "move",
               [](const fs::path& home, const fs::path&) {
                 fs::remove(home / "mira.db");
                 fs::create_directory(home / "mira.db");
               }},
        Damage{"PagesOfTheIndex", "fault", "index.db", "delete it",
               [](const fs::path&, const fs::path& project) {
                 overwrite(project / "index.db", 8192 * 3, 8192 * 4);
               }},
        Damage{"IndexIsSomethingElse", "fault", "index.db", "delete it",
               [](const fs::path&, const fs::path& project) { write(project / "index.db", junk); }},
        Damage{
            "IndexIsCut", "fault", "index.db", "delete it",
            [](const fs::path&, const fs::path& project) { fs::resize_file(project / "index.db", 20000); }},
        Damage{"IndexIsAFolder", "fault", "index.db", "delete it",
               [](const fs::path&, const fs::path& project) {
                 fs::remove(project / "index.db");
                 fs::create_directory(project / "index.db");
               }},
        Damage{"LockOfTheIndexIsAFolder", "fault", "index.lock", "move it away",
               [](const fs::path&, const fs::path& project) {
                 fs::remove(project / "index.lock");
                 fs::create_directory(project / "index.lock");
               }},
        Damage{"StateIsAFile", "fault", "home", "MIRA_HOME",
               [](const fs::path& home, const fs::path&) {
                 fs::remove_all(home / "state");
                 write(home / "state", "x");
               }},
        Damage{"CacheIsAFile", "fault", "home", "MIRA_HOME",
               [](const fs::path& home, const fs::path&) {
                 fs::remove_all(home / "cache");
                 write(home / "cache", "x");
               }},
        Damage{"ProjectsIsAFile", "fault", "session", "MIRA_HOME",
               [](const fs::path& home, const fs::path&) {
                 fs::rename(home / "projects", home / "elsewhere");
                 write(home / "projects", "x");
               }},
        Damage{"ModelsAreNoJson", "warning", "models", "correct the file",
               [](const fs::path& home, const fs::path&) { write(home / "config/models.json", "{broken"); }},
        Damage{"ModelsAreOfAnotherShape", "warning", "models", "correct the file",
               [](const fs::path& home, const fs::path&) {
                 write(home / "config/models.json", R"({"models": 3})");
               }},
        Damage{"SettingsAreNoToml", "warning", "settings", "mira config list",
               [](const fs::path& home, const fs::path&) { write(home / "config/config.toml", "a = ["); }},
        Damage{"SettingsOfAnUnknownName", "warning", "settings", "mira config list",
               [](const fs::path& home, const fs::path&) {
                 write(home / "config/config.toml", "nonsense = 3\n");
               }},
        Damage{"MainDatabaseIsOpenToAll", "warning", "rights", "chmod",
               [](const fs::path& home, const fs::path&) { ::chmod((home / "mira.db").c_str(), 0644); }},
        Damage{"HomeIsOpenToAll", "warning", "rights", "chmod",
               [](const fs::path& home, const fs::path&) { ::chmod(home.c_str(), 0755); }},
        Damage{"MainDatabaseIsGoneAndThereIsACopy", "warning", "mira.db", "mira backups restore",
               [](const fs::path& home, const fs::path&) {
                 fs::create_directories(home / "backups");
                 fs::copy_file(home / "mira.db", home / "backups/mira-1700000000000-daily.db");
                 fs::remove(home / "mira.db");
               }},
        Damage{"MainDatabaseIsEmptyAndThereIsACopy", "warning", "mira.db", "mira backups restore",
               [](const fs::path& home, const fs::path&) {
                 fs::create_directories(home / "backups");
                 fs::copy_file(home / "mira.db", home / "backups/mira-1700000000000-daily.db");
                 fs::resize_file(home / "mira.db", 0);
               }},
        Damage{"MainDatabaseIsDamagedAndThereIsACopy", "fault", "mira.db", "mira backups restore",
               [](const fs::path& home, const fs::path&) {
                 fs::create_directories(home / "backups");
                 fs::copy_file(home / "mira.db", home / "backups/mira-1700000000000-daily.db");
                 overwrite(home / "mira.db", 8192 * 3, 8192 * 4);
               }}),
    [](const testing::TestParamInfo<Damage>& one) { return one.param.name; });

TEST_F(Doctor, ASoundHomeHasNoFault) {
  auto ran = mira.run({"doctor", "--json"});
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_EQ(ran.json()["data"]["health"], "ok") << ran.out;
}

TEST_F(Doctor, WhatWasLostComesBackByTheCommandItNames) {
  ASSERT_EQ(mira.run({"backups", "make"}).exit_code, 0);
  overwrite(mira.home() / "mira.db", 8192 * 3, 8192 * 4);
  EXPECT_THAT(finding(mira.run({"doctor", "--json"}), "mira.db")["cure"].get<std::string>(),
              HasSubstr("mira backups restore"));
  auto restored = mira.run({"backups", "restore", "--json"});
  ASSERT_EQ(restored.exit_code, 0) << restored.out << restored.err;
  EXPECT_TRUE(fs::exists(restored.json()["data"]["set_aside"].get<std::string>()));
  EXPECT_EQ(mira.run({"doctor", "--json"}).data()["health"], "ok");
  EXPECT_EQ(mira.run({"remember", "Names in English"}).exit_code, 0);
  EXPECT_EQ(bytes_of(mira.home() / "mira.db").substr(18, 2), "\2\2") << "in WAL mode, as before";
  EXPECT_THAT(mira.run({"recall", "tabs"}).out, HasSubstr("Indent with tabs here"));
}

TEST_F(Doctor, AnIndexThatIsDeletedAsItSaysIsMadeAgain) {
  overwrite(project / "index.db", 8192 * 3, 8192 * 4);
  ASSERT_EQ(mira.run({"doctor"}).exit_code, 4);
  fs::remove(project / "index.db");
  EXPECT_THAT(mira.run({"symbols", "f"}).out, HasSubstr("a.py:1"));
  EXPECT_EQ(mira.run({"doctor"}).exit_code, 0);
}

TEST_F(Doctor, CopiesAreListedNewestFirstAndADamagedOneIsPassedOver) {
  EXPECT_THAT(mira.run({"backups"}).out, HasSubstr("mira backups make"));
  ASSERT_EQ(mira.run({"backups", "make"}).exit_code, 0);
  write(mira.home() / "backups/mira-4000000000000-daily.db", junk);
  auto rows = mira.run({"backups", "--json"}).json()["data"]["backups"];
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0]["made_ms"], 4'000'000'000'000);
  auto restored = mira.run({"backups", "restore", "--json"});
  ASSERT_EQ(restored.exit_code, 0) << restored.out;
  EXPECT_EQ(restored.json()["data"]["restored"], rows[1]["file"]);
  EXPECT_THAT(restored.out, HasSubstr("the next older one is taken"));
}

TEST_F(Doctor, WithoutACopyThereIsNothingToRestore) {
  EXPECT_EQ(mira.run({"backups", "restore"}).exit_code, 3);
  EXPECT_EQ(mira.run({"backups", "restore", "no-such-file.db"}).exit_code, 4);
  EXPECT_THAT(mira.run({"recall", "tabs"}).out, HasSubstr("Indent with tabs here"));
}

}  // namespace
}  // namespace mira

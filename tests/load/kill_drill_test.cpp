// The whole program under kill -9: indexing, asking and committing go on while
// processes die at random moments; afterwards both databases are whole, the lock is
// free, and the index equals one made from nothing.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <random>
#include <thread>

#include "tests/support/fake_repo.h"
#include "tests/support/run_mira.h"

namespace mira {
namespace {

using support::FakeRepo;
using support::Mira;

constexpr unsigned seed = 20261125;

std::string part(int number, int version) {
  std::string n = std::to_string(number);
  return "def part_" + n + "():\n    return part_" + std::to_string((number + 1) % 40) + "(" +
         std::to_string(version) + ")\n";
}

// Starts the program and kills its whole process group after `delay_us`.
void run_and_kill(const Mira& mira, const std::filesystem::path& folder, const std::string& verb,
                  const std::string& argument, int delay_us) {
  std::string program = Mira::binary().string(), home = "MIRA_HOME=" + mira.home().string(),
              path = "PATH=/usr/bin:/bin";
  std::string project = "--project", root = folder.string();
  std::vector<std::string> words{program, verb};
  if (!argument.empty()) words.push_back(argument);
  if (verb == "index")
    words.push_back(root);
  else
    words.insert(words.end(), {project, root});
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  char* environment[] = {home.data(), path.data(), nullptr};
  posix_spawn_file_actions_t quiet;
  posix_spawn_file_actions_init(&quiet);
  posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&quiet, 2, "/dev/null", O_WRONLY, 0);
  posix_spawnattr_t group;
  posix_spawnattr_init(&group);
  posix_spawnattr_setflags(&group, POSIX_SPAWN_SETPGROUP);
  pid_t pid = 0;
  ASSERT_EQ(posix_spawn(&pid, program.c_str(), &quiet, &group, argv.data(), environment), 0);
  std::this_thread::sleep_for(std::chrono::microseconds(delay_us));
  ::kill(-pid, SIGKILL);
  ::waitpid(pid, nullptr, 0);
  posix_spawn_file_actions_destroy(&quiet);
  posix_spawnattr_destroy(&group);
}

// An answer without when it was made.
std::string lasting(auto data) {
  data.erase("freshness");
  return data.dump();
}

std::string everything(const Mira& mira) {
  return mira.run({"graph", "export", "--what", "symbols", "--format", "tsv"}).out +
         mira.run({"graph", "export", "--format", "tsv"}).out +
         lasting(mira.run({"cochange", "src/part3.py", "--json", "--limit", "50"}).data()) +
         lasting(mira.run({"history", "src/part3.py", "--json", "--limit", "100"}).data());
}

TEST(KillDrill, DeadProcessesLeaveAWholeIndexBehind) {
  FakeRepo repo;
  for (int i = 0; i < 40; ++i) repo.write("src/part" + std::to_string(i) + ".py", part(i, 0));
  repo.commit("Many parts");
  Mira mira(repo.root().parent_path());
  mira.in(repo.root());
  std::mt19937 random(seed);
  for (int kill = 0; kill < MIRA_KILLS; ++kill) {
    int number = static_cast<int>(random() % 40);
    repo.write("src/part" + std::to_string(number) + ".py", part(number, kill + 1));
    repo.write("src/part" + std::to_string((number + 1) % 40) + ".py", part((number + 1) % 40, kill + 1));
    if (kill % 3 == 0) repo.commit("Change " + std::to_string(kill));
    if (kill % 50 == 49) repo.reset("HEAD~2");
    const char* verb = kill % 4 == 0 ? "callers" : kill % 4 == 1 ? "context" : "index";
    run_and_kill(mira, repo.root(), verb, std::string(verb) == "index" ? "" : "part_3",
                 static_cast<int>(random() % 120'000));
    if (kill % 25 == 0) {
      ASSERT_EQ(mira.run({"doctor"}).exit_code, 0) << "after kill " << kill;
    }
  }
  ASSERT_EQ(mira.run({"index"}).exit_code, 0);
  EXPECT_EQ(mira.run({"doctor"}).exit_code, 0);
  std::filesystem::path other = repo.root().parent_path() / "other";
  std::filesystem::create_directories(other);
  Mira fresh(other);
  fresh.in(repo.root());
  ASSERT_EQ(fresh.run({"index"}).exit_code, 0);
  EXPECT_EQ(everything(mira), everything(fresh));
}

}  // namespace
}  // namespace mira

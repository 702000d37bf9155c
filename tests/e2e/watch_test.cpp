// An index that follows the files: a process stays, a file is written, and what the index
// says changes without another command that indexes. Waits end with a line, never with time.
#include <gmock/gmock.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "platform/base/deadline.h"
#include "tests/support/fake_repo.h"
#include "tests/support/run_mira.h"

namespace mira {
namespace {

using nlohmann::json;
using support::FakeRepo;
using support::Mira;

constexpr std::int64_t hang_ms = 120'000;

// A mira that goes on, whose lines are read one by one.
class Running {
 public:
  Running(const Mira& mira, const std::filesystem::path& folder, std::vector<std::string> words) {
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    pid_ = ::fork();
    if (pid_ == 0) {
      ::setenv("MIRA_HOME", mira.home().c_str(), 1);
      ::dup2(ends[1], STDOUT_FILENO);
      ::close(ends[0]);
      ::close(ends[1]);
      if (::chdir(folder.c_str()) != 0) ::_exit(9);
      std::vector<char*> argv;
      words.insert(words.begin(), "mira");
      for (std::string& word : words) argv.push_back(word.data());
      argv.push_back(nullptr);
      ::execv(Mira::binary().c_str(), argv.data());
      ::_exit(9);
    }
    ::close(ends[1]);
    output_ = ends[0];
  }
  ~Running() {
    stop(SIGKILL);
    ::close(output_);
  }
  // The next event with this name; null when the output ended or nothing came.
  json event(const std::string& name) {
    base::Deadline deadline = base::Deadline::after_ms(hang_ms);
    while (!deadline.expired()) {
      std::size_t end = text_.find('\n');
      if (end == std::string::npos) {
        if (!read(deadline)) return nullptr;
        continue;
      }
      json line = json::parse(text_.substr(0, end), nullptr, false);
      text_.erase(0, end + 1);
      if (line.is_object() && line.value("event", "") == name) return line;
    }
    return nullptr;
  }
  int stop(int signal) {
    if (pid_ <= 0) return -1;
    ::kill(pid_, signal);
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }

 private:
  bool read(base::Deadline deadline) {
    pollfd waiting{output_, POLLIN, 0};
    if (::poll(&waiting, 1, static_cast<int>(deadline.remaining_ms())) <= 0) return false;
    char buffer[4096];
    ssize_t got = ::read(output_, buffer, sizeof buffer);
    if (got > 0) text_.append(buffer, static_cast<std::size_t>(got));
    return got > 0;
  }

  pid_t pid_ = 0;
  int output_ = -1;
  std::string text_;
};

class Watching : public testing::Test {
 protected:
  Watching() : mira(repo.root().parent_path()) {
    repo.write(".gitignore", "*.log\n");
    repo.write("a.py", "def a():\n    return 1\n");
    repo.commit("Start");
    mira.in(repo.root());
  }
  // Files of a language as the index has them: this action looks at no file.
  int python_files() {
    json data = mira.run({"languages", "--json"}).data();
    EXPECT_EQ(data["freshness"]["state"], "as_indexed");
    for (const json& one : data["languages"])
      if (one["name"] == "python") return one["files"].get<int>();
    return -1;
  }

  FakeRepo repo;
  Mira mira;
};

TEST_F(Watching, WhatIsWrittenIsKnownWithoutAnotherCommand) {
  Running watch(mira, repo.root(), {"index", "--watch", "--json"});
  json following = watch.event("following");
  ASSERT_TRUE(following.is_object());
  EXPECT_EQ(following["how"], "inotify");
  EXPECT_EQ(python_files(), 1);
  repo.write("b.py", "def b():\n    return 2\n");
  ASSERT_TRUE(watch.event("updated").is_object());
  EXPECT_EQ(python_files(), 2);
  std::filesystem::remove(repo.root() / "a.py");
  ASSERT_TRUE(watch.event("updated").is_object());
  EXPECT_EQ(python_files(), 1);
}

TEST_F(Watching, FilesOfANewFolderAreSeen) {
  Running watch(mira, repo.root(), {"index", "--watch", "--json"});
  ASSERT_TRUE(watch.event("following").is_object());
  repo.write("pack/age/c.py", "def c():\n    return 3\n");
  json updated = watch.event("updated");
  ASSERT_TRUE(updated.is_object());
  EXPECT_EQ(updated["parts"][0]["added"], 1);
  repo.write("pack/age/d.py", "def d():\n    return 4\n");
  ASSERT_TRUE(watch.event("updated").is_object());
  EXPECT_EQ(python_files(), 3);
}

TEST_F(Watching, AnInterruptEndsIt) {
  Running watch(mira, repo.root(), {"index", "--watch", "--json"});
  ASSERT_TRUE(watch.event("following").is_object());
  EXPECT_GE(watch.stop(SIGINT), 0);
}

TEST_F(Watching, AServerFollowsItsProject) {
  Running server(mira, repo.root(), {"serve", "--quiet"});
  base::Deadline deadline = base::Deadline::after_ms(hang_ms);
  while (!deadline.expired() && mira.run({"languages", "--json"}).exit_code != 0) {
  }
  while (!deadline.expired() && python_files() != 1) {
  }
  repo.write("b.py", "def b():\n    return 2\n");
  while (!deadline.expired() && python_files() != 2) {
  }
  EXPECT_EQ(python_files(), 2);
}

TEST_F(Watching, EveryAnswerSaysHowFreshItIs) {
  json data = mira.run({"symbols", "a", "--json"}).data();
  EXPECT_EQ(data["freshness"]["state"], "current");
  EXPECT_EQ(data["freshness"]["commit"], repo.head());
  EXPECT_GT(data["freshness"]["indexed_ms"].get<std::int64_t>(), 0);
}

}  // namespace
}  // namespace mira

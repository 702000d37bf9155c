// Hooks while everything around them is broken: whatever is wrong, an agent's prompt is
// never blocked. Each call must end with exit code 0, say nothing on standard error and
// either nothing or one object of the form that clients take. How long calls took is
// printed; on a busy machine that says as much of the machine, so only a call that the
// kernel's timer should have ended long before is a fault.
#include <gmock/gmock.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <memory>
#include <random>

#include "platform/process/child.h"
#include "tests/support/fake_repo.h"
#include "tests/support/run_mira.h"

namespace mira {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using support::Ran;

constexpr double far_past_deadline_ms = 10'000;  // the longest deadline is 1 s

struct Seen {
  int calls = 0, answered = 0, past_deadline = 0;
  std::vector<double> ms;
};

struct Asked {
  std::string event, text;
  int deadline_ms;
};

class HookDrill : public testing::Test {
 protected:
  HookDrill() : mira(repo.root().parent_path()) {
    repo.write("shop/money.py", "def add_tax(cents, rate):\n    return cents + cents * rate // 100\n");
    repo.write("shop/cart.py",
               "from shop.money import add_tax\n\n\ndef total(cents):\n    return add_tax(cents, 19)\n");
    repo.commit("Start the shop");
    mira.in(repo.root());
    EXPECT_EQ(mira.run({"index"}).exit_code, 0);
    EXPECT_EQ(mira.run({"record", "we round invoices by the ocelot rule", "--session", "s0"}).exit_code, 0);
    for (const auto& entry : fs::recursive_directory_iterator(mira.home()))
      if (entry.path().filename() == "index.db") index = entry.path();
  }

  Asked next() {
    json event{{"session_id", "s" + std::to_string(draw() % 40)}, {"cwd", repo.root().string()}};
    struct Kind {
      const char* name;
      int deadline_ms;
    };
    constexpr Kind kinds[] = {{"UserPromptSubmit", 300},   {"SessionStart", 1000}, {"PostToolUse", 200},
                              {"PostToolUseFailure", 200}, {"PostCompact", 200},   {"Stop", 500},
                              {"SessionEnd", 500}};
    const Kind& kind = kinds[draw() % std::size(kinds)];
    event["hook_event_name"] = kind.name;
    event["prompt"] = "why is add_tax wrong, by the ocelot rule?";
    event["source"] = draw() % 2 == 0 ? "startup" : "compact";
    event["tool_name"] = std::string_view(kind.name) == "PostToolUse" ? "Edit" : "Bash";
    event["tool_input"] = {{"file_path", repo.path("shop/money.py").string()},
                           {"old_string", "rate)"},
                           {"new_string", "rate, x)"}};
    event["error"] = "Exit code 1\nshop/money.py:2: error: x";
    event["last_assistant_message"] = "It is rounded.";
    return {kind.name, event.dump(), kind.deadline_ms};
  }
  // Any bytes: of an event, cut and changed, or none of it.
  std::string garbled(std::string text) {
    switch (draw() % 5) {
      case 0:
        return text.substr(0, draw() % text.size());
      case 1:
        for (int i = 0; i < 8; ++i) text[draw() % text.size()] = static_cast<char>(draw());
        return text;
      case 2:
        return std::string(draw() % 300'000, '[');
      case 3:
        return "";
      default:
        std::string bytes(draw() % 4096, '\0');
        for (char& byte : bytes) byte = static_cast<char>(draw());
        return bytes;
    }
  }

  void check(const Ran& ran, const Asked& asked, double ms) {
    ++seen.calls;
    seen.ms.push_back(ms);
    seen.past_deadline += ms > asked.deadline_ms;
    EXPECT_FALSE(ran.hung) << asked.event;
    EXPECT_EQ(ran.exit_code, 0) << asked.event << ran.err;
    EXPECT_EQ(ran.signal, 0) << asked.event;
    EXPECT_EQ(ran.err, "") << asked.event;
    EXPECT_LT(ms, far_past_deadline_ms) << asked.event;
    if (ran.out.empty()) return;
    ++seen.answered;
    json out = ran.json();
    ASSERT_TRUE(out.is_object() && out.size() == 1 && out.contains("hookSpecificOutput")) << ran.out;
    EXPECT_EQ(out["hookSpecificOutput"].size(), 2u) << ran.out;
  }

  // So many events, one after the other.
  void drill(int calls, bool any_bytes = false) {
    seen = {};
    for (int i = 0; i < calls && !HasFailure(); ++i) {
      Asked asked = next();
      if (any_bytes) asked.text = garbled(asked.text);
      auto began = std::chrono::steady_clock::now();
      Ran ran = mira.run({"hook", "--client", "claude"}, asked.text);
      check(ran, asked,
            std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began).count());
    }
    std::ranges::sort(seen.ms);
    if (!seen.ms.empty())
      std::printf("%s: %d calls, %d answered, %d past the deadline; p50 %.0f ms, p99 %.0f ms, most %.0f ms\n",
                  testing::UnitTest::GetInstance()->current_test_info()->name(), seen.calls, seen.answered,
                  seen.past_deadline, seen.ms[seen.ms.size() / 2], seen.ms[seen.ms.size() * 99 / 100],
                  seen.ms.back());
  }

  std::uint32_t draw() { return static_cast<std::uint32_t>(random()); }

  static constexpr int share = MIRA_HOOK_CALLS / 8;
  std::mt19937 random{20261130};
  support::FakeRepo repo;
  support::Mira mira;
  fs::path index;
  Seen seen;
};

// A database held by another connection that never lets go.
class Held {
 public:
  explicit Held(const fs::path& file) {
    EXPECT_EQ(sqlite3_open(file.c_str(), &database_), SQLITE_OK);
    EXPECT_EQ(
        sqlite3_exec(database_, "PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE;", nullptr, nullptr, nullptr),
        SQLITE_OK)
        << sqlite3_errmsg(database_);
  }
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;
  ~Held() { sqlite3_close_v2(database_); }

 private:
  sqlite3* database_ = nullptr;
};

TEST_F(HookDrill, WithNothingWrongTheyAnswer) {
  mira.with("MIRA_HOOK_DEADLINE_MS", "60000");
  drill(share);
  EXPECT_GT(seen.answered, 0);
}

TEST_F(HookDrill, WithEveryDatabaseLocked) {
  Held main(mira.home() / "mira.db"), index_held(index);
  drill(share);
}

TEST_F(HookDrill, WithADiskThatIsFull) {
  mira.through({"prlimit", "--fsize=0", "--"});  // every write that makes a file longer fails
  drill(share);
}

TEST_F(HookDrill, WithAHomeThatCannotBeRead) {
  ASSERT_EQ(::chmod(mira.home().c_str(), 0), 0);
  if (::geteuid() == 0) mira.through({"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"});
  drill(share);
  EXPECT_EQ(seen.answered, 0);
  ::chmod(mira.home().c_str(), 0700);
}

TEST_F(HookDrill, WithDatabasesThatAreNone) {
  for (const fs::path& file : {mira.home() / "mira.db", index})
    std::ofstream(file, std::ios::binary) << std::string(20'000, 'x');
  drill(share);
}

TEST_F(HookDrill, WithAnyBytesOnStandardInput) {
  drill(share, true);
}

// Mira itself is killed at its work again and again, and hooks come in between.
TEST_F(HookDrill, WithMiraKilledAtItsWork) {
  seen = {};
  Seen all;
  for (int round = 0; round < share / 10 && !HasFailure(); ++round) {
    repo.write("shop/rates.py", "RATE = " + std::to_string(round) + "\n");
    process::Command command{
        .argv = {support::Mira::binary().string(), "index"},
        .environment = {"MIRA_HOME=" + mira.home().string(), "HOME=/nonexistent", "PATH=/usr/bin:/bin"},
        .working_folder = repo.root().string()};
    (void)process::run(command, base::Deadline::after_ms(1 + draw() % 60));  // killed when its time is over
    drill(10);
    all.calls += seen.calls;
  }
  std::printf("killed: %d calls in all\n", all.calls);
}

// A server of Mira's that hangs, stopped with everything it holds.
TEST_F(HookDrill, WithMiraHung) {
  pid_t server = ::fork();
  if (server == 0) {
    ::setenv("MIRA_HOME", mira.home().c_str(), 1);
    ::execl(support::Mira::binary().c_str(), "mira", "index", nullptr);
    ::_exit(1);
  }
  ASSERT_GT(server, 0);
  ::kill(server, SIGSTOP);
  drill(share);
  ::kill(server, SIGKILL);
  ::waitpid(server, nullptr, 0);
}

}  // namespace
}  // namespace mira

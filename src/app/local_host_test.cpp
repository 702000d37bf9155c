#include "app/local_host.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "app/stores.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_repo.h"
#include "tests/support/temporary_folder.h"

namespace mira::app {
namespace {

constexpr std::int64_t an_hour = 3'600'000;

// The program's host in this process, with a home and a project of its own.
class LocalHostTest : public testing::Test {
 protected:
  LocalHostTest() {
    ::setenv("MIRA_HOME", (home / "home").c_str(), 1);
    repo.write("a.py", "def f():\n    return 1\n");
    repo.commit("First");
  }
  ~LocalHostTest() override { ::unsetenv("MIRA_HOME"); }

  // A command as the program runs one: a host of its own, then what comes after the answer.
  void remember(std::string text) {
    LocalHost host(clock);
    const contracts::Action* action = host.registry().find("remember");
    ASSERT_NE(action, nullptr);
    auto arguments = contracts::check_arguments(*action, {{"text", std::move(text)}});
    ASSERT_TRUE(arguments) << arguments.error().message;
    base::QuietProgress progress;
    contracts::Request request{.project = repo.root().string(), .arguments = *arguments};
    auto reply = host.call(*action, request, progress, base::Deadline::never());
    ASSERT_TRUE(reply) << reply.error().message;
    host.finish_command();
  }
  std::vector<store::BackupFile> copies() { return backup_folder(base::find_home().value()).newest_first(); }

  support::TemporaryFolder home;
  support::FakeRepo repo;
  support::FakeClock clock{base::SystemClock().now_ms()};
};

TEST_F(LocalHostTest, ACommandThatWritesADayAfterTheLastCopyMakesTheNext) {
  remember("tabs, not spaces");
  EXPECT_TRUE(copies().empty()) << "nothing is a day old";
  clock.advance_ms(23 * an_hour);
  remember("four columns wide");
  EXPECT_TRUE(copies().empty());
  clock.advance_ms(2 * an_hour);
  remember("names in English");
  ASSERT_EQ(copies().size(), 1u);
  EXPECT_EQ(copies()[0].made_ms, clock.now_ms());
  clock.advance_ms(an_hour);
  remember("lines of a hundred columns");
  EXPECT_EQ(copies().size(), 1u);
}

TEST_F(LocalHostTest, ALargeDatabaseIsLeftToWhatLivesLong) {
  remember("tabs, not spaces");
  clock.advance_ms(30 * an_hour);
  LocalHost host(clock);
  EXPECT_EQ(host.back_up_if_due(4096).value(), std::nullopt);
  EXPECT_TRUE(host.back_up_if_due(UINTMAX_MAX).value().has_value());
  EXPECT_EQ(host.back_up_if_due(UINTMAX_MAX).value(), std::nullopt);
}

}  // namespace
}  // namespace mira::app

#include "platform/process/supervise.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <string>

namespace mira::process {
namespace {

struct Seen {
  base::Result<SupervisedEnd> end;
  std::string out, err;
};

Seen run(std::vector<std::string> argv, Supervised options = {},
         base::Deadline deadline = base::Deadline::never()) {
  options.argv = std::move(argv);
  options.environment = {"PATH=/usr/bin:/bin"};
  Seen seen{.end = SupervisedEnd{}};
  seen.end = supervise(options, deadline, [&](Channel channel, std::string_view bytes) {
    (channel == Channel::output ? seen.out : seen.err).append(bytes);
  });
  return seen;
}

// True when no process has this id any more.
bool is_gone(const std::string& id) {
  return kill(static_cast<pid_t>(std::stol(id)), 0) != 0;
}

TEST(Supervise, BothOutputsAndTheExitCodeArePassedOn) {
  const Seen seen = run({"sh", "-c", "echo out; echo err >&2; exit 3"});
  ASSERT_TRUE(seen.end);
  EXPECT_EQ(seen.out, "out\n");
  EXPECT_EQ(seen.err, "err\n");
  EXPECT_EQ(seen.end->exit_code, 3);
}

TEST(Supervise, ALotOnBothOutputsAtOnceBlocksNobody) {
  const Seen seen = run({"sh", "-c", "head -c 3000000 /dev/zero; head -c 3000000 /dev/zero >&2"});
  EXPECT_EQ(seen.out.size(), 3000000U);
  EXPECT_EQ(seen.err.size(), 3000000U);
}

TEST(Supervise, AMissingProgramIsNotFound) {
  EXPECT_EQ(run({"no-such-program-anywhere"}).end.error().code, base::ErrorCode::not_found);
}

TEST(Supervise, AWallAndASilenceLimitStopTheWholeGroup) {
  EXPECT_TRUE(run({"sh", "-c", "sleep 60"}, {.wall_ms = 200}).end->timed_out);
  EXPECT_TRUE(run({"sh", "-c", "echo first; sleep 60"}, {.silence_ms = 200}).end->silent);
}

TEST(Supervise, AProgramThatIgnoresTheFirstSignalIsKilled) {
  const Seen seen =
      run({"sh", "-c", "trap '' TERM; while true; do sleep 0.05; done"}, {.wall_ms = 100, .grace_ms = 200});
  EXPECT_TRUE(seen.end->timed_out);
  EXPECT_EQ(seen.end->signal, SIGKILL);
}

TEST(Supervise, CancellingStopsIt) {
  std::atomic<bool> cancel{true};
  EXPECT_TRUE(run({"sleep", "60"}, {}, base::Deadline::never().with_cancel(&cancel)).end->cancelled);
}

TEST(Supervise, DoubleForkedChildrenInTheirOwnSessionDoNotSurvive) {
  const Seen seen = run({"sh", "-c", "setsid sh -c 'echo $$; exec sleep 600' & sleep 0.3"});
  ASSERT_TRUE(seen.end);
  EXPECT_EQ(seen.end->exit_code, 0);
  EXPECT_GE(seen.end->left_behind, 1);
  ASSERT_FALSE(seen.out.empty());
  EXPECT_TRUE(is_gone(seen.out));
}

TEST(Supervise, AKeeperThatIsKilledTakesEverythingWithIt) {
  const Seen seen = run({"sh", "-c",
                         "setsid sh -c 'echo $$; echo up > \"$0\"; exec sleep 600' \"$0\" & "
                         "while [ ! -s \"$0\" ]; do :; done; kill -KILL $PPID; exec sleep 600",
                         testing::TempDir() + "keeper-" + std::to_string(getpid())});
  ASSERT_TRUE(seen.end);
  EXPECT_EQ(seen.end->signal, SIGKILL);
  ASSERT_FALSE(seen.out.empty());
  EXPECT_TRUE(is_gone(seen.out));
}

TEST(Supervise, WhatTheProgramLeavesIsReapedWhileItRuns) {
  // Two hundred double-forked children that end at once: none may stay as a zombie of the keeper.
  const Seen seen = run({"sh", "-c",
                         "i=0; while [ $i -lt 200 ]; do (sh -c : &) ; i=$((i+1)); done; "
                         "while grep -qs '^State:.*zombie' $(grep -ls \"^PPid:[[:space:]]*$PPID$\" "
                         "/proc/[0-9]*/status) /dev/null; do :; done; echo clear"});
  ASSERT_TRUE(seen.end);
  EXPECT_EQ(seen.out, "clear\n");
}

TEST(Supervise, TheProgramHoldsNoDescriptorOfItsKeeper) {
  const Seen seen = run({"sh", "-c", "ls /proc/self/fd | tr '\\n' ' '"});
  EXPECT_EQ(seen.out, "0 1 2 3 ") << "3 is the folder that ls reads";
}

}  // namespace
}  // namespace mira::process

#include "platform/process/child.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

namespace mira::process {
namespace {

using base::Deadline;
using base::ErrorCode;
using testing::HasSubstr;
using testing::StartsWith;

Command shell(std::string script) {
  return {{"sh", "-c", std::move(script)}, {"PATH=/usr/bin:/bin"}};
}

std::ptrdiff_t open_descriptors() {
  const std::filesystem::directory_iterator all("/proc/self/fd");
  return std::distance(begin(all), end(all));
}

// Waits for a process of somebody else to be dead (a zombie counts). False after ten seconds.
bool dies(pid_t process) {
  for (int i = 0; i < 1000; ++i) {
    std::ifstream stat("/proc/" + std::to_string(process) + "/stat");
    std::string number, name, state;
    if (!(stat >> number >> name >> state) || state == "Z") return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

TEST(Child, GivesOutputErrorsAndExitCode) {
  const auto done = run(shell("echo out; echo err >&2; exit 7"), Deadline::never());
  ASSERT_TRUE(done);
  EXPECT_EQ(done->output, "out\n");
  EXPECT_EQ(done->error_output, "err\n");
  EXPECT_EQ(done->exit_code, 7);
  EXPECT_EQ(done->signal, 0);
}
TEST(Child, DeathBySignalIsAValue) {
  const auto done = run(shell("kill -SEGV $$"), Deadline::never());
  ASSERT_TRUE(done);
  EXPECT_EQ(done->signal, SIGSEGV);
}
TEST(Child, ReadsItsInputWholeWithNulBytes) {
  Command command = shell("cat");
  std::string input(3 << 20, 'x');
  input[1000] = '\0';
  command.input = input;
  const auto done = run(command, Deadline::never());
  ASSERT_TRUE(done);
  EXPECT_TRUE(done->output == input);
}
TEST(Child, InputThatIsNotReadDoesNoHarm) {
  Command command = shell("exit 0");
  const std::string input(3 << 20, 'x');
  command.input = input;
  const auto done = run(command, Deadline::never());
  ASSERT_TRUE(done);
  EXPECT_EQ(done->exit_code, 0);
}
TEST(Child, HasOnlyTheEnvironmentGiven) {
  setenv("MIRA_TEST_LEAK", "1", 1);
  const auto done = run({{"env"}, {"PATH=/usr/bin:/bin", "A=b"}}, Deadline::never());
  unsetenv("MIRA_TEST_LEAK");
  ASSERT_TRUE(done);
  EXPECT_EQ(done->output, "PATH=/usr/bin:/bin\nA=b\n");
}
TEST(Child, HasOnlyTheStandardDescriptors) {
  const int leaked = open("/dev/null", O_RDONLY);  // without close-on-exec
  const auto done = run({{"ls", "/proc/self/fd"}, {"PATH=/usr/bin:/bin"}}, Deadline::never());
  close(leaked);
  ASSERT_TRUE(done);
  EXPECT_EQ(done->output, "0\n1\n2\n3\n");  // 3 is the folder that ls reads
}
TEST(Child, StartsInTheWorkingFolder) {
  Command command = shell("pwd");
  command.working_folder = "/usr";
  EXPECT_EQ(run(command, Deadline::never())->output, "/usr\n");
  command.working_folder = "/no/such/folder";
  const auto refused = run(command, Deadline::never());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::unavailable);
  EXPECT_THAT(refused.error().message, HasSubstr("/no/such/folder"));
}
TEST(Child, TellsTheProcessorTimeUsed) {
  const auto done = run(shell("i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done"), Deadline::never());
  ASSERT_TRUE(done);
  EXPECT_GT(done->cpu_ms, 0);
}

TEST(ChildRefused, AMissingProgramSaysWhatToInstall) {
  const auto refused = run({{"no-such-program"}, {"PATH=/usr/bin"}}, Deadline::never());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::not_found);
  EXPECT_THAT(refused.error().hint, HasSubstr("install no-such-program"));
}
TEST(ChildRefused, NothingIsFoundWithoutPathOrInRelativeFolders) {
  EXPECT_EQ(run({{"sh"}, {}}, Deadline::never()).error().code, ErrorCode::not_found);
  Command command{{"sh"}, {"PATH=:.:bin"}};
  command.working_folder = "/bin";
  EXPECT_EQ(run(command, Deadline::never()).error().code, ErrorCode::not_found);
  EXPECT_EQ(run({{"./sh"}, {"PATH=/bin"}}, Deadline::never()).error().code, ErrorCode::usage);
}
TEST(ChildRefused, AnArgumentWithANulByte) {
  const auto refused = run({{"echo", std::string("a\0b", 3)}, {"PATH=/bin:/usr/bin"}}, Deadline::never());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::usage);
}

TEST(ChildLimits, TheDeadlineKillsGrandchildrenToo) {
  std::string process;
  const auto late =
      stream(shell("sleep 1000 & echo $!; wait"), Deadline::after_ms(500), [&](std::string_view chunk) {
        process += chunk;
        return true;
      });
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, ErrorCode::timeout);
  ASSERT_FALSE(process.empty());
  EXPECT_TRUE(dies(std::stoi(process)));
}
TEST(ChildLimits, AGrandchildThatKeepsTheOutputOpenCannotHoldUs) {
  const auto done = run(shell("sleep 1000 & echo $!; exit 3"), Deadline::never());
  ASSERT_TRUE(done);
  EXPECT_EQ(done->exit_code, 3);
  EXPECT_TRUE(dies(std::stoi(done->output)));
}
TEST(ChildLimits, AChildThatClosesItsOutputsIsStillWaitedFor) {
  const auto done = run(shell("exec >&- 2>&-; sleep 0.05; exit 4"), Deadline::never());
  ASSERT_TRUE(done);
  EXPECT_EQ(done->exit_code, 4);
}
TEST(ChildLimits, TooMuchOutputIsAnError) {
  Command command = shell("yes");
  command.output_bytes = 100'000;
  const auto refused = run(command, Deadline::never());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::failed);
  EXPECT_THAT(refused.error().message, HasSubstr("more than 100000 bytes"));
}
TEST(ChildLimits, KeepsTheFirstErrorsAndReadsTheRest) {
  const auto done = run(shell("echo first >&2; head -c 1000000 /dev/zero >&2"), Deadline::never());
  ASSERT_TRUE(done);
  EXPECT_THAT(done->error_output, StartsWith("first\n"));
  EXPECT_EQ(done->error_output.size(), 64u << 10);
  EXPECT_EQ(done->exit_code, 0);
}
TEST(ChildLimits, MemoryIsCapped) {
  Command command = shell("head -c 300000000 /dev/zero | tail");  // tail keeps its last, endless, line
  command.memory_bytes = 100 << 20;
  const auto done = run(command, Deadline::never());
  ASSERT_TRUE(done);
  EXPECT_NE(done->exit_code, 0);
}
TEST(ChildLimits, WhatItAllocatesIsCapped) {
  Command command = shell("head -c 300000000 /dev/zero | tail");
  command.data_bytes = 100 << 20;
  const auto done = run(command, Deadline::never());
  ASSERT_TRUE(done);
  EXPECT_NE(done->exit_code, 0);
}
TEST(ChildLimits, AStreamStopsWhenItsReaderHasEnough) {
  std::size_t seen = 0;
  const auto stopped = stream(shell("yes"), Deadline::never(), [&](std::string_view chunk) {
    seen += chunk.size();
    return false;
  });
  ASSERT_TRUE(stopped);
  EXPECT_EQ(stopped->signal, SIGKILL);
  EXPECT_GT(seen, 0u);
}
TEST(ChildLimits, ACancelledDeadlineStopsIt) {
  std::atomic<bool> cancelled = false;
  const auto stopped = stream(shell("echo; sleep 1000"), Deadline::never().with_cancel(&cancelled),
                              [&](std::string_view) { return cancelled = true; });
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::interrupted);
}

TEST(ChildTidiness, LeavesNoDescriptorsAndNoZombies) {
  const auto before = open_descriptors();
  for (int i = 0; i < 20; ++i) {
    (void)run(shell("sleep 1000 & echo out"), Deadline::never());
    (void)run({{"no-such-program"}, {"PATH=/usr/bin"}}, Deadline::never());
    (void)run(shell("sleep 1000"), Deadline::after_ms(1));
  }
  EXPECT_EQ(open_descriptors(), before);
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1);
  EXPECT_EQ(errno, ECHILD);
}
TEST(ChildTidiness, DiesWithTheProgramThatStartedIt) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const pid_t starter = fork();
  if (starter == 0) {
    (void)stream(shell("echo $$; exec sleep 1000"), Deadline::never(),
                 [&](std::string_view chunk) { return write(ends[1], chunk.data(), chunk.size()) > 0; });
    _exit(0);
  }
  char text[32] = {};
  ASSERT_GT(read(ends[0], text, sizeof(text) - 1), 0);
  close(ends[0]);
  close(ends[1]);
  kill(starter, SIGKILL);
  waitpid(starter, nullptr, 0);
  EXPECT_TRUE(dies(std::stoi(text)));
}

}  // namespace
}  // namespace mira::process

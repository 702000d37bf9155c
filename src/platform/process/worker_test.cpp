// The workers of these tests are this very program: main() below serves them.
#include "platform/process/worker.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <map>
#include <thread>

#include "platform/process/sanitized.h"

namespace mira::process {
namespace {

using base::Deadline;
using base::ErrorCode;
using testing::HasSubstr;

std::string refused_or_not(int result) {
  return result < 0 ? (errno == EPERM || errno == EACCES ? "refused" : "failed otherwise") : "allowed";
}

// What the worker does with a job, by its first word.
std::string misbehave(std::string_view job) {
  if (job == "crash") {
    std::signal(SIGSEGV, SIG_DFL);
    std::raise(SIGSEGV);
  }
  if (job == "hang") {
    while (true) std::this_thread::yield();
  }
  if (job == "exit") _exit(3);
  if (job == "allocate") {
    std::vector<std::string> hoard;
    while (true) hoard.emplace_back(1 << 20, 'x');
  }
  if (job == "garbage") (void)!write(3, "no frame at all, only words", 27);
  if (job == "print") (void)std::puts("a library prints"), std::fflush(stdout);
  if (job == "close") close(0), close(3);
  if (job == "open") return refused_or_not(open("/etc/hostname", O_RDONLY));
  if (job == "write") return refused_or_not(open("/tmp/mira_escape", O_WRONLY | O_CREAT, 0600));
  if (job == "socket") return refused_or_not(socket(AF_INET, SOCK_STREAM, 0));
  if (job == "fork") return refused_or_not(fork());
  if (job == "exec") return refused_or_not(execl("/bin/true", "true", nullptr));
  if (job == "signal") return refused_or_not(kill(getppid(), SIGTERM));
  if (job == "code") {
    void* page = mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return refused_or_not(page == MAP_FAILED ? -1 : 0);
  }
  return "echo " + std::string(job);
}

PoolOptions options() {
  PoolOptions options;
  options.worker_name = "test";
  options.job_wall_ms = 20'000;
  options.memory_bytes = std::int64_t{512} << 20;
  return options;
}

// Runs the jobs and gives their results in order of the jobs.
std::vector<JobResult> results(WorkerPool& pool, const std::vector<std::string>& jobs) {
  std::vector<JobResult> out(jobs.size());
  std::vector<int> seen(jobs.size());
  const auto status = pool.run(
      jobs.size(), [&](std::size_t i) { return jobs[i]; },
      [&](std::size_t i, JobResult result) {
        ++seen[i];
        out[i] = std::move(result);
      },
      Deadline::never());
  EXPECT_TRUE(status) << status.error().message;
  EXPECT_THAT(seen, testing::Each(1));
  return out;
}
JobResult result(const std::string& job, PoolOptions with = options()) {
  return results(**WorkerPool::start(std::move(with)), {job})[0];
}

TEST(WorkerPool, AnswersEveryJobOnce) {
  const auto pool = *WorkerPool::start(options());
  std::vector<std::string> jobs;
  for (int i = 0; i < 2000; ++i) jobs.push_back(std::to_string(i));
  const auto all = results(*pool, jobs);
  for (std::size_t i = 0; i < jobs.size(); ++i) ASSERT_EQ(all[i].reply, "echo " + jobs[i]);
}
TEST(WorkerPool, CarriesFramesLargerThanAnyPipe) {
  const std::string large(20 << 20, 'L');
  EXPECT_EQ(result(large).reply.size(), large.size() + 5);
}
TEST(WorkerPool, CarriesEmptyAndBinaryFrames) {
  EXPECT_EQ(result("").reply, "echo ");
  EXPECT_EQ(result(std::string("\0\xff\n", 3)).reply, std::string("echo \0\xff\n", 8));
}
TEST(WorkerPool, AsksForAJobOnlyWhenAWorkerIsFreeForIt) {
  const auto pool = *WorkerPool::start(options());
  std::size_t given = 0, finished = 0, most_ahead = 0;
  ASSERT_TRUE(pool->run(
      500,
      [&](std::size_t) {
        most_ahead = std::max(most_ahead, ++given - finished);
        return std::string("x");
      },
      [&](std::size_t, const JobResult&) { ++finished; }, Deadline::never()));
  EXPECT_LE(most_ahead, 4u);  // two workers, one job in work and one waiting each
}
TEST(WorkerPool, RunsAgainWithTheSameWorkers) {
  const auto pool = *WorkerPool::start(options());
  EXPECT_EQ(results(*pool, {"a"})[0].reply, "echo a");
  EXPECT_EQ(results(*pool, {"b", "c"})[1].reply, "echo c");
  EXPECT_TRUE(results(*pool, {}).empty());
}
TEST(WorkerPool, RunsFromAnotherThreadAfterTheFirstHasEnded) {
  const auto pool = *WorkerPool::start(options());
  std::thread([&] { EXPECT_EQ(results(*pool, {"a"})[0].reply, "echo a"); }).join();
  EXPECT_EQ(results(*pool, {"b"})[0].reply, "echo b");
}

TEST(WorkerPoolFault, ACrashIsBlamedOnItsJobAlone) {
  const auto pool = *WorkerPool::start(options());
  std::vector<std::string> jobs(40, "fine");
  jobs[0] = jobs[7] = jobs[8] = jobs[39] = "crash";
  const auto all = results(*pool, jobs);
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    ASSERT_EQ(all[i].fate, jobs[i] == "crash" ? JobFate::crashed : JobFate::done) << i << all[i].reason;
  }
  EXPECT_EQ(all[7].reason, "killed by SIGSEGV");
}
TEST(WorkerPoolFault, AHangIsKilledAndBlamedAlone) {
  PoolOptions impatient = options();
  impatient.job_wall_ms = 2000;
  const auto pool = *WorkerPool::start(impatient);
  const auto all = results(*pool, {"hang", "a", "b", "c", "d"});
  EXPECT_EQ(all[0].fate, JobFate::timed_out);
  EXPECT_EQ(all[0].reason, "no answer in 2000 ms");
  for (std::size_t i = 1; i < all.size(); ++i) EXPECT_EQ(all[i].fate, JobFate::done);
}
TEST(WorkerPoolFault, ABusyPoolBlamesNobody) {
  PoolOptions impatient = options();
  impatient.job_wall_ms = 800;
  const auto pool = *WorkerPool::start(impatient);
  int fine = 0;
  ASSERT_TRUE(pool->run(
      4, [](std::size_t) { return std::string(1 << 20, 'x'); },
      [&](std::size_t, const JobResult& result) {
        fine += result.fate == JobFate::done ? 1 : 0;
        std::this_thread::sleep_for(std::chrono::milliseconds(1000));
      },
      Deadline::never()));
  EXPECT_EQ(fine, 4);
}
TEST(WorkerPoolFault, AnExitIsACrash) {
  EXPECT_EQ(result("exit").reason, "ended with exit code 3");
  EXPECT_EQ(result("close").fate, JobFate::crashed);
}
TEST(WorkerPoolFault, EndlessMemoryIsACrash) {
  if (sanitized) GTEST_SKIP() << "a sanitizer needs more addresses than any cap allows";
  EXPECT_EQ(result("allocate").reason, "killed by SIGABRT");
}
TEST(WorkerPoolFault, GarbageIsNotAnAnswer) {
  const auto pool = *WorkerPool::start(options());
  const auto all = results(*pool, {"garbage", "a", "b"});
  EXPECT_EQ(all[0].fate, JobFate::crashed);
  EXPECT_EQ(all[0].reason, "sent bytes that are no answer");
  EXPECT_EQ(all[1].reply, "echo a");
  EXPECT_EQ(all[2].reply, "echo b");
}
TEST(WorkerPoolFault, WhatALibraryPrintsIsDropped) {
  EXPECT_EQ(result("print").reply, "echo print");
}

TEST(WorkerPoolRefused, AMissingProgram) {
  PoolOptions missing = options();
  missing.program = "/no/such/program";
  const auto pool = WorkerPool::start(missing);
  ASSERT_FALSE(pool);
  EXPECT_EQ(pool.error().code, ErrorCode::not_found);
}
TEST(WorkerPoolRefused, AProgramThatIsNoWorker) {
  PoolOptions other = options();
  other.program = "/bin/true";
  const auto pool = *WorkerPool::start(other);
  const auto status = pool->run(
      1, [](std::size_t) { return std::string(); }, [](std::size_t, const JobResult&) { FAIL(); },
      Deadline::never());
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::failed);
  EXPECT_THAT(status.error().message, HasSubstr("'test' does not start"));
}
TEST(WorkerPoolRefused, TheDeadlineEndsARun) {
  const auto pool = *WorkerPool::start(options());
  const auto status = pool->run(
      2, [](std::size_t) { return std::string("hang"); }, [](std::size_t, const JobResult&) { FAIL(); },
      Deadline::after_ms(200));
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::timeout);
  EXPECT_EQ(results(*pool, {"after"})[0].reply, "echo after");
}

TEST(WorkerSandbox, StandsWholeOnThisKernel) {
  const auto report = (*WorkerPool::start(options()))->sandbox(Deadline::never());
  ASSERT_TRUE(report);
  EXPECT_TRUE(report->calls_filtered);
  EXPECT_TRUE(report->file_refused);
  EXPECT_TRUE(report->socket_refused);
  if (report->landlock_abi == 0) GTEST_SKIP() << "this kernel has no Landlock";
  EXPECT_EQ(report->level(), SandboxLevel::full);
  EXPECT_EQ(report->shortfall(), "");
}
TEST(WorkerSandbox, RefusesFilesNetworkProcessesAndCode) {
  const auto pool = *WorkerPool::start(options());
  for (const char* job : {"open", "write", "socket", "fork", "exec", "signal", "code"}) {
    EXPECT_EQ(results(*pool, {job})[0].reply, "refused") << job;
  }
}
TEST(WorkerSandbox, SaysWhatIsMissing) {
  EXPECT_EQ(SandboxReport{}.level(), SandboxLevel::limits);
  SandboxReport half;
  half.calls_filtered = half.file_refused = half.socket_refused = true;
  EXPECT_EQ(half.level(), SandboxLevel::partial);
  EXPECT_THAT(half.shortfall(), HasSubstr("no Landlock"));
}

TEST(WorkerPoolTidiness, LeavesNoZombies) {
  {
    results(**WorkerPool::start(options()), {"a", "crash", "b"});
  }
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1);
  EXPECT_EQ(errno, ECHILD);
}

}  // namespace
}  // namespace mira::process

int main(int argc, char** argv) {
  if (argc == 3 && std::string_view(argv[1]) == "worker") {
    return mira::process::serve_worker(mira::process::misbehave);
  }
  testing::InitGoogleMock(&argc, argv);
  return RUN_ALL_TESTS();
}

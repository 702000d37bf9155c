#include "platform/store/file_lock.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/temporary_folder.h"

namespace mira::store {
namespace {

using support::TemporaryFolder;

TEST(FileLock, NamesWhoHoldsItAndWhy) {
  TemporaryFolder folder;
  auto held = FileLock::acquire(folder / "lock", "indexing", base::Deadline::after_ms(1000));
  ASSERT_TRUE(held);
  auto second = FileLock::acquire(folder / "lock", "indexing", base::Deadline::after_ms(30));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, base::ErrorCode::locked);
  EXPECT_NE(second.error().message.find("process " + std::to_string(::getpid()) + " (indexing)"),
            std::string::npos)
      << second.error().message;
}

TEST(FileLock, IsFreeAgainWhenItsHolderIsGone) {
  TemporaryFolder folder;
  {
    ASSERT_TRUE(FileLock::acquire(folder / "lock", "indexing", base::Deadline::after_ms(1000)));
  }
  EXPECT_TRUE(FileLock::acquire(folder / "lock", "indexing", base::Deadline::after_ms(0)));
}

TEST(FileLock, IsFreeAgainWhenItsHolderWasKilled) {
  TemporaryFolder folder;
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  pid_t child = ::fork();
  if (child == 0) {
    auto held = FileLock::acquire(folder / "lock", "indexing", base::Deadline::after_ms(1000));
    (void)!::write(ready[1], held ? "y" : "n", 1);
    ::pause();
  }
  char answer = 0;
  ASSERT_EQ(::read(ready[0], &answer, 1), 1);
  ASSERT_EQ(answer, 'y');
  EXPECT_FALSE(FileLock::acquire(folder / "lock", "asking", base::Deadline::after_ms(0)));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_TRUE(FileLock::acquire(folder / "lock", "asking", base::Deadline::after_ms(0)));
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST(FileLock, AMissingFolderIsSaid) {
  auto lock = FileLock::acquire("/nowhere/at/all/lock", "indexing", base::Deadline::after_ms(0));
  ASSERT_FALSE(lock);
  EXPECT_EQ(lock.error().code, base::ErrorCode::unavailable);
  EXPECT_FALSE(lock.error().hint.empty());
}

}  // namespace
}  // namespace mira::store

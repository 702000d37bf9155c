// The nth allocation inside SQLite fails, once or from then on. The request fails
// and says so; nothing is damaged or lost, and the next request works. Every early
// n is walked, later ones in growing strides.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <atomic>

#include "tests/crash/fault_story.h"

namespace mira::crash {
namespace {

using support::DiskImage;
using support::FaultyDisk;

// SQLite's allocator is one for the whole program, and so is its fault.
struct FailingMemory {
  sqlite3_mem_methods real = {};
  std::atomic<std::int64_t> until_failure = -1;  // -1: none asked for
  std::atomic<bool> lasting = false;
  std::atomic<bool> failed = false;

  bool fails_now() {
    if (until_failure < 0) return false;
    if (until_failure > 0) {
      --until_failure;
      return false;
    }
    failed = true;
    if (!lasting) until_failure = -1;
    return true;
  }
};

FailingMemory& memory() {
  static FailingMemory only;
  return only;
}

void* allocate(int size) {
  return memory().fails_now() ? nullptr : memory().real.xMalloc(size);
}
void* reallocate(void* block, int size) {
  return memory().fails_now() ? nullptr : memory().real.xRealloc(block, size);
}

class MemoryFault : public testing::TestWithParam<bool> {
 protected:
  static void SetUpTestSuite() {
    sqlite3_shutdown();
    sqlite3_config(SQLITE_CONFIG_GETMALLOC, &memory().real);
    sqlite3_mem_methods failing = memory().real;
    failing.xMalloc = allocate;
    failing.xRealloc = reallocate;
    sqlite3_config(SQLITE_CONFIG_MALLOC, &failing);
    sqlite3_initialize();
  }
  // False once there was nothing left to fail.
  bool run_with_fault(const DiskImage& start, std::int64_t nth) {
    FaultyDisk disk(start);
    memory().failed = false;
    memory().lasting = GetParam();
    memory().until_failure = nth;
    tell_fault_story(disk, [] { memory().until_failure = -1; });
    return memory().failed;
  }
};

TEST_P(MemoryFault, IsSaidAndSurvived) {
  DiskImage start = old_diary();
  std::int64_t nth = 0;
  int faults = 0;
  for (bool failed = true; failed && !HasFailure(); nth += 1 + nth / 40) {
    SCOPED_TRACE("allocation " + std::to_string(nth));
    failed = run_with_fault(start, nth);
    ++faults;
  }
  EXPECT_GT(faults, 100);
  RecordProperty("faults", faults);
}

INSTANTIATE_TEST_SUITE_P(OnceAndOn, MemoryFault, testing::Bool());

}  // namespace
}  // namespace mira::crash

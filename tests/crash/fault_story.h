// A program that migrates a diary and writes in it while something fails: once in
// the middle it is healed, and then everything must work again, with every
// acknowledged change there. The same story serves faults of disk and of memory.
#pragma once

#include <functional>

#include "platform/store/connection.h"
#include "tests/support/faulty_disk.h"

namespace mira::crash {

inline constexpr const char* fault_story_file = "mira.db";
inline constexpr int changes_before_fault = 12;

// A disk with a diary at step 1 and its first changes, closed.
support::DiskImage old_diary();

store::OpenOptions durable_on(const support::FaultyDisk& disk);
// Opens the diary of a disk and brings it to so many steps.
store::Result<store::Connection> open_diary_on(const support::FaultyDisk& disk, int steps,
                                               std::int64_t now_ms);

// Tells the story with GoogleTest's expectations. `heal` ends the fault.
void tell_fault_story(support::FaultyDisk& disk, const std::function<void()>& heal);

}  // namespace mira::crash

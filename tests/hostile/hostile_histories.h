// Object stores that were made to hurt: trees that unfold without end, deltas that go
// in circles, torn packs, forged dates, names no file system has, merges of hundreds.
// Each is laid into a repository of two commits that change good.c, which must stay
// answerable; where the history can be read in spite of it, it must be.
#pragma once

#include <span>
#include <string_view>

#include "tests/support/fake_repo.h"

namespace mira::hostile {

struct HostileHistory {
  std::string_view name;  // "DeltaCycle", a test name
  void (*make)(support::FakeRepo& repo);
  bool stays_readable = true;  // the history of good.c is still told
};

// Of odd objects, of odd refs and files around them, and of sheer size.
std::span<const HostileHistory> hostile_objects();
std::span<const HostileHistory> hostile_places();
std::span<const HostileHistory> hostile_sizes();

}  // namespace mira::hostile

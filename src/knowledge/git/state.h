// How far the history was read: the one row of git_state.
#pragma once

#include <cstdint>
#include <string>

#include "knowledge/git/repository.h"
#include "platform/store/connection.h"

namespace mira::git {

struct State {
  std::string tip;       // commit the rows stand for; empty before the first reading
  std::string boundary;  // boundary_of() the repository they were read from
  std::string mailmap_blob;
  std::int64_t revision = 0;  // grows with every change; 0: never read
  std::string failed_tip, failure;
  std::int64_t failed_at_ms = 0;
};

base::Result<State> load_state(store::Connection& index);
base::Status save_state(store::Connection& index, const State& state);

// What limits how much of a history can be read. When it changes, all is read anew.
std::string boundary_of(const Repository& repository);

}  // namespace mira::git

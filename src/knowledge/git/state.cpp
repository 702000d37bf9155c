#include "knowledge/git/state.h"

#include "platform/base/hash.h"

namespace mira::git {

base::Result<State> load_state(store::Connection& index) {
  State state;
  MIRA_TRY(index.each(
      "SELECT tip, boundary, mailmap_blob, revision, failed_tip, failure, failed_at_ms FROM git_state",
      [&](const store::Row& row) {
        state = {std::string(row.text(0)),
                 std::string(row.text(1)),
                 std::string(row.text(2)),
                 row.integer(3),
                 std::string(row.text(4)),
                 std::string(row.text(5)),
                 row.integer(6)};
      }));
  return state;
}

base::Status save_state(store::Connection& index, const State& state) {
  return index.run(
      "INSERT OR REPLACE INTO git_state(state_id, tip, boundary, mailmap_blob, revision, failed_tip, "
      "failure, "
      "failed_at_ms) VALUES (1, ?, ?, ?, ?, ?, ?, ?)",
      state.tip, state.boundary, state.mailmap_blob, state.revision, state.failed_tip, state.failure,
      state.failed_at_ms);
}

std::string boundary_of(const Repository& repository) {
  std::string out = repository.partial_clone ? "exact renames" : "renames";
  if (!repository.shallow.empty()) out += ", shallow at " + base::content_hash(repository.shallow);
  return out;
}

}  // namespace mira::git

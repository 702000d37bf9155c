// What the actions of this feature share: how arguments are read, what is refused,
// and how commits and paths are shown.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "contracts/action.h"
#include "knowledge/git/archive.h"
#include "knowledge/git/commit_search.h"

namespace mira::git {

// "" when it was not given.
std::string text_of(const contracts::Json& arguments, const char* name);
std::size_t limit_of(const contracts::Json& arguments);
// Bytes of a path as JSON can hold them.
std::string shown(std::string_view path);
// "./src//a.c" as the history has it: "src/a.c".
std::string normal_path(std::string_view path);
double rounded(double value);

// unavailable: no repository, or nothing in it could be read.
base::Status need_history(contracts::Session& session, const Archive& archive);
// A single question about a file nobody knows is an error with names to try; in a batch, and about
// the past, it is answered from the name.
base::Status check_known(contracts::Call& call, const Archive& archive, const std::string& path);

// The moment that `at` or `before` names; now without either.
base::Result<std::size_t> asked_moment(contracts::Call& call, const Archive& archive);
// When that was: now for the end of the history, else the time of the first commit that does not count.
std::int64_t time_of_moment(const contracts::Session& session, const Archive& archive, std::size_t moment);

contracts::Json hash_or_null(const Archive& archive, std::optional<std::size_t> position);
contracts::Json commit_json(const FoundCommit& commit);

std::vector<contracts::Param> moment_params();
contracts::Param limit_param(int fallback);

}  // namespace mira::git

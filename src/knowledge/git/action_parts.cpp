#include "knowledge/git/action_parts.h"

#include <algorithm>
#include <cmath>

#include "knowledge/git/history_range.h"
#include "knowledge/git/models.h"
#include "platform/base/calendar.h"
#include "platform/base/text.h"

namespace mira::git {

using base::ErrorCode;
using contracts::Call;
using contracts::Json;
using contracts::Param;
using contracts::ParamKind;

std::string text_of(const Json& arguments, const char* name) {
  const Json& value = arguments.at(name);
  return value.is_string() ? value.get<std::string>() : std::string();
}

std::size_t limit_of(const Json& arguments) {
  return static_cast<std::size_t>(arguments.at("limit").get<int>());
}

// Bytes of a path as JSON can hold them.
std::string shown(std::string_view path) {
  return base::is_valid_utf8(path) ? std::string(path) : base::display_line(path);
}

// "./src//a.c" as the history has it: "src/a.c".
std::string normal_path(std::string_view path) {
  std::string out;
  for (std::string_view part : base::split(path, '/')) {
    if (part.empty() || part == ".") continue;
    if (!out.empty()) out += '/';
    out += part;
  }
  return out;
}

base::Status need_history(contracts::Session& session, const Archive& archive) {
  if (!session.project.is_git) {
    return base::fail(ErrorCode::unavailable, session.project.root.string() + " is not a git repository.",
                      "History, co-change and people come from commits: run it inside a git work tree.");
  }
  if (!archive.history.commits.empty()) return {};
  return base::fail(ErrorCode::unavailable, "This repository has no commits that could be read.",
                    "Commit something, or see `mira doctor` for what is in the way.");
}

static bool on_disk(const contracts::Session& session, std::string_view path) {
  auto at = std::ranges::lower_bound(session.tree.files, path, {}, &workspace::File::path);
  return at != session.tree.files.end() && at->path == path;
}

// A single question about a file nobody knows is an error with names to try; in a batch, and about
// the past, it is answered from the name.
base::Status check_known(Call& call, const Archive& archive, const std::string& path) {
  bool about_past = !text_of(call.arguments, "at").empty() || !text_of(call.arguments, "before").empty();
  if (call.batch || about_past || archive.find_path(path) != no_path || on_disk(*call.session, path))
    return {};
  base::Error error{ErrorCode::not_found, "No file \"" + base::display_line(path) + "\" in this project.",
                    "Paths count from the project's root."};
  error.next = MIRA_TRY(similar_paths(call.session->index, path));
  return std::unexpected(error);
}

base::Result<std::size_t> asked_moment(Call& call, const Archive& archive) {
  store::Connection& index = call.session->index;
  std::string at = MIRA_TRY(expand_revision(index, text_of(call.arguments, "at")));
  std::string before = MIRA_TRY(expand_revision(index, text_of(call.arguments, "before")));
  return moment_of(archive, at, before);
}

std::int64_t time_of_moment(const contracts::Session& session, const Archive& archive, std::size_t moment) {
  if (moment >= archive.history.commits.size()) return session.clock.now_ms() / 1000;
  return archive.history.commits[moment].author_time_s;
}

Json hash_or_null(const Archive& archive, std::optional<std::size_t> position) {
  if (!position) return nullptr;
  return hash_to_hex(archive.history.commits[*position].hash, archive.history.hash_digits);
}

double rounded(double value) {
  return std::round(value * 1e6) / 1e6;
}

std::vector<Param> moment_params() {
  return {{.name = "at", .help = "answer as it stood right after this commit"},
          {.name = "before", .help = "answer as it stood right before this commit"}};
}

Param limit_param(int fallback) {
  return {.name = "limit",
          .kind = ParamKind::integer,
          .help = "how many at most",
          .fallback = fallback,
          .minimum = 1,
          .maximum = 10000};
}

Json commit_json(const FoundCommit& commit) {
  Json out = {{"commit", commit.hash},
              {"subject", commit.subject},
              {"author", commit.author},
              {"email", commit.email},
              {"time_ms", commit.author_time_ms},
              {"date", base::iso_date(commit.author_time_ms)},
              {"files", commit.files},
              {"insertions", nullptr},
              {"deletions", nullptr},
              {"path", nullptr},
              {"change", nullptr}};
  if (commit.insertions) out["insertions"] = *commit.insertions;
  if (commit.deletions) out["deletions"] = *commit.deletions;
  if (!commit.path.empty()) out["path"] = shown(commit.path);
  if (!commit.file_change.empty()) out["change"] = commit.file_change;
  return out;
}

}  // namespace mira::git

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "knowledge/git/action_parts.h"
#include "knowledge/git/actions.h"
#include "knowledge/git/history_range.h"
#include "knowledge/git/line_places.h"
#include "platform/base/calendar.h"
#include "platform/base/text.h"

namespace mira::git {
namespace {

using contracts::Action;
using contracts::Call;
using contracts::Json;
using contracts::Reply;

// Commits by row, each read once.
class CommitCache {
 public:
  explicit CommitCache(store::Connection& index) : index_(index) {}
  base::Result<const FoundCommit*> get(std::uint32_t id) {
    auto [at, fresh] = known_.try_emplace(id);
    if (fresh) at->second = MIRA_TRY(commit_of_row(index_, id)).value_or(FoundCommit{});
    return &at->second;
  }

 private:
  store::Connection& index_;
  std::unordered_map<std::uint32_t, FoundCommit> known_;
};

base::Result<Json> range_json(CommitCache& commits, const LineRun& run, std::uint64_t first,
                              std::uint64_t last) {
  const FoundCommit& commit = *MIRA_TRY(commits.get(run.commit));
  const FoundCommit& origin = *MIRA_TRY(commits.get(run.origin));
  Json out = {{"start", first},
              {"end", last},
              {"commit", commit.hash},
              {"author", commit.author},
              {"email", commit.email},
              {"time_ms", commit.author_time_ms},
              {"date", base::iso_date(commit.author_time_ms)},
              {"subject", commit.subject},
              {"written_in", nullptr}};
  if (run.origin != run.commit) out["written_in"] = origin.hash;
  return out;
}

base::Result<Reply> blame(Models& models, Call& call) {
  contracts::Session& session = *call.session;
  auto archive = MIRA_TRY(models.archive(session));
  MIRA_TRY(need_history(session, *archive));
  LinePlace place = parse_place(normal_path(text_of(call.arguments, "place")));
  OwnedLines owned = MIRA_TRY(owned_lines(session, place.path, call.deadline));
  std::uint64_t lines = line_count(owned.runs);
  if (place.first > lines) {
    return base::fail(base::ErrorCode::usage,
                      fmt::format("{} has {} lines at HEAD.", base::display_line(place.path), lines),
                      "Give lines that are there.");
  }
  std::uint64_t first = std::max(1U, place.first),
                last = place.last == 0 ? lines : std::min<std::uint64_t>(place.last, lines);
  Reply reply;
  reply.data = {{"path", shown(place.path)},
                {"commit", archive->tip},
                {"lines", lines},
                {"replayed", owned.replayed},
                {"ranges", Json::array()}};
  CommitCache commits(session.index);
  std::uint64_t line = 1;
  for (const LineRun& run : owned.runs) {
    std::uint64_t start = std::max(line, first), end = std::min(line + run.lines - 1, last);
    line += run.lines;
    if (start <= end) reply.data["ranges"].push_back(MIRA_TRY(range_json(commits, run, start, end)));
  }
  if (!owned.replayed) reply.notes.push_back("asked of git blame: lines are replayed by `mira index`");
  return reply;
}

std::string render_blame(const Reply& reply, const contracts::Style&) {
  std::string out;
  for (const Json& range : reply.data.at("ranges")) {
    auto start = range.at("start").get<std::int64_t>(), end = range.at("end").get<std::int64_t>();
    std::string lines = start == end ? std::to_string(start) : fmt::format("{}-{}", start, end);
    out += fmt::format("{:>11}  {}  {}  {}  {}\n", lines, range.at("commit").get<std::string>().substr(0, 12),
                       range.at("date").get<std::string>(),
                       base::display_line(range.at("author").get<std::string>()),
                       base::display_line(range.at("subject").get<std::string>()));
  }
  return out.empty() ? "The file has no lines.\n" : out;
}

}  // namespace

Action blame_action(const std::shared_ptr<Models>& models) {
  Action action;
  action.name = "blame";
  action.group = "git";
  action.summary = "Who put the lines of a file there, and when";
  action.description =
      "Tells for each line of a file at HEAD the commit that put it there as it stands, as `git blame` does. "
      "Where that commit only moved the line or changed its white space, `written_in` names the one that "
      "wrote "
      "it.";
  action.params = {{.name = "place",
                    .help = "a path from the project's root, or FILE:LINE or FILE:FIRST-LAST",
                    .required = true,
                    .positional = true}};
  action.examples = {{"mira blame src/server.c:120-140", "who put these twenty lines there"}};
  action.data_shape =
      R"({"path": "src/a.c", "commit": "<HEAD>", "lines": 240, "replayed": true, "ranges": [{"start": 1, "end": 12,
 "commit": "<id>", "author": "Ada", "email": "ada@example.org", "time_ms": 1704110400000, "date": "2024-01-01",
 "subject": "...", "written_in": "<id>" or null}]})";
  action.batch = true;
  action.handle = [models](Call& call) { return blame(*models, call); };
  action.render = render_blame;
  return action;
}

}  // namespace mira::git

#include <fmt/format.h>

#include "knowledge/git/action_parts.h"
#include "knowledge/git/actions.h"
#include "knowledge/git/causes.h"
#include "knowledge/git/ownership.h"
#include "platform/base/text.h"

namespace mira::git {
namespace {

using contracts::Action;
using contracts::Call;
using contracts::Json;
using contracts::Reply;

std::string_view name_of(CauseFound found) {
  switch (found) {
    case CauseFound::named:
      return "named";
    case CauseFound::reverted:
      return "reverted";
    case CauseFound::lines:
      break;
  }
  return "lines";
}

base::Result<FoundCommit> wanted_commit(Call& call) {
  std::string id = text_of(call.arguments, "commit");
  if (id.empty()) id = text_of(call.arguments, "fix");
  id = MIRA_TRY(expand_revision(call.session->index, id));
  auto commit = MIRA_TRY(commit_by_id(call.session->index, id));
  if (commit) return *commit;
  return base::fail(base::ErrorCode::not_found,
                    "No commit \"" + base::display_line(id) + "\" in the history of HEAD.",
                    "Give at least four digits of its id, or HEAD~1; `mira history` lists them.");
}

base::Result<Reply> causes(Models& models, Call& call) {
  contracts::Session& session = *call.session;
  auto archive = MIRA_TRY(models.archive(session));
  MIRA_TRY(need_history(session, *archive));
  FoundCommit fix = MIRA_TRY(wanted_commit(call));
  bool ignore = call.arguments.at("ignore_message").get<bool>();
  auto found =
      MIRA_TRY(causes_of(session.index, fix.commit_id, ignore ? MessageUse::ignore : MessageUse::read));
  Reply reply;
  reply.data = {{"commit", fix.hash}, {"subject", fix.subject}, {"causes", Json::array()}};
  std::size_t limit = limit_of(call.arguments);
  for (const Cause& cause : found) {
    auto commit = MIRA_TRY(commit_of_row(session.index, cause.commit_id));
    if (!commit || reply.data["causes"].size() == limit) continue;
    Json row = commit_json(*commit);
    row["score"] = rounded(cause.score);
    row["found"] = name_of(cause.found);
    row["lines"] = cause.lines;
    row["beside"] = cause.beside;
    reply.data["causes"].push_back(std::move(row));
  }
  if (MIRA_TRY(ownership_tip(session.index)) != archive->tip) {
    reply.notes.push_back("Not all lines were replayed yet: `mira index` does it, or says why it cannot.");
  }
  return reply;
}

std::string why_text(const Json& cause) {
  if (cause.at("found") == "named") return "its message says so";
  if (cause.at("found") == "reverted") return "it reverts it";
  auto lines = cause.at("lines").get<int>(), beside = cause.at("beside").get<int>();
  if (lines == 0) return fmt::format("it changes what stands beside {} of its lines", beside);
  return fmt::format("it takes away {} of its lines", lines);
}

std::string render_causes(const Reply& reply, const contracts::Style&) {
  std::string out;
  for (const Json& cause : reply.data.at("causes")) {
    out += fmt::format("{}  {}  {}  {}  ({})\n", cause.at("commit").get<std::string>().substr(0, 12),
                       cause.at("date").get<std::string>(),
                       base::display_line(cause.at("author").get<std::string>()),
                       base::display_line(cause.at("subject").get<std::string>()), why_text(cause));
  }
  return out.empty() ? "Nothing tells what it repairs.\n" : out;
}

}  // namespace

Action causes_action(const std::shared_ptr<Models>& models) {
  Action action;
  action.name = "causes";
  action.group = "git";
  action.summary = "The commits that brought in what a commit repairs";
  action.description =
      "Takes what the commit's message names first (an id behind words such as \"introduced in\", or a "
      "revert), then the commits whose lines it took away or changed beside, those with most lines and the "
      "youngest first. Found by lines it is a lead, not a proof: about half of the first answers are right.";
  action.params = {{.name = "commit", .help = "the start of a commit id", .positional = true},
                   {.name = "fix", .help = "the same, under the name that batches use"},
                   {.name = "ignore_message",
                    .kind = contracts::ParamKind::boolean,
                    .help = "do not read the message of the commit",
                    .fallback = false},
                   limit_param(10)};
  action.examples = {{"mira causes 1a2b3c4d", "what the fix 1a2b3c4d repairs"}};
  action.data_shape =
      R"({"commit": "<id>", "subject": "...", "causes": [{"commit": "<id>", "score": 0.5, "found": "named" | "reverted" | "lines",
 "lines": 3, "beside": 0, "subject": "...", "author": "Ada", "email": "ada@example.org", "time_ms": 1704110400000,
 "date": "2024-01-01", "files": 2, "insertions": 12 or null, "deletions": 3 or null, "path": null, "change": null}]})";
  action.batch = true;
  action.handle = [models](Call& call) { return causes(*models, call); };
  action.render = render_causes;
  return action;
}

}  // namespace mira::git

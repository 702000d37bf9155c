#include "knowledge/git/actions.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "knowledge/git/action_parts.h"
#include "knowledge/git/history_range.h"
#include "platform/base/text.h"

namespace mira::git {
namespace {

using base::ErrorCode;
using contracts::Action;
using contracts::Call;
using contracts::Json;
using contracts::Param;
using contracts::ParamKind;
using contracts::Reply;

// The moment that `at` or `before` names; now without either.
base::Result<std::size_t> asked_moment(Call& call, const Archive& archive) {
  store::Connection& index = call.session->index;
  std::string at = MIRA_TRY(expand_revision(index, text_of(call.arguments, "at")));
  std::string before = MIRA_TRY(expand_revision(index, text_of(call.arguments, "before")));
  return moment_of(archive, at, before);
}

// ---- cochange

base::Result<Reply> cochange(Models& models, Call& call) {
  auto held = MIRA_TRY(models.cochange(*call.session));
  MIRA_TRY(need_history(*call.session, *held.archive));
  CochangeQuestion question;
  question.moment = MIRA_TRY(asked_moment(call, *held.archive));
  question.limit = limit_of(call.arguments);
  question.person = held.archive->find_person(text_of(call.arguments, "author"));
  for (const Json& file : call.arguments.at("files")) {
    question.files.push_back(normal_path(file.get<std::string>()));
    MIRA_TRY(check_known(call, *held.archive, question.files.back()));
  }
  Reply reply;
  reply.data["partners"] = Json::array();
  for (const Partner& partner : held.model->rank(question)) {
    reply.data["partners"].push_back({{"path", shown(partner.path)},
                                      {"confidence", rounded(partner.confidence)},
                                      {"joint", partner.joint},
                                      {"own", partner.own},
                                      {"last_commit", hash_or_null(*held.archive, partner.last_commit)}});
  }
  return reply;
}

std::string render_cochange(const Reply& reply, const contracts::Style&) {
  std::string out;
  for (const Json& partner : reply.data.at("partners")) {
    auto joint = partner.at("joint").get<std::int64_t>();
    std::string why = joint > 0 ? fmt::format("together in {} of its {} changes, last {}", joint,
                                              partner.at("own").get<std::int64_t>(),
                                              partner.at("last_commit").get<std::string>().substr(0, 12))
                                : "never together; alike by name, folder or use";
    out += fmt::format("{:>4.0f} %  {}  ({})\n", 100 * partner.at("confidence").get<double>(),
                       base::display_line(partner.at("path").get<std::string>()), why);
  }
  return out.empty() ? "No other file is known.\n" : out;
}

Action cochange_action(const std::shared_ptr<Models>& models) {
  Action action;
  action.name = "cochange";
  action.group = "git";
  action.summary = "Files that change together with these";
  action.description =
      "Ranks the other files by how likely a commit that changes the given ones changes them too, from the "
      "history "
      "of commits, through renames. The confidence is a probability; the order also counts names, folders "
      "and what "
      "the author is working on.";
  action.params = {{.name = "files",
                    .kind = ParamKind::text_list,
                    .help = "paths from the project's root",
                    .required = true,
                    .positional = true},
                   limit_param(10),
                   {.name = "author", .help = "mail or name of who is working"}};
  std::ranges::copy(moment_params(), std::back_inserter(action.params));
  action.examples = {{"mira cochange src/server.c", "what else a change of src/server.c usually needs"},
                     {"mira cochange src/a.c src/a.h --limit 3 --json", "the three best for both, as JSON"}};
  action.data_shape =
      R"({"partners": [{"path": "b.c", "confidence": 0.63, "joint": 7, "own": 9, "last_commit": "<id> or null"}]})";
  action.batch = true;
  action.handle = [models](Call& call) { return cochange(*models, call); };
  action.render = render_cochange;
  return action;
}

// ---- experts

base::Result<Reply> experts(Models& models, Call& call) {
  auto held = MIRA_TRY(models.experts(*call.session));
  MIRA_TRY(need_history(*call.session, *held.archive));
  const Archive& archive = *held.archive;
  ExpertQuestion question;
  question.moment = MIRA_TRY(asked_moment(call, archive));
  question.file = normal_path(call.arguments.at("file").get<std::string>());
  question.limit = limit_of(call.arguments);
  MIRA_TRY(check_known(call, archive, question.file));
  bool now = question.moment == archive.history.commits.size();
  question.now_s =
      now ? call.session->clock.now_ms() / 1000 : archive.history.commits[question.moment].author_time_s;
  Reply reply;
  reply.data["experts"] = Json::array();
  for (const Expert& expert : held.model->rank(question)) {
    reply.data["experts"].push_back({{"name", expert.name},
                                     {"email", expert.email},
                                     {"score", rounded(expert.score)},
                                     {"changes", expert.changes},
                                     {"last_commit", hash_or_null(archive, expert.last_commit)}});
  }
  return reply;
}

std::string render_experts(const Reply& reply, const contracts::Style&) {
  std::string out;
  for (const Json& expert : reply.data.at("experts")) {
    auto changes = expert.at("changes").get<std::int64_t>();
    std::string why = changes > 0 ? fmt::format("{} changes of it, last {}", changes,
                                                expert.at("last_commit").get<std::string>().substr(0, 12))
                                  : "active nearby";
    out += fmt::format("{:>5.2f}  {} <{}>  ({})\n", expert.at("score").get<double>(),
                       base::display_line(expert.at("name").get<std::string>()),
                       base::display_line(expert.at("email").get<std::string>()), why);
  }
  return out.empty() ? "Nobody is known.\n" : out;
}

Action experts_action(const std::shared_ptr<Models>& models) {
  Action action;
  action.name = "experts";
  action.group = "git";
  action.summary = "People most likely to touch or review a file next";
  action.description =
      "Ranks people by their recent share in the commits of the file, of its folder and of the repository; "
      "the "
      "mailmap is applied and bots are left out.";
  action.params = {
      {.name = "file", .help = "path from the project's root", .required = true, .positional = true},
      limit_param(5)};
  std::ranges::copy(moment_params(), std::back_inserter(action.params));
  action.examples = {{"mira experts src/server.c", "whom to ask about src/server.c"}};
  action.data_shape =
      R"({"experts": [{"name": "Ada", "email": "ada@example.org", "score": 1.4, "changes": 12, "last_commit": "<id> or null"}]})";
  action.batch = true;
  action.handle = [models](Call& call) { return experts(*models, call); };
  action.render = render_experts;
  return action;
}

// ---- history

base::Result<Reply> history(Models& models, Call& call) {
  contracts::Session& session = *call.session;
  auto archive = MIRA_TRY(models.archive(session));
  MIRA_TRY(need_history(session, *archive));
  std::string query = text_of(call.arguments, "query");
  CommitFilter filter{text_of(call.arguments, "author"),
                      MIRA_TRY(parse_since(text_of(call.arguments, "since"), session.clock.now_ms())),
                      call.arguments.at("limit").get<int>()};
  auto file = MIRA_TRY(file_identity(session.index, normal_path(query)));
  std::vector<FoundCommit> found;
  std::string meaning = file ? "file" : "words";
  if (file) {
    found = MIRA_TRY(commits_of_file(session.index, *file, filter));
  } else if (auto commit = MIRA_TRY(commit_by_id(session.index, query))) {
    meaning = "commit";
    found = {*commit};
  } else {
    found = MIRA_TRY(commits_with_words(session.index, query, filter));
  }
  Reply reply;
  reply.data = {{"query", query}, {"meaning", meaning}, {"commits", Json::array()}};
  for (const FoundCommit& commit : found) reply.data["commits"].push_back(commit_json(commit));
  return reply;
}

std::string render_history(const Reply& reply, const contracts::Style&) {
  std::string out;
  for (const Json& commit : reply.data.at("commits")) {
    out += fmt::format("{}  {}  {}  {}", commit.at("commit").get<std::string>().substr(0, 12),
                       commit.at("date").get<std::string>(),
                       base::display_line(commit.at("author").get<std::string>()),
                       base::display_line(commit.at("subject").get<std::string>()));
    if (commit.at("insertions").is_number() && commit.at("deletions").is_number()) {
      out += fmt::format("  +{} -{}", commit.at("insertions").get<std::int64_t>(),
                         commit.at("deletions").get<std::int64_t>());
    }
    out += '\n';
  }
  return out.empty() ? "No commit matches.\n" : out;
}

Action history_action(const std::shared_ptr<Models>& models) {
  Action action;
  action.name = "history";
  action.group = "git";
  action.summary = "Commits of a file, or commits about something";
  action.description =
      "With the path of a file: its commits, newest first, followed through renames. With the start of a "
      "commit id: "
      "that commit. With words: the commits whose messages are about them, best first.";
  action.params = {
      {.name = "query", .help = "a path, a commit id, or words", .required = true, .positional = true},
      {.name = "author", .help = "part of a name or mail"},
      {.name = "since", .help = "a day (2024-05-31) or an age (90d, 12w, 6m, 2y)"},
      limit_param(20)};
  action.examples = {{"mira history src/server.c --limit 5", "the last five changes of a file"},
                     {"mira history \"slow shutdown\" --since 1y", "commits of the last year about it"}};
  action.data_shape =
      R"({"query": "src/a.c", "meaning": "file" | "commit" | "words", "commits": [{"commit": "<id>", "subject": "...",
 "author": "Ada", "email": "ada@example.org", "time_ms": 1704110400000, "date": "2024-01-01", "files": 3,
 "insertions": 12 or null, "deletions": 3 or null, "path": "the file's name then" or null, "change": "M" or null}]})";
  action.handle = [models](Call& call) { return history(*models, call); };
  action.render = render_history;
  return action;
}

}  // namespace

std::vector<Action> actions(const std::shared_ptr<Models>& models) {
  return {cochange_action(models), experts_action(models), history_action(models), blame_action(models),
          causes_action(models)};
}

}  // namespace mira::git

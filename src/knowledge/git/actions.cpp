#include "knowledge/git/actions.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "knowledge/git/action_parts.h"
#include "platform/base/text.h"

namespace mira::git {
namespace {

using contracts::Action;
using contracts::Call;
using contracts::Json;
using contracts::Reply;

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
  question.now_s = time_of_moment(*call.session, archive, question.moment);
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

}  // namespace

std::vector<Action> actions(const std::shared_ptr<Models>& models, const contracts::SymbolLookup& symbols,
                            const std::shared_ptr<CommitMeaning>& meaning) {
  return {cochange_action(models),     experts_action(models),  history_action(models, symbols, meaning),
          why_action(models, symbols), blame_action(models),    causes_action(models),
          owners_action(models),       hotspots_action(models), folders_action(models)};
}

}  // namespace mira::git

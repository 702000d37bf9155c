#include "knowledge/builds/action_cure.h"

#include <set>

#include "knowledge/builds/cures.h"
#include "knowledge/builds/diagnoser.h"
#include "knowledge/builds/fingerprint.h"
#include "knowledge/builds/recall.h"
#include "knowledge/builds/run_build.h"
#include "platform/base/text.h"
#include "platform/guard/secrets.h"

namespace mira::builds {
namespace {

using base::Result;
using contracts::Action;
using contracts::Call;
using contracts::Json;
using contracts::Reply;

constexpr std::size_t most_cures = 3;

// That it was told is counted; a store that cannot be written costs the count, not the answer.
void count_as_told(Call& call, const std::string& identity, const KnownCure& cure, Reply& reply) {
  auto error = find_error(*call.session, identity);
  if (!error) return;
  auto saved = save_injection(*call.session, error->last_run, error->error_id, cure.resolution_id);
  if (!saved) reply.notes.push_back("that it was told is not counted: " + saved.error().message);
}

Result<Reply> cure_now(Call& call) {
  std::vector<Record> records;
  Diagnoser diagnoser([&](Record&& record) { records.push_back(std::move(record)); });
  diagnoser.feed(guard::mask_secrets(call.arguments.at("log").get<std::string>()));
  (void)diagnoser.finish({});  // what the text says of its end bears on no cure
  Reply reply{.data = {{"errors", records.size()}, {"cures", Json::array()}}};
  std::set<std::string> told;
  for (const Record& record : records) {
    if (reply.data["cures"].size() == most_cures || call.deadline.expired()) break;
    const Fingerprint keys = fingerprint(record, project_path(*call.session, "", record.file));
    if (!told.insert(keys.identity).second) continue;
    auto cure = MIRA_TRY(sharp_cure(*call.session, keys.identity));
    if (!cure) continue;
    count_as_told(call, keys.identity, *cure, reply);
    reply.data["cures"].push_back({{"error", cure->error_id},
                                   {"state", cure->state},
                                   {"green_run", cure->green_run},
                                   {"text", tell_cure(record, *cure)}});
  }
  return reply;
}

std::string render(const Reply& reply, const contracts::Style&) {
  std::string out;
  for (const Json& cure : reply.data.at("cures")) out += cure.at("text").get<std::string>() + "\n";
  return out.empty() ? "No cure of these errors is known.\n" : out;
}

}  // namespace

Action build_cure_action() {
  Action action;
  action.name = "build cure";
  action.group = "builds";
  action.summary = "What cured the very errors of a log before";
  action.description =
      "Reads the errors out of the text of a failed build or test and tells the change that made each go "
      "away "
      "before, only where it is sharp: seen to cure this very error, at its own place.";
  action.params = {{.name = "log",
                    .help = "what the failed command printed",
                    .required = true,
                    .positional = true,
                    .reads_stdin = true}};
  action.examples = {{"mira build cure - < build.log", "after a build that failed"}};
  action.data_shape =
      R"({"errors": 2, "cures": [{"error": 12, "state": "observed", "green_run": 18, "text": "src/a.c:3: ..."}]})";
  action.needs = contracts::Needs::project;
  action.read_only = false;
  action.handle = cure_now;
  action.render = render;
  return action;
}

}  // namespace mira::builds

#include <fmt/format.h>

#include "app/actions.h"
#include "app/local_host.h"

namespace mira::app {
namespace {

using base::Result;
using contracts::Action;
using contracts::Call;
using contracts::EmbedReport;
using contracts::Json;
using contracts::Reply;

Json report_json(const contracts::Embeds& embeds, const EmbedReport& done) {
  return {{"collection", embeds.collection()},
          {"unit", embeds.unit()},
          {"model", embeds.embedder()->model()},
          {"dimensions", embeds.embedder()->dimensions()},
          {"embedded", done.embedded},
          {"reused", done.reused},
          {"removed", done.removed},
          {"present", done.present},
          {"refused", done.refused},
          {"waiting", done.waiting}};
}

// What people said first: it is less, and words find it worse than code.
Result<Reply> embed_now(LocalHost& host, Call& call) {
  auto seconds = call.arguments.at("seconds").get<std::int64_t>();
  base::Deadline deadline = seconds > 0 ? call.deadline.within_ms(seconds * 1000) : call.deadline;
  Json collections = Json::array();
  std::int64_t embedded = 0, waiting = 0;
  for (const auto& embeds : host.embeds()) {
    if (embeds->embedder() == nullptr) continue;
    auto done = MIRA_TRY(embeds->bring_up_to_date(*call.session, call.progress, deadline));
    embedded += done.embedded;
    waiting += done.waiting;
    collections.push_back(report_json(*embeds, done));
  }
  if (collections.empty()) {
    return base::fail(base::ErrorCode::unavailable,
                      "there is no embedding model here: everything is found by its words alone",
                      "`mira doctor` says where one is looked for");
  }
  return Reply{
      .data = {{"embedded", embedded}, {"waiting", waiting}, {"collections", std::move(collections)}}};
}

std::string render_embed(const Reply& reply, const contracts::Style&) {
  std::string out;
  for (const Json& one : reply.data.at("collections")) {
    auto number = [&](const char* name) { return one.at(name).get<std::int64_t>(); };
    out +=
        fmt::format("{}: {} {} embedded by {}", one.at("collection").get<std::string>(), number("embedded"),
                    one.at("unit").get<std::string>(), one.at("model").get<std::string>());
    if (number("reused") > 0) out += fmt::format(", {} known by their text", number("reused"));
    if (number("removed") > 0) out += fmt::format(", {} gone", number("removed"));
    if (number("refused") > 0) out += fmt::format(", {} not taken by the model", number("refused"));
    if (number("waiting") > 0) out += fmt::format("; {} still wait, run it again", number("waiting"));
    out += "\n";
  }
  return out;
}

}  // namespace

Action embed_action(LocalHost& host) {
  Action action;
  action.name = "embed";
  action.group = "project";
  action.summary = "Let code and what was said be found by meaning, not by words alone";
  action.description =
      "Gives every message and every chunk of this project's code, as it is indexed, a vector of the "
      "embedding model that is here "
      "(`mira doctor` names it). `mira serve`, `mira mcp` and `mira index --watch` do it by themselves while "
      "the machine has little else to do; run it to have it done now. What has a vector is left alone, the "
      "same text is never embedded twice, and what is most useful comes first. May be ended at any time: "
      "what "
      "is done is kept. Vectors of another model stay until this one has all, and are never mixed with its "
      "own.";
  action.params = {{.name = "seconds",
                    .kind = contracts::ParamKind::integer,
                    .help = "end after so many seconds; 0: when all is done",
                    .fallback = 0,
                    .minimum = 0}};
  action.examples = {{"mira embed", "all that waits"},
                     {"mira embed --seconds 30 --json", "as far as half a minute gets"}};
  action.data_shape =
      R"({"embedded": 120, "waiting": 0, "collections": [{"collection": "conversation", "unit": "messages",
 "model": "e5-small-v2@7d9092cb25f2", "dimensions": 384, "embedded": 120, "reused": 3, "removed": 0,
 "present": 40,   // had a vector before
 "refused": 0, "waiting": 0}]})";
  action.needs = contracts::Needs::project;
  action.read_only = false;
  action.handle = [&host](Call& call) { return embed_now(host, call); };
  action.render = render_embed;
  return action;
}

}  // namespace mira::app

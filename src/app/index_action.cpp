#include <fmt/format.h>

#include "app/actions.h"
#include "app/background_work.h"
#include "app/follow.h"
#include "app/local_host.h"
#include "app/pump.h"
#include "platform/base/text.h"

namespace mira::app {
namespace {

using base::Result;
using contracts::Call;
using contracts::Json;
using contracts::Reply;

Json report_json(const IndexerReport& done) {
  return {{"indexer", done.indexer},
          {"unit", done.report.unit},
          {"added", done.report.added},
          {"changed", done.report.changed},
          {"removed", done.report.removed},
          {"unchanged", done.report.unchanged},
          {"took_ms", done.took_ms},
          {"cpu_ms", done.cpu_ms},
          {"error", done.error.empty() ? Json() : Json(done.error)}};
}

std::string event_line(const Json& event) {
  const std::string& name = event.at("event").get_ref<const std::string&>();
  if (name == "following")
    return fmt::format("following {} ({} folders, {})\n", event.at("project").get<std::string>(),
                       event.at("folders").get<std::size_t>(), event.at("how").get<std::string>());
  if (name == "failed") return fmt::format("not updated: {}\n", event.at("message").get<std::string>());
  if (name == "overflow") return "events were lost: looking at everything\n";
  std::string out;
  for (const Json& part : event.at("parts"))
    out += fmt::format("{}{}: {} {} added, {} changed, {} removed", out.empty() ? "" : "; ",
                       part.at("indexer").get<std::string>(), part.at("unit").get<std::string>(),
                       part.at("added").get<std::int64_t>(), part.at("changed").get<std::int64_t>(),
                       part.at("removed").get<std::int64_t>());
  return fmt::format("{} ({} ms)\n", out, event.at("took_ms").get<std::int64_t>());
}

// Until it is interrupted or nobody reads any more.
Result<Reply> watch(LocalHost& host, Call& call) {
  if (call.streams == nullptr)
    return base::fail(base::ErrorCode::usage,
                      "--watch goes on until it is ended: it runs from the command line only",
                      "`mira serve` follows its project by itself");
  contracts::Streams& streams = *call.streams;
  auto told = [&](const Json& event) {
    return streams.write(streams.json() ? event.dump() + "\n" : event_line(event));
  };
  BackgroundWork work(host, call.session->project.root.string());
  MIRA_TRY(follow(host, call.session->project.root.string(), {}, told, call.deadline));
  return Reply{.data = nullptr, .streamed = true};
}

Result<Reply> handle(LocalHost& host, Call& call) {
  if (call.arguments.at("watch").get<bool>()) return watch(host, call);
  contracts::Session& session = *call.session;
  auto report =
      MIRA_TRY(bring_up_to_date(session, host.features(), Patience::index, call.progress, call.deadline));
  Json parts = Json::array();
  for (const IndexerReport& done : report.indexers) parts.push_back(report_json(done));
  return Reply{
      .data = {{"project", base::repair_utf8(session.project.root.string())}, {"parts", std::move(parts)}}};
}

std::string render(const Reply& reply, const contracts::Style&) {
  std::string out = reply.data["project"].get<std::string>() + "\n";
  for (const Json& part : reply.data["parts"]) {
    if (!part["error"].is_null()) {
      out += fmt::format("  {:<12} failed\n", part["indexer"].get<std::string>());
      continue;
    }
    out += fmt::format("  {:<12} {} {}: {} added, {} changed, {} removed ({} ms)\n",
                       part["indexer"].get<std::string>(),
                       part["added"].get<std::int64_t>() + part["changed"].get<std::int64_t>() +
                           part["unchanged"].get<std::int64_t>(),
                       part["unit"].get<std::string>(), part["added"].get<std::int64_t>(),
                       part["changed"].get<std::int64_t>(), part["removed"].get<std::int64_t>(),
                       part["took_ms"].get<std::int64_t>());
  }
  return out;
}

}  // namespace

contracts::Action index_action(LocalHost& host) {
  return {
      .name = "index",
      .group = "project",
      .summary = "Bring the index of a project up to date",
      .description =
          "Makes the index if there is none. Every command that answers about the project does this by "
          "itself; "
          "run it to have the work done beforehand, line counts of the history included. Safe to interrupt: "
          "what is "
          "finished is kept.",
      .params = {{.name = "project",
                  .help = "a path in the project; default: the working folder",
                  .positional = true},
                 {.name = "watch",
                  .kind = contracts::ParamKind::boolean,
                  .help = "stay, and follow every change of the files until interrupted",
                  .fallback = false}},
      .examples = {{"mira index", "index the project of the working folder"},
                   {"mira index ~/src/redis --json", "another project; progress and result as JSON lines"},
                   {"mira index --watch", "keeps the index up to date while you work"}},
      .data_shape =
          R"({"project": "/path", "parts": [{"indexer": "code", "unit": "files", "added": 12, "changed": 0,
  "removed": 0, "unchanged": 0, "took_ms": 130, "cpu_ms": 210, "error": null}]})",
      .needs = contracts::Needs::project,
      .read_only = false,
      .handle = [&host](Call& call) { return handle(host, call); },
      .render = render,
  };
}

}  // namespace mira::app

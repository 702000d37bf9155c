#include <fmt/format.h>

#include "app/actions.h"
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

Result<Reply> handle(LocalHost& host, Call& call) {
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
                  .positional = true}},
      .examples = {{"mira index", "index the project of the working folder"},
                   {"mira index ~/src/redis --json", "another project; progress and result as JSON lines"}},
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

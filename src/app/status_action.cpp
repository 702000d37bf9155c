#include <fmt/format.h>

#include <algorithm>

#include "app/actions.h"
#include "app/local_host.h"
#include "app/pump.h"
#include "contracts/on_demand.h"
#include "platform/base/calendar.h"
#include "platform/base/text.h"

namespace mira::app {
namespace {

using base::Result;
using contracts::Call;
using contracts::Json;
using contracts::Reply;
using contracts::Session;

Result<Json> updates(Session& session) {
  Json out = Json::array();
  MIRA_TRY(
      session.index.each("SELECT indexer, finished_ms, took_ms, unit, added, changed, removed, unchanged "
                         "FROM index_updates ORDER BY indexer",
                         [&](const store::Row& row) {
                           out.push_back({{"indexer", row.text(0)},
                                          {"finished_ms", row.integer(1)},
                                          {"took_ms", row.integer(2)},
                                          {"unit", row.text(3)},
                                          {"added", row.integer(4)},
                                          {"changed", row.integer(5)},
                                          {"removed", row.integer(6)},
                                          {"unchanged", row.integer(7)}});
                         }));
  return out;
}

// How much of what may be found by meaning has its vector.
Json embedding(LocalHost& host, Session& session) {
  Json out = Json::array();
  for (const auto& embeds : host.embeds()) {
    auto state = embeds->state(session);  // a server of vectors that is away is told, and is no failure here
    if (!state) {
      session.notes.push_back(fmt::format("vectors of {}: {}", embeds->collection(), state.error().message));
      continue;
    }
    contracts::Embedder* model = embeds->embedder();
    out.push_back({{"collection", embeds->collection()},
                   {"unit", embeds->unit()},
                   {"model", model == nullptr ? Json() : Json(model->model())},
                   {"texts", state->texts},
                   {"embedded", state->embedded}});
  }
  return out;
}

Result<bool> is_stale(LocalHost& host, Call& call) {
  if (!MIRA_TRY(was_indexed(*call.session, host.features()))) return true;
  for (const contracts::Feature& feature : host.features()) {
    // What is made on demand is made anew by whoever asks for it, and says how old it is.
    if (!feature.indexer || dynamic_cast<const contracts::OnDemand*>(feature.indexer.get()) != nullptr)
      continue;
    if (MIRA_TRY(feature.indexer->is_stale(*call.session, call.deadline))) return true;
  }
  return false;
}

Result<Reply> handle(LocalHost& host, Call& call) {
  Session& session = *call.session;
  Json facts = Json::object();
  for (const contracts::Feature& feature : host.features()) {
    if (feature.facts) facts[feature.name] = MIRA_TRY(feature.facts(session));
  }
  Json left_out = Json::array();
  for (const auto& item : session.tree.left_out) {
    left_out.push_back({{"path", base::display_line(item.path)}, {"reason", item.reason}});
  }
  bool stale = MIRA_TRY(is_stale(host, call));
  bool indexed = MIRA_TRY(was_indexed(session, host.features()));
  Reply reply{.data = {{"project",
                        {{"root", base::repair_utf8(session.project.root.string())},
                         {"id", session.project.id},
                         {"git", session.project.is_git}}},
                       {"indexed", indexed},
                       {"stale", stale},
                       {"files", session.tree.files.size()},
                       {"left_out", {{"count", session.tree.left_out_count}, {"first", std::move(left_out)}}},
                       {"updates", MIRA_TRY(updates(session))},
                       {"embedding", embedding(host, session)},
                       {"facts", std::move(facts)}}};
  if (!session.project.git_problem.empty()) reply.notes.push_back(session.project.git_problem);
  if (!indexed)
    reply.notes.push_back("not indexed yet: run mira index, or just ask");
  else if (stale)
    reply.notes.push_back("files or commits changed since: the next answer brings the index up to date");
  return reply;
}

// "known_since_ms": 1796055031907 is "known since 2026-11-30T16:10:31Z" to a person.
std::string fact_line(std::string name, const Json& value) {
  bool time = name.ends_with("_ms") && value.is_number_integer();
  if (time) name.resize(name.size() - 3);
  std::ranges::replace(name, '_', ' ');
  std::string text = time                ? base::iso_time(value.get<std::int64_t>())
                     : value.is_string() ? base::display_line(value.get<std::string>())
                                         : value.dump();
  return fmt::format("  {:<24} {}\n", name, text);
}

std::string facts_text(const Json& facts) {
  std::string out;
  for (const auto& [feature, values] : facts.items()) {
    out += feature + "\n";
    for (const auto& [name, value] : values.items())
      if (!value.is_structured()) out += fact_line(name, value);
  }
  return out;
}

std::string render(const Reply& reply, const contracts::Style&) {
  const Json& data = reply.data;
  std::string state = !data["indexed"].get<bool>() ? "not indexed"
                      : data["stale"].get<bool>()  ? "out of date"
                                                   : "up to date";
  std::string out = fmt::format("{}\n  {:<24} {}\n  {:<24} {}\n",
                                base::display_line(data["project"]["root"].get<std::string>()), "index",
                                state, "files on disk", data["files"].get<std::int64_t>());
  auto left_out = data["left_out"]["count"].get<std::int64_t>();
  if (left_out > 0) {
    out += fmt::format("  {:<24} {}\n", "left out", left_out);
    std::size_t shown = 0;
    for (const Json& item : data["left_out"]["first"]) {
      if (shown++ == 5) break;
      out += fmt::format("    {}: {}\n", item["path"].get<std::string>(), item["reason"].get<std::string>());
    }
  }
  for (const Json& one : data["embedding"]) {
    if (one["model"].is_null()) continue;
    out += fmt::format("  {:<24} {} of {} {}\n", "embedded", one["embedded"].get<std::int64_t>(),
                       one["texts"].get<std::int64_t>(), one["unit"].get<std::string>());
  }
  return out + facts_text(data["facts"]);
}

}  // namespace

contracts::Action status_action(LocalHost& host) {
  return {
      .name = "status",
      .group = "project",
      .summary = "Show what Mira knows of this project and whether it is up to date",
      .description = "Changes nothing and indexes nothing.",
      .params = {},
      .examples = {{"mira status", "the project of the working folder"},
                   {"mira status --project ~/src/redis --json", "for a script"}},
      .data_shape =
          R"({"project": {"root": "/path", "id": "9f..", "git": true}, "indexed": true, "stale": false, "files": 1623,
  "left_out": {"count": 1, "first": [{"path": "big.bin", "reason": "..."}]},
  "updates": [{"indexer": "code", "finished_ms": 1790000000000, "took_ms": 812, "unit": "files", "added": 3}],
  "embedding": [{"collection": "code", "unit": "chunks", "model": "e5-small-v2@7d9092cb25f2",  // null: no model
    "texts": 5210, "embedded": 5210}],
  "facts": {"code": {"symbols": 10321}}})",
      .needs = contracts::Needs::project,
      .handle = [&host](Call& call) { return handle(host, call); },
      .render = render,
  };
}

}  // namespace mira::app

#include "knowledge/code/feature.h"

#include <fmt/format.h>

#include "knowledge/code/action_affected.h"
#include "knowledge/code/actions.h"
#include "knowledge/code/counts.h"
#include "knowledge/code/indexer.h"
#include "knowledge/code/meaning.h"
#include "knowledge/code/parse_worker.h"
#include "knowledge/code/search_action.h"
#include "knowledge/code/search_source.h"
#include "knowledge/code/sources.h"
#include "knowledge/code/versions.h"
#include "platform/base/limits.h"
#include "platform/base/text.h"

namespace mira::code {

store::Schema schema();  // made from schema/*.sql

namespace {

using contracts::Finding;
using contracts::Health;

std::vector<Finding> check_quarantine(contracts::Session& session) {
  std::vector<Finding> out;
  base::Status read = session.index.each(
      "SELECT q.path, q.reason FROM quarantine q JOIN repository_files f ON f.content_hash = q.content_hash"
      " WHERE q.strikes >= ? ORDER BY q.path",
      [&](const store::Row& row) {
        out.push_back({Health::warning, "parser",
                       fmt::format("{} is known by its text only: its parser was {}",
                                   base::display_line(row.text(0)), base::display_line(row.text(1))),
                       "nothing has to be done; the file is parsed again when its content changes"});
      },
      limits::worker_strikes);
  if (!read)
    out.push_back(
        {Health::fault, "parser", read.error().message, "run `mira index` to build the index again"});
  if (out.empty()) out.push_back({Health::ok, "parser", "no file of this project stopped the parser", ""});
  return out;
}

base::Result<contracts::Json> facts_for_status(contracts::Session& session) {
  store::Connection& index = session.index;
  contracts::Json out;
  out["files"] = MIRA_TRY(index.integer("SELECT count(*) FROM repository_files")).value_or(0);
  out["symbols"] = MIRA_TRY(index.integer("SELECT count(*) FROM code_elements")).value_or(0);
  out["calls"] =
      MIRA_TRY(counts_by_name(index, "SELECT tier, count(*) FROM call_graph GROUP BY tier ORDER BY tier"));
  out["not_whole"] = MIRA_TRY(counts_by_name(
      index,
      "SELECT parse_state, count(*) FROM repository_files WHERE parse_state NOT IN ('clean', 'not_parsed')"
      " GROUP BY parse_state ORDER BY parse_state"));
  return out;
}

}  // namespace

contracts::Feature feature() {
  return feature_with(std::make_shared<MeaningSearch>(nullptr));
}

contracts::Feature feature_with(const std::shared_ptr<MeaningSearch>& meaning) {
  contracts::Feature out;
  out.name = "code";
  out.schema = schema();
  out.indexer = make_indexer();
  out.sources = sources(meaning);
  out.actions.push_back(search_action(meaning));
  out.actions.push_back(grep_action());
  out.actions.push_back(symbols_action());
  out.actions.push_back(callers_action());
  out.actions.push_back(callees_action());
  out.actions.push_back(impact_action());
  out.actions.push_back(affected_action());
  out.actions.push_back(graph_export_action());
  out.actions.push_back(languages_action());
  out.checks.emplace_back(check_quarantine);
  out.facts = facts_for_status;
  out.workers.push_back({"parse", handle_parse});
  return out;
}

void search_with_history(contracts::Feature& code, const std::shared_ptr<MeaningSearch>& meaning,
                         const contracts::TouchedFiles& history) {
  for (contracts::Action& action : code.actions)
    if (action.name == "search") action = search_action(meaning, history);
  for (std::unique_ptr<contracts::Source>& source : code.sources)
    if (source->name() == "code.search") source = search_source(meaning, history);
}

}  // namespace mira::code

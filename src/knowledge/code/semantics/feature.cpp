#include "knowledge/code/semantics/feature.h"

#include "knowledge/code/counts.h"
#include "knowledge/code/semantics/actions.h"
#include "knowledge/code/semantics/indexer.h"
#include "knowledge/code/semantics/source.h"

namespace mira::semantics {

store::Schema schema();  // made from schema/*.sql

namespace {

base::Result<contracts::Json> facts_for_status(contracts::Session& session) {
  contracts::Json out;
  out["patterns"] = MIRA_TRY(session.index.integer("SELECT count(*) FROM design_patterns")).value_or(0);
  out["issues"] = MIRA_TRY(code::counts_by_name(
      session.index,
      "SELECT issue_type, count(*) FROM code_quality_issues WHERE resolved_ms IS NULL GROUP BY issue_type"
      " ORDER BY issue_type"));
  out["concepts"] = MIRA_TRY(session.index.integer("SELECT count(*) FROM concepts")).value_or(0);
  out["domains"] = MIRA_TRY(session.index.integer("SELECT count(*) FROM domain_clusters")).value_or(0);
  out["packages"] = MIRA_TRY(session.index.integer("SELECT count(*) FROM declared_dependencies")).value_or(0);
  return out;
}

}  // namespace

contracts::Feature feature(contracts::OpenAnalyst open_analyst) {
  contracts::Feature out;
  out.name = "semantics";
  out.schema = schema();
  out.indexer = make_indexer();
  out.sources = sources();
  out.actions.push_back(patterns_action());
  out.actions.push_back(quality_action());
  out.actions.push_back(dependencies_action());
  out.actions.push_back(concepts_action());
  out.actions.push_back(related_action());
  out.actions.push_back(clusters_action());
  out.actions.push_back(refine_action(std::move(open_analyst)));
  out.facts = facts_for_status;
  return out;
}

}  // namespace mira::semantics

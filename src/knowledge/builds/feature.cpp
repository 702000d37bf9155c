#include "knowledge/builds/feature.h"

#include "knowledge/builds/action_build.h"
#include "knowledge/builds/action_cure.h"
#include "knowledge/builds/action_diagnose.h"
#include "knowledge/builds/recall.h"
#include "knowledge/builds/retention.h"
#include "knowledge/builds/source.h"

namespace mira::builds {

store::Schema schema();

namespace {

base::Result<contracts::Json> facts(contracts::Session& session) {
  const Told told = MIRA_TRY(told_so_far(session));
  const KeptLogs logs = kept_logs(session);
  const auto count = [&](auto result) { return result ? result->value_or(0) : 0; };
  return contracts::Json{
      {"runs", count(session.main.integer("SELECT count(*) FROM build_runs WHERE project_id = ?",
                                          session.project.id))},
      {"errors_known", count(session.main.integer("SELECT count(*) FROM build_errors WHERE project_id = ?",
                                                  session.project.id))},
      {"cures_known",
       count(session.main.integer("SELECT count(*) FROM error_resolutions WHERE project_id = ?",
                                  session.project.id))},
      {"logs_kept", logs.logs},
      {"log_bytes", logs.bytes},
      {"cures_told", told.times},
      {"cures_told_that_helped", told.cured}};
}

}  // namespace

contracts::Feature feature() {
  contracts::Feature out;
  out.name = "builds";
  out.schema = schema();
  out.sources.push_back(errors_source());
  for (auto* const make : {diagnose_action, build_run_action, build_record_action, build_runs_action,
                           build_failing_action, build_explain_action, build_cure_action,
                           build_history_action, build_diff_action, build_verify_action})
    out.actions.push_back(make());
  out.facts = facts;
  out.checks = {check_logs};
  return out;
}

}  // namespace mira::builds

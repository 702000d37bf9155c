// The `mira build` verbs.
#pragma once

#include <vector>

#include "contracts/action.h"

namespace mira::builds {

contracts::Action build_run_action();
contracts::Action build_record_action();
contracts::Action build_runs_action();
contracts::Action build_failing_action();
contracts::Action build_explain_action();
contracts::Action build_history_action();
contracts::Action build_diff_action();
contracts::Action build_verify_action();

// One error as JSON and as lines for people, shared by the verbs.
struct ErrorRow;
contracts::Json error_json(const ErrorRow& error);

}  // namespace mira::builds

// The verbs of memory, one function each; feature.cpp registers them.
#pragma once

#include <memory>
#include <vector>

#include "contracts/action.h"
#include "contracts/error_reader.h"
#include "knowledge/memory/facts.h"
#include "knowledge/memory/meaning.h"
#include "knowledge/memory/recall.h"

namespace mira::memory {

contracts::Action recall_action(const std::shared_ptr<Recall>& recall,
                                const std::shared_ptr<Meaning>& meaning);
contracts::Action import_action(const contracts::ErrorReader& errors);
contracts::Action record_action(const contracts::ErrorReader& errors);
contracts::Action remember_action(const contracts::ErrorReader& errors);
contracts::Action memories_action();
contracts::Action memories_show_action();
contracts::Action memories_profile_action();
contracts::Action memories_confirm_action();
contracts::Action memories_withdraw_action();
contracts::Action memories_edit_action(const contracts::ErrorReader& errors);
contracts::Action memories_export_action();
contracts::Action forget_action(const std::shared_ptr<Meaning>& meaning);
contracts::Action session_start_action();

contracts::Json fact_json(const Fact& fact);

// The text of an argument; "" when it was not given.
std::string text_of(const contracts::Json& arguments, const char* name);

// The scopes that a request may see: the named one, or this project and the user.
base::Result<std::vector<std::int64_t>> scopes_seen(contracts::Session& session, const std::string& said);

}  // namespace mira::memory

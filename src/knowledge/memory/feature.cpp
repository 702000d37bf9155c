#include "knowledge/memory/feature.h"

#include "knowledge/memory/actions.h"
#include "knowledge/memory/source.h"

namespace mira::memory {

store::Schema schema();

namespace {

base::Result<contracts::Json> facts(contracts::Session& session) {
  contracts::Json out;
  out["entries"] = MIRA_TRY(session.main.integer("SELECT count(*) FROM memory_entries")).value_or(0);
  out["conversations"] =
      MIRA_TRY(session.main.integer("SELECT count(*) FROM memory_conversations")).value_or(0);
  out["facts"] = MIRA_TRY(session.main.integer(
                              "SELECT count(*) FROM memory_facts WHERE state IN ('candidate','confirmed')"))
                     .value_or(0);
  return out;
}

}  // namespace

contracts::Feature feature() {
  return feature_with(std::make_shared<Meaning>(nullptr));
}

contracts::Feature feature_with(const std::shared_ptr<Meaning>& meaning,
                                const contracts::ErrorReader& errors) {
  contracts::Feature out;
  auto recall = std::make_shared<Recall>();
  out.name = "memory";
  out.schema = schema();
  out.sources.push_back(said_source(recall, meaning));
  out.sources.push_back(facts_source());
  out.sources.push_back(person_source());
  out.actions.push_back(recall_action(recall, meaning));
  out.actions.push_back(import_action(errors));
  out.actions.push_back(record_action(errors));
  out.actions.push_back(remember_action(errors));
  out.actions.push_back(memories_action());
  out.actions.push_back(memories_show_action());
  out.actions.push_back(memories_profile_action());
  out.actions.push_back(memories_confirm_action());
  out.actions.push_back(memories_withdraw_action());
  out.actions.push_back(memories_edit_action(errors));
  out.actions.push_back(memories_export_action());
  out.actions.push_back(forget_action(meaning));
  out.actions.push_back(session_start_action());
  out.facts = facts;
  return out;
}

}  // namespace mira::memory

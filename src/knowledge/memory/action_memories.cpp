#include <fmt/format.h>

#include <algorithm>

#include "knowledge/memory/actions.h"
#include "knowledge/memory/entries.h"
#include "knowledge/memory/facts.h"
#include "knowledge/memory/moments.h"
#include "knowledge/memory/profile.h"
#include "knowledge/memory/words.h"
#include "platform/base/calendar.h"
#include "platform/base/text.h"

namespace mira::memory {
namespace {

using base::ErrorCode;
using base::Result;
using base::Status;
using contracts::Action;
using contracts::Call;
using contracts::Json;
using contracts::ParamKind;
using contracts::Reply;

Json time_or_null(const std::optional<std::int64_t>& ms) {
  return ms ? Json(base::iso_time(*ms)) : Json();
}

Result<std::optional<std::int64_t>> moment_of(const Json& arguments, const char* name) {
  std::string said = text_of(arguments, name);
  if (said.empty()) return std::optional<std::int64_t>();
  auto ms = read_iso_ms(said);
  if (!ms)
    return base::fail(ErrorCode::usage, fmt::format("{} is no time: {}", name, base::display_line(said)),
                      "write it as 2024-05-31 or 2024-05-31T12:00:00Z");
  return ms;
}

// Holds a word of the text, when there is one to look for.
bool is_about(const Fact& fact, const std::vector<std::string>& stems, WordReader& reader) {
  if (stems.empty()) return true;
  std::vector<std::string> own = reader.read(fact.subject + " " + fact.statement);
  return std::ranges::any_of(
      stems, [&](const std::string& stem) { return std::ranges::find(own, stem) != own.end(); });
}

Result<Reply> list_now(Call& call) {
  contracts::Session& session = *call.session;
  FactFilter filter{.scopes = MIRA_TRY(scopes_seen(session, text_of(call.arguments, "scope"))),
                    .as_of_ms = MIRA_TRY(moment_of(call.arguments, "as_of")),
                    .known_at_ms = MIRA_TRY(moment_of(call.arguments, "known_at")),
                    .with_ended = call.arguments.at("all").get<bool>()};
  WordReader reader;
  std::vector<std::string> stems = reader.read(text_of(call.arguments, "about"));
  Reply reply;
  reply.data = {{"facts", Json::array()}, {"left_out", 0}};
  std::int64_t left_out = 0;
  for (const Fact& fact : MIRA_TRY(facts_of(session.main, filter))) {
    if (is_about(fact, stems, reader)) {
      reply.data["facts"].push_back(fact_json(fact));
    } else {
      ++left_out;
    }
  }
  reply.data["left_out"] = left_out;
  return reply;
}

std::string line_of(const Json& fact) {
  std::string out = fmt::format("[{}] {} ({}, {}{})", fact.at("fact").get<std::int64_t>(),
                                base::display_line(fact.at("statement").get<std::string>()),
                                fact.at("kind").get<std::string>(), fact.at("state").get<std::string>(),
                                fact.at("scope") == "user" ? ", yours" : "");
  out += ", since " + fact.at("valid_from").get<std::string>().substr(0, 10);
  if (fact.at("valid_to").is_string())
    out += fmt::format(" until {}: {}", fact.at("valid_to").get<std::string>().substr(0, 10),
                       fact.at("reason").get<std::string>());
  for (const Json& other : fact.at("conflicts"))
    out += fmt::format(", contradicts [{}]", other.get<std::int64_t>());
  return out + "\n";
}

std::string render_list(const Reply& reply, const contracts::Style&) {
  std::string out;
  for (const Json& fact : reply.data.at("facts")) out += line_of(fact);
  if (!out.empty()) return out;
  auto others = reply.data.at("left_out").get<std::int64_t>();
  if (others == 0) return "No fact is known.\n";
  return fmt::format("No fact is about that; {} about something else: mira memories\n",
                     others == 1 ? "one is" : fmt::format("{} are", others));
}

using Change = Status (*)(store::Connection&, std::int64_t, std::int64_t);
struct FactChange {
  Change change;
  std::int64_t fact;
  std::vector<std::int64_t> scopes;
};

// The change and what is derived from facts, in one transaction.
Status write_change(contracts::Session& session, const FactChange& what, base::Deadline deadline) {
  std::int64_t now_ms = session.clock.now_ms();
  return session.main_writer.submit(
      [what, now_ms](store::Connection& main) -> Status {
        MIRA_TRY(what.change(main, what.fact, now_ms));
        for (std::int64_t scope : what.scopes) {
          MIRA_TRY(rebuild_profile(main, scope));
          MIRA_TRY(rebuild_patterns(main, scope));
        }
        return {};
      },
      deadline);
}

// Runs a change of one fact that the request may see.
Result<Reply> change_fact(Call& call, Change change) {
  contracts::Session& session = *call.session;
  auto id = call.arguments.at("fact").get<std::int64_t>();
  std::vector<std::int64_t> scopes = MIRA_TRY(scopes_seen(session, ""));
  if (!MIRA_TRY(fact_by_id(session.main, id, scopes)))
    return base::fail(ErrorCode::not_found, fmt::format("no fact {} is known here", id),
                      "see: mira memories --all");
  MIRA_TRY(write_change(session, {change, id, scopes}, call.deadline));
  auto fact = MIRA_TRY(fact_by_id(session.main, id, scopes));
  return Reply{.data = fact_json(*fact)};
}

Action fact_action(const char* name, const char* summary, const char* description, Change change) {
  Action action;
  action.name = name;
  action.group = "memory";
  action.summary = summary;
  action.description = description;
  action.params = {{.name = "fact",
                    .kind = ParamKind::integer,
                    .help = "its number in `mira memories`",
                    .required = true,
                    .positional = true}};
  action.examples = {{fmt::format("mira {} 4", name), "the fact numbered 4"}};
  action.data_shape = "as one of the facts of `mira memories`";
  action.needs = contracts::Needs::project;
  action.read_only = false;
  action.handle = [change](Call& call) { return change_fact(call, change); };
  action.render = [](const Reply& reply, const contracts::Style&) { return line_of(reply.data); };
  return action;
}

// The entry whose words take the place of a fact; stored with it in one transaction.
NewEntry correction_of(const Fact& fact, const std::string& text, std::int64_t now_ms) {
  return {.scope = {fact.scope_kind, fact.scope_name},
          .client = "mira",
          .session = "remembered",
          .origin = "remembered",
          .said_ms = now_ms,
          .content = text};
}

Result<Fact> fact_to_edit(Call& call) {
  auto id = call.arguments.at("fact").get<std::int64_t>();
  std::vector<std::int64_t> scopes = MIRA_TRY(scopes_seen(*call.session, ""));
  auto fact = MIRA_TRY(fact_by_id(call.session->main, id, scopes));
  if (!fact)
    return base::fail(ErrorCode::not_found, fmt::format("no fact {} is known here", id),
                      "see: mira memories --all");
  if (fact->state != "candidate" && fact->state != "confirmed")
    return base::fail(ErrorCode::usage, fmt::format("fact {} holds no longer: {}", id, fact->reason),
                      "edit the one that took its place, see: mira memories");
  if (base::trim(text_of(call.arguments, "text")).empty())
    return base::fail(ErrorCode::usage, "there is nothing to put in its place: the text is empty",
                      fmt::format("to end it: mira memories withdraw {}", id));
  return std::move(*fact);
}

Result<Reply> edit_fact(Call& call, const contracts::ErrorReader& errors) {
  contracts::Session& session = *call.session;
  const Fact fact = MIRA_TRY(fact_to_edit(call));
  const std::int64_t now_ms = session.clock.now_ms();
  NewEntry entry = correction_of(fact, text_of(call.arguments, "text"), now_ms);
  MIRA_TRY(prepare(session, entry, errors));
  auto stored = std::make_shared<StoredEntry>();
  Status written = session.main_writer.submit(
      [=, id = fact.id](store::Connection& main) -> Status {
        *stored = MIRA_TRY(add_entry(main, entry, now_ms));
        return correct_fact(main, id, stored->entry, now_ms);
      },
      call.deadline);
  MIRA_TRY(std::move(written));
  FollowUp next{.scope = entry.scope, .conversations = {stored->conversation}, .taught = true};
  MIRA_TRY(follow_up(session, std::move(next), errors, call.deadline));
  FactFilter filter{
      .scopes = MIRA_TRY(scopes_seen(session, scope_label(entry.scope))), .as_of_ms = {}, .known_at_ms = {}};
  Reply reply{.data = {{"facts", Json::array()}, {"left_out", 0}}};
  for (const Fact& one : MIRA_TRY(facts_of(session.main, filter))) {
    if (one.entry == stored->entry) reply.data["facts"].push_back(fact_json(one));
  }
  return reply;
}

}  // namespace

Json fact_json(const Fact& fact) {
  return {{"fact", fact.id},
          {"statement", fact.statement},
          {"kind", fact.kind},
          {"subject", fact.subject},
          {"value", fact.value},
          {"refused", fact.refused},
          {"state", fact.state},
          {"scope", fact.scope_kind == "named" ? fact.scope_name : fact.scope_kind},
          {"entry", fact.entry},
          {"span", {fact.first_byte, fact.end_byte}},
          {"mentions", fact.mentions},
          {"valid_from", base::iso_time(fact.valid_from_ms)},
          {"valid_to", time_or_null(fact.valid_to_ms)},
          {"recorded", base::iso_time(fact.recorded_ms)},
          {"retracted", time_or_null(fact.retracted_ms)},
          {"superseded_by", fact.superseded_by ? Json(*fact.superseded_by) : Json()},
          {"reason", fact.reason},
          {"conflicts", fact.conflicts}};
}

Action memories_action() {
  Action action;
  action.name = "memories";
  action.group = "memory";
  action.summary = "What holds, as far as the user said: preferences, names, decisions";
  action.description =
      "Lists facts drawn by rules from what the user said, each with the message and the bytes that say it. "
      "A candidate "
      "was said once; confirmed ones were said in two conversations, remembered, or confirmed. What was "
      "replaced is kept: "
      "see it with --all, or ask for what held (--as-of) or what was known (--known-at) at another time.";
  action.params = {{.name = "about", .help = "only those with one of these words", .positional = true},
                   {.name = "scope", .help = "only this one: user, project, or a name given at import"},
                   {.name = "as_of", .help = "what held then, 2024-05-31 or with a time"},
                   {.name = "known_at", .help = "what was known then"},
                   {.name = "all",
                    .kind = ParamKind::boolean,
                    .help = "those that no longer hold too",
                    .fallback = false}};
  action.examples = {{"mira memories", "what holds now"},
                     {"mira memories database --as-of 2024-01-01", "which database it was then"}};
  action.data_shape =
      R"({"facts": [{"fact": 4, "statement": "we use PostgreSQL", "kind": "preference" | "identity" | "environment" | "decision" | "note",
  "subject": "database", "value": "postgresql", "refused": false, "state": "candidate" | "confirmed" | "superseded" | "withdrawn",
  "scope": "project", "entry": 17, "span": [0, 17], "mentions": 2, "valid_from": "2024-01-02T10:00:00Z", "valid_to": null,
  "recorded": "2024-01-02T10:00:00Z", "retracted": null, "superseded_by": null, "reason": "", "conflicts": []}],
 "left_out": 0}   // facts that are not about what was asked for)";
  action.needs = contracts::Needs::project;
  action.handle = list_now;
  action.render = render_list;
  return action;
}

Action memories_confirm_action() {
  return fact_action(
      "memories confirm", "Say that a fact is right",
      "Confirms a candidate. Only confirmed facts are told to agents unasked.",
      [](store::Connection& main, std::int64_t id, std::int64_t) { return confirm_fact(main, id); });
}

Action memories_withdraw_action() {
  return fact_action("memories withdraw", "Say that a fact does not hold",
                     "Ends a fact from now on. What was said stays; to remove that too, see `mira forget`.",
                     withdraw_fact);
}

Action memories_edit_action(const contracts::ErrorReader& errors) {
  Action action;
  action.name = "memories edit";
  action.group = "memory";
  action.summary = "Put a fact right";
  action.description =
      "Keeps your words in the place of a fact, as if you had asked to remember them. The old one stays, "
      "ended and "
      "linked, and what was said stays as it was said.";
  action.params = {
      {.name = "fact",
       .kind = ParamKind::integer,
       .help = "its number in `mira memories`",
       .required = true,
       .positional = true},
      {.name = "text", .help = "what holds", .required = true, .positional = true, .reads_stdin = true}};
  action.examples = {
      {"mira memories edit 4 \"we deploy on Tuesdays\"", "in the place of the fact numbered 4"}};
  action.data_shape = "as `mira memories`: the facts that your words say";
  action.needs = contracts::Needs::project;
  action.read_only = false;
  action.handle = [errors](Call& call) { return edit_fact(call, errors); };
  action.render = render_list;
  return action;
}

}  // namespace mira::memory

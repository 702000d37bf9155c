#include <fmt/format.h>

#include <cmath>

#include "knowledge/memory/actions.h"
#include "knowledge/memory/analysis.h"
#include "knowledge/memory/entries.h"
#include "knowledge/memory/moments.h"
#include "knowledge/memory/replaced.h"
#include "knowledge/memory/told.h"
#include "platform/base/calendar.h"
#include "platform/base/text.h"

namespace mira::memory {
namespace {

using base::Result;
using contracts::Action;
using contracts::Call;
using contracts::Json;
using contracts::ParamKind;
using contracts::Reply;
using store::Row;

double rounded(double number) {
  return std::round(number * 10000) / 10000;
}

// 0: the session is not known there.
Result<std::int64_t> conversation_of(contracts::Session& session, const std::vector<std::int64_t>& scopes,
                                     const std::string& name) {
  for (std::int64_t scope : scopes) {
    auto found = MIRA_TRY(session.main.integer(
        "SELECT conversation_id FROM memory_conversations WHERE scope_id = ? AND session = ?", scope, name));
    if (found) return *found;
  }
  return 0;
}

Result<Json> result_json(contracts::Session& session, const Recalled& found, bool with_arms) {
  Json out;
  MIRA_TRY(session.main.each(
      "SELECT e.message, e.content, e.role, e.origin, e.speaker, e.said_ms, c.session, s.kind, s.name"
      " FROM memory_entries e JOIN memory_conversations c USING (conversation_id)"
      " JOIN memory_scopes s ON s.scope_id = e.scope_id WHERE e.entry_id = ?",
      [&](const Row& row) {
        out = {{"entry", found.entry},
               {"message", row.text(0)},
               {"score", rounded(found.score)},
               {"text", row.text(1)},
               {"role", row.text(2)},
               {"origin", row.text(3)},
               {"speaker", row.text(4)},
               {"time", row.is_null(5) ? Json() : Json(base::iso_time(row.integer(5)))},
               {"session", row.text(6)},
               {"scope", scope_label({std::string(row.text(7)), std::string(row.text(8))})}};
      },
      found.entry));
  if (out.is_null()) return out;
  auto replaced = MIRA_TRY(replaced_by(session.main, found.entry));
  out["replaced_by"] = replaced ? Json{{"entry", replaced->entry}, {"reason", replaced->reason}} : Json();
  if (!with_arms) return out;
  out["arms"] = Json::object();
  for (const ArmRank& arm : found.arms) out["arms"][std::string(arm.arm)] = arm.rank;
  return out;
}

// Meaning only adds: when it cannot, the words answer, and that is said.
void ask_meaning(Meaning& meaning, Call& call, RecallQuestion& question, std::vector<std::string>& notes) {
  auto near = meaning.near(*call.session, question.text, question.scopes, call.deadline);
  if (near) {
    question.near = std::move(*near);
  } else {
    notes.push_back("answered by words alone: " + near.error().message);
  }
}

// What was kept before there were analyses fits no condition on them until it is read.
base::Status note_unread(contracts::Session& session, const RecallQuestion& question,
                         std::vector<std::string>& notes) {
  bool conditions = !question.intent.empty() || !question.topic.empty() || question.with_error;
  if (conditions && MIRA_TRY(has_older(session.main)))
    notes.push_back("messages of an older version were not read for this yet: each new one lets 50 be read");
  return {};
}

Result<Reply> recall_now(Recall& recall, Meaning& meaning, Call& call) {
  contracts::Session& session = *call.session;
  RecallQuestion question{.text = text_of(call.arguments, "query"),
                          .scopes = MIRA_TRY(scopes_seen(session, text_of(call.arguments, "scope"))),
                          .now_ms = session.clock.now_ms(),
                          .limit = call.arguments.at("limit").get<std::size_t>(),
                          .explain = call.arguments.at("explain").get<bool>(),
                          .intent = text_of(call.arguments, "intent"),
                          .topic = text_of(call.arguments, "topic"),
                          .with_error = call.arguments.at("errors").get<bool>(),
                          .quick = call.arguments.at("quick").get<bool>()};
  std::string name = text_of(call.arguments, "session");
  if (!name.empty()) {
    question.conversation = MIRA_TRY(conversation_of(session, question.scopes, name));
    if (question.conversation == 0) question.scopes.clear();
  }
  session.main.set_deadline(call.deadline);
  Reply reply;
  MIRA_TRY(note_unread(session, question, reply.notes));
  if (!question.quick) ask_meaning(meaning, call, question, reply.notes);
  RecallAnswer answer = MIRA_TRY(recall.ask(session.main, question));
  reply.data = {{"results", Json::array()},
                {"confidence", answer.quick ? Json() : Json(rounded(answer.confidence))},
                {"looked_at", answer.looked_at}};
  std::vector<std::string> told;
  for (const Recalled& found : answer.found) {
    Json one = MIRA_TRY(result_json(session, found, question.explain));
    if (one.is_null()) continue;
    told.push_back(one.at("text"));
    reply.data["results"].push_back(std::move(one));
  }
  if (!call.batch) MIRA_TRY(note_told(session, told, call.deadline));
  return reply;
}

constexpr std::size_t shown_bytes = 400;

std::string render_recall(const Reply& reply, const contracts::Style&) {
  std::string out;
  for (const Json& one : reply.data.at("results")) {
    std::string who = one.at("speaker").get<std::string>();
    if (who.empty()) who = one.at("role").get<std::string>();
    std::string when =
        one.at("time").is_string() ? one.at("time").get<std::string>().substr(0, 10) + " " : "";
    auto text = one.at("text").get<std::string>();
    std::string shown(base::truncate_utf8(text, shown_bytes));
    if (shown.size() < text.size()) shown += " ...";
    out += fmt::format("[{}] {}{}: {}", one.at("entry").get<std::int64_t>(), when, base::display_line(who),
                       base::display_line(shown));
    const Json& replaced = one.at("replaced_by");
    if (replaced.is_object())
      out += fmt::format(" (replaced by [{}]: {})", replaced.at("entry").get<std::int64_t>(),
                         replaced.at("reason").get<std::string>());
    out += '\n';
  }
  return out.empty() ? "Nothing that was said matches.\n" : out;
}

}  // namespace

std::string text_of(const Json& arguments, const char* name) {
  auto found = arguments.find(name);
  return found != arguments.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Result<std::vector<std::int64_t>> scopes_seen(contracts::Session& session, const std::string& said) {
  std::vector<ScopeName> names;
  if (said.empty()) {
    names = {project_scope(session), user_scope()};
  } else {
    names = {scope_of(said, session)};
  }
  std::vector<std::int64_t> out;
  for (const ScopeName& name : names) {
    if (auto id = MIRA_TRY(find_scope(session.main, name))) out.push_back(*id);
  }
  return out;
}

Action recall_action(const std::shared_ptr<Recall>& recall, const std::shared_ptr<Meaning>& meaning) {
  Action action;
  action.name = "recall";
  action.group = "memory";
  action.summary = "What was said about something";
  action.description =
      "Finds the messages and notes that answer a question, word for word, best first: by the words of each "
      "message, of its neighbours and of its conversation, by who said it and when. Looks into this "
      "project's "
      "memories and those of the user; never into another project's.";
  action.params = {
      {.name = "query", .help = "a question, or words", .required = true, .positional = true},
      {.name = "limit",
       .kind = ParamKind::integer,
       .help = "how many at most",
       .fallback = 10,
       .minimum = 1,
       .maximum = 1000},
      {.name = "scope", .help = "only this one: user, project, or a name given at import"},
      {.name = "session", .help = "only this conversation"},
      {.name = "intent",
       .kind = ParamKind::choice,
       .help = "only messages meant so, as rules read them",
       .choices = intent_names()},
      {.name = "topic", .help = "only messages about this, as `mira memories show` names topics"},
      {.name = "errors",
       .kind = ParamKind::boolean,
       .help = "only messages that hold an error of a tool",
       .fallback = false},
      {.name = "quick",
       .kind = ParamKind::boolean,
       .help = "by words alone, and of more than 5,000 messages only those that hold most of the words",
       .fallback = false},
      {.name = "explain",
       .kind = ParamKind::boolean,
       .help = "tell where each arm of the search ranks it",
       .fallback = false}};
  action.examples = {{"mira recall \"which database did we choose\"", "the messages that say so"},
                     {"mira recall deadline --session 4f1c --json", "in one conversation only, as JSON"},
                     {"mira recall parser --intent decision", "what was decided about it"}};
  action.data_shape =
      R"({"results": [{"entry": 17, "message": "D1:3", "score": 1.92, "text": "...", "role": "user", "origin": "said",
  "speaker": "Ada", "time": "2023-05-08T13:56:00Z" or null, "session": "S1", "scope": "project",
  "replaced_by": {"entry": 21, "reason": "said to have changed"} or null, "arms": {"turn": 1}}],
 "confidence": 0.8,   // is the answer among them at all, 0..1; null when only most of the words were looked for
 "looked_at": 5732})";
  action.needs = contracts::Needs::project;
  action.batch = true;
  action.handle = [recall, meaning](Call& call) { return recall_now(*recall, *meaning, call); };
  action.render = render_recall;
  return action;
}

}  // namespace mira::memory

#include <fmt/format.h>

#include "knowledge/memory/actions.h"
#include "knowledge/memory/analysis.h"
#include "knowledge/memory/entries.h"
#include "knowledge/memory/moments.h"
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

Json error_json(const std::optional<contracts::ErrorFound>& error) {
  if (!error) return nullptr;
  return {{"type", error->tool},
          {"severity", error->severity},
          {"file", error->file.empty() ? Json() : Json(error->file)},
          {"line", error->line > 0 ? Json(error->line) : Json()}};
}

Json analysis_json(const Analysis& analysis) {
  return {{"intent", intent_name(analysis.intent)},
          {"mood", mood_name(analysis.mood)},
          {"salience", analysis.salience},
          {"topics", analysis.topics},
          {"error", error_json(analysis.error)},
          {"language", analysis.language.empty() ? Json() : Json(analysis.language)},
          {"code_language", analysis.code_language.empty() ? Json() : Json(analysis.code_language)},
          {"source", fmt::format("rule {}", analysis.rules)}};
}

Result<Json> entry_json(store::Connection& main, std::int64_t entry, std::int64_t scope) {
  Json out;
  MIRA_TRY(main.each(
      "SELECT e.message, e.content, e.role, e.origin, e.speaker, e.model, e.said_ms, e.recorded_ms, "
      "c.session, "
      "c.client, s.kind, s.name FROM memory_entries e JOIN memory_conversations c USING (conversation_id)"
      " JOIN memory_scopes s ON s.scope_id = e.scope_id WHERE e.entry_id = ? AND e.scope_id = ?",
      [&](const Row& row) {
        out = {{"entry", entry},
               {"message", row.text(0)},
               {"text", row.text(1)},
               {"role", row.text(2)},
               {"origin", row.text(3)},
               {"speaker", row.text(4)},
               {"model", row.text(5)},
               {"time", row.is_null(6) ? Json() : Json(base::iso_time(row.integer(6)))},
               {"recorded", base::iso_time(row.integer(7))},
               {"session", row.text(8)},
               {"client", row.text(9)},
               {"scope", scope_label({std::string(row.text(10)), std::string(row.text(11))})}};
      },
      entry, scope));
  return out;
}

Result<Reply> show_now(Call& call) {
  contracts::Session& session = *call.session;
  auto entry = call.arguments.at("entry").get<std::int64_t>();
  Reply reply;
  for (std::int64_t scope : MIRA_TRY(scopes_seen(session, text_of(call.arguments, "scope")))) {
    if (reply.data.empty()) reply.data = MIRA_TRY(entry_json(session.main, entry, scope));
  }
  if (reply.data.empty())
    return base::fail(base::ErrorCode::not_found, fmt::format("no message {} is kept here", entry),
                      "its number stands in brackets in `mira recall`; --scope looks into another scope");
  auto analysis = MIRA_TRY(analysis_of(session.main, entry));
  reply.data["analysis"] = analysis ? analysis_json(*analysis) : Json();
  reply.data["facts"] = Json::array();
  MIRA_TRY(session.main.each(
      "SELECT f.fact_id, f.statement, f.state FROM memory_fact_mentions m JOIN memory_facts f USING (fact_id)"
      " WHERE m.entry_id = ? ORDER BY f.fact_id",
      [&](const Row& row) {
        reply.data["facts"].push_back(
            {{"fact", row.integer(0)}, {"statement", row.text(1)}, {"state", row.text(2)}});
      },
      entry));
  MIRA_TRY(note_told(session, {reply.data.at("text").get<std::string>()}, call.deadline));
  return reply;
}

std::string render_show(const Reply& reply, const contracts::Style&) {
  const Json& data = reply.data;
  std::string when = data.at("time").is_string() ? data.at("time").get<std::string>() : "at an unknown time";
  std::string out = fmt::format("[{}] {} {}\n{}\n", data.at("entry").get<std::int64_t>(),
                                data.at("role").get<std::string>(), when,
                                base::display_text(data.at("text").get<std::string>()));
  if (data.at("analysis").is_object()) {
    const Json& read = data.at("analysis");
    out += fmt::format("\n{}, {}, salience {:.2f}", read.at("intent").get<std::string>(),
                       read.at("mood").get<std::string>(), read.at("salience").get<double>());
    for (const Json& topic : read.at("topics")) out += " #" + base::display_line(topic.get<std::string>());
    out += '\n';
    if (read.at("error").is_object())
      out += fmt::format("holds {} of {}\n", read.at("error").at("severity").get<std::string>(),
                         read.at("error").at("type").get<std::string>());
  }
  for (const Json& fact : data.at("facts"))
    out += fmt::format("fact {} ({}): {}\n", fact.at("fact").get<std::int64_t>(),
                       fact.at("state").get<std::string>(),
                       base::display_line(fact.at("statement").get<std::string>()));
  return out;
}

}  // namespace

Action memories_show_action() {
  Action action;
  action.name = "memories show";
  action.group = "memory";
  action.summary = "One message as it was said, and what was read from it";
  action.description =
      "Shows a message word for word, with who said it where and when, what rules read from it (how it was "
      "meant, "
      "mood, salience, topics, languages, the error it holds) and the facts that rest on it.";
  action.params = {{.name = "entry",
                    .kind = ParamKind::integer,
                    .help = "its number, as `mira recall` shows it",
                    .required = true,
                    .positional = true},
                   {.name = "scope", .help = "look in this one: user, project, or a name given at import"}};
  action.examples = {{"mira memories show 17", "the message numbered 17"}};
  action.data_shape =
      R"({"entry": 17, "message": "m4", "text": "...", "role": "user", "origin": "said", "speaker": "", "model": "", "time": "2024-01-02T10:00:00Z" or null,
  "recorded": "2024-01-02T10:00:00Z", "session": "4f1c", "client": "", "scope": "project",
  "analysis": {"intent": "question" | "request" | "report" | "decision" | "preference" | "correction" | "fact" | "acknowledgement" | "plan" | "other",
    "mood": "neutral" | "satisfied" | "frustrated" | "confused" | "urgent", "salience": 0.64, "topics": ["load_batch"],
    "error": {"type": "gcc", "severity": "error", "file": "src/a.c" or null, "line": 3 or null} or null,
    "language": "en" or null, "code_language": "cpp" or null, "source": "rule 1"} or null,
  "facts": [{"fact": 4, "statement": "we use PostgreSQL", "state": "candidate"}]})";
  action.needs = contracts::Needs::project;
  action.handle = show_now;
  action.render = render_show;
  return action;
}

}  // namespace mira::memory

#include <fmt/format.h>

#include <functional>

#include "knowledge/memory/actions.h"
#include "knowledge/memory/entries.h"
#include "platform/base/calendar.h"

namespace mira::memory {
namespace {

using base::ErrorCode;
using base::Result;
using base::Status;
using contracts::Action;
using contracts::Call;
using contracts::Json;
using contracts::Reply;
using store::Row;

constexpr std::size_t held_bytes = 64 << 20;  // of an answer to a face that cannot be written to bit by bit

// Lines go to the face as they come, or are held for one that takes a whole answer.
class Lines {
 public:
  explicit Lines(Call& call) : streams_(call.streams) {}

  Status add(const Json& line) {
    std::string text = line.dump() + "\n";
    ++count_;
    if (streams_ != nullptr) {
      if (streams_->write(text)) return {};
      return base::fail(ErrorCode::unavailable,
                        "the export was cut short: its reader ended, or there is no room for it",
                        "write it anew: mira memories export > memories.jsonl");
    }
    if (held_.size() + text.size() > held_bytes)
      return base::fail(ErrorCode::failed, "the export is too long for one answer",
                        "run on the command line: mira memories export > memories.jsonl");
    held_ += text;
    return {};
  }
  Reply reply() && {
    Reply out;
    out.data = {{"lines", count_}};
    out.streamed = streams_ != nullptr;
    out.raw = std::move(held_);
    return out;
  }

 private:
  contracts::Streams* streams_;
  std::string held_;
  std::int64_t count_ = 0;
};

Json message_line(const Row& row) {
  return {{"scope", scope_label({std::string(row.text(0)), std::string(row.text(1))})},
          {"client", row.text(2)},
          {"session", row.text(3)},
          {"id", row.text(4)},
          {"role", row.text(5)},
          {"origin", row.text(6)},
          {"speaker", row.text(7)},
          {"model", row.text(8)},
          {"time", row.is_null(9) ? Json("") : Json(base::iso_time(row.integer(9)))},
          {"text", row.text(10)}};
}

Status export_messages(store::Connection& main, std::int64_t scope, Lines& lines) {
  Status written;
  MIRA_TRY(main.each(
      "SELECT s.kind, s.name, c.client, c.session, e.message, e.role, e.origin, e.speaker, e.model, "
      "e.said_ms, e.content"
      " FROM memory_entries e JOIN memory_conversations c USING (conversation_id)"
      " JOIN memory_scopes s ON s.scope_id = e.scope_id WHERE e.scope_id = ? ORDER BY e.entry_id",
      [&](const Row& row) {
        if (written) written = lines.add(message_line(row));
      },
      scope));
  return written;
}

// What you settled yourself: everything else is read again from the messages.
Status export_facts(store::Connection& main, std::int64_t scope, Lines& lines) {
  FactFilter filter{.scopes = {scope}, .as_of_ms = {}, .known_at_ms = {}, .with_ended = true};
  for (const Fact& fact : MIRA_TRY(facts_of(main, filter))) {
    if (fact.state != "confirmed" && fact.state != "withdrawn") continue;
    MIRA_TRY(lines.add({{"fact", fact.state},
                        {"scope", scope_label({fact.scope_kind, fact.scope_name})},
                        {"subject", fact.subject},
                        {"value", fact.value},
                        {"refused", fact.refused}}));
  }
  return {};
}

Result<Reply> export_now(Call& call) {
  contracts::Session& session = *call.session;
  std::vector<std::int64_t> scopes = MIRA_TRY(scopes_seen(session, text_of(call.arguments, "scope")));
  session.main.set_deadline(call.deadline);
  Lines lines(call);
  for (std::int64_t scope : scopes) MIRA_TRY(export_messages(session.main, scope, lines));
  for (std::int64_t scope : scopes) MIRA_TRY(export_facts(session.main, scope, lines));
  return std::move(lines).reply();
}

}  // namespace

Action memories_export_action() {
  Action action;
  action.name = "memories export";
  action.group = "memory";
  action.summary = "Write all that was said as JSON lines, to keep or to take elsewhere";
  action.description =
      "Writes each message of this project and of yours, one JSON object a line, then the facts that you "
      "confirmed or "
      "withdrew. `mira import --format mira` takes it in again, here or on another machine: facts, summaries "
      "and the "
      "profile are read anew from the messages.";
  action.params = {{.name = "scope", .help = "only this one: user, project, or a name given at import"}};
  action.examples = {{"mira memories export > memories.jsonl", "everything that this project may see"},
                     {"mira memories export --scope user", "what belongs to you in every project"}};
  action.data_shape = R"({"lines": 214}   // the lines themselves stand before it on the command line)";
  action.needs = contracts::Needs::project;
  action.handle = export_now;
  return action;
}

}  // namespace mira::memory

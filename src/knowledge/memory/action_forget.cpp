#include <fmt/format.h>

#include <algorithm>

#include "knowledge/memory/actions.h"
#include "knowledge/memory/forget.h"
#include "platform/base/text.h"
#include "platform/store/backup_folder.h"

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
using store::Row;

struct Chosen {
  std::vector<std::int64_t> entries;
  std::vector<std::string> texts;
};

// The entries that a request names, in scopes it may see.
Result<Chosen> choose(Call& call, const std::vector<std::int64_t>& scopes) {
  store::Connection& main = call.session->main;
  Chosen out;
  auto take = [&](const Row& row) {
    out.entries.push_back(row.integer(0));
    out.texts.emplace_back(row.text(1));
  };
  std::string session = text_of(call.arguments, "session"),
              containing = text_of(call.arguments, "containing");
  for (std::int64_t scope : scopes) {
    if (call.arguments.at("entry").is_number())
      MIRA_TRY(main.each("SELECT entry_id, content FROM memory_entries WHERE entry_id = ? AND scope_id = ?",
                         take, call.arguments.at("entry").get<std::int64_t>(), scope));
    if (!session.empty())
      MIRA_TRY(
          main.each("SELECT e.entry_id, e.content FROM memory_entries e JOIN memory_conversations c USING "
                    "(conversation_id)"
                    " WHERE c.session = ? AND e.scope_id = ?",
                    take, session, scope));
    if (!containing.empty())
      MIRA_TRY(main.each(
          "SELECT entry_id, content FROM memory_entries WHERE scope_id = ?",
          [&](const Row& row) {
            if (row.text(1).contains(containing)) take(row);
          },
          scope));
  }
  return out;
}

// Texts that stay and could hold the same words; only those that share a piece matter.
Result<std::vector<std::string>> texts_kept(store::Connection& main) {
  std::vector<std::string> out;
  MIRA_TRY(main.each("SELECT content FROM memory_entries",
                     [&](const Row& row) { out.emplace_back(row.text(0)); }));
  return out;
}

Status verify(Call& call, const Chosen& chosen, Reply& reply) {
  contracts::Session& session = *call.session;
  Traces traces(chosen.texts, MIRA_TRY(texts_kept(session.main)));
  reply.data["backups_replaced"] = MIRA_TRY(replace_backups(session, traces));
  Json found = Json::array();
  for (const auto& file : MIRA_TRY(files_with(traces, session.home)))
    found.push_back(base::display_line(file.string()));
  reply.data["found_in"] = found;
  reply.data["proved"] = found.empty();
  if (!found.empty()) {
    reply.exit_code = 1;
    reply.notes.push_back("words of what was forgotten still stand in a file: " +
                          found[0].get<std::string>());
  }
  return {};
}

Result<Reply> forget_now(Meaning& meaning, Call& call) {
  contracts::Session& session = *call.session;
  const Json& given = call.arguments;
  int ways = (given.at("entry").is_number() ? 1 : 0) + (text_of(given, "session").empty() ? 0 : 1) +
             (text_of(given, "containing").empty() ? 0 : 1);
  if (ways != 1)
    return base::fail(ErrorCode::usage, "say what to forget: one entry, --session, or --containing",
                      "the number of an entry stands in brackets in `mira recall`");
  std::vector<std::int64_t> scopes = MIRA_TRY(scopes_seen(session, text_of(given, "scope")));
  Chosen chosen = MIRA_TRY(choose(call, scopes));
  if (chosen.entries.empty())
    return base::fail(ErrorCode::not_found, "nothing like that is kept here", "see: mira recall");
  std::int64_t now_ms = session.clock.now_ms();
  MIRA_TRY(session.main_writer.submit(
      [entries = chosen.entries, now_ms](store::Connection& main) {
        return remove_entries(main, entries, now_ms);
      },
      call.deadline));
  MIRA_TRY(meaning.forget(session, chosen.entries));
  MIRA_TRY(store::BackupFolder(session.home.data / "backups", session.main.file()).replace_at_next_turn());
  Reply reply;
  reply.data = {{"forgotten", chosen.entries.size()}, {"log_emptied", true}};
  if (auto scrubbed = scrub(session, call.deadline); !scrubbed) {
    reply.data["log_emptied"] = false;
    reply.notes.push_back(scrubbed.error().message + "; " + scrubbed.error().hint);
  }
  if (given.at("verify").get<bool>()) MIRA_TRY(verify(call, chosen, reply));
  return reply;
}

std::string render_forget(const Reply& reply, const contracts::Style&) {
  std::string out = fmt::format("{} forgotten\n", reply.data.at("forgotten").get<std::int64_t>());
  if (!reply.data.contains("proved")) return out;
  if (reply.data.at("proved").get<bool>()) return out + "No file holds a word of it.\n";
  for (const Json& file : reply.data.at("found_in")) out += "still in " + file.get<std::string>() + "\n";
  return out;
}

}  // namespace

Action forget_action(const std::shared_ptr<Meaning>& meaning) {
  Action action;
  action.name = "forget";
  action.group = "memory";
  action.summary = "Remove what was said, so that no byte of it is left";
  action.description =
      "Removes messages or notes with everything that rests on them: words, facts, summaries. Freed pages "
      "are zeroed and "
      "the log is emptied. The next copy of the database replaces all older ones; with --verify those "
      "that hold the text are replaced at once, and the bytes of every file are searched. A hash stays, so "
      "that importing the same does not bring it back.";
  action.params = {{.name = "entry",
                    .kind = ParamKind::integer,
                    .help = "its number, as `mira recall` shows it",
                    .positional = true},
                   {.name = "session", .help = "a whole conversation"},
                   {.name = "containing", .help = "every message with exactly this text in it"},
                   {.name = "scope", .help = "only this one: user, project, or a name given at import"},
                   {.name = "verify",
                    .kind = ParamKind::boolean,
                    .help = "search the bytes of every file for it",
                    .fallback = false}};
  action.examples = {{"mira forget 17 --verify", "one message, with proof"},
                     {"mira forget --session 4f1c", "a whole conversation"}};
  action.data_shape =
      R"({"forgotten": 1, "log_emptied": true, "backups_replaced": 0, "found_in": [], "proved": true})";
  action.needs = contracts::Needs::project;
  action.read_only = false;
  action.handle = [meaning](Call& call) { return forget_now(*meaning, call); };
  action.render = render_forget;
  return action;
}

}  // namespace mira::memory

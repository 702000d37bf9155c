#include <fmt/format.h>

#include "app/actions.h"
#include "app/local_host.h"
#include "app/stores.h"
#include "platform/base/calendar.h"
#include "platform/base/text.h"
#include "platform/store/backup.h"

namespace mira::app {
namespace {

using base::Result;
using contracts::Call;
using contracts::Json;
using contracts::Reply;
using store::BackupFile;

Json row_of(const BackupFile& copy) {
  return {{"file", base::display_line(copy.file.string())},
          {"made", base::iso_time(copy.made_ms)},
          {"made_ms", copy.made_ms},
          {"bytes", copy.bytes}};
}

Result<Reply> list(Call&) {
  base::Home home = MIRA_TRY(base::find_home());
  Json rows = Json::array();
  for (const BackupFile& copy : backup_folder(home).newest_first()) rows.push_back(row_of(copy));
  return Reply{
      .data = {{"database", base::display_line(main_file(home).string())}, {"backups", std::move(rows)}}};
}

std::string render_list(const Reply& reply, const contracts::Style&) {
  std::string out;
  for (const Json& row : reply.data.at("backups"))
    out += fmt::format("{}  {:>8.1f} MB  {}\n", row.at("made").get_ref<const std::string&>(),
                       row.at("bytes").get<double>() / 1e6, row.at("file").get_ref<const std::string&>());
  if (out.empty())
    return "No copy yet. The first is made a day after the database, or now: mira backups make\n";
  return out;
}

Result<Reply> make(LocalHost& host, Call&) {
  base::Home home = MIRA_TRY(base::find_home());
  std::error_code ignored;
  if (!std::filesystem::exists(main_file(home), ignored))
    return base::fail(base::ErrorCode::not_found, "there is nothing to copy yet",
                      "mira.db is made when something is first kept");
  auto reader = MIRA_TRY(open_reader(main_file(home), store::Durability::full));
  auto file = MIRA_TRY(backup_folder(home).make(reader, host.clock().now_ms()));
  return Reply{.data = {{"file", base::display_line(file.string())},
                        {"bytes", std::filesystem::file_size(file, ignored)}}};
}

std::string render_make(const Reply& reply, const contracts::Style&) {
  return fmt::format("{} ({:.1f} MB, checked)\n", reply.data.at("file").get_ref<const std::string&>(),
                     reply.data.at("bytes").get<double>() / 1e6);
}

// The file that was named, by its path or as the list shows it; the newest sound one without a name.
Result<std::filesystem::path> chosen(const store::BackupFolder& folder, const Json& named,
                                     std::vector<std::string>& notes) {
  if (named.is_string()) return std::filesystem::path(named.get<std::string>());
  for (const BackupFile& copy : folder.newest_first()) {
    auto sound = store::verify(copy.file);
    if (sound) return copy.file;
    notes.push_back(sound.error().message + ": the next older one is taken");
  }
  return base::fail(base::ErrorCode::not_found, "there is no sound copy to restore",
                    "name a file that you kept elsewhere: mira backups restore FILE");
}

Result<Reply> restore(Call& call) {
  base::Home home = MIRA_TRY(base::find_home());
  store::BackupFolder folder = backup_folder(home);
  Reply reply;
  auto file = MIRA_TRY(chosen(folder, call.arguments.at("file"), reply.notes));
  if (folder.is_replaced_at_next_turn())
    reply.notes.push_back(
        "something was forgotten after this copy was made: it is there again; forget it once more");
  auto done = MIRA_TRY(folder.restore(file));
  reply.data = {
      {"restored", base::display_line(file.string())},
      {"set_aside", done.set_aside.empty() ? Json() : Json(base::display_line(done.set_aside.string()))}};
  return reply;
}

std::string render_restore(const Reply& reply, const contracts::Style&) {
  std::string out = fmt::format("restored {}\n", reply.data.at("restored").get_ref<const std::string&>());
  if (reply.data.at("set_aside").is_string())
    out += fmt::format("what was there is kept as {}\n",
                       reply.data.at("set_aside").get_ref<const std::string&>());
  return out;
}

}  // namespace

contracts::Action backups_action(LocalHost&) {
  return {
      .name = "backups",
      .group = "program",
      .summary = "List the copies of mira.db, newest first",
      .description =
          "A copy is made a day after the newest one if something was written since: by a command "
          "that wrote, or by `mira serve`, `mira mcp` and `mira index --watch` while they are idle; and "
          "before a newer Mira changes the database. Each is opened and checked. The newest three of "
          "each kind stay.",
      .examples = {{"mira backups", "what could be restored"}},
      .data_shape =
          R"({"database": "~/.local/share/mira/mira.db", "backups": [{"file": "...", "made": "2026-11-30T16:10:05Z", "made_ms": 0, "bytes": 1}]})",
      .needs = contracts::Needs::nothing,
      .handle = list,
      .render = render_list,
  };
}

contracts::Action backups_make_action(LocalHost& host) {
  return {
      .name = "backups make",
      .group = "program",
      .summary = "Copy mira.db now, while it is in use, and check the copy",
      .description =
          "The copy is one file, for its owner only. The oldest of more than three daily ones goes.",
      .examples = {{"mira backups make", "before something risky"}},
      .data_shape = R"({"file": "...", "bytes": 1})",
      .needs = contracts::Needs::nothing,
      .read_only = false,
      .handle = [&host](Call& call) { return make(host, call); },
      .render = render_make,
  };
}

contracts::Action backups_restore_action(LocalHost&) {
  return {
      .name = "backups restore",
      .group = "program",
      .summary = "Put a copy in the place of mira.db; what was there is kept",
      .description =
          "Without a file the newest sound copy. The database that was there, and its log, are renamed "
          "to mira.db.damaged-N beside it: to undo, restore that file. Refused while another process "
          "has the database open.",
      .params = {{.name = "file",
                  .help = "a copy, by its path; default: the newest sound one",
                  .positional = true}},
      .examples = {{"mira backups restore", "the newest copy that is sound"},
                   {"mira backups restore ~/mira-1796088096627-daily.db", "this one"}},
      .data_shape = R"({"restored": "...", "set_aside": "...mira.db.damaged-1"})",
      .needs = contracts::Needs::nothing,
      .read_only = false,
      .handle = restore,
      .render = render_restore,
  };
}

}  // namespace mira::app

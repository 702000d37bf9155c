// Actions about places rather than commits: who knows them, where they hurt, and a
// summary of each folder.
#include <fmt/format.h>

#include <algorithm>

#include "knowledge/git/action_parts.h"
#include "knowledge/git/actions.h"
#include "knowledge/git/history_range.h"
#include "knowledge/git/hotspots.h"
#include "knowledge/git/knowers.h"
#include "knowledge/git/ownership.h"
#include "platform/base/calendar.h"
#include "platform/base/text.h"

namespace mira::git {
namespace {

using contracts::Action;
using contracts::Call;
using contracts::Json;
using contracts::Reply;

constexpr std::size_t owners_of_folder = 3;

Json date_or_null(std::int64_t time_s) {
  return time_s == 0 ? Json(nullptr) : Json(base::iso_date(time_s * 1000));
}

Json knower_json(const Knower& one) {
  return {{"name", one.name},
          {"email", one.email},
          {"lines", one.lines},
          {"share", rounded(one.share)},
          {"last_here", date_or_null(one.last_here_s)},
          {"last_seen", date_or_null(one.last_seen_s)},
          {"presence", name_of(one.presence)}};
}

Json knowers_json(const Knowledge& known, std::size_t limit) {
  Json out = Json::array();
  for (const Knower& one : known.people) {
    if (out.size() < limit) out.push_back(knower_json(one));
  }
  return out;
}

base::Status say_when_behind(Call& call, const Archive& archive, Reply& reply) {
  std::string owned = MIRA_TRY(ownership_tip(call.session->index));
  reply.data["all_lines"] = owned == archive.tip;
  if (owned != archive.tip)
    reply.notes.push_back("Not all lines were replayed yet: `mira index` does it, or says why it cannot.");
  return {};
}

// Nothing found where not all was looked at is no finding.
std::string nothing(const Reply& reply, const char* finding) {
  return reply.data.at("all_lines").get<bool>() ? finding
                                                : "Not known yet: the lines are still to be read.\n";
}

std::string asked_folder(const Json& arguments, const char* name) {
  return normal_path(text_of(arguments, name));
}

std::string here(std::string_view path) {
  return path.empty() ? "." : base::display_line(path);
}

// ---- owners

base::Result<Reply> owners(Models& models, Call& call) {
  auto archive = MIRA_TRY(models.archive(*call.session));
  MIRA_TRY(need_history(*call.session, *archive));
  std::string path = asked_folder(call.arguments, "path");
  Knowledge known = MIRA_TRY(knowledge_of(call.session->index, *archive, path));
  std::string owned = MIRA_TRY(ownership_tip(call.session->index));
  if (known.files == 0 && !call.batch && owned == archive->tip) {
    base::Error error{base::ErrorCode::not_found, "HEAD has no lines at \"" + here(path) + "\".",
                      "Give a file or a folder, from the project's root."};
    error.next = MIRA_TRY(similar_paths(call.session->index, path));
    return std::unexpected(error);
  }
  Reply reply;
  reply.data = {{"path", shown(path)},
                {"files", known.files},
                {"lines", known.lines},
                {"people", known.people.size()},
                {"bus_factor", known.bus_factor},
                {"gone_share", rounded(known.gone_share)},
                {"owners", knowers_json(known, limit_of(call.arguments))}};
  MIRA_TRY(say_when_behind(call, *archive, reply));
  return reply;
}

std::string render_owners(const Reply& reply, const contracts::Style&) {
  std::string out;
  for (const Json& one : reply.data.at("owners")) {
    std::string presence = one.at("presence").get<std::string>();
    out += fmt::format(
        "{:>5.1f} %  {} <{}>  ({} lines{}{})\n", 100 * one.at("share").get<double>(),
        base::display_line(one.at("name").get<std::string>()),
        base::display_line(one.at("email").get<std::string>()), one.at("lines").get<std::int64_t>(),
        one.at("last_here").is_string() ? ", newest " + one.at("last_here").get<std::string>() : "",
        presence == "active" ? "" : ", " + presence);
  }
  if (out.empty()) return nothing(reply, "Nobody's lines are there.\n");
  auto factor = reply.data.at("bus_factor").get<int>();
  return out + fmt::format("Half of its {} lines: {} {}. Of people who are quiet or gone: {:.0f} %.\n",
                           reply.data.at("lines").get<std::int64_t>(), factor,
                           factor == 1 ? "person" : "people",
                           100 * reply.data.at("gone_share").get<double>());
}

// ---- hotspots

base::Result<Reply> hot(Models& models, Call& call) {
  auto archive = MIRA_TRY(models.archive(*call.session));
  MIRA_TRY(need_history(*call.session, *archive));
  std::string folder = asked_folder(call.arguments, "folder");
  std::int64_t since =
      MIRA_TRY(parse_since(text_of(call.arguments, "since"), call.session->clock.now_ms())) / 1000;
  auto found = MIRA_TRY(hotspots(*call.session, *archive, folder, since, limit_of(call.arguments)));
  Reply reply;
  reply.data = {
      {"folder", shown(folder)}, {"since", base::iso_date(since * 1000)}, {"hotspots", Json::array()}};
  for (const Hotspot& spot : found) {
    reply.data["hotspots"].push_back({{"path", shown(spot.path)},
                                      {"score", rounded(spot.score)},
                                      {"commits", spot.commits},
                                      {"people", spot.people},
                                      {"lines", spot.lines},
                                      {"complexity", spot.complexity}});
  }
  return reply;
}

std::string render_hotspots(const Reply& reply, const contracts::Style&) {
  std::string out;
  for (const Json& spot : reply.data.at("hotspots")) {
    out += fmt::format("{:>5.2f}  {}  ({} commits by {}, {} lines, complexity {})\n",
                       spot.at("score").get<double>(), base::display_line(spot.at("path").get<std::string>()),
                       spot.at("commits").get<std::int64_t>(), spot.at("people").get<std::int64_t>(),
                       spot.at("lines").get<std::int64_t>(), spot.at("complexity").get<std::int64_t>());
  }
  return out.empty() ? "Nothing was changed there since then.\n" : out;
}

// ---- folders

base::Result<Reply> folders(Models& models, Call& call) {
  auto archive = MIRA_TRY(models.archive(*call.session));
  MIRA_TRY(need_history(*call.session, *archive));
  std::string folder = asked_folder(call.arguments, "folder");
  std::int64_t since =
      MIRA_TRY(parse_since(text_of(call.arguments, "since"), call.session->clock.now_ms())) / 1000;
  auto map = MIRA_TRY(knowledge_map(call.session->index, *archive, folder));
  auto hot_files = MIRA_TRY(hotspots(*call.session, *archive, folder, since, 10'000));
  Reply reply;
  reply.data = {
      {"folder", shown(folder)}, {"since", base::iso_date(since * 1000)}, {"folders", Json::array()}};
  for (const auto& [path, known] : map) {
    std::int64_t changes = 0;
    Json hottest = nullptr;
    for (const Hotspot& spot : hot_files) {
      if (!path.empty() && !spot.path.starts_with(path + "/")) continue;
      changes += spot.commits;
      if (hottest.is_null() && spot.score > 0) hottest = shown(spot.path);
    }
    reply.data["folders"].push_back({{"path", shown(path)},
                                     {"files", known.files},
                                     {"lines", known.lines},
                                     {"people", known.people.size()},
                                     {"bus_factor", known.bus_factor},
                                     {"gone_share", rounded(known.gone_share)},
                                     {"file_changes", changes},
                                     {"hottest", hottest},
                                     {"owners", knowers_json(known, owners_of_folder)}});
  }
  MIRA_TRY(say_when_behind(call, *archive, reply));
  return reply;
}

std::string render_folders(const Reply& reply, const contracts::Style&) {
  std::string out;
  for (const Json& one : reply.data.at("folders")) {
    const Json& people = one.at("owners");
    std::string main =
        people.empty() ? "nobody" : base::display_line(people[0].at("name").get<std::string>());
    std::string hottest = one.at("hottest").is_string()
                              ? ", hottest " + base::display_line(one.at("hottest").get<std::string>())
                              : std::string();
    out += fmt::format(
        "{}  {} files, {} lines, {} changes; {} first of {}, half by {}, {:.0f} % by people gone{}\n",
        here(one.at("path").get<std::string>()), one.at("files").get<std::int64_t>(),
        one.at("lines").get<std::int64_t>(), one.at("file_changes").get<std::int64_t>(), main,
        one.at("people").get<std::int64_t>(), one.at("bus_factor").get<std::int64_t>(),
        100 * one.at("gone_share").get<double>(), hottest);
  }
  return out.empty() ? nothing(reply, "HEAD has no lines there.\n") : out;
}

Action begin(const char* name, const char* summary, const char* description) {
  Action action;
  action.name = name;
  action.group = "git";
  action.summary = summary;
  action.description = description;
  return action;
}

contracts::Param since_param() {
  return {.name = "since",
          .help = "count changes from this day (2024-05-31) or age (90d, 1y) on",
          .fallback = "1y"};
}

}  // namespace

Action owners_action(const std::shared_ptr<Models>& models) {
  Action action =
      begin("owners", "Who knows a file or a folder: whose lines survive there",
            "Shares out the lines of HEAD by who wrote them, with when they last did, whether they are "
            "still around (quiet: no commit anywhere for 180 days, departed: 365), and the bus factor: "
            "the fewest people who wrote half of the lines. Who will touch it next is another question: "
            "see `mira experts`.");
  action.params = {
      {.name = "path", .help = "a file or folder; the whole project without it", .positional = true},
      limit_param(10)};
  action.examples = {{"mira owners src/server.c", "who knows the file"},
                     {"mira owners src", "who knows a folder"}};
  action.data_shape =
      R"({"path": "src", "files": 12, "lines": 3400, "people": 5, "bus_factor": 1, "gone_share": 0.12, "owners": [{"name": "Ada",
 "email": "ada@example.org", "lines": 2100, "share": 0.62, "last_here": "2024-01-01", "last_seen": "2024-02-01",
 "presence": "active" | "quiet" | "departed"}], "all_lines": true})";
  action.batch = true;
  action.handle = [models](Call& call) { return owners(*models, call); };
  action.render = render_owners;
  return action;
}

Action hotspots_action(const std::shared_ptr<Models>& models) {
  Action action =
      begin("hotspots", "Files that are changed often and are hard: where work hurts",
            "Ranks files by churn times complexity: commits since a day, times how deep the lines are "
            "indented, each as a share of the largest. Merges and commits of more than 30 files do not "
            "count.");
  action.params = {{.name = "folder", .help = "only below this folder", .positional = true},
                   since_param(),
                   limit_param(15)};
  action.examples = {{"mira hotspots src --since 6m", "the hottest files of half a year"}};
  action.data_shape =
      R"({"folder": "src", "since": "2024-01-01", "hotspots": [{"path": "src/a.c", "score": 0.8, "commits": 40, "people": 6, "lines": 900,
 "complexity": 1700}]})";
  action.handle = [models](Call& call) { return hot(*models, call); };
  action.render = render_hotspots;
  return action;
}

Action folders_action(const std::shared_ptr<Models>& models) {
  Action action =
      begin("folders", "A summary of each folder: size, people, churn, what is hottest",
            "For a folder and each folder directly in it: files and lines of HEAD, who wrote most of "
            "them, the bus factor, the share of people who are quiet or departed, changes of files "
            "since a day, and the hottest file.");
  action.params = {{.name = "folder", .help = "the whole project without it", .positional = true},
                   since_param()};
  action.examples = {{"mira folders src", "the folders in src"}};
  action.data_shape =
      R"({"folder": "src", "since": "2024-01-01", "folders": [{"path": "src/net", "files": 12, "lines": 3400, "people": 5, "bus_factor": 1,
 "gone_share": 0.12, "file_changes": 88, "hottest": "src/net/a.c" or null, "owners": [as in `mira owners`, at most 3]}], "all_lines": true})";
  action.handle = [models](Call& call) { return folders(*models, call); };
  action.render = render_folders;
  return action;
}

}  // namespace mira::git

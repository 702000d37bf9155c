#include <fmt/format.h>
#include <sys/stat.h>

#include "app/actions.h"
#include "app/embedder.h"
#include "app/local_host.h"
#include "faces/cli/config_action.h"
#include "faces/hooks/notes.h"
#include "operations/spending/actions.h"
#include "platform/base/calendar.h"
#include "platform/base/text.h"
#include "platform/embed/kernels.h"
#include "platform/embed/model_file.h"
#include "platform/process/worker.h"
#include "platform/store/backup.h"
#include "platform/vectors/open.h"

namespace mira::app {
namespace {

using base::Result;
using contracts::Call;
using contracts::Finding;
using contracts::Health;
using contracts::Json;
using contracts::Reply;

std::string_view health_name(Health health) {
  switch (health) {
    case Health::ok:
      return "ok";
    case Health::warning:
      return "warning";
    case Health::fault:
      return "fault";
  }
  return "fault";
}

Finding from_error(std::string subject, const base::Error& error) {
  return {Health::fault, std::move(subject), error.message, error.hint};
}

std::string when(std::int64_t ms) {
  return base::iso_time(ms).substr(0, 16);
}

std::string cure_of_main(const base::Home& home) {
  auto copies = backup_folder(home).newest_first();
  if (!copies.empty())
    return fmt::format(
        "run: mira backups restore (puts back the copy of {}; what is there now stays beside it)",
        when(copies.front().made_ms));
  return fmt::format(
      "there is no copy of it yet; keep what is sound: mira memories export, then move {} away",
      main_file(home).string());
}

// A database that was made after its newest copy: somebody or something took the old one away.
std::optional<Finding> check_emptied(const base::Home& home) {
  auto copies = backup_folder(home).newest_first();
  if (copies.empty()) return std::nullopt;
  std::int64_t made_ms = INT64_MAX;
  std::error_code ignored;
  if (std::filesystem::exists(main_file(home), ignored)) {
    auto reader = open_reader(main_file(home), store::Durability::full);
    if (!reader) return std::nullopt;  // told by the check of the database itself
    auto first = reader->integer("SELECT min(applied_ms) FROM schema_migrations");
    if (first && *first) made_ms = **first;
  }
  if (made_ms <= copies.front().made_ms) return std::nullopt;
  std::string what = made_ms == INT64_MAX ? "it holds nothing" : "it was made anew on " + when(made_ms);
  return Finding{Health::warning, "mira.db",
                 fmt::format("{}, and there is a copy of {}", what, when(copies.front().made_ms)),
                 "to take that back: mira backups restore (what is there now stays beside it)"};
}

Finding check_backups(const base::Home& home) {
  auto copies = backup_folder(home).newest_first();
  if (copies.empty())
    return {Health::ok, "backups", "none yet; the first is made a day after the database", ""};
  return {Health::ok, "backups",
          fmt::format("{} of mira.db, the newest of {}", copies.size(), when(copies.front().made_ms)), ""};
}

// What Mira keeps is for its owner alone; another program, or a copy of the folder, may have opened it.
std::optional<Finding> check_rights(const base::Home& home) {
  for (const std::filesystem::path& kept : {home.data, home.state, home.cache, main_file(home)}) {
    struct stat found{};
    if (::stat(kept.c_str(), &found) != 0 || (found.st_mode & 077) == 0) continue;
    return Finding{
        Health::warning, "rights",
        fmt::format("other users of this machine may look into {}", base::display_line(kept.string())),
        fmt::format("run: chmod -R go= {}", base::display_line(home.data.string()))};
  }
  return std::nullopt;
}

// Everybody who indexes locks this file.
std::optional<Finding> check_lock(const workspace::Project& project) {
  auto file = index_lock_file(project);
  std::error_code ignored;
  auto status = std::filesystem::symlink_status(file, ignored);
  if (!std::filesystem::exists(status) || std::filesystem::is_regular_file(status)) return std::nullopt;
  return Finding{Health::fault, "index.lock", base::display_line(file.string()) + " is no file",
                 "move it away: it is made again"};
}

Finding check_database(std::string subject, const std::filesystem::path& file, std::string cure) {
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) return {Health::ok, std::move(subject), "not made yet", ""};
  auto sound = store::verify(file);
  if (sound) return {Health::ok, std::move(subject), "sound", ""};
  return {Health::fault, std::move(subject), sound.error().message, std::move(cure)};
}

// Starts a worker as indexing does, and asks it how well it is fenced in.
Finding check_sandbox(const LocalHost& host, base::Deadline deadline) {
  std::string_view worker = host.first_worker();
  if (worker.empty()) return {Health::ok, "sandbox", "nothing here needs one", ""};
  auto pool = process::WorkerPool::start({.worker_name = std::string(worker), .workers = 1});
  if (!pool) return from_error("sandbox", pool.error());
  auto report = (*pool)->sandbox(deadline);
  if (!report) return from_error("sandbox", report.error());
  if (report->level() == process::SandboxLevel::full) {
    return {Health::ok, "sandbox", "parsers run without network, files or new programs", ""};
  }
  return {Health::warning, "sandbox", "parsers run with less protection: " + report->shortfall(),
          "a kernel with Landlock and seccomp (Linux 5.13 or newer) gives the whole sandbox"};
}

// Without a model nothing is broken: words find what they find.
Finding check_embedder() {
  constexpr const char* subject = "embedding model";
  if (auto row = remote_embedding_model())
    return {Health::ok, subject,
            fmt::format("{}, {} dimensions, at a host of yours: what is embedded is sent there",
                        base::display_line(row->model), row->dimensions),
            "take \"embedding\" out of models.json to embed on this machine"};
  auto path = find_model_file();
  if (!path) {
    return {Health::ok, subject, "there is none: what was said is found by its words alone",
            "./bootstrap in Mira's sources makes one; it belongs into the folder models of Mira's home"};
  }
  auto file = embed::ModelFile::open(*path);
  if (!file) return {Health::warning, subject, file.error().message, file.error().hint};
  return {Health::ok, subject,
          fmt::format("{}, {} dimensions, by the {} kernels, from {}", (*file)->record().name,
                      (*file)->record().width, embed::kernels().name, path->string()),
          ""};
}

// What can be said although a store may be broken: nothing here opens it for writing.
std::vector<Finding> check_files(const base::Home& home, const std::string& path, std::int64_t now_ms) {
  std::vector<Finding> out;
  out.push_back({Health::ok, "home", base::display_line(home.data.string()), ""});
  out.push_back(hooks::hooks_health(home.state / "hooks", now_ms));
  out.push_back(check_database("mira.db", main_file(home), cure_of_main(home)));
  if (auto emptied = check_emptied(home); emptied && out.back().health == Health::ok)
    out.back() = std::move(*emptied);
  out.push_back(check_backups(home));
  if (auto open = check_rights(home)) out.push_back(std::move(*open));
  auto project = workspace::find_project(path.empty() ? "." : path, home);
  if (!project) {
    out.push_back(from_error("project", project.error()));
    return out;
  }
  out.push_back(
      check_database("index.db", index_file(*project), "delete it: it is made again from the project"));
  if (auto lock = check_lock(*project)) out.push_back(std::move(*lock));
  return out;
}

void check_vector_server(std::vector<Finding>& out) {
  constexpr const char* subject = "vector server";
  auto server = vectors::ask_server();
  if (!server) {
    out.push_back({Health::warning, subject, server.error().message, server.error().hint});
  } else if (*server) {
    const vectors::Server& one = **server;
    bool is_tested = one.doubt.empty();
    out.push_back(
        {is_tested ? Health::ok : Health::warning, subject,
         is_tested ? fmt::format("Qdrant {} at {}", one.version, one.host) : one.doubt,
         is_tested ? "" : "if vectors fail with it, run an older server, or unset MIRA_QDRANT_URL"});
  }
}

// How far embedding is. What waits is no fault: it is found by its words.
void check_embedding(LocalHost& host, contracts::Session& session, std::vector<Finding>& out) {
  for (const auto& embeds : host.embeds()) {
    if (embeds->embedder() == nullptr) continue;
    std::string subject = fmt::format("{} vectors", embeds->collection());
    auto state = embeds->state(session);
    if (!state) {
      out.push_back({Health::warning, std::move(subject), state.error().message, state.error().hint});
      continue;
    }
    bool waits = state->embedded < state->texts;
    out.push_back(
        {Health::ok, std::move(subject),
         fmt::format("{} of {} {} embedded", state->embedded, state->texts, embeds->unit()),
         waits ? "`mira serve`, `mira mcp` and `mira index --watch` go on with it; `mira embed` does it now"
               : ""});
  }
}

void check_features(LocalHost& host, const std::string& path, base::Deadline deadline,
                    std::vector<Finding>& out) {
  auto opened = host.open(path, deadline);
  if (!opened) {
    out.push_back(from_error("session", opened.error()));
    return;
  }
  if (auto finished = host.finish_opening((*opened)->session()); !finished)
    out.push_back(from_error("session", finished.error()));
  check_vector_server(out);
  check_embedding(host, (*opened)->session(), out);
  for (Finding& finding :
       spending::health((*opened)->session().main, models::process_environment(), host.clock().now_ms()))
    out.push_back(std::move(finding));
  for (const contracts::Feature& feature : host.features()) {
    for (const contracts::Check& check : feature.checks) {
      for (Finding& finding : check((*opened)->session())) out.push_back(std::move(finding));
    }
  }
}

Result<Reply> handle(LocalHost& host, Call& call) {
  auto path =
      call.arguments["project"].is_string() ? call.arguments["project"].get<std::string>() : std::string();
  auto home = base::find_home();
  std::vector<Finding> findings;
  if (!home) {
    findings.push_back(from_error("home", home.error()));
  } else {
    findings = check_files(*home, path, host.clock().now_ms());
    bool broken = std::any_of(findings.begin(), findings.end(),
                              [](const Finding& f) { return f.health == Health::fault; });
    if (!broken) check_features(host, path, call.deadline, findings);
  }
  for (const std::string& fault : cli::setting_faults(call.registry))
    findings.push_back(
        {Health::warning, "settings", fault, "mend the line, or see: mira config list --every"});
  findings.push_back(check_embedder());
  findings.push_back(check_sandbox(host, call.deadline));
  Json rows = Json::array();
  Health worst = Health::ok;
  for (const Finding& finding : findings) {
    worst = std::max(worst, finding.health);
    rows.push_back({{"health", health_name(finding.health)},
                    {"subject", base::display_line(finding.subject)},
                    {"message", base::display_line(finding.message)},
                    {"cure", base::display_line(finding.cure)}});
  }
  return Reply{.data = {{"health", health_name(worst)}, {"findings", std::move(rows)}},
               .exit_code = worst == Health::fault ? base::exit_code(base::ErrorCode::unavailable) : 0};
}

std::string render(const Reply& reply, const contracts::Style&) {
  std::string out;
  std::size_t width = 0;
  for (const Json& row : reply.data["findings"])
    width = std::max(width, row["subject"].get_ref<const std::string&>().size());
  for (const Json& row : reply.data["findings"]) {
    out += fmt::format("{:<8} {:<{}} {}\n", row["health"].get<std::string>(),
                       row["subject"].get<std::string>(), width, row["message"].get<std::string>());
    if (!row["cure"].get<std::string>().empty())
      out += fmt::format("{:<8} {:<{}} cure: {}\n", "", "", width, row["cure"].get<std::string>());
  }
  return out;
}

}  // namespace

contracts::Action doctor_action(LocalHost& host) {
  return {
      .name = "doctor",
      .group = "program",
      .summary =
          "Check the stores, the sandbox and this project's index, and say what to do about each fault",
      .description = "Repairs nothing by itself. Exit code 0: sound (warnings too); 4: at least one fault.",
      .params = {{.name = "project", .help = "a path in the project; default: the working folder"}},
      .examples = {{"mira doctor", "check everything"}, {"mira doctor --json", "for a script"}},
      .data_shape =
          R"({"health": "ok", "findings": [{"health": "ok", "subject": "mira.db", "message": "sound", "cure": ""}]})",
      .needs = contracts::Needs::nothing,
      .handle = [&host](Call& call) { return handle(host, call); },
      .render = render,
  };
}

}  // namespace mira::app

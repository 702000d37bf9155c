#include <fmt/format.h>

#include "app/actions.h"
#include "app/embedder.h"
#include "app/local_host.h"
#include "faces/cli/config_action.h"
#include "faces/hooks/notes.h"
#include "operations/spending/actions.h"
#include "platform/base/text.h"
#include "platform/embed/kernels.h"
#include "platform/embed/model_file.h"
#include "platform/process/worker.h"
#include "platform/store/backup.h"

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
  out.push_back(
      check_database("mira.db", main_file(home),
                     "stop writing; restore the newest file of " + (home.data / "backups").string()));
  auto project = workspace::find_project(path.empty() ? "." : path, home);
  if (!project) {
    out.push_back(from_error("project", project.error()));
    return out;
  }
  out.push_back(
      check_database("index.db", index_file(*project), "delete it: it is made again from the project"));
  return out;
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

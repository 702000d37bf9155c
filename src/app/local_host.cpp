#include "app/local_host.h"

#include "app/actions.h"
#include "app/background_work.h"
#include "app/build_info.h"
#include "app/features.h"
#include "faces/cli/cli.h"
#include "faces/cli/config_action.h"
#include "faces/clients/actions.h"
#include "faces/clients/import_action.h"
#include "faces/hooks/hook.h"
#include "faces/http/action.h"
#include "faces/mcp/tools.h"
#include "platform/base/limits.h"
#include "platform/base/log.h"
#include "platform/store/migrate.h"
#include "platform/store/patience.h"

namespace mira::app {
namespace {

using base::Result;
using base::Status;
using contracts::Action;
using contracts::Call;
using contracts::Json;
using contracts::Needs;
using contracts::Reply;

}  // namespace

Action LocalHost::keeping_the_tree(Action action) {
  action.handle = [this, handle = std::move(action.handle)](Call& call) -> Result<Reply> {
    tree_ = std::make_unique<workspace::CurrentTree>();
    return handle(call);
  };
  return action;
}

// A server follows its project: its answers are up to date before they are asked for. Where that cannot
// be started the server answers all the same, each time after a look at the files.
Action LocalHost::while_following(Action action) {
  action.handle = [this, serve = std::move(action.handle)](Call& call) -> Result<Reply> {
    auto project = call.arguments.find("project");
    bool named = project != call.arguments.end() && project->is_string();
    auto followed = follow(named ? project->get<std::string>() : std::string(), nullptr);
    auto reply = serve(call);
    if (reply && !followed) reply->notes.push_back(followed.error().message);
    return reply;
  };
  return action;
}

// What lives long embeds what waits, and backs up, meanwhile.
Action LocalHost::with_background_work(Action action) {
  action.handle = [this, handle = std::move(action.handle)](Call& call) -> Result<Reply> {
    auto project = call.arguments.find("project");
    bool named = project != call.arguments.end() && project->is_string();
    BackgroundWork work(*this, named ? project->get<std::string>() : std::string());
    return handle(call);
  };
  return action;
}

LocalHost::LocalHost(const base::Clock& clock) : clock_(clock) {
  Features made = app::features();
  features_ = std::move(made.all);
  embeds_ = std::move(made.embeds);
  schemas_ = app::schemas(features_);
  add_actions(*this, registry_);
  for (contracts::Feature& feature : features_) {
    for (Action& action : feature.actions) registry_.add(std::move(action));
    feature.actions.clear();
  }
  cli::add_actions(registry_);
  clients::add_actions(registry_, MIRA_VERSION);
  registry_.add(clients::import_transcripts_action(*this));
  registry_.add(
      keeping_the_tree(with_background_work(while_following(http::serve_action(*this, MIRA_VERSION)))));
  registry_.add(hooks::hook_action());
  registry_.add(keeping_the_tree(with_background_work(mcp::mcp_action(*this, MIRA_VERSION))));
  cli::add_config_actions(registry_);
  cli::configure(registry_);
}

LocalHost::~LocalHost() = default;

std::string_view LocalHost::first_worker() const {
  for (const contracts::Feature& feature : features_) {
    if (!feature.workers.empty()) return feature.workers.front().name;
  }
  return "";
}

base::Status LocalHost::LateWriter::submit(Change change, base::Deadline deadline) {
  base::Home home = MIRA_TRY(base::find_home());
  store::Writer* writer = MIRA_TRY(host_.open_writer(home));
  return writer->submit(std::move(change), deadline);
}

Result<std::optional<std::filesystem::path>> LocalHost::back_up_if_due(std::uintmax_t most_bytes) {
  base::Home home = MIRA_TRY(base::find_home());
  const std::filesystem::path file = main_file(home);
  std::error_code none;
  std::uintmax_t bytes = std::filesystem::file_size(file, none);
  if (none || bytes > most_bytes) return std::nullopt;
  auto reader = MIRA_TRY(open_reader(file, store::Durability::full));
  store::BackupFolder folder = backup_folder(home);
  if (!MIRA_TRY(folder.is_due(reader, clock_.now_ms()))) return std::nullopt;
  auto made = folder.make(reader, clock_.now_ms());
  if (!made && made.error().code == base::ErrorCode::locked) return std::nullopt;
  return made;
}

void LocalHost::finish_command() {
  if (!writer_) return;
  if (auto done = back_up_if_due(limits::backup_at_exit_bytes); !done)
    base::log(base::LogLevel::warning, "backing up: " + done.error().message);
}

Result<store::Writer*> LocalHost::open_writer(const base::Home& home) {
  std::lock_guard guard(main_mutex_);
  if (!writer_) writer_ = MIRA_TRY(open_main(home, schemas_, clock_));
  return writer_.get();
}

Result<LocalHost::Lease> LocalHost::lease_main(const base::Home& home) {
  store::Writer* writer = MIRA_TRY(open_writer(home));
  if (auto idle = idle_.take(main_file(home), store::Access::read_only))
    return Lease{std::move(*idle), *writer};
  return Lease{MIRA_TRY(open_kept_reader(main_file(home), store::Durability::full)), *writer};
}

Result<LocalHost::Lease> LocalHost::lease_main_to_read(const base::Home& home) {
  const std::filesystem::path file = main_file(home);
  if (auto idle = idle_.take(file, store::Access::read_only)) return Lease{std::move(*idle), late_writer_};
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) return lease_main(home);
  Kept reader = MIRA_TRY(open_kept_reader(file, store::Durability::full));
  if (!MIRA_TRY(store::is_newest(reader.connection, file, schemas_, store::Which::main)))
    return lease_main(home);
  return Lease{std::move(reader), late_writer_};
}

Result<Kept> LocalHost::lease_index(const workspace::Project& project, std::vector<std::string>& notes) {
  const std::filesystem::path file = index_file(project);
  auto idle = idle_.take(file, store::Access::read_write);
  // Another process may have migrated it meanwhile: the version is looked at after every commit of another.
  if (idle) {
    const auto commits = MIRA_TRY(idle->connection.integer("PRAGMA data_version"));
    if (commits == idle->checked) return std::move(*idle);
    if (is_current(idle->connection, project, schemas_, clock_)) {
      idle->checked = commits;
      return std::move(*idle);
    }
  }
  return kept(MIRA_TRY(open_index(project, schemas_, clock_, notes)), file, store::Access::read_write);
}

Result<std::unique_ptr<Opened>> LocalHost::open(const std::string& path, base::Deadline deadline) {
  base::Home home = MIRA_TRY(base::find_home());
  std::call_once(log_opened_, [&] { base::open_log(home.state / "mira.log", base::LogLevel::warning); });
  auto project = MIRA_TRY(workspace::find_project(path.empty() ? "." : path, home));
  Lease main = MIRA_TRY(lease_main(home));
  workspace::Tree tree = MIRA_TRY(tree_ ? tree_->of(project, deadline) : workspace::walk(project, deadline));
  std::vector<std::string> notes;
  Kept index = MIRA_TRY(lease_index(project, notes));
  index.connection.set_deadline(deadline);
  auto opened = std::make_unique<Opened>(std::move(main.reader), idle_, main.writer, std::move(index),
                                         std::move(home), std::move(project), std::move(tree), clock_);
  opened->session().notes = std::move(notes);
  return opened;
}

Result<std::unique_ptr<Opened>> LocalHost::open_as_indexed(const std::string& path, bool writes,
                                                           base::Deadline deadline) {
  base::Home home = MIRA_TRY(base::find_home());
  auto project = MIRA_TRY(workspace::find_project(path.empty() ? "." : path, home));
  // Another process's writes are short; who holds a lock for longer would hold it past the deadline too.
  const store::Patience patience(deadline.remaining_ms() / 4);
  std::error_code ignored;
  bool indexed = std::filesystem::exists(index_file(project), ignored);
  if (!indexed && !writes) {
    return base::fail(base::ErrorCode::not_found, "this project was never indexed", "run: mira index");
  }
  Lease main = MIRA_TRY(lease_main_to_read(home));
  std::vector<std::string> notes;
  auto idle = idle_.take(index_file(project), store::Access::read_only);
  Kept index = idle      ? std::move(*idle)
               : indexed ? MIRA_TRY(open_kept_reader(index_file(project), store::Durability::normal))
                         : MIRA_TRY(lease_index(project, notes));
  index.connection.set_deadline(deadline);
  main.reader.connection.set_deadline(deadline);
  return std::make_unique<Opened>(std::move(main.reader), idle_, main.writer, std::move(index),
                                  std::move(home), std::move(project), workspace::Tree{}, clock_);
}

Result<std::unique_ptr<oracle::OwnedSession>> LocalHost::make(const contracts::Session& like) {
  auto index = MIRA_TRY(open_reader(index_file(like.project), store::Durability::normal));
  auto reader = MIRA_TRY(open_reader(main_file(like.home), store::Durability::full));
  return std::make_unique<Opened>(std::move(reader), like.main_writer, std::move(index), like);
}

Status LocalHost::finish_opening(contracts::Session& session) {
  for (const contracts::Feature& feature : features_) {
    if (feature.opened) MIRA_TRY(feature.opened(session));
  }
  return {};
}

namespace {

// What the answer rests on. current: the files as they were when it was asked; old: an earlier index, since
// it could not be brought up to date; as_indexed: the files were not looked at.
Result<Json> freshness_of(contracts::Session& session, std::string_view state) {
  auto indexed = MIRA_TRY(session.index.integer("SELECT max(finished_ms) FROM index_updates"));
  return Json{{"state", state},
              {"commit", session.head_commit.empty() ? Json() : Json(session.head_commit)},
              {"indexed_ms", indexed ? Json(*indexed) : Json()}};
}

}  // namespace

Result<Reply> LocalHost::call(const Action& action, const contracts::Request& request,
                              base::Progress& progress, base::Deadline deadline) {
  Call call{.arguments = request.arguments,
            .session = nullptr,
            .deadline = deadline,
            .progress = progress,
            .registry = registry_,
            .input = request.input,
            .streams = request.streams};
  if (action.needs == Needs::nothing) return action.handle(call);
  std::optional<Quiet::Question> question;
  if (action.needs == Needs::fresh) question.emplace(quiet_);
  bool at_once = request.freshness == contracts::Freshness::as_indexed;
  auto opened = MIRA_TRY(at_once ? open_as_indexed(request.project, !action.read_only, deadline)
                                 : open(request.project, deadline));
  contracts::Session& session = opened->session();
  std::string_view state = "as_indexed";
  if (action.needs == Needs::fresh && !at_once) {
    auto report =
        MIRA_TRY(bring_up_to_date(session, features_, Patience::answer, progress, deadline, action.name));
    state = report.old ? "old" : "current";
  }
  MIRA_TRY(finish_opening(session));
  call.session = &session;
  Reply reply = MIRA_TRY(action.handle(call));
  reply.notes.insert(reply.notes.begin(), session.notes.begin(), session.notes.end());
  if (reply.data.is_object()) reply.data["freshness"] = MIRA_TRY(freshness_of(session, state));
  return reply;
}

namespace {

class LocalBatch : public contracts::Host::Batch {
 public:
  LocalBatch(const Action& action, std::unique_ptr<Opened> opened, base::Progress& progress,
             const contracts::Registry& registry)
      : action_(action), opened_(std::move(opened)), progress_(progress), registry_(registry) {}

  Result<Reply> call(const Json& arguments, base::Deadline deadline) override {
    Call call{.arguments = arguments,
              .session = &opened_->session(),
              .deadline = deadline,
              .progress = progress_,
              .registry = registry_,
              .batch = true};
    return action_.handle(call);
  }

 private:
  const Action& action_;
  std::unique_ptr<Opened> opened_;
  base::Progress& progress_;
  const contracts::Registry& registry_;
};

}  // namespace

Result<std::unique_ptr<contracts::Host::Batch>> LocalHost::open_batch(const Action& action,
                                                                      const std::string& project,
                                                                      base::Progress& progress,
                                                                      base::Deadline deadline) {
  auto opened = MIRA_TRY(open(project, deadline));
  if (action.needs == Needs::fresh) {
    MIRA_TRY(
        bring_up_to_date(opened->session(), features_, Patience::answer, progress, deadline, action.name));
  }
  MIRA_TRY(finish_opening(opened->session()));
  std::unique_ptr<contracts::Host::Batch> batch =
      std::make_unique<LocalBatch>(action, std::move(opened), progress, registry_);
  return batch;
}

}  // namespace mira::app

#include "app/follow.h"

#include <atomic>
#include <thread>

#include "app/local_host.h"
#include "app/pump.h"
#include "platform/base/text.h"

namespace mira::app {
namespace {

using base::Result;
using base::Status;
using contracts::Json;

Json parts_json(const PumpReport& report) {
  Json out = Json::array();
  for (const IndexerReport& one : report.indexers) {
    bool changed = one.report.added + one.report.changed + one.report.removed > 0;
    if (!changed && one.error.empty()) continue;
    out.push_back({{"indexer", one.indexer},
                   {"unit", one.report.unit},
                   {"added", one.report.added},
                   {"changed", one.report.changed},
                   {"removed", one.report.removed},
                   {"took_ms", one.took_ms},
                   {"error", one.error.empty() ? Json() : Json(one.error)}});
  }
  return out;
}

class Loop {
 public:
  Loop(LocalHost& host, std::string path, workspace::Watch& watch,
       const std::function<bool(const Json&)>& told)
      : host_(host), path_(std::move(path)), watch_(watch), told_(told) {}

  // One look at the project; true when something was brought in. A folder that was only now watched may
  // hold files that came before its watch: it is looked at once more.
  Result<bool> round(base::Deadline deadline) {
    bool changed = false;
    for (int look = 0; look < 3; ++look) {
      auto started = base::Deadline::SteadyClock::now();
      auto opened = MIRA_TRY(host_.open(path_, deadline));
      contracts::Session& session = opened->session();
      bool grown = watch_.follow(session.project, session.tree);
      project_ = base::repair_utf8(session.project.root.string());
      PumpReport report =
          MIRA_TRY(bring_up_to_date(session, host_.features(), Patience::answer, progress_, deadline));
      auto took =
          std::chrono::duration_cast<std::chrono::milliseconds>(base::Deadline::SteadyClock::now() - started);
      if (report.old)
        return base::fail(base::ErrorCode::locked, session.notes.empty() ? "" : session.notes.back());
      Json parts = parts_json(report);
      if (!parts.empty()) {
        changed = true;
        last_ = {{"event", "updated"}, {"parts", std::move(parts)}, {"took_ms", took.count()}};
        if (following_ && !told_(last_)) ended_ = true;
      }
      if (!grown) break;
    }
    return changed;
  }

  Status run(base::Deadline deadline) {
    MIRA_TRY(round(deadline));
    following_ = true;
    ended_ = !told_({{"event", "following"},
                     {"project", project_},
                     {"folders", watch_.folders()},
                     {"how", watch_.polling() ? "polling" : "inotify"}});
    bool again = false;
    while (!ended_) {
      workspace::Wake wake = watch_.wait(again ? deadline.within_ms(retry_ms) : deadline);
      if (deadline.expired()) return {};
      again = false;
      if (wake == workspace::Wake::overflow && !told_({{"event", "overflow"}})) return {};
      auto done = round(deadline);
      if (done) continue;
      if (deadline.expired()) return {};
      again = true;
      if (!told_({{"event", "failed"}, {"message", base::display_line(done.error().message)}})) return {};
    }
    return {};
  }

 private:
  static constexpr std::int64_t retry_ms = 2000;

  LocalHost& host_;
  std::string path_, project_;
  workspace::Watch& watch_;
  const std::function<bool(const Json&)>& told_;
  base::QuietProgress progress_;
  Json last_;
  bool following_ = false, ended_ = false;
};

}  // namespace

namespace {

class Thread : public contracts::Followed {
 public:
  Thread(LocalHost& host, std::string path, std::function<void(const Json&)> told)
      : worker_([this, &host, path = std::move(path), told = std::move(told)] {
          auto tell = [&](const Json& event) {
            if (told) told(event);
            return !ending_.load();
          };
          Status done = app::follow(host, path, {}, tell, base::Deadline::never().with_cancel(&ending_));
          if (!done && told)
            told({{"event", "failed"}, {"message", base::display_line(done.error().message)}});
        }) {}
  ~Thread() override {
    ending_ = true;
    worker_.join();
  }

 private:
  std::atomic<bool> ending_ = false;  // before the thread that reads it
  std::thread worker_;
};

}  // namespace

Result<std::unique_ptr<contracts::Followed>> LocalHost::follow(const std::string& path,
                                                               std::function<void(const Json&)> told) {
  std::unique_ptr<contracts::Followed> out = std::make_unique<Thread>(*this, path, std::move(told));
  return out;
}

Status follow(LocalHost& host, const std::string& path, const workspace::WatchOptions& options,
              const std::function<bool(const Json&)>& told, base::Deadline deadline) {
  auto watch = MIRA_TRY(workspace::Watch::start(options));
  return Loop(host, path, *watch, told).run(deadline);
}

}  // namespace mira::app

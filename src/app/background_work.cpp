#include "app/background_work.h"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "platform/base/log.h"
#include "platform/store/file_lock.h"

namespace mira::app {
namespace {

using base::Result;

constexpr std::int64_t first_wait_ms = 2000;  // a process that ends sooner pays nothing
constexpr std::int64_t slice_ms = 5000, between_slices_ms = 50;
constexpr std::int64_t busy_slice_ms = 200, busy_wait_ms = 2000;
constexpr std::int64_t after_answer_ms = 2000;  // an agent that asks asks again
constexpr std::int64_t idle_wait_ms = 10'000, failed_wait_ms = 60'000;
constexpr std::int64_t between_looks_at_backups_ms = 3'600'000;
constexpr double busy_share = 20;  // per cent of the last ten seconds in which some work waited
constexpr int lowest_priority = 19;

}  // namespace

bool is_machine_busy() {
  std::ifstream pressure("/proc/pressure/cpu");
  std::string some, average;
  if (pressure >> some >> average && some == "some" && average.starts_with("avg10="))
    return std::strtod(average.c_str() + 6, nullptr) > busy_share;
  double load = 0;
  return ::getloadavg(&load, 1) == 1 && load > std::thread::hardware_concurrency();
}

BackgroundWork::BackgroundWork(LocalHost& host, std::string path)
    : host_(host), path_(std::move(path)), worker_([this] { run(); }) {}

BackgroundWork::~BackgroundWork() {
  {
    std::lock_guard guard(mutex_);
    ending_ = true;
  }
  host_.quiet().disturb();
  wake_.notify_all();
  worker_.join();
}

bool BackgroundWork::wait_ms(std::int64_t ms) {
  std::unique_lock lock(mutex_);
  return !wake_.wait_for(lock, std::chrono::milliseconds(ms), [&] { return ending_.load(); });
}

void BackgroundWork::run() {
  ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), lowest_priority);  // of this thread alone
  std::int64_t pause_ms = first_wait_ms;
  while (wait_ms(pause_ms)) {
    auto next = round();
    bool disturbed = !next && next.error().code == base::ErrorCode::interrupted;
    if (!next && !disturbed) base::log(base::LogLevel::warning, "embedding: " + next.error().message);
    pause_ms = next.value_or(disturbed ? after_answer_ms : failed_wait_ms);
  }
}

Result<std::int64_t> BackgroundWork::round() {
  if (!host_.quiet().has_lasted(after_answer_ms) || ending_) return after_answer_ms;
  back_up();
  base::Deadline deadline = base::Deadline::never().with_cancel(host_.quiet().disturbed());
  auto opened = host_.open_indexed(path_, deadline);
  if (!opened && opened.error().code == base::ErrorCode::not_found) return idle_wait_ms;  // not indexed yet
  if (!opened) return std::unexpected(opened.error());
  contracts::Session& session = (*opened)->session();
  auto lock = store::FileLock::acquire(session.home.state / "embedding.lock", "embedding",
                                       base::Deadline::after_ms(0));
  if (!lock) return idle_wait_ms;  // another process does it
  bool busy = is_machine_busy();
  bool more = MIRA_TRY(embed_some(session, busy ? busy_slice_ms : slice_ms));
  if (!more) return idle_wait_ms;
  return busy ? busy_wait_ms : between_slices_ms;
}

void BackgroundWork::back_up() {
  std::int64_t now_ms = host_.clock().now_ms();
  if (now_ms < next_look_at_backups_ms_) return;
  next_look_at_backups_ms_ = now_ms + between_looks_at_backups_ms;
  if (auto done = host_.back_up_if_due(UINTMAX_MAX); !done)
    base::log(base::LogLevel::warning, "backing up: " + done.error().message);
}

// True when something still waits.
Result<bool> BackgroundWork::embed_some(contracts::Session& session, std::int64_t ms) {
  base::Deadline deadline = base::Deadline::after_ms(ms).with_cancel(host_.quiet().disturbed());
  base::QuietProgress progress;
  for (const auto& embeds : host_.embeds()) {
    if (embeds->embedder() == nullptr) continue;
    std::int64_t version = MIRA_TRY(embeds->version(session));
    auto known = done_.find(embeds->collection());
    if (known != done_.end() && known->second == version) continue;
    auto report = MIRA_TRY(embeds->bring_up_to_date(session, progress, deadline));
    if (report.waiting > 0) return true;
    done_[std::string(embeds->collection())] = version;
  }
  return false;
}

}  // namespace mira::app

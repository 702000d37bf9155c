// One request while it is worked on: the Client that work talks to. It knows the era of
// the request, so work is written once: what a legacy client is asked in the middle of a
// call, a client of 2026-07-28 is told to bring with its next try.
#pragma once

#include <atomic>
#include <mutex>

#include "faces/mcp/seal.h"
#include "faces/mcp/session.h"
#include "faces/mcp/tasks.h"

namespace mira::mcp {

// A request, from its arrival to its answer.
struct Job {
  Incoming request;
  Era era = Era::legacy;
  std::shared_ptr<Session> session;  // null: modern over HTTP
  std::shared_ptr<Outlet> outlet;
  std::atomic<bool> cancelled{false};
};

class Exchange : public Client, public base::Progress {
 public:
  // All must outlive it.
  Exchange(const std::shared_ptr<Job>& job, const Dispatcher& dispatcher, const Seal& seal, Tasks& tasks,
           const base::Clock& clock);

  // Reads what the client brought for this try; the error refuses the request.
  std::optional<Fault> read_try();
  base::Deadline deadline() const;
  // The work is over: the id of the task it became, or "". None begins from now on.
  std::string close();

  bool can(std::string_view capability) const override;
  base::Result<Json> ask(const std::vector<Question>& questions, const Json& state) override;
  const Json& state() const override { return state_; }
  void log(std::string_view level, const Json& data) override;
  void progress(double done, double total, const std::string& message) override;
  bool begin_task() override;
  std::optional<Outcome> instead() const override { return instead_; }
  void close_stream() override { job_->outlet->close_stream(); }

  // Progress of actions: at most ten a second; a call that takes long becomes a task where it may.
  void update(std::string_view stage, std::int64_t done, std::int64_t total, std::string_view unit) override;

 private:
  base::Result<Json> ask_legacy(const std::vector<Question>& questions);
  base::Result<Json> ask_modern(const std::vector<Question>& questions, const Json& state);
  std::string bound() const;
  std::string task() const;
  bool begin_task_locked();

  std::shared_ptr<Job> job_;
  const Dispatcher& dispatcher_;
  const Seal& seal_;
  Tasks& tasks_;
  const base::Clock& clock_;
  Handshake handshake_;
  Json capabilities_, responses_ = Json::object(), state_, progress_token_;
  std::string least_level_;  // "": nothing is logged
  std::optional<Outcome> instead_;
  mutable std::mutex mutex_;  // of all below: progress comes from the threads of the work
  std::string task_;          // "": an ordinary call
  TaskUse task_use_ = TaskUse::never;
  double reached_ = -1;
  std::int64_t steps_ = 0;
  std::chrono::steady_clock::time_point sent_{}, started_ = std::chrono::steady_clock::now();
};

}  // namespace mira::mcp

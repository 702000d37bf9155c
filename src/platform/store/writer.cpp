#include "platform/store/writer.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "platform/store/backup.h"
#include "platform/store/migrate.h"

namespace mira::store {
namespace {

constexpr std::size_t most_changes_in_a_batch = 256;
constexpr std::int64_t cancel_look_ms = 50;

// One submit() that waits. It lives on the waiter's stack until it is answered,
// so nothing may touch it after that.
struct Waiting {
  Writer::Change change;
  base::Deadline deadline;
  Status ran = {};                              // why its change failed; the writer's alone
  std::optional<Status> answer = std::nullopt;  // guarded by the mutex
  std::condition_variable wake = {};
};

using Batch = std::vector<Waiting*>;

Status too_late(const base::Deadline& deadline) {
  if (deadline.cancelled()) {
    return base::fail(ErrorCode::interrupted, "the write was interrupted before it began");
  }
  return base::fail(ErrorCode::timeout, "the database was busy until the deadline, and nothing was written",
                    "try again, or allow more time");
}

base::Deadline earliest(const Batch& batch) {
  auto less = [](Waiting* a, Waiting* b) { return a->deadline.remaining_ms() < b->deadline.remaining_ms(); };
  return (*std::min_element(batch.begin(), batch.end(), less))->deadline;
}

// Runs batches of changes on one connection and answers each of them.
class BatchRunner {
 public:
  BatchRunner(Connection connection, std::mutex& mutex)
      : file_(connection.file()),
        options_(connection.options()),
        connection_(std::move(connection)),
        mutex_(mutex) {
    if (auto steps = steps_applied(*connection_)) steps_ = *steps;
  }

  void run(Batch batch) {
    Status sound = make_sound();
    if (!sound) return answer_all(batch, sound);
    batch = begin(std::move(batch));
    if (batch.empty()) return;
    if (run_changes(batch)) return commit(batch);
    run_each_alone(batch);
  }

 private:
  // After a disk error, or a transaction that could not be ended: a new connection,
  // and no write before a check has passed.
  Status make_sound() {
    if (connection_ && !connection_->disk_failed()) return {};
    Connection fresh = MIRA_TRY(Connection::open(file_, options_));
    MIRA_TRY(integrity_check(fresh));
    connection_ = std::move(fresh);
    return {};
  }

  // Begins a transaction for those whose deadline allows the wait for other writers.
  Batch begin(Batch batch) {
    while (!(batch = still_waiting(batch)).empty()) {
      base::Deadline wait_until = earliest(batch);
      connection_->set_deadline(wait_until);
      Status begun = connection_->run("BEGIN IMMEDIATE");
      connection_->set_deadline(base::Deadline::never());
      if (begun) begun = check_version();
      if (begun) return batch;
      if (wait_until.expired()) continue;
      answer_all(batch, begun);
      return {};
    }
    return batch;
  }

  // A newer program may have migrated the file since it was opened here. Asked inside
  // the transaction, so that the answer holds until its end.
  Status check_version() {
    auto steps = steps_applied(*connection_);
    if (steps && *steps == steps_.value_or(*steps)) {
      steps_ = *steps;
      return {};
    }
    give_up();
    if (!steps) return std::unexpected(steps.error());
    return base::fail(ErrorCode::unavailable,
                      "a newer version of Mira has changed the database, and this process was started before",
                      "restart it (an MCP server: reconnect it in the agent)");
  }

  Batch still_waiting(const Batch& batch) {
    Batch rest;
    for (Waiting* waiting : batch) {
      if (waiting->deadline.expired()) {
        answer(*waiting, too_late(waiting->deadline));
      } else {
        rest.push_back(waiting);
      }
    }
    return rest;
  }

  // False when SQLite rolled the whole transaction back.
  bool run_changes(const Batch& batch) {
    for (Waiting* waiting : batch) {
      waiting->ran = run_change(waiting->change);
      if (!connection_ || !connection_->in_transaction()) return false;
    }
    return true;
  }

  Status run_change(const Writer::Change& change) {
    MIRA_TRY(connection_->run("SAVEPOINT change"));
    Status done = change(*connection_);
    if (!connection_->in_transaction()) {
      if (!done) return done;
      return base::fail(ErrorCode::failed, "the transaction ended inside a change, and nothing was written");
    }
    Status ended = done ? Status() : connection_->run("ROLLBACK TO change");
    if (ended) ended = connection_->run("RELEASE change");
    if (ended) return done;
    give_up();  // a half-done change must not be committed with the others
    return done ? ended : done;
  }

  void commit(const Batch& batch) {
    Status committed = connection_->run("COMMIT");
    if (!committed) give_up();
    bool one_is_to_blame = !committed && committed.error().code == ErrorCode::failed;  // a broken reference
    if (one_is_to_blame && batch.size() > 1) return run_each_alone(batch);
    answer_all(batch, committed);
  }

  // Ends the transaction without its changes. Closing does so too, and cannot fail,
  // even when there is no memory left to roll back with.
  void give_up() {
    connection_->roll_back();
    if (connection_->in_transaction()) connection_.reset();
  }

  void run_each_alone(const Batch& batch) {
    for (Waiting* waiting : batch) {
      if (waiting->ran) {
        run({waiting});
      } else {
        answer(*waiting, waiting->ran);
      }
    }
  }

  void answer_all(const Batch& batch, const Status& status) {
    for (Waiting* waiting : batch) answer(*waiting, waiting->ran ? status : waiting->ran);
  }

  void answer(Waiting& waiting, const Status& status) {
    std::lock_guard lock(mutex_);
    waiting.answer = status;
    waiting.wake.notify_one();
  }

  std::filesystem::path file_;
  OpenOptions options_;
  std::optional<Connection> connection_;  // none after it had to be closed in the middle
  std::optional<std::int64_t> steps_;     // of its schema when it was opened; none until they could be read
  std::mutex& mutex_;
};

class GroupCommit : public Writer {
 public:
  explicit GroupCommit(Connection connection)
      : runner_(std::move(connection), mutex_), thread_([this] { work(); }) {}

  ~GroupCommit() override {
    {
      std::lock_guard lock(mutex_);
      closing_ = true;
    }
    arrived_.notify_all();
    thread_.join();
  }

  Status submit(Change change, base::Deadline deadline) override {
    Waiting waiting{.change = std::move(change), .deadline = deadline};
    std::unique_lock lock(mutex_);
    queue_.push_back(&waiting);
    arrived_.notify_one();
    while (!waiting.answer) {
      if (deadline.expired() && std::erase(queue_, &waiting) > 0) return too_late(deadline);
      std::int64_t nap_ms = std::clamp<std::int64_t>(deadline.remaining_ms(), 1, cancel_look_ms);
      waiting.wake.wait_for(lock, std::chrono::milliseconds(nap_ms));
    }
    return *std::move(waiting.answer);
  }

 private:
  void work() {
    for (Batch batch = next_batch(); !batch.empty(); batch = next_batch()) {
      runner_.run(std::move(batch));
    }
  }

  Batch next_batch() {
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, [this] { return closing_ || !queue_.empty(); });
    Batch batch;
    while (!queue_.empty() && batch.size() < most_changes_in_a_batch) {
      batch.push_back(queue_.front());
      queue_.pop_front();
    }
    return batch;
  }

  std::mutex mutex_;  // of the queue and the answers
  BatchRunner runner_;
  std::condition_variable arrived_;
  std::deque<Waiting*> queue_;
  bool closing_ = false;
  std::thread thread_;
};

}  // namespace

std::unique_ptr<Writer> Writer::start(Connection connection) {
  return std::make_unique<GroupCommit>(std::move(connection));
}

}  // namespace mira::store

// Tasks of 2026-07-28 (extension io.modelcontextprotocol/tasks): a call that is answered
// at once with a handle and goes on behind it. Kept in memory for an hour, at most 256;
// they belong to this process and end with it.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "faces/mcp/offer.h"

namespace mira::mcp {

class Tasks {
 public:
  // The task as a call answers it ("resultType":"task"), or nothing when there is no room for one.
  // `cancel` stops the work; it is called once at most, and not after settle().
  std::optional<Json> begin(std::function<void()> cancel, std::int64_t now_ms);
  // The work is over: its result, or the protocol's error. What was cancelled stays cancelled.
  void settle(const std::string& id, const Outcome& outcome, std::int64_t now_ms);
  // Shows the questions to whoever looks at the task and waits for all answers.
  base::Result<Json> ask(const std::string& id, const std::vector<Question>& questions,
                         base::Deadline deadline, std::int64_t now_ms);

  // tasks/get, tasks/update, tasks/cancel.
  Outcome answer(const Incoming& request, std::int64_t now_ms);

 private:
  struct Task {
    std::string id, status = "working";
    std::int64_t created_ms = 0, updated_ms = 0;
    std::function<void()> cancel;
    std::vector<Question> questions;
    Json answers = Json::object();
    std::optional<Outcome> outcome;
  };
  static Json shown(const Task& task);
  void forget_old(std::int64_t now_ms);
  Outcome update(Task& task, const Incoming& request, std::int64_t now_ms);

  std::mutex mutex_;
  std::condition_variable came_;
  std::map<std::string, Task> tasks_;
};

// Whether it can be the result of such a question.
bool answers(const Question& question, const Json& result);
// "2026-07-28T12:00:00.000Z"
std::string iso_time(std::int64_t ms);

}  // namespace mira::mcp

#include "faces/mcp/tasks.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <ctime>

#include "faces/mcp/dispatch.h"
#include "faces/mcp/seal.h"

namespace mira::mcp {
namespace {

constexpr std::size_t most_tasks = 256;
constexpr std::int64_t kept_ms = 3'600'000;
constexpr std::int64_t poll_ms = 500;
constexpr auto look_again = std::chrono::milliseconds(20);

bool is_over(const std::string& status) {
  return status == "completed" || status == "failed" || status == "cancelled";
}

}  // namespace

std::string iso_time(std::int64_t ms) {
  auto seconds = static_cast<std::time_t>(ms / 1000);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03d}Z", parts, ms % 1000);
}

bool answers(const Question& question, const Json& result) {
  if (!result.is_object()) return false;
  if (question.method == "roots/list") return result.value("roots", Json()).is_array();
  if (question.method == "sampling/createMessage") return result.contains("content");
  Json action = result.value("action", Json());
  bool known = action == "accept" || action == "decline" || action == "cancel";
  Json content = result.value("content", Json());
  return known && (content.is_null() || content.is_object());
}

void Tasks::forget_old(std::int64_t now_ms) {
  std::erase_if(tasks_, [&](const auto& entry) {
    return is_over(entry.second.status) && entry.second.updated_ms + kept_ms < now_ms;
  });
}

std::optional<Json> Tasks::begin(std::function<void()> cancel, std::int64_t now_ms) {
  auto id = random_name();
  std::lock_guard guard(mutex_);
  forget_old(now_ms);
  if (!id || tasks_.size() >= most_tasks) return std::nullopt;
  Task task{.id = *id, .created_ms = now_ms, .updated_ms = now_ms, .cancel = std::move(cancel)};
  Json out = shown(task);
  out["resultType"] = "task";
  tasks_.emplace(*id, std::move(task));
  return out;
}

void Tasks::settle(const std::string& id, const Outcome& outcome, std::int64_t now_ms) {
  std::lock_guard guard(mutex_);
  auto found = tasks_.find(id);
  if (found == tasks_.end()) return;
  Task& task = found->second;
  task.cancel = nullptr;
  if (task.status == "cancelled") return;
  task.status = outcome ? "completed" : "failed";
  task.outcome = outcome;
  task.updated_ms = now_ms;
}

base::Result<Json> Tasks::ask(const std::string& id, const std::vector<Question>& questions,
                              base::Deadline deadline, std::int64_t now_ms) {
  std::unique_lock lock(mutex_);
  auto found = tasks_.find(id);
  if (found == tasks_.end()) return base::fail(base::ErrorCode::interrupted, "the task is gone");
  Task& task = found->second;
  task.status = "input_required";
  task.questions = questions;
  task.answers = Json::object();
  task.updated_ms = now_ms;
  while (task.answers.size() < questions.size() && !deadline.expired()) came_.wait_for(lock, look_again);
  task.questions.clear();
  if (task.answers.size() < questions.size())
    return base::fail(base::ErrorCode::interrupted, "the client did not answer");
  task.status = "working";
  return std::move(task.answers);
}

Json Tasks::shown(const Task& task) {
  Json out{{"taskId", task.id},
           {"status", task.status},
           {"createdAt", iso_time(task.created_ms)},
           {"lastUpdatedAt", iso_time(task.updated_ms)},
           {"ttlMs", kept_ms},
           {"pollIntervalMs", poll_ms}};
  for (const Question& question : task.questions)
    if (!task.answers.contains(question.key))
      out["inputRequests"][question.key] = {{"method", question.method}, {"params", question.params}};
  if (task.outcome && *task.outcome) out["result"] = **task.outcome;
  if (task.outcome && !*task.outcome) {
    const Fault& fault = task.outcome->error();
    out["error"] = {{"code", fault.code}, {"message", fault.message}};
    if (!fault.data.is_null()) out["error"]["data"] = fault.data;
  }
  return out;
}

Outcome Tasks::update(Task& task, const Incoming& request, std::int64_t now_ms) {
  Json given = request.params.value("inputResponses", Json());
  if (!given.is_object()) return fault(code::invalid_params, "inputResponses must be an object");
  for (const Question& question : task.questions) {
    auto answer = given.find(question.key);
    if (answer == given.end()) continue;
    if (!answers(question, *answer))
      return fault(code::invalid_params, question.key + " is no answer to what was asked");
    task.answers[question.key] = *answer;
    task.updated_ms = now_ms;
  }
  came_.notify_all();
  return Json::object();
}

Outcome Tasks::answer(const Incoming& request, std::int64_t now_ms) {
  std::function<void()> cancel;
  Outcome out = Json::object();
  {
    std::lock_guard guard(mutex_);
    forget_old(now_ms);
    auto found = tasks_.find(text_param(request, "taskId"));
    if (found == tasks_.end()) return fault(code::invalid_params, "there is no task of this id");
    Task& task = found->second;
    if (request.method == "tasks/get") return shown(task);
    if (request.method == "tasks/update") return update(task, request, now_ms);
    if (is_over(task.status)) return out;
    task.status = "cancelled";
    task.updated_ms = now_ms;
    task.questions.clear();
    cancel = std::move(task.cancel);
    task.cancel = nullptr;
    came_.notify_all();
  }
  if (cancel) cancel();
  return out;
}

}  // namespace mira::mcp

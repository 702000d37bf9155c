#include "faces/mcp/exchange.h"

#include <algorithm>
#include <array>

namespace mira::mcp {
namespace {

constexpr auto progress_every = std::chrono::milliseconds(100);
constexpr auto task_after = std::chrono::seconds(2);  // a call that may become a task does so then

std::string capability_of(const std::string& method) {
  if (method == "roots/list") return "roots";
  return method.substr(0, method.find('/'));
}

bool takes_answers(const std::string& method) {
  constexpr std::array<std::string_view, 3> methods{"tools/call", "resources/read", "prompts/get"};
  return std::ranges::find(methods, method) != methods.end();
}

Json progress_token(const Incoming& request) {
  Json token = meta_of(request).value("progressToken", Json());
  return token.is_string() || token.is_number_integer() ? token : Json();
}

}  // namespace

Exchange::Exchange(const std::shared_ptr<Job>& job, const Dispatcher& dispatcher, const Seal& seal,
                   Tasks& tasks, const base::Clock& clock)
    : job_(job), dispatcher_(dispatcher), seal_(seal), tasks_(tasks), clock_(clock) {
  const Incoming& request = job_->request;
  if (job_->session) handshake_ = job_->session->handshake();
  progress_token_ = progress_token(request);
  if (job_->era == Era::modern) {
    capabilities_ = meta_of(request).value(meta::capabilities, Json::object());
    Json level = meta_of(request).value(meta::log_level, Json());
    if (level.is_string()) least_level_ = level.get<std::string>();
  } else {
    capabilities_ = handshake_.capabilities;
    least_level_ = handshake_.log_level;
  }
  if (request.method != "tools/call") return;
  auto& tools = dispatcher_.offer().tools;
  auto tool = std::ranges::find(tools, text_param(request, "name"), &Tool::name);
  if (tool != tools.end()) task_use_ = tool->task;
}

base::Deadline Exchange::deadline() const {
  return base::Deadline::never().with_cancel(&job_->cancelled);
}

std::string Exchange::bound() const {
  const Json& params = job_->request.params;
  Json what{job_->request.method, params.value("name", Json()), params.value("uri", Json()),
            params.value("arguments", Json())};
  return to_line(what);
}

std::optional<Fault> Exchange::read_try() {
  if (job_->era != Era::modern || !takes_answers(job_->request.method)) return std::nullopt;
  const Json& params = job_->request.params;
  if (auto given = params.find("inputResponses"); given != params.end()) {
    if (!given->is_object()) return Fault{code::invalid_params, "inputResponses must be an object", nullptr};
    responses_ = *given;
  }
  auto brought = params.find("requestState");
  if (brought == params.end()) return std::nullopt;
  if (!brought->is_string()) return Fault{code::invalid_params, "requestState must be a string", nullptr};
  auto state = seal_.open(brought->get<std::string>(), bound(), clock_.now_ms());
  if (!state) return Fault{code::invalid_params, state.error().message, nullptr};
  state_ = std::move(*state);
  return std::nullopt;
}

bool Exchange::can(std::string_view capability) const {
  return capabilities_.is_object() && capabilities_.contains(std::string(capability));
}

base::Result<Json> Exchange::ask(const std::vector<Question>& questions, const Json& state) {
  for (const Question& question : questions) {
    std::string needed = capability_of(question.method);
    if (can(needed)) continue;
    if (job_->era == Era::modern) instead_ = std::unexpected(missing_capability(needed));
    return base::fail(base::ErrorCode::unavailable, "the client has no " + needed);
  }
  if (job_->era == Era::legacy) return ask_legacy(questions);
  if (std::string id = task(); !id.empty()) return tasks_.ask(id, questions, deadline(), clock_.now_ms());
  return ask_modern(questions, state);
}

base::Result<Json> Exchange::ask_legacy(const std::vector<Question>& questions) {
  Json out = Json::object();
  for (const Question& question : questions) {
    Json answer = MIRA_TRY(job_->session->ask(*job_->outlet, question, deadline()));
    if (!answers(question, answer))
      return base::fail(base::ErrorCode::failed, "the client's answer is none to " + question.method);
    out[question.key] = std::move(answer);
  }
  return out;
}

base::Result<Json> Exchange::ask_modern(const std::vector<Question>& questions, const Json& state) {
  Json missing = Json::object();
  for (const Question& question : questions) {
    auto found = responses_.find(question.key);
    if (found == responses_.end()) {
      missing[question.key] = {{"method", question.method}, {"params", question.params}};
    } else if (!answers(question, *found)) {
      instead_ = fault(code::invalid_params, question.key + " is no answer to what was asked");
      return base::fail(base::ErrorCode::usage, "the client's answer is malformed");
    }
  }
  if (missing.empty()) return responses_;
  Json result{{"resultType", "input_required"}, {"inputRequests", std::move(missing)}};
  if (!state.is_null()) result["requestState"] = seal_.close(state, bound(), clock_.now_ms());
  instead_ = std::move(result);
  return base::fail(base::ErrorCode::interrupted, "the client is asked first");
}

void Exchange::log(std::string_view level, const Json& data) {
  if (least_level_.empty() || !is_logged(level, least_level_) || !task().empty()) return;
  job_->outlet->send(notification_message(
      "notifications/message", {{"level", level}, {"logger", dispatcher_.offer().name}, {"data", data}}));
}

void Exchange::progress(double done, double total, const std::string& message) {
  std::lock_guard guard(mutex_);
  if (progress_token_.is_null() || job_->cancelled.load() || done <= reached_ || !task_.empty()) return;
  reached_ = done;
  Json params{{"progressToken", progress_token_}, {"progress", done}};
  if (total > 0) params["total"] = total;
  if (!message.empty()) params["message"] = message;
  job_->outlet->send(notification_message("notifications/progress", std::move(params)));
}

std::string Exchange::task() const {
  std::lock_guard guard(mutex_);
  return task_;
}

std::string Exchange::close() {
  std::lock_guard guard(mutex_);
  task_use_ = TaskUse::never;
  progress_token_ = nullptr;
  return task_;
}

bool Exchange::begin_task() {
  std::lock_guard guard(mutex_);
  return begin_task_locked();
}

bool Exchange::begin_task_locked() {
  if (!task_.empty()) return true;
  Json extensions = capabilities_.is_object() ? capabilities_.value("extensions", Json()) : Json();
  bool takes = job_->era == Era::modern && extensions.is_object() && extensions.contains(tasks_extension);
  if (!takes || task_use_ == TaskUse::never) return false;
  std::weak_ptr<Job> job = job_;
  auto task = tasks_.begin(
      [job] {
        if (auto running = job.lock()) running->cancelled = true;
      },
      clock_.now_ms());
  if (!task) return false;
  task_ = (*task)["taskId"].get<std::string>();
  Json result = dispatcher_.dressed(job_->request.method, std::move(*task));
  job_->outlet->finish(result_message(job_->request.id, std::move(result)), 200);
  return true;
}

void Exchange::update(std::string_view stage, std::int64_t done, std::int64_t total, std::string_view unit) {
  auto now = std::chrono::steady_clock::now();
  double step = 0;
  {
    std::lock_guard guard(mutex_);
    if (now - sent_ < progress_every) return;
    sent_ = now;
    step = static_cast<double>(++steps_);
    if (now - started_ >= task_after && begin_task_locked()) return;
  }
  std::string message(stage);
  if (total > 0)
    message += ": " + std::to_string(done) + " of " + std::to_string(total) + " " + std::string(unit);
  progress(step, 0, message);
}

}  // namespace mira::mcp

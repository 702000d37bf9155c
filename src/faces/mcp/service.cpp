#include "faces/mcp/service.h"

#include <algorithm>
#include <chrono>
#include <thread>

namespace mira::mcp {
namespace {

constexpr std::size_t most_waiting = 256;  // requests in the queue; more are refused
constexpr std::size_t most_listens = 64;

}  // namespace

std::shared_ptr<Service> Service::start(const Offer& offer, ServiceOptions options) {
  std::shared_ptr<Service> service(new Service(offer, std::move(options)));
  std::weak_ptr<Service> weak = service;
  offer.changes->listen([weak](Changes::Kind kind, const std::string& uri) {
    if (auto self = weak.lock()) self->tell(kind, uri);
  });
  service->start_threads();
  return service;
}

void Service::start_threads() {
  std::lock_guard guard(mutex_);
  for (int i = 0; i < options_.threads; ++i) {
    ++working_;
    std::thread([self = shared_from_this()] { self->work(); }).detach();
  }
}

Service::Key Service::key_of(const Job& job) {
  const void* whose = job.session ? static_cast<const void*>(job.session.get()) : &job;
  return {whose, job.request.id};
}

void Service::refuse(const Job& job, const Fault& fault) {
  job.outlet->finish(fault_message(job.request.id, fault), fault.http_status);
}

void Service::take(std::shared_ptr<Job> job) {
  const std::string& method = job->request.method;
  bool listens = job->era == Era::modern && method == "subscriptions/listen";
  if (listens &&
      !job->request.params.value("notifications", Json::object()).contains("resourceSubscriptions"))
    return listen(job);
  if (job->era == Era::modern && method.starts_with("tasks/") && dispatcher_.has_tasks())
    return answer_task(job);
  if (Dispatcher::is_quick(method)) return answer_now(job);
  std::unique_lock lock(mutex_);
  if (closing_ || waiting_.size() >= most_waiting || running_.contains(key_of(*job))) {
    lock.unlock();
    refuse(*job, {code::invalid_request, "too many requests at once, or an id in use", nullptr});
    return;
  }
  running_[key_of(*job)] = job;
  waiting_.push_back(std::move(job));
  changed_.notify_one();
}

void Service::work() {
  while (auto job = next()) run(job);
  std::lock_guard guard(mutex_);
  --working_;
  changed_.notify_all();
}

void Service::run(const std::shared_ptr<Job>& job) {
  if (job->era == Era::modern && job->request.method == "subscriptions/listen") {
    finish(*job);
    return listen(job);
  }
  Exchange exchange(job, dispatcher_, seal_, tasks_, clock_);
  CallContext context{exchange.deadline(), exchange, &exchange};
  Json answer;
  if (auto wrong = exchange.read_try()) {
    answer = fault_message(job->request.id, *wrong);
  } else {
    Handshake handshake = job->session ? job->session->handshake() : Handshake{};
    answer = dispatcher_.answer(job->request, handshake, context, job->era);
  }
  if (job->session && job->request.method == "resources/subscribe" && answer.contains("result")) {
    remember(Json::array({job->request.params["uri"]}));
    job->session->watch(job->request.params["uri"].get<std::string>(), true);
    start_watching();
  }
  std::string task = exchange.close();
  bool wanted = finish(*job);
  if (!task.empty()) {
    Outcome outcome = Json();
    if (answer.contains("result")) {
      outcome = std::move(answer["result"]);
      for (const char* outer : {"resultType", "_meta"}) outcome->erase(outer);
    } else {
      outcome = fault(answer["error"]["code"].get<int>(), answer["error"]["message"].get<std::string>(),
                      answer["error"].value("data", Json()));
    }
    tasks_.settle(task, outcome, clock_.now_ms());
  } else if (wanted) {
    job->outlet->finish(answer, context.http_status);
  } else {
    job->outlet->drop();
  }
}

void Service::answer_now(const std::shared_ptr<Job>& job) {
  base::QuietProgress quiet;
  CallContext context{base::Deadline::never(), quiet};
  Handshake handshake = job->session ? job->session->handshake() : Handshake{};
  Json answer = dispatcher_.answer(job->request, handshake, context, job->era);
  const std::string& method = job->request.method;
  if (job->session && job->era == Era::legacy && answer.contains("result")) {
    job->session->set_handshake(std::move(handshake));
    if (method == "resources/unsubscribe") job->session->watch(text_param(job->request, "uri"), false);
  }
  job->outlet->finish(answer, context.http_status);
  if (method == "initialize" || method == "server/discover") meet();
}

void Service::answer_task(const std::shared_ptr<Job>& job) {
  if (auto wrong = dispatcher_.check_modern(job->request)) return refuse(*job, *wrong);
  const std::string& method = job->request.method;
  if (method != "tasks/get" && method != "tasks/update" && method != "tasks/cancel")
    return refuse(*job, {code::method_not_found, "there is no method " + method, nullptr, 404});
  Json extensions = meta_of(job->request)[meta::capabilities].value("extensions", Json());
  if (!extensions.is_object() || !extensions.contains(tasks_extension))
    return refuse(*job, missing_capability("extensions", tasks_extension));
  Outcome outcome = tasks_.answer(job->request, clock_.now_ms());
  if (!outcome) return refuse(*job, outcome.error());
  job->outlet->finish(result_message(job->request.id, dispatcher_.dressed(method, std::move(*outcome))), 200);
}

void Service::meet() {
  std::lock_guard guard(mutex_);
  if (introduced_ || closing_ || !options_.when_connected) return;
  introduced_ = true;
  ++working_;
  std::thread([self = shared_from_this()] { self->introduce(); }).detach();
}

void Service::introduce() {
  options_.when_connected(base::Deadline::never().with_cancel(&ended_));
  std::lock_guard guard(mutex_);
  --working_;
  changed_.notify_all();
}

void Service::notify(const Incoming& message, const std::shared_ptr<Session>& session) {
  if (message.method != "notifications/cancelled" || !session) return;
  std::shared_ptr<Job> job;
  {
    std::lock_guard guard(mutex_);
    Json id = message.params.value("requestId", Json());
    auto found = running_.find({session.get(), id});
    if (found != running_.end()) job = found->second;
    auto listening = std::ranges::find_if(listens_, [&](const Listen& listen) {
      return listen.job->session == session && listen.job->request.id == id;
    });
    if (listening != listens_.end()) job = listening->job;
  }
  if (job) cancel(job);
}

void Service::cancel(const std::shared_ptr<Job>& job) {
  job->cancelled = true;
  std::lock_guard guard(mutex_);
  if (std::erase_if(listens_, [&](const Listen& listen) { return listen.job == job; }) != 0)
    job->outlet->drop();
}

std::shared_ptr<Job> Service::next() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return closing_ || !waiting_.empty(); });
  if (waiting_.empty()) return nullptr;
  auto job = std::move(waiting_.front());
  waiting_.pop_front();
  return job;
}

// Whether the answer is still wanted.
bool Service::finish(const Job& job) {
  std::lock_guard guard(mutex_);
  running_.erase(key_of(job));
  return !job.cancelled.load();
}

void Service::add_session(const std::shared_ptr<Session>& session) {
  std::lock_guard guard(mutex_);
  std::erase_if(sessions_, [](const auto& known) { return known.expired(); });
  sessions_.push_back(session);
}

void Service::end_session(const std::shared_ptr<Session>& session) {
  std::vector<std::shared_ptr<Job>> jobs;
  {
    std::lock_guard guard(mutex_);
    std::erase_if(sessions_, [&](const auto& known) { return known.expired() || known.lock() == session; });
    for (auto& [key, job] : running_)
      if (job->session == session) jobs.push_back(job);
  }
  for (const auto& job : jobs) cancel(job);
}

void Service::listen(const std::shared_ptr<Job>& job) {
  if (auto wrong = dispatcher_.check_modern(job->request)) return refuse(*job, *wrong);
  Outcome filter = dispatcher_.honoured(job->request);
  if (!filter) return refuse(*job, filter.error());
  remember(filter->value("resourceSubscriptions", Json::array()));
  Json params{{"notifications", *filter}};
  params["_meta"][meta::subscription] = job->request.id;
  {
    std::lock_guard guard(mutex_);
    if (!closing_ && listens_.size() < most_listens) {
      job->outlet->send(notification_message("notifications/subscriptions/acknowledged", std::move(params)));
      listens_.push_back({job, *filter});
    }
    if (listens_.empty() || listens_.back().job != job) {
      job->outlet->finish(
          fault_message(job->request.id, {code::invalid_request, "too many subscriptions", nullptr}), 200);
      return;
    }
  }
  if (filter->contains("resourceSubscriptions")) start_watching();
}

bool Service::end(int grace_ms) {
  ended_ = true;
  end_listens();
  std::unique_lock lock(mutex_);
  closing_ = true;
  changed_.notify_all();
  auto idle = [&] { return working_ == 0; };
  auto grace = std::chrono::milliseconds(grace_ms);
  if (changed_.wait_for(lock, grace, idle)) return true;
  waiting_.clear();
  for (auto& [id, job] : running_) job->cancelled = true;
  return changed_.wait_for(lock, grace / 4, idle);
}

}  // namespace mira::mcp

#include "faces/http/watcher.h"

#include <thread>

namespace mira::http {
namespace {

constexpr auto look_every = std::chrono::seconds(1);
constexpr auto step = std::chrono::milliseconds(50);  // in which it notices that it should end
constexpr auto progress_every = std::chrono::milliseconds(100);
constexpr int look_ms = 5'000;

}  // namespace

contracts::Json Watcher::ask(std::string_view name, base::Deadline deadline) {
  const contracts::Action* action = host_.registry().find(name);
  if (action == nullptr) return nullptr;
  auto arguments = contracts::check_arguments(*action, contracts::Json::object());
  if (!arguments) return nullptr;
  base::QuietProgress quiet;
  auto reply =
      host_.call(*action, {.project = project_, .arguments = std::move(*arguments)}, quiet, deadline);
  // A project that was never indexed, a store that is locked: the next look sees more.
  return reply ? std::move(reply->data) : contracts::Json();
}

void Watcher::compare(const std::string& event, const std::string& key, const contracts::Json& now) {
  auto [known, first] = known_.try_emplace(event + " " + key, now);
  if (first || known->second == now) return;
  known->second = now;
  contracts::Json data{{"of", key}, {"now", now}};
  events_.publish(event, std::move(data));
}

void Watcher::look(base::Deadline deadline) {
  contracts::Json status = ask("status", deadline);
  if (status.is_object()) {
    for (const contracts::Json& update : status.value("updates", contracts::Json::array()))
      compare("indexing", update.value("indexer", ""), update);
    const contracts::Json all = status.value("facts", contracts::Json::object());
    for (const auto& [feature, facts] : all.items())
      compare(feature == "memory" ? "memory" : "facts", feature, facts);
  }
  contracts::Json budget = ask("budget status", deadline);
  if (budget.is_object()) compare("budget", "windows", budget.value("windows", contracts::Json()));
}

void Watcher::run(const std::atomic<bool>& over) {
  bool looked = false;
  auto next = std::chrono::steady_clock::now();
  while (!over) {
    std::this_thread::sleep_for(step);
    if (std::chrono::steady_clock::now() < next) continue;
    next = std::chrono::steady_clock::now() + look_every;
    // What changed while nobody listened is not told: the first look after it only remembers.
    if (!events_.wanted()) {
      if (looked) known_.clear();
      looked = false;
      continue;
    }
    looked = true;
    look(base::Deadline::after_ms(look_ms).with_cancel(&over));
  }
}

void PublishedProgress::update(std::string_view stage, std::int64_t done, std::int64_t total,
                               std::string_view unit) {
  {
    std::lock_guard guard(mutex_);
    auto now = std::chrono::steady_clock::now();
    if (now - sent_ < progress_every) return;
    sent_ = now;
  }
  events_.publish("indexing",
                  {{"of", action_}, {"stage", stage}, {"done", done}, {"total", total}, {"unit", unit}});
}

}  // namespace mira::http

#include "faces/mcp/session.h"

#include <chrono>

namespace mira::mcp {
namespace {

constexpr std::size_t most_watched = 64;
constexpr std::int64_t patience_ms = 300'000;               // with a client that was asked
constexpr auto look_again = std::chrono::milliseconds(20);  // at the cancel flag, while waiting

}  // namespace

Handshake Session::handshake() const {
  std::lock_guard guard(mutex_);
  return handshake_;
}

void Session::set_handshake(Handshake handshake) {
  std::lock_guard guard(mutex_);
  handshake_ = std::move(handshake);
}

base::Result<Json> Session::ask(Outlet& outlet, const Question& question, base::Deadline deadline) {
  deadline = deadline.within_ms(patience_ms);
  std::unique_lock lock(mutex_);
  std::string id = "mira-" + std::to_string(++last_asked_);
  asked_[id] = std::nullopt;
  lock.unlock();
  outlet.send({{"jsonrpc", "2.0"}, {"id", id}, {"method", question.method}, {"params", question.params}});
  lock.lock();
  while (!asked_[id] && !deadline.expired()) came_.wait_for(lock, look_again);
  std::optional<Json> answer = std::move(asked_[id]);
  asked_.erase(id);
  if (!answer) {
    auto why = deadline.cancelled() ? base::ErrorCode::interrupted : base::ErrorCode::timeout;
    return base::fail(why, "the client did not answer");
  }
  if (answer->contains("result")) return std::move((*answer)["result"]);
  Json error = answer->value("error", Json::object());
  Json said = error.is_object() ? error.value("message", Json()) : Json();
  return base::fail(
      base::ErrorCode::failed,
      "the client refused: " + (said.is_string() ? said.get<std::string>() : "no reason given"));
}

void Session::answered(const Json& message) {
  std::lock_guard guard(mutex_);
  auto id = message.find("id");
  if (id == message.end() || !id->is_string()) return;
  auto found = asked_.find(id->get<std::string>());
  if (found == asked_.end()) return;  // nobody waits for it any more
  found->second = message;
  came_.notify_all();
}

void Session::watch(const std::string& uri, bool wanted) {
  std::lock_guard guard(mutex_);
  if (!wanted)
    watched_.erase(uri);
  else if (watched_.size() < most_watched)
    watched_.insert(uri);
}

bool Session::watches(const std::string& uri) const {
  std::lock_guard guard(mutex_);
  return watched_.contains(uri);
}

std::set<std::string> Session::watched() const {
  std::lock_guard guard(mutex_);
  return watched_;
}

void Session::set_general(std::shared_ptr<Outlet> outlet) {
  std::lock_guard guard(mutex_);
  general_ = std::move(outlet);
}

std::shared_ptr<Outlet> Session::general() const {
  std::lock_guard guard(mutex_);
  return general_;
}

}  // namespace mira::mcp

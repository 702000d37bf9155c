#include "faces/http/events.h"

namespace mira::http {
namespace {

constexpr std::size_t most_kept = 1000;

}  // namespace

void Events::publish(std::string name, nlohmann::json data) {
  std::lock_guard guard(mutex_);
  kept_.push_back({++last_, std::move(name), std::move(data)});
  if (kept_.size() > most_kept) kept_.pop_front();
  for (const auto& [handle, listener] : listeners_) listener(kept_.back());
}

int Events::join(std::int64_t after, Listener listener) {
  std::lock_guard guard(mutex_);
  if (after >= 0) {
    std::int64_t oldest = kept_.empty() ? last_ + 1 : kept_.front().id;
    // A number that is not reached yet is of an earlier start of the server.
    if (after + 1 < oldest || after > last_)
      listener({last_, "missed", {{"after", after}, {"oldest", oldest}}});
    for (const Event& event : kept_)
      if (event.id > after) listener(event);
  }
  listeners_.emplace(++last_handle_, std::move(listener));
  return last_handle_;
}

void Events::leave(int handle) {
  std::lock_guard guard(mutex_);
  listeners_.erase(handle);
}

bool Events::wanted() const {
  std::lock_guard guard(mutex_);
  return !listeners_.empty();
}

std::int64_t Events::last() const {
  std::lock_guard guard(mutex_);
  return last_;
}

}  // namespace mira::http

// What happens, as it happens: indexing, memory, budget, told over WebSocket and
// server-sent events. Every event has a number; the last thousand are kept, so that who
// was away reads on where he was, or is told that something was missed. Where the events
// come from is watcher.h.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>

namespace mira::http {

struct Event {
  std::int64_t id = 0;
  std::string name;  // "indexing", "memory", "budget", ...; "missed" when older ones are gone
  nlohmann::json data;
};

// Safe from any thread.
class Events {
 public:
  using Listener = std::function<void(const Event&)>;

  void publish(std::string name, nlohmann::json data);
  // Hands over what came after `after` (-1: nothing old), then everything that comes, in order. The
  // listener must be quick and must not call back. Returns a handle for leave().
  int join(std::int64_t after, Listener listener);
  void leave(int handle);
  bool wanted() const;  // whether somebody listens
  std::int64_t last() const;

 private:
  mutable std::mutex mutex_;
  std::deque<Event> kept_;
  std::int64_t last_ = 0;
  std::map<int, Listener> listeners_;
  int last_handle_ = 0;
};

}  // namespace mira::http

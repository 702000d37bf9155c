// Finds out what changed in the stores, whoever wrote: this server, a hook, the command
// line, an agent's MCP server. Once a second, while somebody listens, it asks the same
// actions that anybody can ask (`status`, `budget status`; neither indexes) and publishes
// what differs from the time before.
#pragma once

#include <atomic>
#include <map>
#include <string>

#include "contracts/host.h"
#include "faces/http/events.h"

namespace mira::http {

class Watcher {
 public:
  // All must outlive it. Serves the project that holds `project`.
  Watcher(contracts::Host& host, std::string project, Events& events)
      : host_(host), project_(std::move(project)), events_(events) {}

  // One look; the first one only remembers. Not for several threads.
  void look(base::Deadline deadline);
  // Looks each second until `over`.
  void run(const std::atomic<bool>& over);

 private:
  void compare(const std::string& event, const std::string& key, const contracts::Json& now);
  contracts::Json ask(std::string_view action, base::Deadline deadline);

  contracts::Host& host_;
  std::string project_;
  Events& events_;
  std::map<std::string, contracts::Json> known_;
};

// Progress of an action as events of its own kind: {"action", "stage", "done", "total", "unit"}.
class PublishedProgress : public base::Progress {
 public:
  PublishedProgress(Events& events, std::string action) : events_(events), action_(std::move(action)) {}
  void update(std::string_view stage, std::int64_t done, std::int64_t total, std::string_view unit) override;

 private:
  Events& events_;
  std::string action_;
  std::mutex mutex_;
  std::chrono::steady_clock::time_point sent_{};
};

}  // namespace mira::http

// What is asked: every registered action that answers is a route, and the document that
// describes them is made from the same definitions.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "contracts/host.h"
#include "faces/http/answer.h"
#include "faces/http/events.h"

namespace mira::http {

class Routes {
 public:
  // Serves the project that holds `project`. All must outlive it.
  Routes(contracts::Host& host, std::string project, std::string version, Events& events)
      : host_(host), project_(std::move(project)), version_(std::move(version)), events_(events) {}

  // Safe from many threads. The head has passed the gate.
  void answer(const Head& head, const std::string& body, const std::shared_ptr<Answer>& answer);
  // One action by its name; the response is what its route gives.
  Response run(std::string_view action, const contracts::Json& input, base::Deadline deadline);
  // Ends the streams of events, which would go on for ever. Quick.
  void hang_up();
  // More lines of /metrics: {name, help, kind, value}.
  struct Metric {
    std::string name, help, kind;
    double value = 0;
  };
  void add_metrics(std::function<std::vector<Metric>()> more) { more_metrics_ = std::move(more); }

 private:
  Response respond(const Head& head, const std::string& body, base::Deadline deadline);
  Response run_body(std::string_view name, const std::string& body, base::Deadline deadline);
  void stream_events(const Head& head, const std::shared_ptr<Answer>& answer);
  Response metrics() const;
  Response ready(base::Deadline deadline);
  void count(const std::string& action, const Response& response, double seconds);

  contracts::Host& host_;
  std::string project_;
  std::string version_;
  Events& events_;
  std::function<std::vector<Metric>()> more_metrics_;
  std::atomic<std::int64_t> requests_{0}, failures_{0};
  struct Tally {
    std::int64_t calls = 0, failures = 0;
    double seconds = 0;
  };
  mutable std::mutex mutex_;
  std::map<std::string, Tally> tallies_;            // by action
  std::map<int, std::shared_ptr<Answer>> streams_;  // of events, by the handle of their listener
};

// OpenAPI 3.1 of all routes.
contracts::Json openapi(const contracts::Registry& registry, const std::string& version);

// Whether an action has a route: those that serve, hook or write configuration have none.
bool has_route(const contracts::Action& action);
// "graph export" is /api/v1/graph/export.
std::string route_of(const contracts::Action& action);

}  // namespace mira::http

// What is asked: every registered action that answers is a route, and the document that
// describes them is made from the same definitions.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "contracts/host.h"
#include "faces/http/message.h"

namespace mira::http {

class Routes {
 public:
  // Serves the project that holds `project`. The host must outlive it.
  Routes(contracts::Host& host, std::string project, std::string version)
      : host_(host), project_(std::move(project)), version_(std::move(version)) {}

  // Safe from many threads. The head has passed the gate.
  Response answer(const Head& head, const std::string& body, base::Deadline deadline);

 private:
  Response run_action(std::string_view name, const std::string& body, base::Deadline deadline);
  Response metrics() const;
  Response ready(base::Deadline deadline);

  contracts::Host& host_;
  std::string project_;
  std::string version_;
  std::atomic<std::int64_t> requests_{0}, failures_{0};
};

// OpenAPI 3.1 of all routes.
contracts::Json openapi(const contracts::Registry& registry, const std::string& version);

// Whether an action has a route: those that serve, hook or write configuration have none.
bool has_route(const contracts::Action& action);
// "graph export" is /api/v1/graph/export.
std::string route_of(const contracts::Action& action);

}  // namespace mira::http

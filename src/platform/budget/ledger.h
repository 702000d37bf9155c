// The rows of money: reserve the worst case in one transaction that excludes every other
// process, call, then settle by what was really used. A row that nobody settled (its
// process died) keeps its worst case counted and is shown as unknown. So however many
// processes spend at once, and wherever they are killed, no cap is passed.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "platform/budget/caps.h"
#include "platform/models/client.h"
#include "platform/models/money.h"
#include "platform/store/writer.h"

namespace mira::budget {

inline constexpr std::int64_t unknown_after_ms = 600'000;  // past its deadline

// One request before it is sent.
struct Draft {
  std::string call_id, project_id, operation;
  models::Purpose purpose = models::Purpose::chat;
  bool background = false;
  std::string host, model, effort;
  std::string tier = "standard";
  std::optional<models::Price> price;
  std::int64_t input_bound = 0, output_bound = 0;  // tokens
  std::int64_t started_ms = 0, deadline_ms = 0;
};

// What became of it.
struct Settlement {
  models::Usage usage;
  bool estimated = false;
  std::string tier = "standard";
  std::optional<models::Rates> rates;
  std::string provider_request;
};

class Ledger {
 public:
  Ledger(store::Writer& writer, const base::Clock& clock) : writer_(writer), clock_(clock) {}

  // The row's id. over_budget: a cap would be passed, or is set while no price is known.
  base::Result<std::int64_t> reserve(const Draft& draft, base::Deadline deadline);
  // Frees the rest of the reservation. Together with `also`, when given (a cached answer). The cost.
  base::Result<std::optional<std::int64_t>> settle(std::int64_t row, const Settlement& settlement,
                                                   const store::Writer::Change& also = nullptr);
  // Nothing was charged: the row stays, with cost 0.
  base::Status release(std::int64_t row, const std::string& provider_request);
  // An answer from the cache: cost 0 and what that saved. Together with `also`.
  base::Status record_hit(const Draft& draft, const models::Usage& usage, std::int64_t avoided_nano,
                          const store::Writer::Change& also);

 private:
  store::Writer& writer_;
  const base::Clock& clock_;
};

// Reservations whose process is gone become unknown. Inside a transaction.
base::Status expire(store::Connection& main, std::int64_t now_ms);

}  // namespace mira::budget

// What a failed request means and what may be done about it: the retry table, as one
// pure function from what came back. Waiting is bounded, doubled and jittered, and
// never shorter than the host asked for.
#pragma once

#include <optional>
#include <random>
#include <string>

#include "platform/models/http.h"
#include "platform/models/wire.h"

namespace mira::models {

enum class Fault {
  none,
  again,            // nothing was charged: try again
  out_of_money,     // the account at the host is empty: a person must act
  field,            // the host does not know a field that may be left out
  too_long,         // more context than the model has
  unauthorised,     // the key is wrong
  model_not_found,  // so an alias may move on
  no_protocol,      // this host has no such address: try the other protocol
  cut,              // the answer ended before its end; what came is paid for
  failed,           // anything else: a further try would fail too
  stopped,          // our deadline or the person ended it; what came may be paid for
};

struct Verdict {
  Fault fault = Fault::none;
  std::string message, hint;                 // sentences for a person, masked by the caller
  std::string field;                         // of Fault::field
  std::optional<std::int64_t> wait_ms = {};  // what the host asks for
  base::ErrorCode code = base::ErrorCode::provider;
};

Verdict judge(const HttpReply& reply, const Received& received, const std::string& host);

struct RetryPolicy {
  int tries = 3;
  std::int64_t first_ms = 500, most_ms = 8000;
  HttpLimits limits = {};
};

// How long to wait before try `number` (2, 3 ..): full jitter over a doubling span, and at least `asked`.
std::int64_t wait_before_ms(const RetryPolicy& policy, int number, std::optional<std::int64_t> asked,
                            std::mt19937_64& random);
// "2" (seconds) or an HTTP date after `now_s`, in milliseconds.
std::optional<std::int64_t> retry_after_ms(std::string_view header, std::int64_t now_s);

}  // namespace mira::models

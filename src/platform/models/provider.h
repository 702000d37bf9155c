// One host, asked over HTTP: which protocol it speaks, what is tried again, when it is
// left alone. Only platform/budget may include this header (a gate holds it): everything
// else gets models::Client, so nothing is asked that no ledger knows of.
#pragma once

#include <memory>
#include <mutex>
#include <random>

#include "platform/models/embeddings.h"
#include "platform/models/fault.h"
#include "platform/models/rate_limits.h"

namespace mira::models {

// Stops asking a host that fails and fails, and lets one rest whose limit is used up. Shared by all who ask
// it in this process.
class Breaker {
 public:
  // nullopt: ask. Else why not, and it stays so until the time is over.
  std::optional<std::string> closed_reason(const std::string& host);
  void note(const std::string& host, Fault fault);
  // What the host said last of its limits; nothing before that.
  void note(const std::string& host, const RateLimits& limits);
  RateLimits limits(const std::string& host);
  // Until the host has room for a request of so many tokens; 0: ask.
  std::int64_t wait_ms(const std::string& host, std::int64_t needed_tokens);

 private:
  struct State {
    int failures = 0;
    base::Deadline::SteadyClock::time_point open_until = {};
    std::string reason;
    RateLimits limits = {};
    base::Deadline::SteadyClock::time_point limits_at = {};
  };
  std::mutex mutex_;
  std::map<std::string, State> hosts_;
};

inline constexpr int failures_that_open = 5;
inline constexpr std::int64_t open_ms = 30'000, open_without_money_ms = 600'000;

struct Outcome {
  Received received;
  Verdict verdict;       // fault none: received is a whole answer
  bool charged = false;  // the host may ask money for it
  int tries = 0;
  std::string request_id;
  std::vector<std::string> left_out;  // fields the host did not know
};

class Provider {
 public:
  Provider(Endpoint endpoint, Breaker& breaker, RetryPolicy policy = {});

  // Sends, and again where nothing was charged and the table allows. A charged failure is
  // for the caller: a new try is a new reservation.
  Outcome send(Prompt prompt, const OnText& on_text, base::Deadline deadline);

  // Vectors for texts: with the same retries, breaker and key as `send`.
  struct Embedded {
    ReceivedVectors received;
    Verdict verdict;       // fault none: received is whole
    bool charged = false;  // the host may ask money for it
    std::string request_id;
  };
  Embedded embed(EmbeddingPrompt prompt, base::Deadline deadline);

  struct Listed {
    std::string id, shutdown_date;
  };
  // The models that the host lists, free of charge.
  base::Result<std::vector<Listed>> list(base::Deadline deadline);

  const Endpoint& endpoint() const { return endpoint_; }  // its protocol is known after an answer
  bool is_openai() const;
  RateLimits limits() const { return breaker_.limits(endpoint_.host); }

 private:
  Outcome send_once(const Prompt& prompt, Protocol protocol, const OnText& on_text, base::Deadline deadline);
  Outcome send_by_protocol(Prompt& prompt, const OnText& on_text, base::Deadline deadline);
  Embedded embed_once(const EmbeddingPrompt& prompt, base::Deadline deadline);
  // Whether the host may be asked now, or after a wait that was kept here; else why not.
  std::optional<std::string> may_not_ask(std::size_t body_bytes, base::Deadline deadline);
  std::vector<std::string> headers() const;
  std::string without_key(std::string text) const;

  Endpoint endpoint_;
  Breaker& breaker_;
  RetryPolicy policy_;
  std::mt19937_64 random_;
};

}  // namespace mira::models

// What a host says of how much it may still be asked (x-ratelimit-* headers), so that who has used up a limit
// waits a little in place of being refused. A limit fills evenly: `reset` is when all of it is free again, so
// a part of it is in that part of the time. Hosts that say nothing, or -1, are taken at nothing.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace mira::models {

struct RateLimit {
  std::int64_t limit = 0, remaining = 0, reset_ms = 0;  // limit 0: the host says nothing of it
};

struct RateLimits {
  RateLimit requests, tokens;
  // Until a request of so many tokens has room; 0: it has now.
  std::int64_t wait_ms(std::int64_t needed_tokens) const;
  // Until all of what is used up is free again; nullopt: nothing is used up.
  std::optional<std::int64_t> all_free_ms() const;
};

// headers: names in lower case.
RateLimits rate_limits_of(const std::map<std::string, std::string>& headers);
// "1s", "6m0s", "1h2m3.5s", "20ms" or seconds ("2", "0.5"); nullopt: none of these.
std::optional<std::int64_t> duration_ms(std::string_view text);

}  // namespace mira::models

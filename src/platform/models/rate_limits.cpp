#include "platform/models/rate_limits.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "platform/base/text.h"

namespace mira::models {
namespace {

constexpr double most_ms = 7.0 * 86'400'000;

std::string_view header(const std::map<std::string, std::string>& headers, const std::string& name) {
  auto found = headers.find("x-ratelimit-" + name);
  return found == headers.end() ? std::string_view() : base::trim(found->second);
}

std::int64_t count_of(std::string_view text) {
  std::int64_t out = -1;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size() ? out : -1;
}

RateLimit limit_of(const std::map<std::string, std::string>& headers, const std::string& what) {
  RateLimit out{.limit = count_of(header(headers, "limit-" + what)),
                .remaining = count_of(header(headers, "remaining-" + what)),
                .reset_ms = duration_ms(header(headers, "reset-" + what)).value_or(0)};
  return out.limit > 0 && out.remaining >= 0 ? out : RateLimit{};
}

// A request that is larger than the whole limit waits for all of it.
std::int64_t wait_of(const RateLimit& one, std::int64_t needed) {
  needed = std::min(needed, one.limit);
  if (one.limit == 0 || one.remaining >= needed) return 0;
  double part = static_cast<double>(needed - one.remaining) / static_cast<double>(one.limit - one.remaining);
  return static_cast<std::int64_t>(std::ceil(static_cast<double>(one.reset_ms) * part));
}

double unit_ms(std::string_view unit) {
  if (unit == "ms") return 1;
  if (unit == "s" || unit.empty()) return 1000;
  if (unit == "m") return 60'000;
  if (unit == "h") return 3'600'000;
  return unit == "d" ? 86'400'000 : -1;
}

}  // namespace

std::int64_t RateLimits::wait_ms(std::int64_t needed_tokens) const {
  return std::max(wait_of(requests, 1), wait_of(tokens, needed_tokens));
}

std::optional<std::int64_t> RateLimits::all_free_ms() const {
  std::optional<std::int64_t> out;
  for (const RateLimit* one : {&requests, &tokens}) {
    if (one->limit > 0 && one->remaining == 0 && one->reset_ms > 0)
      out = std::max(out.value_or(0), one->reset_ms);
  }
  return out;
}

RateLimits rate_limits_of(const std::map<std::string, std::string>& headers) {
  return {.requests = limit_of(headers, "requests"), .tokens = limit_of(headers, "tokens")};
}

std::optional<std::int64_t> duration_ms(std::string_view text) {
  double sum = 0;
  if (text.empty()) return std::nullopt;
  while (!text.empty()) {
    double number = 0;
    auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
    if (error != std::errc() || !std::isfinite(number) || number < 0) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    std::size_t letters = std::min(text.find_first_not_of("dhms"), text.size());
    double factor = unit_ms(text.substr(0, letters));
    if (factor < 0 || (letters == 0 && (sum > 0 || !text.empty()))) return std::nullopt;
    text.remove_prefix(letters);
    sum += number * factor;
  }
  return static_cast<std::int64_t>(std::ceil(std::min(sum, most_ms)));
}

}  // namespace mira::models

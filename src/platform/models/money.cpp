#include "platform/models/money.h"

#include <fmt/format.h>

#include <algorithm>

namespace mira::models {
namespace {

constexpr std::int64_t pico_per_nano = 1000;
constexpr std::int64_t nano_per_dollar = 1'000'000'000;

std::int64_t rounded_up(std::int64_t pico) {
  return (pico + pico_per_nano - 1) / pico_per_nano;
}

// A decimal number times 10^digits, as an integer.
std::optional<std::int64_t> decimal(std::string_view text, int digits) {
  constexpr std::int64_t most = 1'000'000'000'000'000;
  std::int64_t out = 0;
  int after_point = -1;
  bool any = false;
  for (char c : text) {
    if (c == '.' && after_point < 0) {
      after_point = 0;
      continue;
    }
    if (c < '0' || c > '9' || out > most) return std::nullopt;
    if (after_point >= 0 && after_point == digits) {
      if (c != '0') return std::nullopt;
      continue;
    }
    out = out * 10 + (c - '0');
    any = true;
    if (after_point >= 0) ++after_point;
  }
  if (!any) return std::nullopt;
  for (int i = std::max(after_point, 0); i < digits; ++i) {
    if (out > most) return std::nullopt;
    out *= 10;
  }
  return out;
}

}  // namespace

std::int64_t cost_nano(const Usage& usage, const Rates& rates) {
  return rounded_up(usage.fresh * rates.input + usage.cached * rates.cached +
                    usage.written * rates.cache_write + usage.output * rates.output);
}

std::int64_t cost_nano(const Usage& usage, const Price& price) {
  return cost_nano(usage, price.of_input(usage.input()));
}

std::int64_t worst_case_nano(std::int64_t input, std::int64_t output, const Price& price) {
  auto at = [&](const Rates& rates) {
    std::int64_t dearest = std::max({rates.input, rates.cached, rates.cache_write});
    return rounded_up(input * dearest + output * rates.output);
  };
  std::int64_t worst = at(price.rates);
  if (price.long_over > 0 && input > price.long_over) worst = std::max(worst, at(price.long_rates));
  return worst;
}

std::optional<std::int64_t> pico_per_token(std::string_view dollars_per_million) {
  return decimal(dollars_per_million, 6);
}

std::optional<std::int64_t> nano_of_dollars(std::string_view text) {
  if (text.starts_with('$')) text.remove_prefix(1);
  return decimal(text, 9);
}

std::string dollars(std::int64_t nano) {
  std::string out = fmt::format("{}${}.{:09}", nano < 0 ? "-" : "", std::abs(nano / nano_per_dollar),
                                std::abs(nano % nano_per_dollar));
  std::size_t least = out.find('.') + 3;
  while (out.size() > least && out.back() == '0') out.pop_back();
  return out;
}

}  // namespace mira::models

// What tokens cost. Rates are integer pico-dollars a token ($1 for a million tokens
// is 1,000,000), amounts are integer nano-dollars; a cost is summed exactly and
// rounded up once. Nothing here is a floating-point number, so a ledger adds up.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mira::models {

// Tokens of one answered request. The parts of the input do not overlap.
struct Usage {
  std::int64_t fresh = 0, cached = 0, written = 0;  // input: at full price, read from and written to a cache
  std::int64_t output = 0;
  std::int64_t reasoning = 0;  // part of output
  std::int64_t input() const { return fresh + cached + written; }
};

struct Rates {  // pico-dollars a token
  std::int64_t input = 0, cached = 0, cache_write = 0, output = 0;
  bool operator==(const Rates&) const = default;
};

// Rates of one model in one tier. Above long_over input tokens the long rates hold for
// the whole request; 0: there are none.
struct Price {
  Rates rates;
  std::int64_t long_over = 0;
  Rates long_rates;
  const Rates& of_input(std::int64_t input_tokens) const {
    return long_over > 0 && input_tokens > long_over ? long_rates : rates;
  }
};

// Nano-dollars, rounded up. Tokens and rates are not negative.
std::int64_t cost_nano(const Usage& usage, const Rates& rates);
std::int64_t cost_nano(const Usage& usage, const Price& price);
// The most a request can cost that sends at most `input` and gets at most `output` tokens.
std::int64_t worst_case_nano(std::int64_t input, std::int64_t output, const Price& price);

// "1.25" dollars for a million tokens -> 1,250,000; nullopt: no such number, or finer than a pico-dollar.
std::optional<std::int64_t> pico_per_token(std::string_view dollars_per_million);
// "5", "0.50" dollars -> nano-dollars; nullopt: no amount, negative, or finer than a nano-dollar.
std::optional<std::int64_t> nano_of_dollars(std::string_view dollars);
// "$0.01775": the exact amount, at least two digits after the point.
std::string dollars(std::int64_t nano);

}  // namespace mira::models

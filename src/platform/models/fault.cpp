#include "platform/models/fault.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>

#include "platform/base/text.h"
#include "platform/models/curl.h"
#include "platform/models/rate_limits.h"

namespace mira::models {
namespace {

constexpr std::int64_t longest_asked_wait_ms = 120'000;
constexpr std::size_t shown_message_bytes = 300;

bool is_one_of(std::string_view code, std::initializer_list<std::string_view> names) {
  return std::ranges::find(names, code) != names.end();
}

// Fields that may be left out, by the names that hosts give them.
std::string field_to_leave(const Received& received) {
  // response_format first: who refuses that may name text.format as what to send in its place.
  static constexpr std::array<std::string_view, 14> may_be_left{
      "response_format",  "store",          "reasoning.effort",     "reasoning",
      "text.format",      "service_tier",   "prompt_cache_options", "prompt_cache_retention",
      "prompt_cache_key", "stream_options", "reasoning_effort",     "text",
      "include",          "dimensions"};
  // Words that a message about something else holds too.
  auto is_common = [](std::string_view field) {
    return field == "text" || field == "include" || field == "dimensions";
  };
  for (std::string_view field : may_be_left) {
    if (received.error_field == field) return field == "text" ? "text.format" : std::string(field);
  }
  for (std::string_view field : may_be_left) {
    if (received.error_field.empty() && !is_common(field) && received.error_message.contains(field))
      return std::string(field);
  }
  return "";
}

bool names_context_length(const Received& received) {
  return received.error_code == "context_length_exceeded" ||
         received.error_message.contains("context length") || received.error_message.contains("context size");
}

std::string said(const Received& received, int status) {
  std::string message(base::truncate_utf8(base::display_line(received.error_message), shown_message_bytes));
  if (message.empty()) return fmt::format("answered {}", status);
  return fmt::format("answered {}: {}", status, message);
}

Fault fault_of_status(int status, const Received& received) {
  if (status == 401 || status == 403) return Fault::unauthorised;
  if (status == 404 && (received.error_code == "model_not_found" || received.error_message.contains("model")))
    return Fault::model_not_found;
  if (status == 404 || status == 405 || status == 501) return Fault::no_protocol;
  if (status == 429) {
    bool empty = is_one_of(received.error_code, {"insufficient_quota", "credit_balance_exhausted",
                                                 "billing_hard_limit_reached", "usage_limit_reached"});
    return empty ? Fault::out_of_money : Fault::again;
  }
  if (status == 408 || status == 409 || status >= 500) return Fault::again;
  if ((status == 400 || status == 413) && names_context_length(received)) return Fault::too_long;
  if (received.error_code == "model_not_found") return Fault::model_not_found;
  if ((status == 400 || status == 422) && !field_to_leave(received).empty()) return Fault::field;
  return Fault::failed;
}

std::string hint_of(Fault fault) {
  switch (fault) {
    case Fault::again:
      return "try again later: mira models check shows whether the host answers";
    case Fault::out_of_money:
      return "the account at that host has no credit left: see its billing page";
    case Fault::too_long:
      return "ask for less evidence with a smaller --budget";
    case Fault::unauthorised:
      return "check the key: mira models shows where it is read from";
    case Fault::model_not_found:
    case Fault::no_protocol:
      return "mira models lists what is known; models.json names another host or model";
    default:
      return "mira models check shows whether the host answers";
  }
}

Verdict of_connection(const HttpReply& reply, const Received& received, const std::string& host) {
  Verdict out{.message = fmt::format("the model host {} could not be reached: {}", host, reply.reason)};
  switch (reply.end) {
    case HttpEnd::not_connected:
      out.fault = Fault::again;
      out.hint = "check the network and the address of the host";
      return out;
    case HttpEnd::timed_out:
      out = {Fault::stopped, fmt::format("the model at {} was not done by the deadline", host),
             "allow more time with --timeout"};
      out.code = base::ErrorCode::timeout;
      return out;
    case HttpEnd::cancelled:
      out = {Fault::stopped, "interrupted while the model answered", ""};
      out.code = base::ErrorCode::interrupted;
      return out;
    case HttpEnd::too_large:
    case HttpEnd::stopped:
      out = {Fault::failed, fmt::format("the answer of {} is over what is taken: {}", host, reply.reason),
             ""};
      break;
    default:
      out = {Fault::cut, fmt::format("the answer of {} was cut: {}", host, reply.reason), "ask again"};
      break;
  }
  if (received.begun) out.hint = "what came is counted as paid for; ask again";
  return out;
}

}  // namespace

Verdict judge(const HttpReply& reply, const Received& received, const std::string& host) {
  if (reply.end != HttpEnd::done) return of_connection(reply, received, host);
  if (reply.status != 200) {
    Verdict out{.fault = fault_of_status(reply.status, received)};
    out.message = fmt::format("the model host {} {}", host, said(received, reply.status));
    out.hint = hint_of(out.fault);
    if (out.fault == Fault::too_long) out.code = base::ErrorCode::usage;  // less may be asked
    if (out.fault == Fault::field) out.field = field_to_leave(received);
    if (auto header = reply.headers.find("retry-after"); header != reply.headers.end())
      out.wait_ms = retry_after_ms(header->second, std::time(nullptr));
    if (reply.status == 429 && !out.wait_ms) out.wait_ms = rate_limits_of(reply.headers).all_free_ms();
    return out;
  }
  if (received.ending == Ending::failed) {
    Verdict out{.fault = received.error_code == "model_not_found" ? Fault::model_not_found : Fault::cut};
    out.message = fmt::format("the model at {} failed: {}", host,
                              base::truncate_utf8(base::display_line(received.error_message), 300));
    out.hint = "ask again";
    return out;
  }
  if (received.ending == Ending::none)
    return {Fault::cut, fmt::format("the answer of {} ended before its end", host), "ask again"};
  return {};
}

std::int64_t wait_before_ms(const RetryPolicy& policy, int number, std::optional<std::int64_t> asked,
                            std::mt19937_64& random) {
  std::int64_t span = policy.first_ms;
  for (int i = 2; i < number && span < policy.most_ms; ++i) span *= 2;
  span = std::min(span, policy.most_ms);
  std::int64_t wait = std::uniform_int_distribution<std::int64_t>(0, span)(random);
  return std::max(wait, std::min(asked.value_or(0), longest_asked_wait_ms));
}

std::optional<std::int64_t> retry_after_ms(std::string_view header, std::int64_t now_s) {
  std::int64_t seconds = 0;
  auto [end, error] = std::from_chars(header.data(), header.data() + header.size(), seconds);
  if (error == std::errc() && end == header.data() + header.size())
    return std::clamp<std::int64_t>(seconds, 0, longest_asked_wait_ms) * 1000;
  const Curl* library = curl();
  std::time_t at = library == nullptr ? -1 : library->getdate(std::string(header).c_str(), nullptr);
  if (at < 0) return std::nullopt;
  return std::max<std::int64_t>(0, at - now_s) * 1000;
}

}  // namespace mira::models

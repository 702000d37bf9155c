#include "platform/models/provider.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "platform/base/text.h"
#include "platform/guard/secrets.h"
#include "platform/models/sse.h"

namespace mira::models {
namespace {

using base::Deadline;

constexpr std::size_t error_body_bytes = 64 << 10;
constexpr int wait_step_ms = 20;
constexpr std::size_t bytes_of_a_token = 4;  // about; only for how long to let a host rest

// Takes the body of one answer apart, whatever form it has.
class BodyReader {
 public:
  BodyReader(Protocol protocol, const OnText& on_text) : protocol_(protocol), on_text_(on_text) {}

  bool take(int status, std::string_view bytes) {
    if (first_) is_stream_ = status == 200 && !base::trim(bytes).starts_with('{');
    first_ = false;
    if (!is_stream_) {
      std::size_t most = status == 200 ? std::string::npos : error_body_bytes;
      whole_.append(bytes.substr(0, most - std::min(most, whole_.size())));
      return true;
    }
    return events_.feed(bytes, [&](std::string_view data) {
      if (protocol_ == Protocol::chat)
        take_chat_event(received_, data, on_text_);
      else
        take_responses_event(received_, data, on_text_);
    });
  }

  Received finish(int status) {
    if (status != 200) {
      take_error_body(received_, whole_);
    } else if (!is_stream_ && !whole_.empty()) {
      if (protocol_ == Protocol::chat)
        take_chat_body(received_, whole_);
      else
        take_responses_body(received_, whole_);
      if (on_text_ && !received_.text.empty()) on_text_(received_.text);
    }
    return std::move(received_);
  }

 private:
  Protocol protocol_;
  const OnText& on_text_;
  SseReader events_;
  Received received_;
  std::string whole_;
  bool first_ = true, is_stream_ = false;
};

void wait_for(std::int64_t ms, Deadline deadline) {
  Deadline over = deadline.within_ms(ms);
  while (!over.expired())
    std::this_thread::sleep_for(
        std::chrono::milliseconds(std::min<std::int64_t>(wait_step_ms, over.remaining_ms())));
}

std::string id_of(const HttpReply& reply) {
  auto found = reply.headers.find("x-request-id");
  if (found == reply.headers.end()) return "";
  return base::display_line(base::truncate_utf8(found->second, 200));
}

std::size_t bytes_of(const Prompt& prompt) {
  std::size_t out = prompt.instructions.size();
  for (const Message& message : prompt.messages) out += message.text.size();
  return out;
}

Outcome not_sent(std::string reason) {
  return {.verdict = {Fault::failed, std::move(reason), "it is asked again after that"}};
}

}  // namespace

std::optional<std::string> Breaker::closed_reason(const std::string& host) {
  std::lock_guard guard(mutex_);
  const State& state = hosts_[host];
  if (Deadline::SteadyClock::now() >= state.open_until) return std::nullopt;
  return state.reason;
}

void Breaker::note(const std::string& host, Fault fault) {
  std::lock_guard guard(mutex_);
  State& state = hosts_[host];
  auto now = Deadline::SteadyClock::now();
  if (fault == Fault::out_of_money) {
    state.open_until = now + std::chrono::milliseconds(open_without_money_ms);
    state.reason = fmt::format("{} has no credit left and is not asked for ten minutes", host);
    return;
  }
  bool broken = fault == Fault::again || fault == Fault::cut;
  state.failures = broken ? state.failures + 1 : 0;
  if (state.failures < failures_that_open) return;
  state.failures = 0;
  state.open_until = now + std::chrono::milliseconds(open_ms);
  state.reason =
      fmt::format("{} failed {} times in a row and is not asked for half a minute", host, failures_that_open);
}

void Breaker::note(const std::string& host, const RateLimits& limits) {
  if (limits.requests.limit == 0 && limits.tokens.limit == 0) return;
  std::lock_guard guard(mutex_);
  State& state = hosts_[host];
  state.limits = limits;
  state.limits_at = Deadline::SteadyClock::now();
}

RateLimits Breaker::limits(const std::string& host) {
  std::lock_guard guard(mutex_);
  return hosts_[host].limits;
}

std::int64_t Breaker::wait_ms(const std::string& host, std::int64_t needed_tokens) {
  std::lock_guard guard(mutex_);
  const State& state = hosts_[host];
  auto free_at = state.limits_at + std::chrono::milliseconds(state.limits.wait_ms(needed_tokens));
  auto left = free_at - Deadline::SteadyClock::now();
  return std::max<std::int64_t>(0, std::chrono::ceil<std::chrono::milliseconds>(left).count());
}

Provider::Provider(Endpoint endpoint, Breaker& breaker, RetryPolicy policy)
    : endpoint_(std::move(endpoint)), breaker_(breaker), policy_(policy), random_(std::random_device{}()) {}

bool Provider::is_openai() const {
  return endpoint_.host == "api.openai.com";
}

std::vector<std::string> Provider::headers() const {
  std::vector<std::string> out{"Accept: text/event-stream, application/json"};
  if (!endpoint_.key.empty()) out.push_back("Authorization: Bearer " + endpoint_.key);
  return out;
}

// A host may say the key back in its error.
std::string Provider::without_key(std::string text) const {
  const std::string& key = endpoint_.key;
  for (std::size_t at = text.find(key); !key.empty() && at != std::string::npos; at = text.find(key, at))
    text.replace(at, key.size(), "[key]");
  return guard::mask_secrets(text);
}

std::optional<std::string> Provider::may_not_ask(std::size_t body_bytes, Deadline deadline) {
  if (auto reason = breaker_.closed_reason(endpoint_.host)) return reason;
  auto tokens = static_cast<std::int64_t>(body_bytes / bytes_of_a_token);
  std::int64_t wait_ms = breaker_.wait_ms(endpoint_.host, tokens);
  if (wait_ms == 0) return std::nullopt;
  if (wait_ms >= deadline.remaining_ms())
    return fmt::format("{} has been asked as often as it allows; it may be asked again in {} s",
                       endpoint_.host, (wait_ms + 999) / 1000);
  wait_for(wait_ms, deadline);
  return std::nullopt;
}

Outcome Provider::send_once(const Prompt& prompt, Protocol protocol, const OnText& on_text,
                            Deadline deadline) {
  bool is_chat = protocol == Protocol::chat;
  HttpRequest request{.url = endpoint_.base + (is_chat ? "/chat/completions" : "/responses"),
                      .headers = headers(),
                      .body = (is_chat ? chat_body(prompt) : responses_body(prompt)).dump(),
                      .limits = policy_.limits};
  BodyReader reader(protocol, on_text);
  HttpReply reply = exchange(
      request, [&](int status, std::string_view bytes) { return reader.take(status, bytes); }, deadline);
  breaker_.note(endpoint_.host, rate_limits_of(reply.headers));
  Outcome out{.received = reader.finish(reply.status), .request_id = id_of(reply)};
  // A whole answer is one, however the connection ended after it.
  bool whole = out.received.ending != Ending::none && reply.status == 200;
  if (whole) reply.end = HttpEnd::done;
  out.verdict = judge(reply, out.received, endpoint_.host);
  out.verdict.message = without_key(out.verdict.message);
  bool was_sent = reply.end != HttpEnd::not_connected;
  out.charged = was_sent && (reply.status == 200 || reply.status == 0);
  return out;
}

Outcome Provider::send_by_protocol(Prompt& prompt, const OnText& on_text, Deadline deadline) {
  Protocol first = endpoint_.protocol == Protocol::unknown ? Protocol::responses : endpoint_.protocol;
  Outcome out = send_once(prompt, first, on_text, deadline);
  if (out.verdict.fault == Fault::no_protocol && !endpoint_.is_protocol_named) {
    first = first == Protocol::responses ? Protocol::chat : Protocol::responses;
    out = send_once(prompt, first, on_text, deadline);
  }
  if (out.verdict.fault == Fault::none) endpoint_.protocol = first;
  return out;
}

Outcome Provider::send(Prompt prompt, const OnText& on_text, Deadline deadline) {
  prompt.is_openai = is_openai();
  prompt.is_local = endpoint_.is_local || is_loopback(endpoint_.host);
  std::vector<std::string> left_out;
  int number = 0;
  while (true) {
    if (auto reason = may_not_ask(bytes_of(prompt), deadline)) return not_sent(*reason);
    Outcome out = send_by_protocol(prompt, on_text, deadline);
    out.tries = ++number;
    breaker_.note(endpoint_.host, out.verdict.fault);
    bool may_leave = out.verdict.fault == Fault::field && left_out.size() < 3 &&
                     std::ranges::find(prompt.leave, out.verdict.field) == prompt.leave.end();
    if (may_leave) {
      prompt.leave.push_back(out.verdict.field);
      left_out.push_back(out.verdict.field);
      continue;
    }
    out.left_out = left_out;
    if (out.verdict.fault != Fault::again || out.charged || number >= policy_.tries) return out;
    std::int64_t wait_ms = wait_before_ms(policy_, number + 1, out.verdict.wait_ms, random_);
    if (wait_ms >= deadline.remaining_ms()) return out;
    wait_for(wait_ms, deadline);
  }
}

Provider::Embedded Provider::embed_once(const EmbeddingPrompt& prompt, Deadline deadline) {
  HttpRequest request{.url = endpoint_.base + "/embeddings",
                      .headers = headers(),
                      .body = embeddings_body(prompt).dump(),
                      .limits = policy_.limits};
  std::string body;
  HttpReply reply =
      exchange(request, [&](int, std::string_view bytes) { return body.append(bytes), true; }, deadline);
  breaker_.note(endpoint_.host, rate_limits_of(reply.headers));
  Embedded out{.request_id = id_of(reply)};
  Received told;  // of the error, in the words that the retry table reads
  if (reply.status == 200 && reply.end == HttpEnd::done)
    told.ending = Ending::complete;
  else if (reply.status != 200)
    take_error_body(told, body);
  out.verdict = judge(reply, told, endpoint_.host);
  out.charged = reply.end != HttpEnd::not_connected && (reply.status == 200 || reply.status == 0);
  if (out.verdict.fault == Fault::none) {
    auto received = take_embeddings(body, prompt);
    if (received)
      out.received = std::move(*received);
    else
      out.verdict = {Fault::failed, received.error().message, "ask a host that is known to embed"};
  }
  out.verdict.message = without_key(out.verdict.message);
  return out;
}

Provider::Embedded Provider::embed(EmbeddingPrompt prompt, Deadline deadline) {
  prompt.is_openai = is_openai();
  std::size_t bytes = 0;
  for (const std::string& text : prompt.texts) bytes += text.size();
  for (int number = 1;; ++number) {
    if (auto reason = may_not_ask(bytes, deadline))
      return {.verdict = {Fault::failed, *reason, "it is asked again after that"}};
    Embedded out = embed_once(prompt, deadline);
    breaker_.note(endpoint_.host, out.verdict.fault);
    if (out.verdict.fault == Fault::field && out.verdict.field == "dimensions" && prompt.sends_dimensions) {
      prompt.sends_dimensions = false;  // the answer's own are checked all the same
      continue;
    }
    if (out.verdict.fault != Fault::again || out.charged || number >= policy_.tries) return out;
    std::int64_t wait_ms = wait_before_ms(policy_, number + 1, out.verdict.wait_ms, random_);
    if (wait_ms >= deadline.remaining_ms()) return out;
    wait_for(wait_ms, deadline);
  }
}

base::Result<std::vector<Provider::Listed>> Provider::list(Deadline deadline) {
  std::string body;
  HttpRequest request{.url = endpoint_.base + "/models", .headers = headers(), .limits = policy_.limits};
  HttpReply reply =
      exchange(request, [&](int, std::string_view bytes) { return body.append(bytes), true; }, deadline);
  Received received;
  if (reply.status != 200) take_error_body(received, body);
  if (reply.status == 200) received.ending = Ending::complete;
  Verdict verdict = judge(reply, received, endpoint_.host);
  if (verdict.fault != Fault::none)
    return base::fail(verdict.code, without_key(verdict.message), verdict.hint);
  nlohmann::json all = nlohmann::json::parse(base::repair_utf8(body), nullptr, false);
  std::vector<Listed> out;
  if (!all.is_object() || !all.contains("data") || !all["data"].is_array()) return out;
  for (const nlohmann::json& row : all["data"]) {
    if (!row.is_object() || !row.contains("id") || !row["id"].is_string()) continue;
    nlohmann::json ends = row.value("shutdown_date", nlohmann::json());
    out.push_back({base::display_line(row["id"].get<std::string>()),
                   ends.is_string() ? base::display_line(ends.get<std::string>()) : ""});
  }
  return out;
}

}  // namespace mira::models

#include "platform/budget/metered_client.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>

#include "platform/base/config_folder.h"
#include "platform/base/hash.h"
#include "platform/base/home.h"
#include "platform/base/text.h"
#include "platform/budget/ends.h"
#include "platform/budget/prefixes.h"
#include "platform/guard/secrets.h"
#include "platform/models/structured.h"
#include "platform/tokens/tokens.h"

namespace mira::budget {
namespace {

using base::Deadline;
using base::ErrorCode;
using base::Result;
using base::Status;
using models::Answer;
using models::Fault;
using models::Finish;
using models::OnText;
using models::Request;
using models::Usage;

constexpr std::int64_t longest_call_ms = 600'000;
constexpr std::int64_t equal_wait_ms = 120'000;              // for the answer to an equal request
constexpr std::size_t lock_digits = 3;                       // of a request's hash: so many files at most
constexpr std::int64_t frame_tokens = 64, item_tokens = 16;  // what a host adds around the text
constexpr std::int64_t most_output_tokens = 1'000'000;

std::string random_id() {
  std::random_device device;
  return fmt::format("{:08x}{:08x}", device(), device());
}

Request masked(const Request& request) {
  Request out = request;
  out.instructions = guard::mask_secrets(base::repair_utf8(request.instructions));
  for (models::Message& message : out.messages)
    message.text = guard::mask_secrets(base::repair_utf8(message.text));
  // What a tool did is not done again by words kept from another time.
  auto holds_calls = [](const models::Message& message) {
    return message.role == models::Message::Role::tool || !message.calls.empty();
  };
  if (!out.tools.empty() || std::ranges::any_of(out.messages, holds_calls))
    out.cacheable = models::Cacheable::no;
  return out;
}

// The most input tokens these texts can be: counted where the tokenizer is known, else
// their bytes, since no token is shorter than one.
std::int64_t input_bound(const Request& request, bool knows_tokenizer) {
  std::int64_t sum = 0;
  auto add = [&](std::string_view text) {
    sum += static_cast<std::int64_t>(knows_tokenizer ? tokens::count(text) : text.size()) + item_tokens;
  };
  add(request.instructions);
  for (const models::Message& message : request.messages) {
    add(message.text);
    if (message.items.is_array()) add(message.items.dump());
    for (const models::ToolCall& call : message.calls) add(call.id + call.name + call.arguments);
  }
  for (const models::Tool& tool : request.tools) add(tool.name + tool.description + tool.parameters.dump());
  if (request.output) add(request.output->schema.dump() + request.output->name);
  return (knows_tokenizer ? sum + sum / 20 : sum) + frame_tokens;
}

std::string tier_of(const std::string& answered) {
  if (answered.empty() || answered == "default" || answered == "auto") return "standard";
  return answered == "fast" ? "priority" : answered;
}

Finish finish_of(models::Ending ending) {
  switch (ending) {
    case models::Ending::cut_by_length:
      return Finish::cut_by_length;
    case models::Ending::filtered:
      return Finish::filtered;
    case models::Ending::refused:
      return Finish::refused;
    default:
      return Finish::complete;
  }
}

}  // namespace

struct MeteredClient::Work {
  Request request;  // masked
  Target target;
  CacheKey key;
  Draft draft;
  models::Prompt prompt;
};

struct MeteredClient::Attempt {
  models::Outcome outcome;
  Result<nlohmann::json> structured;  // null without a schema
  models::Bill bill;
  std::vector<std::string> notes;
};

std::filesystem::path models_file() {
  return base::config_folder() / "models.json";
}

Result<Connected> find_models(store::Connection& main) {
  models::Catalog catalog = MIRA_TRY(known_catalog(main));
  models::Endpoint endpoint = MIRA_TRY(models::find_endpoint(catalog, models::process_environment()));
  if (endpoint.protocol == models::Protocol::unknown) {
    auto known = MIRA_TRY(main.text("SELECT protocol FROM model_hosts WHERE host = ?", endpoint.host));
    endpoint.protocol = models::protocol_named(known.value_or(""));
  }
  return Connected{std::move(catalog), std::move(endpoint)};
}

MeteredClient::MeteredClient(Connected connected, Ground ground, models::RetryPolicy policy)
    : catalog_(std::move(connected.catalog)),
      provider_(std::move(connected.endpoint), ground.breaker, policy),
      ground_(std::move(ground)),
      ledger_(ground_.writer, ground_.clock),
      stored_protocol_(provider_.endpoint().protocol) {}

void MeteredClient::fit_effort(Target& target) const {
  const models::ModelRow* row = catalog_.model(provider_.endpoint().host, target.model);
  if (row == nullptr || row->efforts.empty()) {
    target.effort.clear();  // what such a model allows is not known
    return;
  }
  std::string allowed = models::allowed_effort(*row, target.effort);
  if (allowed != target.effort)
    target.notes.push_back(
        fmt::format("{} has no effort {}; {} was used", target.model, target.effort, allowed));
  target.effort = std::move(allowed);
}

// The models that may answer, in order. One that the person named stands alone.
Result<std::vector<MeteredClient::Target>> MeteredClient::targets(const Request& request) const {
  std::vector<Target> out;
  const models::Alias* alias = catalog_.alias(request.model);
  if (alias == nullptr) {
    out.push_back({request.model, request.effort.empty() ? "medium" : request.effort});
  } else {
    auto effort = [&](const std::string& own) {
      if (!request.effort.empty()) return request.effort;
      return own.empty() ? alias->effort : own;
    };
    out.push_back({alias->model, effort("")});
    for (const models::Successor& next : alias->successors) out.push_back({next.model, effort(next.effort)});
  }
  std::int64_t now_ms = ground_.clock.now_ms();
  auto has_ended = [&](const Target& target) {
    const models::ModelRow* row = catalog_.model(provider_.endpoint().host, target.model);
    return row != nullptr && row->until_ms != 0 && row->until_ms <= now_ms;
  };
  std::string first = out.front().model;
  if (out.size() > 1) std::erase_if(out, has_ended);
  if (out.empty())
    return base::fail(ErrorCode::unavailable, fmt::format("{} and all its successors have ended", first),
                      "name a model for this alias in models.json: see mira models");
  if (out.front().model != first)
    out.front().notes.push_back(
        fmt::format("{} has ended; {} answers in its place", first, out.front().model));
  for (Target& target : out) fit_effort(target);
  return out;
}

std::optional<models::Price> MeteredClient::price_of(const std::string& model, std::string_view tier) const {
  if (provider_.endpoint().is_local) return models::Price{};
  const models::PriceRow* row =
      catalog_.price(provider_.endpoint().host, model, tier, ground_.clock.now_ms());
  if (row == nullptr) return std::nullopt;
  return row->price;
}

MeteredClient::Work MeteredClient::work_for(const Request& request, const Target& target) const {
  const std::string& host = provider_.endpoint().host;
  Work work{
      .request = request, .target = target, .key = cache_key(request, host, target.model, target.effort)};
  std::int64_t now_ms = ground_.clock.now_ms();
  work.draft = {.call_id = random_id(),
                .project_id = ground_.project_id,
                .operation = request.operation,
                .purpose = request.purpose,
                .background = request.background,
                .host = host,
                .model = target.model,
                .effort = target.effort,
                .price = price_of(target.model, "standard"),
                .input_bound = input_bound(request, provider_.is_openai()),
                .output_bound = std::clamp<std::int64_t>(request.max_output_tokens, 16, most_output_tokens),
                .started_ms = now_ms,
                .deadline_ms = now_ms + longest_call_ms};
  std::string prefix = base::content_hash(ground_.project_id + "\n" + request.prompt_version);
  work.prompt = {.model = target.model,
                 .effort = target.effort,
                 .instructions = request.instructions,
                 .messages = request.messages,
                 .max_output_tokens = static_cast<int>(work.draft.output_bound),
                 .output = request.output,
                 .tools = request.tools,
                 .cache_key = std::move(prefix)};
  if (const models::ModelRow* row = catalog_.model(host, target.model)) {
    work.prompt.cache_retention = row->cache_retention;
    work.prompt.cache_ttl = row->cache_ttl;
  }
  return work;
}

Result<Answer> MeteredClient::ask(const Request& request, const OnText& on_text, Deadline deadline) {
  Request safe = masked(request);
  std::vector<Target> candidates = MIRA_TRY(targets(safe));
  deadline = deadline.within_ms(longest_call_ms);
  for (std::size_t i = 0;; ++i) {
    bool has_next = i + 1 < candidates.size();
    if (has_next && i > 0 && !price_of(candidates[i].model, "standard")) continue;
    Work work = work_for(safe, candidates[i]);
    Fault fault = Fault::none;
    auto answer = ask_model(work, on_text, deadline, fault);
    if (answer || fault != Fault::model_not_found || !has_next) return answer;
    candidates[i + 1].notes.push_back(fmt::format("{} is not there any more; {} answers in its place",
                                                  candidates[i].model, candidates[i + 1].model));
  }
}

Result<std::vector<models::Provider::Listed>> MeteredClient::list(Deadline deadline) {
  return provider_.list(deadline);
}

Result<Answer> MeteredClient::from_cache(const Work& work, const CachedAnswer& kept) {
  std::int64_t now_ms = ground_.clock.now_ms();
  MIRA_TRY(ledger_.record_hit(work.draft, kept.usage, kept.cost_nano.value_or(0),
                              [&](store::Connection& main) { return note_hit(main, work.key, now_ms); }));
  Answer out{.text = kept.text,
             .model = work.target.model,
             .host = work.key.host,
             .effort = work.target.effort,
             .usage = kept.usage,
             .bill = {.cost_nano = 0, .avoided_nano = kept.cost_nano.value_or(0), .from_cache = true},
             .notes = work.target.notes};
  if (work.request.output)
    out.structured = MIRA_TRY(models::check_structured(out.text, work.request.output->schema));
  return out;
}

// The kernel frees the lock of a process that died, so only the living are waited for. Some unlike requests
// share a file: they take turns.
std::optional<store::FileLock> MeteredClient::wait_for_equal(const Work& work, Deadline deadline) const {
  std::filesystem::path folder = ground_.main.file().parent_path() / "asking";
  if (!base::make_private_folder(folder)) return std::nullopt;
  auto lock = store::FileLock::acquire(folder / (work.key.hash.substr(0, lock_digits) + ".lock"),
                                       "asking a model", deadline.within_ms(equal_wait_ms));
  if (!lock) return std::nullopt;
  return std::move(*lock);
}

Result<Answer> MeteredClient::ask_model(Work& work, const OnText& on_text, Deadline deadline, Fault& fault) {
  std::optional<store::FileLock> equal;  // held until the answer is kept
  if (work.request.cacheable != models::Cacheable::no) {
    auto kept = MIRA_TRY(cached(ground_.main, work.key, ground_.clock.now_ms()));
    if (!kept) {
      equal = wait_for_equal(work, deadline);
      if (equal) kept = MIRA_TRY(cached(ground_.main, work.key, ground_.clock.now_ms()));
    }
    if (kept) {
      if (on_text) on_text(kept->text);
      return from_cache(work, *kept);
    }
  }
  bool shown = false;
  OnText show = [&](std::string_view part) {
    shown = true;
    if (on_text) on_text(part);
  };
  std::vector<std::string> notes;
  for (int number = 1;; ++number) {
    Attempt done = MIRA_TRY(attempt(work, on_text ? show : OnText(), deadline));
    notes.insert(notes.end(), done.notes.begin(), done.notes.end());
    const models::Verdict& verdict = done.outcome.verdict;
    fault = verdict.fault;
    bool may_repeat = number == 1 && !shown;
    if (verdict.fault == Fault::cut && may_repeat) {
      notes.emplace_back("the first answer was cut and is paid for; it was asked again");
      continue;
    }
    if (verdict.fault != Fault::none) return base::fail(verdict.code, verdict.message, verdict.hint);
    if (done.structured || finish_of(done.outcome.received.ending) == Finish::refused) {
      done.notes = std::move(notes);
      return answer_of(work, done);
    }
    if (number > 1)
      return base::fail(ErrorCode::unavailable,
                        fmt::format("{} did not answer in the form asked for: {}", work.target.model,
                                    done.structured.error().message),
                        "another model may: see mira models");
    bool was_cut = done.outcome.received.ending == models::Ending::cut_by_length;
    if (was_cut) {
      work.draft.output_bound = std::min(work.draft.output_bound * 2, most_output_tokens);
      work.prompt.max_output_tokens = static_cast<int>(work.draft.output_bound);
      notes.emplace_back("the answer was cut by its length; it was asked again with twice the room");
      continue;
    }
    work.prompt.messages.push_back({models::Message::Role::assistant, done.outcome.received.text});
    work.prompt.messages.push_back({models::Message::Role::user, "That is not the JSON that was asked for: " +
                                                                     done.structured.error().message +
                                                                     ". Answer again, with the JSON only."});
    Request longer = work.request;
    longer.messages = work.prompt.messages;
    work.draft.input_bound = input_bound(longer, provider_.is_openai());
    notes.emplace_back("the first answer had not the form asked for; it was asked to repair it");
  }
}

Result<MeteredClient::Attempt> MeteredClient::attempt(Work& work, const OnText& on_text, Deadline deadline) {
  work.draft.started_ms = ground_.clock.now_ms();
  work.draft.deadline_ms = work.draft.started_ms + std::min(deadline.remaining_ms(), longest_call_ms);
  std::int64_t row = MIRA_TRY(ledger_.reserve(work.draft, deadline));
  Attempt out{.outcome = provider_.send(work.prompt, on_text, deadline), .structured = nlohmann::json()};
  models::Received& received = out.outcome.received;
  received.text = guard::mask_secrets(base::repair_utf8(received.text));
  for (const std::string& field : out.outcome.left_out)
    out.notes.push_back(fmt::format("{} does not know \"{}\"; it was left out", work.key.host, field));
  if (!out.outcome.charged) {
    MIRA_TRY(ledger_.release(row, out.outcome.request_id));
    return out;
  }
  bool is_whole = out.outcome.verdict.fault == Fault::none && received.ending == models::Ending::complete;
  if (work.request.output && out.outcome.verdict.fault == Fault::none && received.calls.empty())
    out.structured = models::check_structured(received.text, work.request.output->schema);
  Settlement settlement = settlement_of(work, out.outcome, out.notes);
  bool is_kept = is_whole && out.structured && work.request.cacheable != models::Cacheable::no;
  auto also = [&](store::Connection& main) -> Status {
    std::int64_t now_ms = ground_.clock.now_ms();
    MIRA_TRY(note_prefix(main, ground_.project_id, work.request, settlement.usage, now_ms));
    if (!is_kept) return {};
    std::optional<std::int64_t> cost;
    if (settlement.rates) cost = models::cost_nano(settlement.usage, *settlement.rates);
    return keep(main, work.key, {received.text, settlement.usage, cost}, work.request.cacheable, now_ms);
  };
  out.bill.cost_nano = MIRA_TRY(ledger_.settle(row, settlement, also));
  out.bill.estimated = settlement.estimated;
  MIRA_TRY(remember_protocol());
  return out;
}

// What is counted: the usage that the host reports, when it can be. A host that reports
// none, or more than was sent and allowed, is counted at what it can have used at most.
Settlement MeteredClient::settlement_of(const Work& work, const models::Outcome& outcome,
                                        std::vector<std::string>& notes) const {
  const models::Received& received = outcome.received;
  Settlement out{
      .usage = received.usage, .tier = tier_of(received.tier), .provider_request = outcome.request_id};
  const Usage& usage = out.usage;
  bool possible = std::min({usage.fresh, usage.cached, usage.written, usage.output, usage.reasoning}) >= 0 &&
                  usage.input() <= work.draft.input_bound && usage.output <= work.draft.output_bound &&
                  usage.reasoning <= usage.output;
  if (!received.has_usage || !possible) {
    std::int64_t said = static_cast<std::int64_t>(tokens::count(received.text)) + item_tokens;
    bool is_silent = work.target.effort == "none" && !received.has_usage;
    out.usage = {.fresh = work.draft.input_bound,
                 .output = is_silent ? std::min(said, work.draft.output_bound) : work.draft.output_bound};
    out.estimated = true;
    notes.emplace_back(received.has_usage
                           ? "the host reported a usage that cannot be; the most it can have been is counted"
                           : "the host did not report its usage; the most it can have been is counted");
  }
  auto price = price_of(work.target.model, out.tier);
  if (!price && work.draft.price) {
    price = work.draft.price;
    out.estimated = true;
  }
  if (price) out.rates = price->of_input(out.usage.input());
  return out;
}

Answer MeteredClient::answer_of(const Work& work, Attempt& attempt) const {
  models::Received& received = attempt.outcome.received;
  Answer out{.text = std::move(received.text),
             .structured = attempt.structured ? std::move(*attempt.structured) : nlohmann::json(),
             .model = work.target.model,
             .host = work.key.host,
             .effort = work.target.effort,
             .finish = received.calls.empty() ? finish_of(received.ending) : Finish::calls,
             .usage = received.usage,
             .bill = attempt.bill,
             .notes = work.target.notes};
  out.turn = {.role = models::Message::Role::assistant,
              .text = out.text,
              .calls = std::move(received.calls),
              .items = std::move(received.items)};
  out.notes.insert(out.notes.end(), attempt.notes.begin(), attempt.notes.end());
  if (!out.bill.cost_nano)
    out.notes.push_back(fmt::format("the price of {} at {} is not known: this call is unpriced, not free",
                                    out.model, out.host));
  return out;
}

// Which protocol a host speaks is found out once.
Status MeteredClient::remember_protocol() {
  models::Protocol now = provider_.endpoint().protocol;
  if (now == models::Protocol::unknown || now == stored_protocol_) return {};
  stored_protocol_ = now;
  return ground_.writer.submit(
      [&](store::Connection& main) {
        return main.run(
            "INSERT INTO model_hosts (host, protocol, checked_ms) VALUES (?, ?, ?)"
            " ON CONFLICT (host) DO UPDATE SET protocol = excluded.protocol,"
            " checked_ms = excluded.checked_ms",
            provider_.endpoint().host, models::protocol_name(now), ground_.clock.now_ms());
      },
      Deadline::after_ms(longest_call_ms));
}

}  // namespace mira::budget

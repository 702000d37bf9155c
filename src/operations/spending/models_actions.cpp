#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "operations/spending/actions.h"
#include "platform/base/text.h"
#include "platform/budget/ends.h"
#include "platform/budget/metered_client.h"
#include "platform/models/money.h"

namespace mira::spending {

std::vector<contracts::Action> actions() {
  auto out = budget_actions();
  for (contracts::Action& action : models_actions()) out.push_back(std::move(action));
  return out;
}

namespace {

using base::Result;
using contracts::Call;
using contracts::Json;
using contracts::ParamKind;
using contracts::Reply;

constexpr std::int64_t day_ms = 86'400'000;
constexpr std::int64_t old_row_ms = 90 * day_ms;
constexpr std::int64_t write_wall_ms = 30'000;
constexpr int probe_output_tokens = 256;

std::string rate(std::int64_t pico_per_token) {
  return models::dollars(pico_per_token * 1000);  // of a million tokens
}

Json price_json(const models::PriceRow* row) {
  if (row == nullptr) return nullptr;
  return {{"input", rate(row->price.rates.input)},
          {"cached", rate(row->price.rates.cached)},
          {"cache_write", rate(row->price.rates.cache_write)},
          {"output", rate(row->price.rates.output)},
          {"long_over", row->price.long_over},
          {"from", row->from},
          {"source", row->source},
          {"checked", row->checked}};
}

Json model_json(const models::Catalog& catalog, const models::ModelRow& row, std::int64_t now_ms) {
  return {{"id", row.id},
          {"host", row.host},
          {"context_tokens", row.context_tokens},
          {"output_tokens", row.output_tokens},
          {"efforts", row.efforts},
          {"until", row.until},
          {"price", price_json(catalog.price(row.host, row.id, "standard", now_ms))}};
}

Json aliases_json(const models::Catalog& catalog) {
  Json out = Json::array();
  for (const models::Alias& alias : catalog.aliases()) {
    Json successors = Json::array();
    for (const models::Successor& next : alias.successors) successors.push_back(next.model);
    out.push_back({{"name", alias.name},
                   {"model", alias.model},
                   {"effort", alias.effort},
                   {"successors", std::move(successors)}});
  }
  return out;
}

// What is configured, without the key.
Json endpoint_json(const Result<models::Endpoint>& endpoint) {
  if (!endpoint) return {{"problem", endpoint.error().message}, {"hint", endpoint.error().hint}};
  return {{"host", endpoint->host},
          {"base", endpoint->base},
          {"has_key", !endpoint->key.empty()},
          {"local", endpoint->is_local}};
}

Result<Reply> handle_list(Call& call) {
  contracts::Session& session = *call.session;
  auto file = budget::models_file();
  models::Catalog catalog = MIRA_TRY(budget::known_catalog(session.main));
  Json rows = Json::array();
  for (const models::ModelRow& row : catalog.models())
    rows.push_back(model_json(catalog, row, session.clock.now_ms()));
  return Reply{
      .data = {{"endpoint", endpoint_json(models::find_endpoint(catalog, models::process_environment()))},
               {"file", base::display_line(file.string())},
               {"aliases", aliases_json(catalog)},
               {"models", std::move(rows)}}};
}

std::string price_text(const Json& price) {
  if (price.is_null()) return "no price is known";
  std::string out = fmt::format("{} in, {} cached, {} out", price["input"].get<std::string>(),
                                price["cached"].get<std::string>(), price["output"].get<std::string>());
  std::string checked = price["checked"].get<std::string>();
  return checked.empty() ? out : out + ", checked " + checked;
}

std::string endpoint_text(const Json& data) {
  const Json& endpoint = data["endpoint"];
  std::string file = data["file"].get<std::string>();
  if (endpoint.contains("problem"))
    return fmt::format("{}\n  set OPENAI_API_KEY, or write {} with {}\n",
                       endpoint["problem"].get<std::string>(), file,
                       R"({"endpoint": {"base": "http://localhost:11434/v1", "local": true}})");
  return fmt::format("asks {}{}{}\n  rows of your own go in {}\n", endpoint["base"].get<std::string>(),
                     endpoint["has_key"].get<bool>() ? " with a key" : " without a key",
                     endpoint["local"].get<bool>() ? ", which costs nothing" : "", file);
}

std::string render_list(const Reply& reply, const contracts::Style&) {
  std::string out = endpoint_text(reply.data);
  for (const Json& alias : reply.data["aliases"])
    out += fmt::format("{:<10} {} ({})\n", alias["name"].get<std::string>(),
                       alias["model"].get<std::string>(), alias["effort"].get<std::string>());
  out += "\nprices are dollars for a million tokens\n";
  for (const Json& row : reply.data["models"]) {
    std::string until = row["until"].get<std::string>();
    out += fmt::format("{:<22} {}{}\n", row["id"].get<std::string>(), price_text(row["price"]),
                       until.empty() ? "" : ", ends " + until);
  }
  return out;
}

bool is_old(const std::string& checked, std::int64_t now_ms) {
  auto day = models::day_ms(checked);
  return !day || now_ms - *day > old_row_ms;
}

// Rows whose source was last looked at long ago, models that end soon, models used without a price.
Result<std::vector<std::string>> row_warnings(const models::Catalog& catalog, contracts::Session& session) {
  std::vector<std::string> out;
  std::int64_t now_ms = session.clock.now_ms();
  auto old = std::ranges::count_if(catalog.prices(),
                                   [&](const models::PriceRow& row) { return is_old(row.checked, now_ms); });
  if (old > 0)
    out.push_back(fmt::format("{} price rows were last checked over 90 days ago, or nobody knows when", old));
  for (const models::ModelRow& row : catalog.models()) {
    if (row.until_ms == 0 || row.until_ms - now_ms > budget::ends_soon_ms) continue;
    out.push_back(fmt::format("{} {} on {}", row.id, row.until_ms <= now_ms ? "ended" : "ends", row.until));
  }
  MIRA_TRY(session.main.each(
      "SELECT host, model, count(*) FROM budget_tracking WHERE state = 'settled' AND cost_nano IS NULL"
      " GROUP BY host, model ORDER BY host, model",
      [&](const store::Row& row) {
        out.push_back(fmt::format("{} at {} was asked {} times without a price",
                                  base::display_line(row.text(1)), base::display_line(row.text(0)),
                                  row.integer(2)));
      }));
  return out;
}

models::Request probe_request(const std::string& model) {
  models::Request out;
  out.model = model;
  out.instructions = "This is a check of a connection. Answer with the word ready in the field word.";
  out.messages = {{models::Message::Role::user, "Are you there?"}};
  out.max_output_tokens = probe_output_tokens;
  out.output = models::OutputSchema{"check",
                                    {{"type", "object"},
                                     {"properties", {{"word", {{"type", "string"}}}}},
                                     {"required", {"word"}},
                                     {"additionalProperties", false}}};
  out.purpose = models::Purpose::probe;
  out.prompt_version = "probe/1";
  return out;
}

Json error_json(const base::Error& error) {
  return {{"code", base::code_name(error.code)}, {"message", error.message}, {"hint", error.hint}};
}

Json listed_json(const Result<std::vector<models::Provider::Listed>>& listed) {
  if (!listed) return {{"problem", error_json(listed.error())}};
  Json out = Json::array();
  for (const auto& model : *listed) out.push_back({{"id", model.id}, {"shutdown_date", model.shutdown_date}});
  return out;
}

Json limit_json(const models::RateLimit& one) {
  if (one.limit == 0) return nullptr;
  return {{"limit", one.limit}, {"remaining", one.remaining}, {"reset_ms", one.reset_ms}};
}

Json limits_json(const models::RateLimits& limits) {
  return {{"requests", limit_json(limits.requests)}, {"tokens", limit_json(limits.tokens)}};
}

// What the host says of the end of its models is known from now on, without asking again.
base::Status remember_ends(contracts::Session& session, const std::string& host,
                           const std::vector<models::Provider::Listed>& listed) {
  return session.main_writer.submit(
      [&](store::Connection& main) { return budget::keep_ends(main, host, listed, session.clock.now_ms()); },
      base::Deadline::after_ms(write_wall_ms));
}

Result<Reply> handle_check(Call& call, models::Breaker& breaker) {
  contracts::Session& session = *call.session;
  auto connected = MIRA_TRY(budget::find_models(session.main));
  budget::MeteredClient client(std::move(connected), {.writer = session.main_writer,
                                                      .main = session.main,
                                                      .clock = session.clock,
                                                      .breaker = breaker,
                                                      .project_id = session.project.id});
  base::Deadline deadline = call.deadline;
  call.progress.update("asking the host", 0, 0, "");
  auto listed = client.list(deadline);
  if (listed) MIRA_TRY(remember_ends(session, client.endpoint().host, *listed));
  auto catalog = MIRA_TRY(budget::known_catalog(session.main));
  std::vector<std::string> warnings = MIRA_TRY(row_warnings(catalog, session));
  auto answer = client.ask(probe_request(call.arguments.at("model").get<std::string>()), {}, deadline);
  Reply reply{.data = {{"host", client.endpoint().host},
                       {"protocol", models::protocol_name(client.endpoint().protocol)},
                       {"listed", listed_json(listed)},
                       {"limits", limits_json(client.limits())},
                       {"answered", answer.has_value()}},
              .notes = std::move(warnings)};
  if (!answer) {
    reply.data["problem"] = error_json(answer.error());
    reply.exit_code = base::exit_code(answer.error().code);
    return reply;
  }
  reply.data["model"] = answer->model;
  reply.data["cost_nano"] = answer->bill.cost_nano ? Json(*answer->bill.cost_nano) : Json();
  reply.notes.insert(reply.notes.end(), answer->notes.begin(), answer->notes.end());
  return reply;
}

std::string limits_text(const Json& limits) {
  std::string out;
  for (const char* what : {"requests", "tokens"}) {
    const Json& one = limits[what];
    if (one.is_null()) continue;
    out += fmt::format(
        "{} {} of {} are left{}\n", one["remaining"].get<std::int64_t>(), what,
        one["limit"].get<std::int64_t>(),
        one["reset_ms"].get<std::int64_t>() > 0
            ? fmt::format(", all again in {} s", (one["reset_ms"].get<std::int64_t>() + 999) / 1000)
            : "");
  }
  return out;
}

std::string render_check(const Reply& reply, const contracts::Style&) {
  const Json& data = reply.data;
  std::string host = data["host"].get<std::string>();
  std::string out;
  if (data["listed"].is_array())
    out += fmt::format("{} lists {} models\n", host, data["listed"].size());
  else
    out += fmt::format("{} does not list its models: {}\n", host,
                       data["listed"]["problem"]["message"].get<std::string>());
  out += limits_text(data["limits"]);
  if (!data["answered"].get<bool>()) {
    const Json& problem = data["problem"];
    return out + fmt::format("no answer: {}\n  {}\n", problem["message"].get<std::string>(),
                             problem["hint"].get<std::string>());
  }
  std::string cost =
      data["cost_nano"].is_null() ? "unpriced" : models::dollars(data["cost_nano"].get<std::int64_t>());
  return out + fmt::format("{} answered by {}, in the form asked for; it cost {}\n",
                           data["model"].get<std::string>(), data["protocol"].get<std::string>(), cost);
}

contracts::Action list_action() {
  return {
      .name = "models",
      .group = "money",
      .summary = "The models, aliases and prices that are known, and the host that is asked",
      .description =
          "Rows are dated data. models.json in the configuration folder replaces them one by one (lists "
          "models, "
          "aliases and prices) and names the host (endpoint: base, key_env or key_file, protocol, local). "
          "Without it OPENAI_API_KEY and OPENAI_BASE_URL are read. Asks no host anything.",
      .params = {},
      .examples = {{"mira models", "what is configured"},
                   {"mira models --json", "every row with its source"}},
      .data_shape =
          R"({"endpoint": {"host": "...", "base": "...", "has_key": true, "local": false}, "file": "/path/models.json",
  "aliases": [{"name": "default", "model": "...", "effort": "medium", "successors": []}],
  "models": [{"id": "...", "host": "...", "context_tokens": 400000, "output_tokens": 128000, "efforts": ["low"], "until": "",
    "price": {"input": "$1.25", "cached": "$0.125", "cache_write": "$1.25", "output": "$10.00", "long_over": 0,
      "from": "2025-11-13", "source": "...", "checked": "2026-11-24"}}]})",
      .needs = contracts::Needs::project,
      .handle = handle_list,
      .render = render_list};
}

contracts::Action check_action() {
  auto breaker = std::make_shared<models::Breaker>();
  return {
      .name = "models check",
      .group = "money",
      .summary = "Ask the host one small question and say what works",
      .description =
          "Lists the host's models (free) and asks one for a small answer in a fixed form, which is recorded "
          "and "
          "counted like any other. Warns of old prices, of models that end within 60 days and of models "
          "used without a price. What the host says of its limits is shown; what it says of the end of its "
          "models is kept, so that aliases move on in time and mira doctor can warn.",
      .params = {{.name = "model", .help = "an alias or a model's own name", .fallback = "fast"}},
      .examples = {{"mira models check", "is the host there, and does the key work"},
                   {"mira models check --model deep", "the same of another model"}},
      .data_shape =
          R"({"host": "...", "protocol": "responses", "listed": [{"id": "...", "shutdown_date": ""}],
  "limits": {"requests": {"limit": 500, "remaining": 499, "reset_ms": 120}, "tokens": null}, "answered": true,
  "model": "...", "cost_nano": 120000, "problem": {"code": "provider", "message": "...", "hint": "..."}})",
      .needs = contracts::Needs::project,
      .read_only = false,
      .handle = [breaker](Call& call) { return handle_check(call, *breaker); },
      .render = render_check};
}

}  // namespace

std::vector<contracts::Action> models_actions() {
  return {list_action(), check_action()};
}

}  // namespace mira::spending

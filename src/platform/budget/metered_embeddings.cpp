#include "platform/budget/metered_embeddings.h"

#include <fmt/format.h>

#include <random>

#include "platform/base/text.h"
#include "platform/guard/secrets.h"

namespace mira::budget {
namespace {

using base::ErrorCode;
using base::Result;

constexpr std::int64_t longest_call_ms = 120'000;
constexpr std::int64_t item_tokens = 16;  // what a host may add to each text

std::string random_id() {
  std::random_device device;
  return fmt::format("{:08x}{:08x}", device(), device());
}

// No token is shorter than a byte.
std::int64_t input_bound(const std::vector<std::string>& texts) {
  std::int64_t sum = 0;
  for (const std::string& text : texts) sum += static_cast<std::int64_t>(text.size()) + item_tokens;
  return sum;
}

}  // namespace

Result<Connected> find_embedding_model() {
  models::Catalog catalog = MIRA_TRY(models::Catalog::load(models_file()));
  if (catalog.embedding().model.empty())
    return base::fail(ErrorCode::unavailable, "no model that embeds is configured",
                      R"(name one in models.json: "embedding": {"model": ..., "dimensions": ...})");
  models::Endpoint endpoint =
      MIRA_TRY(models::find_embedding_endpoint(catalog, models::process_environment()));
  return Connected{std::move(catalog), std::move(endpoint)};
}

MeteredEmbeddings::MeteredEmbeddings(Connected connected, Ground ground, models::RetryPolicy policy)
    : catalog_(std::move(connected.catalog)),
      provider_(std::move(connected.endpoint), ground.breaker, policy),
      ground_(std::move(ground)),
      ledger_(ground_.writer, ground_.clock) {}

std::optional<models::Price> MeteredEmbeddings::price_of(const std::string& model) const {
  if (provider_.endpoint().is_local) return models::Price{};
  const models::PriceRow* row =
      catalog_.price(provider_.endpoint().host, model, "standard", ground_.clock.now_ms());
  if (row == nullptr) return std::nullopt;
  return row->price;
}

Result<Embedded> MeteredEmbeddings::embed(const EmbeddingRequest& request, base::Deadline deadline) {
  models::EmbeddingPrompt prompt{.model = request.model, .dimensions = request.dimensions};
  for (const std::string& text : request.texts)
    prompt.texts.push_back(guard::mask_secrets(base::repair_utf8(text)));
  deadline = deadline.within_ms(longest_call_ms);
  std::int64_t now_ms = ground_.clock.now_ms(), bound = input_bound(prompt.texts);
  auto price = price_of(request.model);
  std::int64_t row = MIRA_TRY(ledger_.reserve({.call_id = random_id(),
                                               .project_id = ground_.project_id,
                                               .purpose = models::Purpose::embedding,
                                               .background = request.background,
                                               .host = provider_.endpoint().host,
                                               .model = request.model,
                                               .price = price,
                                               .input_bound = bound,
                                               .started_ms = now_ms,
                                               .deadline_ms = now_ms + longest_call_ms},
                                              deadline));
  auto sent = provider_.embed(std::move(prompt), deadline);
  if (!sent.charged) {
    MIRA_TRY(ledger_.release(row, sent.request_id));
  } else {
    const models::Usage& usage = sent.received.usage;
    bool known = sent.received.has_usage && usage.fresh >= 0 && usage.fresh <= bound;
    Settlement settlement{.usage = known ? usage : models::Usage{.fresh = bound},
                          .estimated = !known,
                          .provider_request = sent.request_id};
    if (price) settlement.rates = price->of_input(settlement.usage.input());
    auto cost = MIRA_TRY(ledger_.settle(row, settlement));
    if (sent.verdict.fault == models::Fault::none)
      return Embedded{std::move(sent.received.vectors), {.cost_nano = cost, .estimated = !known}};
  }
  return base::fail(sent.verdict.code, sent.verdict.message, sent.verdict.hint);
}

}  // namespace mira::budget

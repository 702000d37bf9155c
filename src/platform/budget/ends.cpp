#include "platform/budget/ends.h"

#include <algorithm>

#include "platform/budget/metered_client.h"

namespace mira::budget {
namespace {

using base::Result;
using base::Status;
using models::Catalog;
using store::Row;

constexpr std::int64_t day_long_ms = 86'400'000;

std::string successor_of(const Catalog& catalog, const std::string& host, const models::Alias& alias,
                         std::int64_t after_ms) {
  for (const models::Successor& next : alias.successors) {
    const models::ModelRow* row = catalog.model(host, next.model);
    bool goes_on = row == nullptr || row->until_ms == 0 || row->until_ms > after_ms;
    if (goes_on && catalog.price(host, next.model, "standard", after_ms) != nullptr) return next.model;
  }
  return "";
}

}  // namespace

Result<Catalog> known_catalog(store::Connection& main) {
  Catalog out = MIRA_TRY(Catalog::load(models_file()));
  MIRA_TRY(main.each("SELECT host, model, shutdown_date FROM model_ends ORDER BY host, model",
                     [&](const Row& row) { out.note_end(row.text(0), row.text(1), row.text(2)); }));
  return out;
}

Status keep_ends(store::Connection& main, const std::string& host,
                 std::span<const models::Provider::Listed> listed, std::int64_t now_ms) {
  MIRA_TRY(main.run("DELETE FROM model_ends WHERE host = ?", host));
  for (const models::Provider::Listed& model : listed) {
    if (!models::day_ms(model.shutdown_date)) continue;
    MIRA_TRY(
        main.run("INSERT OR REPLACE INTO model_ends (host, model, shutdown_date, checked_ms)"
                 " VALUES (?, ?, ?, ?)",
                 host, model.id, model.shutdown_date, now_ms));
  }
  return {};
}

std::vector<Ending> endings(const Catalog& catalog, const std::string& host, std::int64_t now_ms) {
  std::vector<Ending> out;
  for (const models::Alias& alias : catalog.aliases()) {
    const models::ModelRow* row = catalog.model(host, alias.model);
    if (row == nullptr || row->until_ms == 0 || row->until_ms - now_ms > ends_soon_ms) continue;
    auto known = std::ranges::find(out, row->id, &Ending::model);
    if (known != out.end()) {
      known->aliases.push_back(alias.name);
      continue;
    }
    std::int64_t left_ms = row->until_ms - now_ms;
    out.push_back({.model = row->id,
                   .until = row->until,
                   .days = left_ms > 0 ? (left_ms + day_long_ms - 1) / day_long_ms : 0,
                   .aliases = {alias.name},
                   .successor = successor_of(catalog, host, alias, std::max(now_ms, row->until_ms))});
  }
  return out;
}

}  // namespace mira::budget

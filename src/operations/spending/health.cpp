#include <fmt/format.h>

#include "operations/spending/actions.h"
#include "platform/base/text.h"
#include "platform/budget/ends.h"
#include "platform/models/endpoint.h"

namespace mira::spending {
namespace {

using contracts::Finding;
using contracts::Health;

constexpr const char* subject = "models";

Finding of_error(const base::Error& error) {
  return {Health::warning, subject, error.message, error.hint};
}

Finding of_ending(const budget::Ending& one) {
  std::string who = base::join(one.aliases, " and ");
  std::string next = one.successor.empty() ? "no successor of it is known"
                     : one.days > 0        ? one.successor + " answers after that"
                                           : one.successor + " answers in its place";
  std::string when =
      one.days > 0 ? fmt::format("ends on {}, in {} day{}", one.until, one.days, one.days == 1 ? "" : "s")
                   : fmt::format("ended on {}", one.until);
  return {Health::warning, subject,
          fmt::format("{}, which is asked as {}, {}; {}", one.model, who, when, next),
          "name the model you want for it in models.json: see mira models"};
}

}  // namespace

std::vector<Finding> health(store::Connection& main, const models::Environment& environment,
                            std::int64_t now_ms) {
  auto catalog = budget::known_catalog(main);
  if (!catalog) return {of_error(catalog.error())};
  auto endpoint = models::find_endpoint(*catalog, environment);
  if (!endpoint && endpoint.error().code == base::ErrorCode::unavailable)
    return {{Health::ok, subject, "none is configured: evidence is given without a model's words", ""}};
  if (!endpoint) return {of_error(endpoint.error())};
  std::vector<Finding> out;
  for (const budget::Ending& one : budget::endings(*catalog, endpoint->host, now_ms))
    out.push_back(of_ending(one));
  if (out.empty())
    out.push_back({Health::ok, subject,
                   fmt::format("asked at {}; none that is asked is known to end within 60 days",
                               base::display_line(endpoint->host)),
                   ""});
  return out;
}

}  // namespace mira::spending

#include <fmt/format.h>

#include "operations/spending/actions.h"
#include "platform/base/calendar.h"
#include "platform/base/text.h"
#include "platform/budget/ends.h"
#include "platform/budget/prefixes.h"
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

// A person can do nothing about it but tell: no rule of theirs is in the beginning of a request.
Finding of_prefix(const budget::ChangedPrefix& one) {
  return {
      Health::warning, subject,
      fmt::format("requests of {} begin in {} ways, since {}, though their version is one: a host had kept "
                  "{:.0f} % of what was sent before that, and {:.0f} % since",
                  base::display_line(one.prompt_version), one.beginnings, base::iso_date(one.changed_ms),
                  100 * one.cached_before, 100 * one.cached_since),
      "two versions of Mira that share this home do that, run the newer one alone; else it is a fault of "
      "Mira, please report it"};
}

void check_prefixes(store::Connection& main, std::int64_t now_ms, std::vector<Finding>& out) {
  auto changed = budget::changed_prefixes(main, now_ms);
  if (!changed)
    out.push_back(of_error(changed.error()));
  else
    for (const budget::ChangedPrefix& one : *changed) out.push_back(of_prefix(one));
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
  check_prefixes(main, now_ms, out);
  if (out.empty())
    out.push_back({Health::ok, subject,
                   fmt::format("asked at {}; none that is asked is known to end within 60 days",
                               base::display_line(endpoint->host)),
                   ""});
  return out;
}

}  // namespace mira::spending

#include "knowledge/memory/dates_arm.h"

#include <algorithm>

#include "knowledge/memory/moments.h"
#include "knowledge/memory/weights.h"

namespace mira::memory {
namespace {

constexpr std::int64_t day_ms = 86'400'000;

float nearness(const Span& span, std::int64_t said_ms) {
  if (said_ms < span.from_ms) return 0;
  if (said_ms < span.to_ms) return 1;
  float days_after = static_cast<float>(said_ms - span.to_ms) / static_cast<float>(day_ms);
  if (days_after >= weights::told_within_days) return 0;
  return weights::told_later * (1 - days_after / weights::told_within_days);
}

}  // namespace

Arm dates_arm(const Snapshot& snapshot, std::string_view question, std::int64_t now_ms) {
  Arm arm{"dates", weights::dates, std::vector<float>(snapshot.size())};
  for (const Span& span : spans_named(question, now_ms)) {
    for (std::size_t i = 0; i < snapshot.size(); ++i) {
      std::int64_t said_ms = snapshot.documents[i].said_ms;
      if (said_ms > 0) arm.scores[i] = std::max(arm.scores[i], nearness(span, said_ms));
    }
  }
  return arm;
}

bool asks_of_then(std::string_view question, std::int64_t now_ms) {
  return std::ranges::any_of(spans_named(question, now_ms),
                             [&](const Span& span) { return span.to_ms <= now_ms; });
}

}  // namespace mira::memory

// The beginning of requests: rules, tools and the form of the answer, in that order. Hosts
// keep it and charge less for it while it stays the same byte for byte, so it may change only
// together with the version that the request names. What was sent is noted, and a beginning
// that changed without a new version is told (`mira doctor`).
#pragma once

#include <string>
#include <vector>

#include "platform/models/client.h"
#include "platform/store/connection.h"

namespace mira::budget {

std::string prefix_hash(const models::Request& request);
// One request that was answered. Inside a transaction.
base::Status note_prefix(store::Connection& main, const std::string& project_id,
                         const models::Request& request, const models::Usage& usage, std::int64_t now_ms);

struct ChangedPrefix {
  std::string prompt_version;
  std::int64_t beginnings = 0;                 // of that version in one project, in the last month
  std::int64_t changed_ms = 0;                 // when the newest was first sent
  double cached_before = 0, cached_since = 0;  // share of the input that hosts had kept, 0..1
};
inline constexpr std::int64_t prefix_kept_ms = std::int64_t{30} * 86'400'000;
// By version; of several projects the one with most beginnings.
base::Result<std::vector<ChangedPrefix>> changed_prefixes(store::Connection& main, std::int64_t now_ms);

}  // namespace mira::budget

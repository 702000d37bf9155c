// Answers kept by exactly what was asked: SHA-256 over the canonical request with the
// model that answers, its effort, the rules, the schema and every text. Only hashes of
// requests are kept. Nothing that changes by itself (time, ids, folders, budgets) may be
// in a request that is cached. Another model is another key; a similar text is too.
#pragma once

#include <optional>
#include <string>

#include "platform/models/client.h"
#include "platform/store/connection.h"

namespace mira::budget {

inline constexpr std::int64_t cache_bytes = std::int64_t{256} << 20;
inline constexpr std::int64_t cache_kept_ms = std::int64_t{90} * 86'400'000;  // since its last use
inline constexpr std::int64_t day_ttl_ms = 86'400'000;

struct CacheKey {
  std::string host, model, effort;
  std::string hash;  // of the whole
};
CacheKey cache_key(const models::Request& request, std::string host, std::string model, std::string effort);

struct CachedAnswer {
  std::string text;
  models::Usage usage;
  std::optional<std::int64_t> cost_nano;
};

// nullopt: never asked, expired, or swept.
base::Result<std::optional<CachedAnswer>> cached(store::Connection& main, const CacheKey& key,
                                                 std::int64_t now_ms);
// These run inside a transaction. keep() replaces the whole row and sweeps what is too old or too much.
base::Status keep(store::Connection& main, const CacheKey& key, const CachedAnswer& answer,
                  models::Cacheable cacheable, std::int64_t now_ms, std::int64_t most_bytes = cache_bytes);
base::Status note_hit(store::Connection& main, const CacheKey& key, std::int64_t now_ms);

}  // namespace mira::budget

#include "platform/budget/cache.h"

#include <utf8proc.h>

#include <cstdlib>
#include <limits>
#include <memory>

#include "platform/base/hash.h"
#include "platform/base/text.h"

namespace mira::budget {
namespace {

using base::Result;
using base::Status;
using nlohmann::json;
using store::Connection;

// Unicode NFC: two spellings of one text are one question.
std::string composed(std::string_view text) {
  std::string valid = base::repair_utf8(text);
  utf8proc_uint8_t* out = nullptr;
  utf8proc_ssize_t length = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(valid.data()),
                                         static_cast<utf8proc_ssize_t>(valid.size()), &out,
                                         static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
  if (length < 0 || out == nullptr) return valid;
  std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owned(out, &std::free);
  return {reinterpret_cast<const char*>(out), static_cast<std::size_t>(length)};
}

Status forget_old(Connection& main, std::int64_t now_ms) {
  return main.run("DELETE FROM llm_cache WHERE expires_ms <= ? OR last_hit_ms < ?", now_ms,
                  now_ms - cache_kept_ms);
}

// Least recently used first, until what is left fits.
Status forget_most(Connection& main, std::int64_t most_bytes) {
  std::int64_t kept = 0, oldest_kept_ms = std::numeric_limits<std::int64_t>::max();
  bool over = false;
  MIRA_TRY(main.each("SELECT last_hit_ms, bytes FROM llm_cache ORDER BY last_hit_ms DESC",
                     [&](const store::Row& row) {
                       over = kept + row.integer(1) > most_bytes;
                       if (over) return false;
                       kept += row.integer(1);
                       oldest_kept_ms = row.integer(0);
                       return true;
                     }));
  if (!over) return {};
  return main.run("DELETE FROM llm_cache WHERE last_hit_ms < ?", oldest_kept_ms);
}

}  // namespace

CacheKey cache_key(const models::Request& request, std::string host, std::string model, std::string effort) {
  json messages = json::array();
  for (const models::Message& message : request.messages)
    messages.push_back(
        {message.role == models::Message::Role::user ? "user" : "assistant", composed(message.text)});
  json output =
      request.output ? json{{"name", request.output->name}, {"schema", request.output->schema}} : json();
  // The keys of a JSON object are sorted here, and its dump has no blanks: it is canonical.
  json canonical{{"host", host},
                 {"model", model},
                 {"effort", effort},
                 {"prompt_version", request.prompt_version},
                 {"instructions", composed(request.instructions)},
                 {"messages", std::move(messages)},
                 {"output", std::move(output)},
                 {"max_output_tokens", request.max_output_tokens}};
  std::string hash = base::sha256_hex(canonical.dump());
  return {std::move(host), std::move(model), std::move(effort), std::move(hash)};
}

Result<std::optional<CachedAnswer>> cached(Connection& main, const CacheKey& key, std::int64_t now_ms) {
  std::optional<CachedAnswer> out;
  MIRA_TRY(main.each(
      "SELECT answer, fresh_tokens, cached_tokens, written_tokens, output_tokens, cost_nano FROM llm_cache"
      " WHERE request_hash = ? AND expires_ms > ? AND created_ms <= ?",
      [&](const store::Row& row) {
        out = {.text = std::string(row.text(0)),
               .usage = {row.integer(1), row.integer(2), row.integer(3), row.integer(4)}};
        if (!row.is_null(5)) out->cost_nano = row.integer(5);
      },
      key.hash, now_ms, now_ms));
  return out;
}

Status keep(Connection& main, const CacheKey& key, const CachedAnswer& answer, models::Cacheable cacheable,
            std::int64_t now_ms, std::int64_t most_bytes) {
  std::int64_t expires_ms = cacheable == models::Cacheable::for_day
                                ? now_ms + day_ttl_ms
                                : std::numeric_limits<std::int64_t>::max();
  MIRA_TRY(
      main.run("INSERT OR REPLACE INTO llm_cache (request_hash, host, model, effort, answer, fresh_tokens, "
               "cached_tokens,"
               " written_tokens, output_tokens, cost_nano, created_ms, expires_ms, last_hit_ms, hits, bytes)"
               " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?)",
               key.hash, key.host, key.model, key.effort, answer.text, answer.usage.fresh,
               answer.usage.cached, answer.usage.written, answer.usage.output, answer.cost_nano, now_ms,
               expires_ms, now_ms, answer.text.size() + key.hash.size()));
  MIRA_TRY(forget_old(main, now_ms));
  return forget_most(main, most_bytes);
}

Status note_hit(Connection& main, const CacheKey& key, std::int64_t now_ms) {
  return main.run(
      "UPDATE llm_cache SET hits = hits + 1, last_hit_ms = max(last_hit_ms, ?) WHERE request_hash = ?",
      now_ms, key.hash);
}

}  // namespace mira::budget

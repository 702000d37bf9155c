#include "platform/budget/prefixes.h"

#include <map>
#include <nlohmann/json.hpp>

#include "platform/base/hash.h"

namespace mira::budget {
namespace {

double share(std::int64_t part, std::int64_t whole) {
  return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : 0;
}

}  // namespace

// Sorted keys and no blanks: the same content has the same bytes.
std::string prefix_hash(const models::Request& request) {
  nlohmann::json beginning{{"instructions", request.instructions}, {"tools", nlohmann::json::array()}};
  for (const models::Tool& tool : request.tools)
    beginning["tools"].push_back(
        {{"name", tool.name}, {"description", tool.description}, {"parameters", tool.parameters}});
  if (request.output) beginning["form"] = request.output->schema;
  return base::content_hash(beginning.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

base::Status note_prefix(store::Connection& main, const std::string& project_id,
                         const models::Request& request, const models::Usage& usage, std::int64_t now_ms) {
  if (request.prompt_version.empty()) return {};
  MIRA_TRY(main.run("DELETE FROM prompt_prefixes WHERE last_ms < ?", now_ms - prefix_kept_ms));
  return main.run(
      "INSERT INTO prompt_prefixes (project_id, prompt_version, prefix_hash, first_ms, last_ms, requests,"
      " input_tokens, cached_tokens) VALUES (?1, ?2, ?3, ?4, ?4, 1, ?5, ?6)"
      " ON CONFLICT (project_id, prompt_version, prefix_hash) DO UPDATE SET last_ms = excluded.last_ms,"
      " requests = requests + 1, input_tokens = input_tokens + excluded.input_tokens,"
      " cached_tokens = cached_tokens + excluded.cached_tokens",
      project_id, request.prompt_version, prefix_hash(request), now_ms, usage.input(), usage.cached);
}

base::Result<std::vector<ChangedPrefix>> changed_prefixes(store::Connection& main, std::int64_t now_ms) {
  struct Sum {
    std::int64_t beginnings = 0, changed_ms = 0, before = 0, cached_before = 0, input = 0, cached = 0;
  };
  std::map<std::pair<std::string, std::string>, Sum> sums;  // by version and project
  MIRA_TRY(main.each(
      "SELECT prompt_version, project_id, first_ms, input_tokens, cached_tokens FROM prompt_prefixes"
      " WHERE last_ms >= ? ORDER BY first_ms, prefix_hash",
      [&](const store::Row& row) {
        Sum& sum = sums[{std::string(row.text(0)), std::string(row.text(1))}];
        sum.changed_ms = row.integer(2);
        if (sum.beginnings++ == 0) {
          sum.before = row.integer(3);
          sum.cached_before = row.integer(4);
        } else {
          sum.input += row.integer(3);
          sum.cached += row.integer(4);
        }
      },
      now_ms - prefix_kept_ms));
  std::map<std::string, ChangedPrefix> worst;
  for (const auto& [key, sum] : sums) {
    ChangedPrefix& one = worst[key.first];
    if (sum.beginnings < 2 || sum.beginnings <= one.beginnings) continue;
    one = {key.first, sum.beginnings, sum.changed_ms, share(sum.cached_before, sum.before),
           share(sum.cached, sum.input)};
  }
  std::vector<ChangedPrefix> out;
  for (auto& [version, one] : worst)
    if (one.beginnings > 1) out.push_back(std::move(one));
  return out;
}

}  // namespace mira::budget

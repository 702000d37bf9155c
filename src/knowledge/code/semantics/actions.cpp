#include "knowledge/code/semantics/actions.h"

#include <charconv>

namespace mira::semantics {

using contracts::Json;
using contracts::ParamKind;

std::vector<contracts::Param> page_params(std::int64_t default_limit) {
  return {{.name = "limit",
           .kind = ParamKind::integer,
           .help = "Most rows of a page",
           .fallback = default_limit,
           .minimum = 1,
           .maximum = 10'000},
          {.name = "cursor",
           .kind = ParamKind::text,
           .help = "Where the next page starts, as the last reply said"}};
}

std::string argument(const Json& arguments, const char* name) {
  auto at = arguments.find(name);
  return at != arguments.end() && at->is_string() ? at->get<std::string>() : std::string();
}

base::Result<std::size_t> page_start(const Json& arguments) {
  std::string cursor = argument(arguments, "cursor");
  if (cursor.empty()) return std::size_t{0};
  std::size_t start = 0;
  auto [end, error] = std::from_chars(cursor.data(), cursor.data() + cursor.size(), start);
  if (error != std::errc() || end != cursor.data() + cursor.size())
    return base::fail(base::ErrorCode::usage, "the cursor is not one that a reply gave",
                      "leave --cursor out to start at the first page");
  return start;
}

bool is_path(std::string_view path, std::string_view wanted) {
  if (wanted.ends_with('/')) wanted.remove_suffix(1);
  if (wanted.starts_with("./")) wanted.remove_prefix(2);
  if (wanted.empty() || path == wanted) return true;
  if (path.starts_with(wanted) && path[wanted.size()] == '/') return true;
  return path.ends_with(wanted) && path[path.size() - wanted.size() - 1] == '/';
}

}  // namespace mira::semantics

#include "knowledge/code/semantics/actions.h"

namespace mira::semantics {

using contracts::Json;

std::string argument(const Json& arguments, const char* name) {
  auto at = arguments.find(name);
  return at != arguments.end() && at->is_string() ? at->get<std::string>() : std::string();
}

bool is_path(std::string_view path, std::string_view wanted) {
  if (wanted.ends_with('/')) wanted.remove_suffix(1);
  if (wanted.starts_with("./")) wanted.remove_prefix(2);
  if (wanted.empty() || path == wanted) return true;
  if (path.starts_with(wanted) && path[wanted.size()] == '/') return true;
  return path.ends_with(wanted) && path[path.size() - wanted.size() - 1] == '/';
}

}  // namespace mira::semantics

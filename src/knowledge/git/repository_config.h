// A reader for git's configuration syntax that only reads: no includes, no
// variables, no effect. A line it does not understand is passed over.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mira::git {

struct ConfigEntry {
  std::string name;   // "extensions.objectformat", "remote.promisor": lower case, without the subsection
  std::string value;  // "true" for a key that stands alone
};

std::vector<ConfigEntry> parse_config(std::string_view text);
// The last value of a name, as git has it; nullopt when absent.
std::optional<std::string> config_value(const std::vector<ConfigEntry>& entries, std::string_view name);
bool config_true(const std::vector<ConfigEntry>& entries, std::string_view name);

}  // namespace mira::git

#include "knowledge/git/repository_config.h"

#include "platform/base/text.h"

namespace mira::git {
namespace {

// "[remote "origin"]" -> "remote"; old style "[a.b]" -> "a".
std::string section_name(std::string_view line) {
  std::size_t end = line.find_first_of(" \t.]\"", 1);
  return base::to_lower(line.substr(1, end == std::string_view::npos ? end : end - 1));
}

std::string unquoted(std::string_view text) {
  std::string out;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') {
      quoted = !quoted;
    } else if (text[i] == '\\' && i + 1 < text.size()) {
      out += text[++i];
    } else if (!quoted && (text[i] == '#' || text[i] == ';')) {
      break;
    } else {
      out += text[i];
    }
  }
  return std::string(base::trim(out));
}

}  // namespace

std::vector<ConfigEntry> parse_config(std::string_view text) {
  std::vector<ConfigEntry> out;
  std::string section;
  for (std::string_view raw : base::split(text, '\n')) {
    std::string_view line = base::trim(raw);
    if (line.starts_with('[')) {
      section = section_name(line);
      std::size_t close = line.find(']');
      line = close == std::string_view::npos ? std::string_view{} : base::trim(line.substr(close + 1));
    }
    if (line.empty() || line[0] == '#' || line[0] == ';' || section.empty()) continue;
    std::size_t equals = line.find('=');
    std::string key = base::to_lower(base::trim(line.substr(0, equals)));
    std::string value = equals == std::string_view::npos ? "true" : unquoted(line.substr(equals + 1));
    out.push_back({section + "." + key, value});
  }
  return out;
}

std::optional<std::string> config_value(const std::vector<ConfigEntry>& entries, std::string_view name) {
  for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
    if (entry->name == name) return entry->value;
  }
  return std::nullopt;
}

bool config_true(const std::vector<ConfigEntry>& entries, std::string_view name) {
  std::string value = base::to_lower(config_value(entries, name).value_or("false"));
  return value == "true" || value == "yes" || value == "on" || value == "1";
}

}  // namespace mira::git

#include "platform/workspace/ignore.h"

#include <algorithm>

namespace mira::workspace {
namespace {

constexpr std::string_view wildcards = "*?[\\";

// Without the spaces at the end that no backslash protects.
std::string_view trim_spaces(std::string_view line) {
  std::size_t end = 0;
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (line[at] == ' ') continue;
    if (line[at] == '\\') {
      if (at + 1 == line.size()) return line;
      ++at;
    }
    end = at + 1;
  }
  return line.substr(0, end);
}

std::string_view last_part(std::string_view path) {
  std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

// "*.ext" with one dot: the name from its last dot decides it.
bool is_plain_ending(std::string_view text) {
  return text.size() > 1 && text[0] == '.' && text.find('.', 1) == std::string_view::npos;
}

}  // namespace

IgnoreRules IgnoreRules::parse(std::string_view content) {
  IgnoreRules rules;
  if (content.starts_with("\xef\xbb\xbf")) content.remove_prefix(3);
  while (!content.empty()) {
    std::size_t end = content.find('\n');
    std::string_view line = content.substr(0, end);
    content.remove_prefix(end == std::string_view::npos ? content.size() : end + 1);
    if (line.empty() || line[0] == '#') continue;
    if (line.back() == '\r') line.remove_suffix(1);
    line = line.substr(0, line.find('\0'));
    rules.add_line(trim_spaces(line));
  }
  return rules;
}

void IgnoreRules::add_line(std::string_view line) {
  Rule rule;
  if (line.starts_with('!')) {
    rule.negated = true;
    line.remove_prefix(1);
  }
  if (line.ends_with('/')) {
    rule.folders_only = true;
    line.remove_suffix(1);
  }
  if (line.empty()) return;
  rule.of_name = line.find('/') == std::string_view::npos;
  if (line[0] == '/') line.remove_prefix(1);
  std::size_t plain = std::min(line.find_first_of(wildcards), line.size());
  std::string_view rest = line.substr(plain);
  if (rule.of_name && plain == 0 && rest.starts_with('*') &&
      rest.find_first_of(wildcards, 1) == std::string_view::npos) {
    rule.suffix = true;
    rule.literal = rest.substr(1);
  } else {
    rule.literal = line.substr(0, plain);
    rule.wild = !rest.empty();
    if (rule.wild) rule.glob = Glob::compile(rest);
  }
  file_rule(std::move(rule));
}

void IgnoreRules::file_rule(Rule rule) {
  int index = static_cast<int>(rules_.size());
  if (rule.suffix && is_plain_ending(rule.literal)) {
    endings_[rule.literal].push_back(index);
  } else if (rule.suffix || rule.wild) {
    others_.push_back(index);
  } else {
    (rule.of_name ? names_ : paths_)[rule.literal].push_back(index);
  }
  rules_.push_back(std::move(rule));
}

bool IgnoreRules::rule_matches(const Rule& rule, std::string_view path, std::string_view name) {
  if (rule.suffix) return name.ends_with(rule.literal);
  std::string_view text = rule.of_name ? name : path;
  return text.starts_with(rule.literal) && rule.glob.matches(text.substr(rule.literal.size()));
}

int IgnoreRules::best_of(const Lookup& lookup, std::string_view key, EntryKind kind, int best) const {
  if (lookup.empty()) return best;
  auto found = lookup.find(key);
  if (found == lookup.end()) return best;
  for (auto index = found->second.rbegin(); index != found->second.rend() && *index > best; ++index) {
    if (kind == EntryKind::folder || !rules_[*index].folders_only) return *index;
  }
  return best;
}

IgnoreRules::Verdict IgnoreRules::match(std::string_view path, EntryKind kind) const {
  std::string_view name = last_part(path);
  int best = best_of(names_, name, kind, -1);
  best = best_of(paths_, path, kind, best);
  if (std::size_t dot = name.rfind('.'); dot != std::string_view::npos) {
    best = best_of(endings_, name.substr(dot), kind, best);
  }
  for (auto index = others_.rbegin(); index != others_.rend() && *index > best; ++index) {
    const Rule& rule = rules_[*index];
    if (rule.folders_only && kind != EntryKind::folder) continue;
    if (!rule_matches(rule, path, name)) continue;
    best = *index;
    break;
  }
  if (best < 0) return Verdict::none;
  return rules_[best].negated ? Verdict::kept : Verdict::ignored;
}

}  // namespace mira::workspace

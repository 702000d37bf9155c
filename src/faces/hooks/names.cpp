#include <algorithm>

#include "faces/hooks/facts.h"
#include "platform/base/ascii.h"
#include "platform/base/text.h"

namespace mira::hooks {
namespace {

constexpr std::size_t most_names = 6;
constexpr std::size_t longest_name = 120;
constexpr std::size_t most_scanned = 32 << 10;

bool is_name_byte(char c) {
  return base::is_letter(c) || base::is_digit(c) || c == '_' || c == ':' || c == '.';
}

bool is_path_byte(char c) {
  return is_name_byte(c) || c == '/' || c == '-' || c == '+' || c == '@' ||
         static_cast<unsigned char>(c) >= 0x80;
}

using base::is_lower;
using base::is_upper;

// A capital behind a small letter, an underscore inside, or "::": no word of a language looks so.
bool looks_like_code(std::string_view word) {
  if (word.contains("::")) return true;
  for (std::size_t i = 1; i + 1 < word.size(); ++i)
    if (word[i] == '_' || (is_upper(word[i]) && is_lower(word[i - 1]))) return true;
  return false;
}

void add_once(std::vector<std::string>& out, std::string_view name) {
  while (!name.empty() && (name.back() == ':' || name.back() == '.')) name.remove_suffix(1);
  while (!name.empty() && (name.front() == ':' || name.front() == '.')) name.remove_prefix(1);
  bool has_letter = std::ranges::any_of(name, [](char c) { return is_upper(c) || is_lower(c); });
  if (name.size() < 3 || name.size() > longest_name || !has_letter || out.size() == most_names) return;
  if (std::ranges::find(out, name) == out.end()) out.emplace_back(name);
}

}  // namespace

std::vector<std::string> code_names(std::string_view text) {
  std::vector<std::string> out;
  text = text.substr(0, most_scanned);
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && is_name_byte(text[end])) ++end;
    if (end == at) {
      ++at;
      continue;
    }
    std::string_view word = text.substr(at, end - at);
    bool quoted =
        at > 0 && text[at - 1] == '`' && end < text.size() && (text[end] == '`' || text[end] == '(');
    bool called = end < text.size() && text.substr(end).starts_with("()");
    bool in_path = (at > 0 && text[at - 1] == '/') || (end < text.size() && text[end] == '/');
    if (!in_path && (quoted || called || looks_like_code(word))) add_once(out, word);
    at = end;
  }
  return out;
}

std::vector<std::string> file_names(const std::filesystem::path& root, std::string_view text) {
  constexpr std::size_t most_files = 3;
  std::vector<std::string> out;
  text = text.substr(0, most_scanned);
  for (std::size_t at = 0; at < text.size() && out.size() < most_files;) {
    std::size_t end = at;
    while (end < text.size() && is_path_byte(text[end])) ++end;
    if (end == at) {
      ++at;
      continue;
    }
    std::string_view word = text.substr(at, end - at);
    at = end;
    while (!word.empty() && (word.back() == '.' || word.back() == ':')) word.remove_suffix(1);
    if (word.starts_with("./")) word.remove_prefix(2);
    std::string_view file = word.substr(0, word.find(':'));
    bool could_be =
        file.size() > 2 && file.size() < 512 && file.contains('.') && !file.contains("..") && file[0] != '/';
    std::error_code error;
    if (!could_be || !std::filesystem::is_regular_file(root / file, error)) continue;
    if (std::ranges::find(out, file) == out.end()) out.emplace_back(file);
  }
  return out;
}

}  // namespace mira::hooks

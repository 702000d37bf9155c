// Whether an edit changed a signature is told from the two texts: the signature that
// the index knows stands in the file as it was before, and no longer in it now. Both
// are compared without blanks, so a mere re-wrapping is no change. A call site counts
// only if its line still names the function.
#include <fmt/format.h>

#include <algorithm>

#include "faces/hooks/facts.h"
#include "platform/base/text.h"
#include "platform/workspace/read_file.h"

namespace mira::hooks {
namespace {

constexpr std::int64_t most_file_bytes = 1 << 20;
constexpr int most_symbols = 500;
constexpr int most_callers = 20;
constexpr std::size_t most_changed = 5;

std::string without_blanks(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (char c : text)
    if (c != ' ' && c != '\t' && c != '\n' && c != '\r') out += c;
  return out;
}

// The text before the edit, nullopt when it cannot be told.
std::optional<std::string> undo(std::string text, const std::vector<Replacement>& replacements) {
  if (replacements.empty()) return std::nullopt;
  for (auto edit = replacements.rbegin(); edit != replacements.rend(); ++edit) {
    std::size_t at = text.find(edit->after);
    if (edit->after.empty() || at == std::string::npos) return std::nullopt;
    if (text.find(edit->after, at + 1) != std::string::npos && edit->after.size() < 8) return std::nullopt;
    text.replace(at, edit->after.size(), edit->before);
  }
  return text;
}

std::string last_part(const std::string& name) {
  std::size_t at = name.find_last_of(":.");
  return at == std::string::npos ? name : name.substr(at + 1);
}

bool line_names(const std::filesystem::path& root, const std::string& path, int line,
                const std::string& name) {
  auto file = workspace::read_file(root, path, most_file_bytes);
  if (!file) return false;
  std::string_view rest = file->bytes;
  for (int at = 1; at < line; ++at) {
    std::size_t end = rest.find('\n');
    if (end == std::string_view::npos) return false;
    rest.remove_prefix(end + 1);
  }
  return rest.substr(0, rest.find('\n')).contains(name);
}

// The line of the new text that names the function, for people to compare with.
std::string line_naming(const Edit& edit, const std::string& name) {
  for (const Replacement& replacement : edit.replacements)
    for (std::string_view line : base::split(replacement.after, '\n'))
      if (line.contains(name + "(") || line.contains(name + " (")) return std::string(base::trim(line));
  return {};
}

std::optional<Item> broken(const Ask& ask, const std::filesystem::path& root, const Json& symbol,
                           const Edit& edit) {
  auto name = symbol["name"].get<std::string>();
  auto file = symbol["file"].get<std::string>();
  auto data = ask("callers", {{"symbol", name}, {"file", file}, {"limit", most_callers}});
  if (!data || data->contains("ambiguous") || !data->contains("callers")) return std::nullopt;
  std::string sites;
  int count = 0, here = 0;
  for (const Json& caller : (*data)["callers"]) {
    auto where = caller.value("call_file", caller.value("file", std::string()));
    int line = caller.value("call_line", 0);
    if (where == file) ++here;
    if (where == file || !line_names(root, where, line, last_part(name))) continue;
    sites +=
        fmt::format("{}{}:{} (in {})", count++ ? ", " : "", where, line, caller.value("name", std::string()));
  }
  if (count + here == 0) return std::nullopt;
  if (here > 0) sites += fmt::format("{}{} in this file", count > 0 ? " and " : "", here);
  std::string now = line_naming(edit, last_part(name));
  std::string text = fmt::format(
      "this edit changed the signature of `{}` (was `{}`{}); call sites written for the old one: {}", name,
      base::truncate_utf8(symbol["signature"].get<std::string>(), 300),
      now.empty() ? "" : fmt::format(", now `{}`", base::truncate_utf8(now, 300)), sites);
  if (data->value("total", 0) > most_callers)
    text += fmt::format(" and more ({} in all)", data->value("total", 0));
  return Item{fmt::format("callers of {} in {} after {}", name, file, base::truncate_utf8(now, 80)),
              std::move(text)};
}

bool has_signature(const Json& symbol) {
  auto kind = symbol.value("kind", std::string());
  bool callable = kind == "function" || kind == "method" || kind == "constructor";
  return callable && symbol.value("signature", std::string()).contains('(');
}

}  // namespace

std::vector<Item> broken_callers(const Ask& ask, const std::filesystem::path& root, const std::string& path,
                                 const Edit& edit) {
  std::vector<Item> out;
  auto file = workspace::read_file(root, path, most_file_bytes);
  if (!file) return out;
  auto before = undo(file->bytes, edit.replacements);
  if (!before) return out;
  auto symbols = ask("symbols", {{"file", path}, {"limit", most_symbols}});
  if (!symbols || !symbols->contains("symbols")) return out;
  std::string old_text = without_blanks(*before), new_text = without_blanks(file->bytes);
  for (const Json& symbol : (*symbols)["symbols"]) {
    if (symbol.value("file", std::string()) != path || !has_signature(symbol)) continue;
    std::string signature = without_blanks(symbol["signature"].get<std::string>());
    if (new_text.contains(signature) || !old_text.contains(signature)) continue;
    if (auto item = broken(ask, root, symbol, edit)) out.push_back(std::move(*item));
    if (out.size() == most_changed) break;
  }
  return out;
}

}  // namespace mira::hooks

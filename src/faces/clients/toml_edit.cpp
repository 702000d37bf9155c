#include "faces/clients/toml_edit.h"

#include <fmt/format.h>

#include <optional>

#include "platform/base/lines.h"
#include "platform/base/text.h"
#include "platform/base/toml.h"

namespace mira::clients {
namespace {

using base::Result;

Result<toml::table> parse(std::string_view text) {
  auto parsed = base::parse_toml(text);
  if (!parsed)
    return base::fail(base::ErrorCode::failed, fmt::format("line {} is not TOML: {}", parsed.error().line,
                                                           parsed.error().description));
  return std::move(*parsed);
}

struct Span {
  std::size_t begin = 0, end = 0;
};

// First line after `line` that any other table or value of the file begins on.
void first_after(const toml::table& table, std::size_t line, const toml::node* ours, std::size_t& first) {
  for (const auto& [key, node] : table) {
    if (&node == ours) continue;
    std::size_t begins = key.source().begin.line;
    if (begins > line && begins < first) first = begins;
    if (const toml::table* inner = node.as_table()) {
      std::size_t header = node.source().begin.line;
      if (!inner->is_inline() && header > line && header < first) first = header;
      first_after(*inner, line, ours, first);
    }
    if (const toml::array* list = node.as_array()) {
      for (const toml::node& element : *list) {
        std::size_t header = element.source().begin.line;
        if (element.is_table() && header > line && header < first) first = header;
      }
    }
  }
}

// The bytes of a table that begins with its own header; nullopt when it is not there.
Result<std::optional<Span>> find_table(std::string_view text, const toml::table& root,
                                       std::string_view header) {
  const toml::node* node = root.at_path(header).node();
  if (node == nullptr) return std::optional<Span>();
  std::size_t line = node->source().begin.line;
  std::size_t begin = base::start_of_line(text, line);
  bool plain = node->is_table() &&
               base::trim(text.substr(begin, text.find('\n', begin) - begin)) == fmt::format("[{}]", header);
  if (!plain)
    return base::fail(base::ErrorCode::failed, fmt::format("{} is written there in another form", header),
                      "take it out by hand, then connect again");
  std::size_t next = SIZE_MAX;
  first_after(root, line, node, next);
  std::size_t end = next == SIZE_MAX ? text.size() : base::start_of_line(text, next);
  // Comments and blanks before the next table belong to it.
  while (end > begin) {
    std::size_t previous = text.rfind('\n', end - 2);
    previous = previous == std::string_view::npos || previous < begin ? begin : previous + 1;
    std::string_view last = base::trim(text.substr(previous, end - previous));
    if (previous == begin || (!last.empty() && !last.starts_with('#'))) break;
    end = previous;
  }
  return std::optional<Span>({begin, end});
}

Result<std::string> checked(std::string text) {
  if (auto parsed = parse(text); !parsed) return std::unexpected(parsed.error());
  return text;
}

}  // namespace

Result<std::string> set_table(std::string_view text, std::string_view header, std::string_view body) {
  toml::table root = MIRA_TRY(parse(text));
  std::string newline = text.contains("\r\n") ? "\r\n" : "\n";
  std::string block = fmt::format("[{}]{}", header, newline);
  for (std::string_view line : base::split(body, '\n'))
    if (!line.empty()) block += std::string(line) + newline;
  if (auto span = MIRA_TRY(find_table(text, root, header)))
    return checked(std::string(text.substr(0, span->begin)) + block + std::string(text.substr(span->end)));
  std::string out(text);
  if (!out.empty() && !out.ends_with('\n')) out += newline;
  if (!out.empty()) out += newline;
  return checked(out + block);
}

Result<std::string> remove_table(std::string_view text, std::string_view header) {
  toml::table root = MIRA_TRY(parse(text));
  auto span = MIRA_TRY(find_table(text, root, header));
  if (!span) return std::string(text);
  std::string before(text.substr(0, span->begin)), after(text.substr(span->end));
  const auto blank_end = [&]() -> std::size_t {
    return before.ends_with("\n\r\n") ? 2 : before.ends_with("\n\n") ? 1 : 0;
  };
  while (after.empty() && blank_end() > 0) before.resize(before.size() - blank_end());
  return checked(before + after);
}

}  // namespace mira::clients

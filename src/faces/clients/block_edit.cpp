#include "faces/clients/block_edit.h"

#include <fmt/format.h>

#include <optional>

namespace mira::clients {
namespace {

constexpr std::string_view begin_mark = "<!-- mira:begin -->";
constexpr std::string_view end_mark = "<!-- mira:end -->";

struct Span {
  std::size_t begin, end;
};

bool stands_once(std::string_view text, std::string_view mark) {
  const std::size_t at = text.find(mark);
  return at != std::string_view::npos && text.find(mark, at + 1) == std::string_view::npos;
}

// From the first mark to the end of the last one's line.
base::Result<std::optional<Span>> find_block(std::string_view text) {
  const bool begins = text.contains(begin_mark), ends = text.contains(end_mark);
  if (!begins && !ends) return std::optional<Span>();
  if (!stands_once(text, begin_mark) || !stands_once(text, end_mark) ||
      text.find(begin_mark) > text.find(end_mark))
    return base::fail(base::ErrorCode::failed, "the marks of Mira's block there are not one pair",
                      "take them out, then connect again");
  std::size_t end = text.find(end_mark) + end_mark.size();
  if (text.substr(end).starts_with("\r\n"))
    end += 2;
  else if (text.substr(end).starts_with('\n'))
    end += 1;
  return Span{text.find(begin_mark), end};
}

// Its lines end as the file's do.
std::string block_for(std::string_view text, std::string_view body) {
  std::string unix_lines = fmt::format("{}\n{}{}\n", begin_mark, body, end_mark);
  if (!text.contains("\r\n")) return unix_lines;
  std::string out;
  for (const char c : unix_lines) out += c == '\n' ? std::string("\r\n") : std::string(1, c);
  return out;
}

}  // namespace

base::Result<std::string> set_block(std::string_view text, std::string_view body) {
  const auto there = MIRA_TRY(find_block(text));
  const std::string block = block_for(text, body);
  if (there) return std::string(text.substr(0, there->begin)) + block + std::string(text.substr(there->end));
  const std::string_view newline = text.contains("\r\n") ? "\r\n" : "\n";
  std::string out(text);
  if (!out.empty() && !out.ends_with('\n')) out += newline;
  if (!out.empty()) out += newline;
  return out + block;
}

base::Result<std::string> remove_block(std::string_view text) {
  const auto there = MIRA_TRY(find_block(text));
  if (!there) return std::string(text);
  std::string_view before = text.substr(0, there->begin);
  std::string_view without = before;  // the blank line, whichever way the lines of the file end
  if (without.ends_with('\n')) without.remove_suffix(without.ends_with("\r\n") ? 2 : 1);
  if (without.ends_with('\n')) before = without;
  return std::string(before) + std::string(text.substr(there->end));
}

}  // namespace mira::clients

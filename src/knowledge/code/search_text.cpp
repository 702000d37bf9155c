#include "knowledge/code/search_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "knowledge/code/search_words.h"
#include "platform/base/text.h"

namespace mira::code {
namespace {

constexpr std::size_t shown_line_bytes = 240;  // longer lines are cut where they are shown

}  // namespace

// False only where no word can be among those of the line: of ASCII, every word of a line stands in it.
bool LineReader::may_hold(std::string_view line, const std::vector<std::string>& words) {
  lower_.clear();
  for (char c : line) {
    if (static_cast<unsigned char>(c) >= 0x80) return true;
    lower_ += c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  }
  return std::ranges::any_of(words, [&](const std::string& word) { return lower_.contains(word); });
}

std::size_t LineReader::words_in(std::string_view line, const std::vector<std::string>& words) {
  if (!may_hold(line, words)) return 0;
  std::string text = " ";
  for (std::string_view token : base::words(line))
    if (may_hold(token, words)) code_words_.append(token, text);
  return static_cast<std::size_t>(std::count_if(words.begin(), words.end(), [&](const std::string& word) {
    return text.find(" " + word) != std::string::npos;
  }));
}

base::Status LineReader::load(std::string_view path) {
  if (file_ && path == path_) return {};
  file_ = nullptr;
  auto file = MIRA_TRY(texts_.of(session_.project.root, path));
  path_ = path;
  stale_.reset();
  file_ = std::move(file);
  return {};
}

base::Result<bool> LineReader::is_stale() {
  if (!stale_) {
    std::optional<std::string> indexed =
        MIRA_TRY(session_.index.text("SELECT content_hash FROM repository_files WHERE path = ?", path_));
    stale_ = indexed && *indexed != file_->hash();
  }
  return *stale_;
}

base::Result<ShownLines> LineReader::read(std::string_view path, int start_line, int end_line,
                                          int most_lines) {
  MIRA_TRY(load(path));
  int last = std::min({end_line, start_line + most_lines - 1, file_->line_count()});
  if (start_line < 1 || last < start_line) {
    return base::fail(base::ErrorCode::not_found,
                      fmt::format("{} has no line {} any more", base::display_line(path), start_line),
                      "run `mira index` to bring the index up to date");
  }
  ShownLines shown{{}, start_line, last, MIRA_TRY(is_stale())};
  const std::vector<std::string> lines = file_->masked_lines(start_line, last);
  for (const std::string& line : lines) {
    std::string_view text = line;
    if (text.ends_with('\r')) text.remove_suffix(1);
    if (&line != &lines.front()) shown.text += '\n';
    shown.text += base::truncate_utf8(text, shown_line_bytes);
    if (text.size() > shown_line_bytes) shown.text += " ...";
  }
  return shown;
}

base::Result<std::string> LineReader::telling_lines(std::string_view path, int start_line, int end_line,
                                                    const std::vector<std::string>& words, int most) {
  MIRA_TRY(load(path));
  const int first = std::max(start_line, 1), last = std::min(end_line, file_->line_count());
  if (last < first) return std::string();
  const std::vector<std::string> lines = file_->masked_lines(first, last);
  std::vector<std::pair<std::size_t, std::size_t>> ranked;  // (words missing, line from 0)
  for (std::size_t line = 0; line < lines.size(); ++line) {
    std::string_view text = base::trim(lines[line]);
    std::size_t found = words_in(text.substr(0, shown_line_bytes), words);
    if (found > 0) ranked.emplace_back(words.size() - found, line);
  }
  std::sort(ranked.begin(), ranked.end());
  if (ranked.size() > static_cast<std::size_t>(most)) ranked.resize(static_cast<std::size_t>(most));
  std::sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  std::string out;
  for (const auto& [missing, line] : ranked) {
    std::string_view text = base::trim(lines[line]);
    if (!out.empty()) out += '\n';
    out += base::truncate_utf8(text, shown_line_bytes);
  }
  return out;
}

}  // namespace mira::code

#include "knowledge/code/search_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "knowledge/code/search_words.h"
#include "platform/base/hash.h"
#include "platform/base/limits.h"
#include "platform/base/text.h"
#include "platform/guard/secrets.h"
#include "platform/workspace/read_file.h"

namespace mira::code {
namespace {

constexpr std::size_t shown_line_bytes = 240;  // longer lines are cut where they are shown

std::size_t words_in(std::string_view line, const std::vector<std::string>& words) {
  std::string text = " ";
  CodeWords().append(line, text);
  return static_cast<std::size_t>(std::count_if(words.begin(), words.end(), [&](const std::string& word) {
    return text.find(" " + word) != std::string::npos;
  }));
}

}  // namespace

base::Status LineReader::load(std::string_view path) {
  if (loaded_ && path == path_) return {};
  loaded_ = false;
  workspace::FileBytes file = MIRA_TRY(workspace::read_file(session_.project.root, path, limits::file_bytes));
  std::optional<std::string> indexed =
      MIRA_TRY(session_.index.text("SELECT content_hash FROM repository_files WHERE path = ?", path));
  stale_ = indexed && *indexed != base::content_hash(file.bytes);
  text_ = guard::mask_secrets(base::repair_utf8(file.bytes));
  lines_ = base::split(text_, '\n');
  path_ = path;
  loaded_ = true;
  return {};
}

base::Result<ShownLines> LineReader::read(std::string_view path, int start_line, int end_line,
                                          int most_lines) {
  MIRA_TRY(load(path));
  int last = std::min({end_line, start_line + most_lines - 1, static_cast<int>(lines_.size())});
  if (start_line < 1 || last < start_line) {
    return base::fail(base::ErrorCode::not_found,
                      fmt::format("{} has no line {} any more", base::display_line(path), start_line),
                      "run `mira index` to bring the index up to date");
  }
  ShownLines shown{{}, start_line, last, stale_};
  for (int line = start_line; line <= last; ++line) {
    std::string_view text = lines_[static_cast<std::size_t>(line - 1)];
    if (text.ends_with('\r')) text.remove_suffix(1);
    if (line > start_line) shown.text += '\n';
    shown.text += base::truncate_utf8(text, shown_line_bytes);
    if (text.size() > shown_line_bytes) shown.text += " ...";
  }
  return shown;
}

base::Result<std::string> LineReader::telling_lines(std::string_view path, int start_line, int end_line,
                                                    const std::vector<std::string>& words, int most) {
  MIRA_TRY(load(path));
  std::vector<std::pair<std::size_t, int>> ranked;  // (words missing, line)
  int last = std::min(end_line, static_cast<int>(lines_.size()));
  for (int line = std::max(start_line, 1); line <= last; ++line) {
    std::string_view text = base::trim(lines_[static_cast<std::size_t>(line - 1)]);
    std::size_t found = words_in(text.substr(0, shown_line_bytes), words);
    if (found > 0) ranked.emplace_back(words.size() - found, line);
  }
  std::sort(ranked.begin(), ranked.end());
  if (ranked.size() > static_cast<std::size_t>(most)) ranked.resize(static_cast<std::size_t>(most));
  std::sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  std::string out;
  for (const auto& [missing, line] : ranked) {
    std::string_view text = base::trim(lines_[static_cast<std::size_t>(line - 1)]);
    if (!out.empty()) out += '\n';
    out += base::truncate_utf8(text, shown_line_bytes);
  }
  return out;
}

}  // namespace mira::code

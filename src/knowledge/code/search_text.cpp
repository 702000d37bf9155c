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

constexpr std::size_t most_kept_bytes = 16 << 20;  // of texts already made
constexpr std::size_t shown_line_bytes = 240;      // longer lines are cut where they are shown
// A secret that reaches into the lines that are shown begins and ends within this many bytes of them: no
// pattern looks further. Masking all of a large file to show ten lines of it would cost more than the search.
constexpr std::ptrdiff_t secret_reach = 32 << 10;

}  // namespace

std::shared_ptr<const std::string> ShownTexts::of(const std::string& content_hash,
                                                  std::string_view repaired) {
  {
    std::lock_guard guard(mutex_);
    if (auto known = texts_.find(content_hash); known != texts_.end()) return known->second;
  }
  auto made = std::make_shared<const std::string>(guard::mask_secrets(repaired));
  std::lock_guard guard(mutex_);
  if (bytes_ > most_kept_bytes) {
    texts_.clear();
    bytes_ = 0;
  }
  if (texts_.try_emplace(content_hash, made).second) bytes_ += made->size();
  return made;
}

std::size_t LineReader::words_in(std::string_view line, const std::vector<std::string>& words) {
  std::string text = " ";
  code_words_.append(line, text);
  return static_cast<std::size_t>(std::count_if(words.begin(), words.end(), [&](const std::string& word) {
    return text.find(" " + word) != std::string::npos;
  }));
}

base::Status LineReader::load(std::string_view path) {
  if (loaded_ && path == path_) return {};
  loaded_ = false;
  workspace::FileBytes file = MIRA_TRY(workspace::read_file(session_.project.root, path, limits::file_bytes));
  std::optional<std::string> indexed =
      MIRA_TRY(session_.index.text("SELECT content_hash FROM repository_files WHERE path = ?", path));
  hash_ = base::content_hash(file.bytes);
  stale_ = indexed && *indexed != hash_;
  text_ = base::repair_utf8(file.bytes);
  lines_ = base::split(text_, '\n');
  path_ = path;
  loaded_ = true;
  return {};
}

std::vector<std::string> LineReader::masked_lines(int first, int last) const {
  if (text_.size() <= ShownTexts::most_file_bytes) {
    const auto whole = texts_.of(hash_, text_);
    const std::vector<std::string_view> lines = base::split(*whole, '\n');
    const auto count = static_cast<int>(lines.size());  // masking keeps lines; nothing hangs on it
    return {lines.begin() + std::min(first - 1, count), lines.begin() + std::min(last, count)};
  }
  const auto begin = lines_.begin() + (first - 1), end = lines_.begin() + last;
  auto from = begin, to = end;
  while (from != lines_.begin() && begin->data() - from->data() < secret_reach) --from;
  while (to != lines_.end() && to->data() - std::prev(end)->data() < secret_reach) ++to;
  const std::string_view back = *std::prev(to);
  const std::string masked = guard::mask_secrets({from->data(), back.data() + back.size()});
  std::vector<std::string> shown;
  const std::vector<std::string_view> lines = base::split(masked, '\n');
  for (auto at = begin - from; at < end - from; ++at) shown.emplace_back(lines[static_cast<std::size_t>(at)]);
  return shown;
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
  const std::vector<std::string> lines = masked_lines(start_line, last);
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
  const int first = std::max(start_line, 1), last = std::min(end_line, static_cast<int>(lines_.size()));
  if (last < first) return std::string();
  const std::vector<std::string> lines = masked_lines(first, last);
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

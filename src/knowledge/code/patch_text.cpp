#include "knowledge/code/patch_text.h"

#include <charconv>

#include "platform/base/text.h"

namespace mira::code {
namespace {

// "b/src/a.c" -> "src/a.c", "/dev/null" -> "".
std::string patch_path(std::string_view written) {
  written = written.substr(0, written.find('\t'));
  if (written.ends_with('\r')) written.remove_suffix(1);
  if (written == "/dev/null") return {};
  if (written.starts_with("a/") || written.starts_with("b/") || written.starts_with("i/") ||
      written.starts_with("w/") || written.starts_with("c/"))
    written.remove_prefix(2);
  return std::string(written);
}

int number_at(std::string_view text, std::size_t at) {
  int value = 0;
  if (at < text.size()) std::from_chars(text.data() + at, text.data() + text.size(), value);
  return value;
}

// How many lines a hunk has on each side: "@@ -3,7 +3,9 @@", where ",1" may be left out.
struct HunkHead {
  int old_left = 1, new_left = 1, new_start = 0;
};

HunkHead hunk_head(std::string_view line) {
  HunkHead head;
  std::size_t minus = line.find('-'), plus = line.find('+');
  if (minus == std::string_view::npos || plus == std::string_view::npos) return {0, 0, 0};
  std::size_t old_comma = line.find(',', minus), new_comma = line.find(',', plus);
  std::size_t end = line.find(' ', plus);
  if (old_comma < plus) head.old_left = number_at(line, old_comma + 1);
  if (new_comma < end) head.new_left = number_at(line, new_comma + 1);
  head.new_start = number_at(line, plus + 1);
  return head;
}

class PatchReader {
 public:
  void take(std::string_view line) {
    if (left_.old_left > 0 || left_.new_left > 0) return take_hunk_line(line);
    if (line.starts_with("\\ ") && !files_.empty() && !files_.back().hunks.empty()) return take_no_newline();
    if (line.starts_with("--- ")) {
      old_path_ = patch_path(line.substr(4));
    } else if (line.starts_with("+++ ")) {
      files_.push_back({old_path_, patch_path(line.substr(4)), {}});
    } else if (line.starts_with("@@ ") && !files_.empty()) {
      left_ = hunk_head(line);
      files_.back().hunks.push_back({.new_start = left_.new_start});
    }
  }
  std::vector<FilePatch> finish() { return std::move(files_); }

 private:
  void take_hunk_line(std::string_view line) {
    if (line.starts_with("\\ ")) return take_no_newline();
    char mark = line.empty() ? ' ' : line[0];  // mailers strip the blank of an empty line
    if (mark != '+') --left_.old_left;
    if (mark != '-') --left_.new_left;
    bool known = mark == ' ' || mark == '+' || mark == '-';
    if (!known) left_ = {0, 0, 0};
    if (known) files_.back().hunks.back().lines.push_back(line.empty() ? " " : std::string(line));
  }
  void take_no_newline() {
    PatchHunk& hunk = files_.back().hunks.back();
    if (hunk.lines.empty()) return;
    char mark = hunk.lines.back()[0];
    hunk.old_ends_open = hunk.old_ends_open || mark != '+';
    hunk.new_ends_open = hunk.new_ends_open || mark != '-';
  }

  std::vector<FilePatch> files_;
  std::string old_path_;
  HunkHead left_{0, 0, 0};
};

}  // namespace

std::vector<FilePatch> read_patch(std::string_view text) {
  PatchReader reader;
  for (std::string_view line : base::split(text, '\n')) reader.take(line);
  return reader.finish();
}

std::optional<std::string> text_before(const FilePatch& patch, std::string_view now) {
  std::vector<std::string_view> lines = base::split(now, '\n');
  if (!lines.empty() && lines.back().empty()) lines.pop_back();
  std::string out;
  std::size_t at = 0;
  bool open = !now.empty() && !now.ends_with('\n');
  auto keep = [&](std::string_view line) {
    out.append(line);
    out.push_back('\n');
  };
  for (const PatchHunk& hunk : patch.hunks) {
    bool adds_nothing = true;
    for (const std::string& line : hunk.lines) adds_nothing = adds_nothing && line[0] == '-';
    int first = adds_nothing ? hunk.new_start : hunk.new_start - 1;  // an empty side names the line before
    if (first < static_cast<int>(at) || first > static_cast<int>(lines.size())) return std::nullopt;
    while (at < static_cast<std::size_t>(first)) keep(lines[at++]);
    for (const std::string& line : hunk.lines) {
      std::string_view text = std::string_view(line).substr(1);
      if (line[0] != '-') {
        if (at >= lines.size() || lines[at] != text) return std::nullopt;
        ++at;
      }
      if (line[0] != '+') keep(text);
    }
    if (hunk.old_ends_open != hunk.new_ends_open) open = hunk.old_ends_open;
  }
  while (at < lines.size()) keep(lines[at++]);
  if (open && out.ends_with('\n')) out.pop_back();
  return out;
}

}  // namespace mira::code

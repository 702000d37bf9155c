#include "knowledge/builds/line_diff.h"

#include <algorithm>
#include <unordered_map>

#include "platform/base/text.h"

namespace mira::builds {
namespace {

constexpr int most_edits = 1500;
constexpr std::size_t most_looked_back = 2000;  // lines above a hunk

using Lines = std::vector<std::string_view>;

Lines lines_of(std::string_view text) {
  Lines out = base::split(text, '\n');
  if (!out.empty() && out.back().empty()) out.pop_back();
  return out;
}

struct Edit {
  int before, after;  // positions
  bool removed;       // else inserted
};

// Myers' greedy algorithm on the lines between the common ends; nullopt-like empty with `too_many` set when
// the difference is larger than most_edits.
class Myers {
 public:
  Myers(const Lines& before, const Lines& after, int start, int before_end, int after_end)
      : before_(before),
        after_(after),
        start_(start),
        rows_(before_end - start),
        columns_(after_end - start) {}

  bool run(std::vector<Edit>& edits) {
    const int most = std::min(rows_ + columns_, most_edits);
    offset_ = most + 1;
    std::vector<int> reach(static_cast<std::size_t>(2 * most + 3), 0);
    for (int distance = 0; distance <= most; ++distance) {
      trace_.push_back(reach);
      for (int diagonal = -distance; diagonal <= distance; diagonal += 2) {
        if (step(reach, distance, diagonal)) {
          walk_back(distance, edits);
          return true;
        }
      }
    }
    return false;
  }

 private:
  int& at(std::vector<int>& reach, int diagonal) const {
    const int position = diagonal + offset_;
    return reach[static_cast<std::size_t>(position)];
  }
  bool same(int x, int y) const {
    const int row = start_ + x, column = start_ + y;
    return before_[static_cast<std::size_t>(row)] == after_[static_cast<std::size_t>(column)];
  }

  bool step(std::vector<int>& reach, int distance, int diagonal) const {
    const bool down =
        diagonal == -distance || (diagonal != distance && at(reach, diagonal - 1) < at(reach, diagonal + 1));
    int x = down ? at(reach, diagonal + 1) : at(reach, diagonal - 1) + 1;
    int y = x - diagonal;
    while (x < rows_ && y < columns_ && same(x, y)) {
      ++x;
      ++y;
    }
    at(reach, diagonal) = x;
    return x >= rows_ && y >= columns_;
  }

  void walk_back(int distance, std::vector<Edit>& edits) {
    int x = rows_, y = columns_;
    for (int d = distance; d > 0; --d) {
      std::vector<int>& reach = trace_[static_cast<std::size_t>(d)];
      const int diagonal = x - y;
      const bool down =
          diagonal == -d || (diagonal != d && at(reach, diagonal - 1) < at(reach, diagonal + 1));
      const int from = down ? diagonal + 1 : diagonal - 1;
      const int from_x = at(reach, from), from_y = from_x - from;
      if (down)
        edits.push_back({start_ + from_x, start_ + from_y, false});
      else
        edits.push_back({start_ + from_x, start_ + from_y, true});
      x = from_x;
      y = from_y;
    }
    std::ranges::reverse(edits);
  }

  const Lines& before_;
  const Lines& after_;
  int start_, rows_, columns_, offset_ = 0;
  std::vector<std::vector<int>> trace_;
};

void add_line(char mark, std::string_view line, std::string& body) {
  body += mark;
  body += line;
  body += '\n';
}

std::vector<Hunk> hunks_of(std::string_view path, const Lines& before, const Lines& after,
                           const std::vector<Edit>& edits) {
  std::vector<Hunk> out;
  int next_before = -1, next_after = -1;
  for (const Edit& edit : edits) {
    if (edit.before != next_before || edit.after != next_after) {
      out.push_back({.path = std::string(path), .old_start = edit.before + 1, .new_start = edit.after + 1});
      next_before = edit.before;
      next_after = edit.after;
    }
    Hunk& hunk = out.back();
    if (edit.removed) {
      add_line('-', before[static_cast<std::size_t>(edit.before)], hunk.body);
      ++hunk.old_lines;
      ++next_before;
    } else {
      add_line('+', after[static_cast<std::size_t>(edit.after)], hunk.body);
      ++hunk.new_lines;
      ++next_after;
    }
  }
  return out;
}

std::size_t indentation(std::string_view line) {
  const std::size_t first = line.find_first_not_of(" \t");
  return first == std::string_view::npos ? line.size() : first;
}

// Blocks are told by indentation, as it is in nearly all code; a line of brackets opens none.
std::string opening_lines(const Lines& lines, std::size_t changed) {
  if (changed >= lines.size()) return {};
  std::string out;
  std::size_t inner = indentation(lines[changed]);
  bool above_brace = false;  // "{" alone: what opens the block stands above it
  std::size_t looked = 0;
  for (std::size_t at = changed; at > 0 && (inner > 0 || above_brace) && looked < most_looked_back;
       ++looked) {
    const std::string_view line = lines[--at];
    const std::string_view text = base::trim(line);
    const bool opens = indentation(line) < inner || (above_brace && indentation(line) == inner);
    if (text.empty() || !opens) continue;
    inner = indentation(line);
    above_brace = text == "{";
    if (text.find_first_not_of("{}()[];") == std::string_view::npos) continue;
    out += text;
    out += '\n';
  }
  return out;
}

void add_blocks(const Lines& before, const Lines& after, std::vector<Hunk>& hunks) {
  for (Hunk& hunk : hunks) {
    const bool removes = hunk.old_lines > 0;
    const int first = removes ? hunk.old_start : hunk.new_start;
    hunk.within = opening_lines(removes ? before : after, static_cast<std::size_t>(std::max(first, 1) - 1));
  }
}

}  // namespace

std::vector<Hunk> changed_lines(std::string_view path, std::string_view before_text,
                                std::string_view after_text) {
  const Lines before = lines_of(before_text), after = lines_of(after_text);
  int start = 0, before_end = static_cast<int>(before.size()), after_end = static_cast<int>(after.size());
  while (start < before_end && start < after_end &&
         before[static_cast<std::size_t>(start)] == after[static_cast<std::size_t>(start)])
    ++start;
  while (before_end > start && after_end > start &&
         before[static_cast<std::size_t>(before_end - 1)] == after[static_cast<std::size_t>(after_end - 1)]) {
    --before_end;
    --after_end;
  }
  if (start == before_end && start == after_end) return {};
  std::vector<Edit> edits;
  if (!Myers(before, after, start, before_end, after_end).run(edits)) {
    edits.clear();
    for (int i = start; i < before_end; ++i) edits.push_back({i, start, true});
    for (int i = start; i < after_end; ++i) edits.push_back({before_end, i, false});
  }
  std::vector<Hunk> out = hunks_of(path, before, after, edits);
  add_blocks(before, after, out);
  return out;
}

bool undo_hunk(const Hunk& hunk, std::string& text) {
  Lines lines = lines_of(text);
  Lines removed, added;
  for (const std::string_view line : lines_of(hunk.body))
    (line.starts_with('+') ? added : removed).push_back(line.substr(1));
  const auto first = static_cast<std::size_t>(hunk.new_start - 1);
  if (first > lines.size() || first + added.size() > lines.size()) return false;
  if (!std::equal(added.begin(), added.end(), lines.begin() + static_cast<std::ptrdiff_t>(first)))
    return false;
  std::string out;
  const auto put = [&](std::string_view line) {
    out += line;
    out += '\n';
  };
  for (std::size_t i = 0; i < first; ++i) put(lines[i]);
  for (const std::string_view line : removed) put(line);
  for (std::size_t i = first + added.size(); i < lines.size(); ++i) put(lines[i]);
  text = std::move(out);
  return true;
}

}  // namespace mira::builds

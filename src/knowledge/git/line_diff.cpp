#include "knowledge/git/line_diff.h"

#include <fmt/format.h>

#include <algorithm>

namespace mira::git {
namespace {

constexpr int most_edits = 1500;  // beyond, the texts have little in common

using Lines = std::vector<std::string_view>;

Lines lines_of(std::string_view text) {
  Lines out;
  while (!text.empty()) {
    std::size_t end = text.find('\n');
    out.push_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return out;
}

struct Edit {
  char kind;               // ' ' '-' '+'
  int old_line, new_line;  // index of the line in either text, where it has one
};

// Furthest reach on each diagonal, remembered for every number of edits.
class Search {
 public:
  Search(const Lines& a, const Lines& b) : a_(a), b_(b) {}

  // Edits from a to b in order; empty when there are too many.
  std::vector<Edit> run() {
    int n = static_cast<int>(a_.size()), m = static_cast<int>(b_.size());
    int most = std::min(n + m, most_edits);
    std::vector<int> reach(static_cast<std::size_t>(2 * most + 3), 0);
    auto at = [&](int k) -> int& { return reach[static_cast<std::size_t>(k + most + 1)]; };
    for (int d = 0; d <= most; ++d) {
      for (int k = -d; k <= d; k += 2) {
        bool down = k == -d || (k != d && at(k - 1) < at(k + 1));
        int x = down ? at(k + 1) : at(k - 1) + 1;
        while (x < n && x - k < m && a_[x] == b_[x - k]) ++x;
        at(k) = x;
        if (x >= n && x - k >= m) {
          remember(d, at);
          return trace(d);
        }
      }
      remember(d, at);
    }
    return {};
  }

 private:
  template <class At>
  void remember(int d, At& at) {
    std::vector<int> row;
    for (int k = -d; k <= d; ++k) row.push_back(at(k));
    rows_.push_back(std::move(row));
  }

  int reached(int d, int k) const {
    return k < -d || k > d ? -1 : rows_[static_cast<std::size_t>(d)][static_cast<std::size_t>(k + d)];
  }

  std::vector<Edit> trace(int edits) const {
    std::vector<Edit> out;
    int x = static_cast<int>(a_.size()), y = static_cast<int>(b_.size());
    for (int d = edits; d > 0; --d) {
      int k = x - y;
      bool down = k == -d || (k != d && reached(d - 1, k - 1) < reached(d - 1, k + 1));
      int from_k = down ? k + 1 : k - 1;
      int from_x = reached(d - 1, from_k);
      int from_y = from_x - from_k;
      int middle_x = down ? from_x : from_x + 1;
      while (x > middle_x) out.push_back({' ', --x, --y});
      if (down) {
        out.push_back({'+', from_x, --y});
      } else {
        out.push_back({'-', --x, from_y});
      }
    }
    while (x > 0) out.push_back({' ', --x, --y});
    std::ranges::reverse(out);
    return out;
  }

  const Lines& a_;
  const Lines& b_;
  std::vector<std::vector<int>> rows_;
};

std::vector<Edit> replacement(const Lines& a, const Lines& b) {
  std::vector<Edit> out;
  for (int i = 0; i < static_cast<int>(a.size()); ++i) out.push_back({'-', i, 0});
  for (int i = 0; i < static_cast<int>(b.size()); ++i) out.push_back({'+', static_cast<int>(a.size()), i});
  return out;
}

// Edits of the whole texts: the search runs between the common ends only.
std::vector<Edit> edits_between(const Lines& a, const Lines& b) {
  std::size_t head = 0, tail = 0;
  while (head < a.size() && head < b.size() && a[head] == b[head]) ++head;
  while (tail < a.size() - head && tail < b.size() - head && a[a.size() - 1 - tail] == b[b.size() - 1 - tail])
    ++tail;
  Lines left(a.begin() + static_cast<std::ptrdiff_t>(head), a.end() - static_cast<std::ptrdiff_t>(tail));
  Lines right(b.begin() + static_cast<std::ptrdiff_t>(head), b.end() - static_cast<std::ptrdiff_t>(tail));
  std::vector<Edit> middle = Search(left, right).run();
  if (middle.empty()) middle = replacement(left, right);
  std::vector<Edit> out;
  for (int i = 0; i < static_cast<int>(head); ++i) out.push_back({' ', i, i});
  for (Edit edit : middle) {
    edit.old_line += static_cast<int>(head);
    edit.new_line += static_cast<int>(head);
    out.push_back(edit);
  }
  for (std::size_t i = tail; i > 0; --i) {
    out.push_back({' ', static_cast<int>(a.size() - i), static_cast<int>(b.size() - i)});
  }
  return out;
}

Hunk hunk_of(const std::vector<Edit>& edits, std::size_t first, std::size_t end, const Lines& a,
             const Lines& b) {
  Hunk hunk;
  for (std::size_t i = first; i < end; ++i) {
    const Edit& edit = edits[i];
    hunk.old_lines += edit.kind != '+';
    hunk.new_lines += edit.kind != '-';
    hunk.text += edit.kind;
    hunk.text += edit.kind == '+' ? b[static_cast<std::size_t>(edit.new_line)]
                                  : a[static_cast<std::size_t>(edit.old_line)];
    hunk.text += '\n';
  }
  hunk.old_start = edits[first].old_line + (hunk.old_lines > 0 ? 1 : 0);
  hunk.new_start = edits[first].new_line + (hunk.new_lines > 0 ? 1 : 0);
  return hunk;
}

}  // namespace

LineDiff diff_lines(std::string_view old_text, std::string_view new_text, int context) {
  Lines a = lines_of(old_text), b = lines_of(new_text);
  std::vector<Edit> edits = edits_between(a, b);
  LineDiff out;
  auto around = static_cast<std::size_t>(context);
  for (std::size_t i = 0; i < edits.size();) {
    if (edits[i].kind == ' ') {
      ++i;
      continue;
    }
    std::size_t first = i > around ? i - around : 0;
    std::size_t last_change = i;
    for (; i < edits.size() && i <= last_change + 2 * around + 1; ++i) {
      if (edits[i].kind == ' ') continue;
      last_change = i;
      ++(edits[i].kind == '+' ? out.inserted : out.deleted);
    }
    std::size_t end = std::min(edits.size(), last_change + around + 1);
    out.hunks.push_back(hunk_of(edits, first, end, a, b));
    i = end;
  }
  return out;
}

std::string show_hunks(const LineDiff& diff, std::size_t limit) {
  std::string out;
  for (const Hunk& hunk : diff.hunks) {
    out += fmt::format("@@ -{},{} +{},{} @@\n{}", hunk.old_start, hunk.old_lines, hunk.new_start,
                       hunk.new_lines, hunk.text);
  }
  if (out.size() <= limit) return out;
  std::size_t end = out.rfind('\n', limit);
  out.resize(end == std::string::npos ? 0 : end + 1);
  return out + "... cut; the change is longer\n";
}

}  // namespace mira::git

// A unified difference by the longest common subsequence of lines, between the lines
// that both texts begin and end with.
#include <fmt/format.h>

#include <algorithm>

#include "faces/clients/connect.h"
#include "platform/base/text.h"

namespace mira::clients {
namespace {

using Lines = std::vector<std::string_view>;

constexpr std::size_t context_lines = 2;
constexpr std::size_t most_cells = 4'000'000;

Lines lines_of(std::string_view text) {
  Lines lines = base::split(text, '\n');
  if (!lines.empty() && lines.back().empty()) lines.pop_back();
  return lines;
}

struct Line {
  char sign;  // ' ', '-' or '+'
  std::string_view text;
};

// The middles of both texts as one list of kept, removed and added lines.
std::vector<Line> merged(const Lines& a, const Lines& b) {
  std::vector<Line> out;
  std::size_t width = b.size() + 1;
  if ((a.size() + 1) * width > most_cells) {
    for (std::string_view line : a) out.push_back({'-', line});
    for (std::string_view line : b) out.push_back({'+', line});
    return out;
  }
  std::vector<std::uint32_t> common((a.size() + 1) * width, 0);
  for (std::size_t i = a.size(); i-- > 0;)
    for (std::size_t j = b.size(); j-- > 0;)
      common[i * width + j] = a[i] == b[j] ? common[(i + 1) * width + j + 1] + 1
                                           : std::max(common[(i + 1) * width + j], common[i * width + j + 1]);
  std::size_t i = 0, j = 0;
  while (i < a.size() || j < b.size()) {
    if (i < a.size() && j < b.size() && a[i] == b[j]) {
      out.push_back({' ', a[i++]});
      ++j;
    } else if (j < b.size() && (i == a.size() || common[i * width + j + 1] > common[(i + 1) * width + j])) {
      out.push_back({'+', b[j++]});
    } else {
      out.push_back({'-', a[i++]});
    }
  }
  return out;
}

bool near_a_change(const std::vector<Line>& all, std::size_t at) {
  std::size_t from = at > context_lines ? at - context_lines : 0;
  std::size_t to = std::min(all.size(), at + context_lines + 1);
  for (std::size_t i = from; i < to; ++i)
    if (all[i].sign != ' ') return true;
  return false;
}

}  // namespace

std::string difference(const FileEdit& edit) {
  Lines a = lines_of(edit.before), b = lines_of(edit.after);
  std::size_t head = 0, tail = 0;
  while (head < a.size() && head < b.size() && a[head] == b[head]) ++head;
  while (tail < a.size() - head && tail < b.size() - head && a[a.size() - 1 - tail] == b[b.size() - 1 - tail])
    ++tail;
  std::vector<Line> all;
  all.reserve(a.size() + b.size());
  for (std::size_t i = 0; i < head; ++i) all.push_back({' ', a[i]});
  auto middle = [&](const Lines& lines) {
    return Lines(lines.begin() + static_cast<std::ptrdiff_t>(head),
                 lines.end() - static_cast<std::ptrdiff_t>(tail));
  };
  for (const Line& line : merged(middle(a), middle(b))) all.push_back(line);
  for (std::size_t i = a.size() - tail; i < a.size(); ++i) all.push_back({' ', a[i]});
  std::string name = base::display_line(edit.file.native());
  std::string out =
      fmt::format("--- {}\n+++ {}\n", edit.existed ? name : "/dev/null", edit.removes ? "/dev/null" : name);
  bool shown = true;
  for (std::size_t i = 0; i < all.size(); ++i) {
    bool show = near_a_change(all, i);
    if (show && !shown) out += "@@\n";
    if (show) out += all[i].sign + base::display_line(all[i].text) + "\n";
    shown = show;
  }
  return out;
}

}  // namespace mira::clients

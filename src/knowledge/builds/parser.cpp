#include "knowledge/builds/parser.h"

#include <algorithm>

namespace mira::builds {
namespace {
constexpr std::size_t kept_line_bytes = 1000;
}

void Recent::add(const Line& line) {
  lines_[count_++ % kept].assign(line.text.substr(0, kept_line_bytes));
}

std::string_view Recent::before(std::size_t back) const {
  if (back == 0 || back > kept || back > count_) return {};
  return lines_[(count_ - back) % kept];
}

std::vector<std::string_view> Recent::last(std::size_t count) const {
  std::vector<std::string_view> out;
  for (std::size_t back = std::min({count, kept, count_}); back > 0; --back) out.push_back(before(back));
  return out;
}

}  // namespace mira::builds

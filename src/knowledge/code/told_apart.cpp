#include "knowledge/code/told_apart.h"

#include "platform/base/text.h"

namespace mira::code {

std::set<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words = base::words(text);
  return {words.begin(), words.end()};
}

bool is_told_apart(std::string_view qualified, std::string_view path, const std::set<std::string_view>& words,
                   const std::vector<std::string>& files) {
  std::vector<std::string_view> own = base::words(qualified);
  if (own.size() > 1 && words.contains(own[own.size() - 2])) return true;
  return std::ranges::any_of(files, [&](std::string_view file) {
    return path == file || (path.ends_with(file) && path[path.size() - file.size() - 1] == '/');
  });
}

}  // namespace mira::code

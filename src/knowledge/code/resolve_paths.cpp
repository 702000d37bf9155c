#include "knowledge/code/resolve_paths.h"

#include <algorithm>
#include <array>

#include "knowledge/code/resolve_keys.h"
#include "platform/base/text.h"

namespace mira::code {

std::string join_path(std::string_view folder, std::string_view name) {
  if (folder.empty()) return std::string(name);
  return std::string(folder) + "/" + std::string(name);
}

std::optional<std::string> relative_path(std::string_view folder, std::string_view written) {
  std::string out(folder);
  for (std::string_view part : base::split(written, '/')) {
    if (part.empty() || part == ".") continue;
    if (part == "..") {
      if (out.empty()) return std::nullopt;
      out = std::string(folder_of(out));
    } else {
      out = join_path(out, part);
    }
  }
  return out;
}

namespace {

template <class Words>
bool names_one_of(std::string_view path, const Words& words) {
  for (std::size_t at = 0; at < path.size();) {
    std::size_t end = std::min(path.find_first_of("/._-", at), path.size());
    std::string word = base::to_lower(path.substr(at, end - at));
    if (std::ranges::find(words, word) != words.end()) return true;
    at = end + 1;
  }
  return false;
}

}  // namespace

bool is_for_another_system(std::string_view path) {
  constexpr std::array<std::string_view, 28> systems{
      "windows", "win",       "win32", "win64",  "darwin",  "macos", "macosx",  "osx",   "freebsd", "openbsd",
      "netbsd",  "dragonfly", "bsd",   "kqueue", "aix",     "sunos", "solaris", "haiku", "cygwin",  "msys",
      "qnx",     "os390",     "ibmi",  "hurd",   "amigaos", "os400", "vms",     "wince"};
  return names_one_of(path, systems);
}

bool is_for_this_system(std::string_view path) {
  constexpr std::array<std::string_view, 3> systems{"linux", "epoll", "inotify"};
  return names_one_of(path, systems);
}

int shared_folders(std::string_view a, std::string_view b) {
  int shared = 0;
  std::size_t limit = std::min(a.size(), b.size());
  std::size_t i = 0;
  for (; i < limit && a[i] == b[i]; ++i)
    if (a[i] == '/') ++shared;
  bool a_ends = i == a.size() && i > 0 && i < b.size() && b[i] == '/';
  return shared + (a_ends ? 1 : 0);
}

std::string module_name_key(std::string_view name) {
  return "//" + std::string(name);
}

std::string_view module_name_of(std::string_view path, bool keeps_extension) {
  std::string_view name = path.substr(path.rfind('/') + 1);
  if (keeps_extension) return name;
  std::string_view stem = name.substr(0, name.rfind('.'));
  if (stem != "__init__") return stem;
  std::string_view folder = folder_of(path);
  return folder.substr(folder.rfind('/') + 1);
}

}  // namespace mira::code

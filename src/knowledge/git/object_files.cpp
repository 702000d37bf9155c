#include "knowledge/git/object_files.h"

#include <algorithm>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "platform/base/text.h"

namespace mira::git {
namespace {

namespace fs = std::filesystem;

constexpr int borrowed_depth = 5;  // git itself follows no further
constexpr std::size_t alternates_bytes = std::size_t{4} << 20;

bool makes_git_wait(const fs::file_status& status) {
  return fs::is_fifo(status) || fs::is_character_file(status) || fs::is_block_file(status) ||
         fs::is_socket(status);
}

base::Status refuse(const fs::path& file) {
  return base::fail(base::ErrorCode::unavailable, file.string() + " is no file: history is left out.",
                    "Remove it, or look at who put it there.");
}

bool is_hex(std::string_view name) {
  return std::ranges::all_of(name, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

// Folders that hold objects: "pack", "info", and one for each first byte of an id.
bool holds_objects(std::string_view folder) {
  return folder == "pack" || folder == "info" || (folder.size() == 2 && is_hex(folder));
}

// Whether git would open a file of this name there: a borrowed folder may be any (/dev has an "fd").
bool is_opened(std::string_view folder, std::string_view file) {
  if (folder.size() != 2) return true;
  return (file.size() == 38 || file.size() == 62) && is_hex(file);
}

// Calls `visit` for each entry until it returns an error; a folder that cannot be read has none.
template <class Visit>
base::Status each_entry(const fs::path& folder, Visit visit) {
  std::error_code failed;
  for (fs::directory_iterator at(folder, failed), end; !failed && at != end; at.increment(failed)) {
    MIRA_TRY(visit(*at));
  }
  return {};
}

// Folders that git reads objects from as well; the file is known to be one.
std::vector<fs::path> borrowed_by(const fs::path& objects) {
  std::vector<fs::path> out;
  std::ifstream in(objects / "info" / "alternates", std::ios::binary);
  if (!in) return out;
  std::string text(alternates_bytes, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(std::max<std::streamsize>(0, in.gcount())));
  for (std::string_view line : base::split(text, '\n')) {
    line = base::trim(line);
    if (!line.empty() && line[0] != '#') out.push_back(objects / fs::path(line));
  }
  return out;
}

base::Status look_into(const fs::path& objects, int depth, std::set<std::string>& seen) {
  if (!seen.insert(objects.lexically_normal().string()).second) return {};
  MIRA_TRY(each_entry(objects, [](const fs::directory_entry& folder) -> base::Status {
    const std::string name = folder.path().filename().string();
    if (!holds_objects(name)) return {};
    return each_entry(folder.path(), [&name](const fs::directory_entry& file) -> base::Status {
      std::error_code gone;
      if (is_opened(name, file.path().filename().string()) && makes_git_wait(file.status(gone)))
        return refuse(file.path());
      return {};
    });
  }));
  if (depth == borrowed_depth) return {};
  for (const fs::path& folder : borrowed_by(objects)) MIRA_TRY(look_into(folder, depth + 1, seen));
  return {};
}

}  // namespace

base::Status refuse_odd_objects(const fs::path& objects) {
  std::set<std::string> seen;
  return look_into(objects, 0, seen);
}

}  // namespace mira::git

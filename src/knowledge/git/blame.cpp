#include "knowledge/git/blame.h"

#include <charconv>

#include "knowledge/git/repository.h"
#include "platform/base/text.h"

namespace mira::git {

// Porcelain: "ID old-line new-line lines" opens a group, a line of content begins with a tab.
base::Result<LineRuns> blame_file(const Shadow& shadow, const CommitIds& ids, const std::string& path,
                                  const std::string& commit, base::Deadline deadline) {
  if (!is_full_id(commit)) return base::fail(base::ErrorCode::usage, "That is no commit id.");
  LineRuns runs;
  std::string rest;
  std::uint32_t owner = 0;
  bool good = true;
  auto take = [&](std::string_view line) {
    if (line.starts_with('\t')) {
      add_lines(runs, 1, owner, owner);
      return;
    }
    std::string_view id = line.substr(0, line.find(' '));
    if (!is_full_id(id)) return;
    auto at = ids.find(hash_from_hex(id));
    good &= at != ids.end();
    owner = at == ids.end() ? 0 : at->second;
  };
  MIRA_TRY(
      shadow.stream({"blame", "--porcelain", commit, "--", path}, deadline, {}, [&](std::string_view chunk) {
        for (std::size_t end = chunk.find('\n'); end != std::string_view::npos; end = chunk.find('\n')) {
          rest.append(chunk.substr(0, end));
          take(rest);
          rest.clear();
          chunk.remove_prefix(end + 1);
        }
        rest.append(chunk);
        return good;
      }));
  if (!rest.empty()) take(rest);
  if (good) return runs;
  return base::fail(base::ErrorCode::failed, "git blame names a commit that was not read.",
                    "Run `mira index`.");
}

}  // namespace mira::git

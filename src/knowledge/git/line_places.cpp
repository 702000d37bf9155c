#include "knowledge/git/line_places.h"

#include <charconv>

#include "knowledge/git/blame.h"
#include "knowledge/git/commit_search.h"
#include "knowledge/git/head_tree.h"
#include "knowledge/git/ownership.h"
#include "knowledge/git/ownership_rows.h"
#include "knowledge/git/state.h"
#include "platform/base/limits.h"
#include "platform/base/text.h"

namespace mira::git {
namespace {

bool take_line(std::string_view& text, std::uint32_t& line) {
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), line);
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return error == std::errc() && line > 0;
}

base::Result<OwnedLines> ask_git(contracts::Session& session, const std::string& path,
                                 base::Deadline deadline) {
  Repository repository = MIRA_TRY(read_repository(session.project));
  std::string tip = repository.tip;
  Shadow shadow = MIRA_TRY(Shadow::open(session.project, std::move(repository)));
  CommitIds ids = MIRA_TRY(commit_ids(session.index));
  return OwnedLines{
      MIRA_TRY(blame_file(shadow, ids, path, tip, deadline.within_ms(limits::git_short_wall_ms))), false};
}

}  // namespace

LinePlace parse_place(std::string_view text) {
  LinePlace out;
  std::size_t colon = text.rfind(':');
  std::string_view lines = colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1);
  bool good = take_line(lines, out.first);
  out.last = out.first;
  if (good && (lines.starts_with('-') || lines.starts_with(','))) {
    lines.remove_prefix(1);
    good = take_line(lines, out.last) && out.last >= out.first;
  }
  good = good && lines.empty();
  if (!good) out.first = out.last = 0;
  out.path = good ? text.substr(0, colon) : text;
  return out;
}

base::Result<OwnedLines> owned_lines(contracts::Session& session, const std::string& path,
                                     base::Deadline deadline) {
  State state = MIRA_TRY(load_state(session.index));
  auto tree = MIRA_TRY(HeadTree::load(session.index, state.tip));
  const TreeEntry* entry = tree ? tree->find(path) : nullptr;
  if (tree && entry == nullptr) {
    base::Error error{base::ErrorCode::not_found, "HEAD has no file \"" + base::display_line(path) + "\".",
                      "Paths count from the project's root; what is not committed has no history."};
    error.next = MIRA_TRY(similar_paths(session.index, path));
    return std::unexpected(error);
  }
  auto row = MIRA_TRY(load_owners(session.index, path));
  bool fresh = row && entry != nullptr && row->blob == to_hex(entry->id) &&
               MIRA_TRY(ownership_tip(session.index)) == state.tip;
  if (fresh) return OwnedLines{std::move(row->runs), true};
  return ask_git(session, path, deadline);
}

}  // namespace mira::git

#include "knowledge/git/archive.h"

#include <algorithm>
#include <unordered_map>

#include "knowledge/git/head_tree.h"
#include "knowledge/git/state.h"
#include "platform/base/text.h"

namespace mira::git {
namespace {

base::Status load_paths(store::Connection& index, Archive& archive) {
  auto last = MIRA_TRY(index.integer("SELECT max(path_id) FROM git_paths")).value_or(-1);
  archive.paths.resize(static_cast<std::size_t>(last + 1));
  MIRA_TRY(index.each("SELECT path_id, path FROM git_paths", [&](const store::Row& row) {
    archive.paths[static_cast<std::size_t>(row.integer(0))] = row.text(1);
  }));
  archive.path_ids.reserve(archive.paths.size());
  for (std::uint32_t id = 0; id < archive.paths.size(); ++id) {
    if (!archive.paths[id].empty()) archive.path_ids.emplace(archive.paths[id], id);
  }
  return {};
}

base::Status load_head(store::Connection& index, Archive& archive) {
  auto tree = MIRA_TRY(HeadTree::load(index, archive.tip));
  if (!tree) return {};
  archive.at_head.resize(archive.paths.size(), 0);
  for (const TreeEntry& entry : tree->entries()) {
    auto id = archive.path_ids.find(entry.path);
    if (id != archive.path_ids.end()) archive.at_head[id->second] = 1;
  }
  return {};
}

base::Status load_authors(store::Connection& index, Archive& archive) {
  std::unordered_map<std::string, std::uint32_t> people;
  return index.each(
      "SELECT author_id, name, email, email_written, person, is_bot FROM git_authors ORDER BY author_id",
      [&](const store::Row& row) {
        auto id = static_cast<std::size_t>(row.integer(0));
        auto [person, fresh] = people.try_emplace(std::string(row.text(4)), archive.people.size());
        if (fresh) archive.people.push_back({std::string(row.text(4))});
        archive.people[person->second].is_bot |= row.integer(5) != 0;
        archive.authors.resize(id + 1);
        archive.authors[id] = {std::string(row.text(1)), std::string(row.text(2)), std::string(row.text(3)),
                               person->second};
      });
}

// Every id in the packed history has a name, so that nothing need be checked later.
base::Status check_ids(const Archive& archive) {
  bool good =
      std::ranges::all_of(archive.history.commits,
                          [&](const Commit& c) { return c.author_id < archive.authors.size(); }) &&
      std::ranges::all_of(archive.history.changes, [&](const Change& c) {
        return c.path < archive.paths.size() && (c.status != 'R' || c.old_path < archive.paths.size());
      });
  if (good) return {};
  return base::fail(base::ErrorCode::failed, "The stored history names authors or paths that are not stored.",
                    "Delete the project's index.db; `mira index` makes it again.");
}

}  // namespace

std::optional<std::uint32_t> Archive::find_person(std::string_view mail_or_name) const {
  std::string wanted = base::to_lower(base::trim(mail_or_name));
  if (wanted.empty()) return std::nullopt;
  for (auto author = authors.rbegin(); author != authors.rend(); ++author) {
    if (base::to_lower(author->email) == wanted || base::to_lower(author->email_written) == wanted) {
      return author->person;
    }
  }
  auto named = std::ranges::find(people, wanted, &Person::folded);
  if (named == people.end()) return std::nullopt;
  return static_cast<std::uint32_t>(named - people.begin());
}

std::uint32_t Archive::find_path(std::string_view path) const {
  auto at = path_ids.find(path);
  return at == path_ids.end() ? no_path : at->second;
}

base::Result<std::shared_ptr<const Archive>> load_archive(store::Connection& index) {
  auto archive = std::make_shared<Archive>();
  State state = MIRA_TRY(load_state(index));
  archive->tip = state.tip;
  archive->revision = state.revision;
  archive->history = MIRA_TRY(load_history(index));
  MIRA_TRY(load_paths(index, *archive));
  MIRA_TRY(load_head(index, *archive));
  MIRA_TRY(load_authors(index, *archive));
  MIRA_TRY(check_ids(*archive));
  archive->stated = MIRA_TRY(load_stated(index, *archive));
  return archive;
}

}  // namespace mira::git

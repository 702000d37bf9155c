// The history with its names: all that co-change and people are computed from,
// read-only, loaded in one go.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "knowledge/git/history.h"
#include "knowledge/git/stated_confidence.h"

namespace mira::git {

struct Person {
  std::string folded;  // git_authors.person
  bool is_bot = false;
};

struct Author {
  std::string name, email;  // after the mailmap
  std::string email_written;
  std::uint32_t person = 0;  // in Archive::people
};

struct Archive {
  std::string tip;
  std::int64_t revision = 0;
  History history;
  std::vector<std::string> paths;  // by path_id; empty where there is none
  std::unordered_map<std::string_view, std::uint32_t> path_ids;
  std::vector<char> at_head;    // by path_id: 1 for the files of HEAD's tree; empty when that is not known
  std::vector<Author> authors;  // by author_id
  std::vector<Person> people;
  std::vector<StatedWindow> stated;  // in order

  std::uint32_t person_of(const Commit& commit) const { return authors[commit.author_id].person; }
  // The person with this mail (written or mapped, any case) or name; nullopt when unknown.
  std::optional<std::uint32_t> find_person(std::string_view mail_or_name) const;
  // path_id of a path, or no_path.
  std::uint32_t find_path(std::string_view path) const;
};

base::Result<std::shared_ptr<const Archive>> load_archive(store::Connection& index);

}  // namespace mira::git

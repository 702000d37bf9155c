// The files of HEAD with their object ids, as git names them: one `ls-tree` a
// commit, kept in the index so that nothing is asked while HEAD stays.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "knowledge/git/shadow.h"
#include "platform/store/connection.h"

namespace mira::git {

enum class EntryKind : char { file = 'f', link = 'l', submodule = 's' };

struct TreeEntry {
  std::string_view path;  // bytes
  std::string_view id;    // raw bytes of the object id: 20 or 32
  EntryKind kind = EntryKind::file;
};

class HeadTree {
 public:
  // The stored tree when it is of this commit, else nullopt.
  static base::Result<std::optional<HeadTree>> load(store::Connection& index, std::string_view tip);
  // Asks git. Empty for an unborn branch.
  static base::Result<HeadTree> read(const Shadow& shadow, base::Deadline deadline);

  const std::vector<TreeEntry>& entries() const { return entries_; }  // sorted by path
  const TreeEntry* find(std::string_view path) const;
  // Hex id of a path's object; empty when HEAD has no such path.
  std::string id_of(std::string_view path) const;
  std::string_view bytes() const { return *bytes_; }

 private:
  static base::Result<HeadTree> parse(std::string bytes);

  std::unique_ptr<std::string> bytes_;  // kind, length of the id, id, path, NUL; the entries point into it
  std::vector<TreeEntry> entries_;
};

std::string to_hex(std::string_view bytes);

}  // namespace mira::git

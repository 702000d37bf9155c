// The working tree as it was at a run: which files with which content. Kept beside
// the project's index (not in the repository), one file a content, each stored once;
// secrets masked, credential files, binaries and large files by their hash only. So
// what changed between a red and a green run can be told whatever git knows of it.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>

#include "contracts/session.h"
#include "knowledge/builds/line_diff.h"

namespace mira::builds {

class Snapshots {
 public:
  explicit Snapshots(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // Takes the tree of the session (walked when it was opened) and returns its hash; reads only files whose
  // stamps changed; what was not read before the deadline is known by its stamp. "" when nothing can be kept.
  std::string take(const contracts::Session& session, base::Deadline deadline);

  struct Change {
    std::vector<Hunk> hunks;          // of texts, by path
    std::vector<std::string> opaque;  // paths that changed and whose content was not kept
    bool known = false;               // both trees were found
  };
  Change between(const std::string& red_tree, const std::string& green_tree) const;

  // One line of a file as it was in a tree; "" when that was not kept.
  std::string line_of(const std::string& tree, const std::string& path, int line) const;

  // Removes every tree that is not in `kept` (the latest stays), and every content that no kept tree names.
  // What was written within the last hour stays: another process may be about to name it.
  struct Swept {
    std::size_t trees = 0, contents = 0;
  };
  Swept sweep(const std::set<std::string>& kept) const;

 private:
  struct Entry {
    std::string hash;
    workspace::FileStamp stamp;
  };
  using Tree = std::map<std::string, Entry>;
  Tree read_tree(const std::string& hash) const;
  static bool same_stamp(const std::string& path, const Tree& red, const Tree& green);
  Entry entry_for(const contracts::Session& session, const workspace::File& file, std::int64_t& budget) const;
  void keep_content(const std::string& hash, const std::string& bytes) const;
  bool read_content(const std::string& hash, std::string& bytes) const;

  std::filesystem::path folder_;
};

}  // namespace mira::builds

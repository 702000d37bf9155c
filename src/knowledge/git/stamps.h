// Which content a file had when its stamp was last seen, for all files at once:
// packed in one row, found by path.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "platform/base/result.h"
#include "platform/workspace/tree.h"

namespace mira::git {

class StampTable {
 public:
  // failed: damaged bytes.
  static base::Result<StampTable> decode(std::string_view bytes);
  std::string encode() const;

  // `id`: the raw bytes of an object id.
  void add(std::string_view path, const workspace::FileStamp& stamp, std::string_view id);
  // The id the file had under this very stamp; empty when it is another stamp or unknown.
  std::string_view id_of(std::string_view path, const workspace::FileStamp& stamp) const;
  std::size_t size() const { return rows_.size(); }

 private:
  struct Row {
    workspace::FileStamp stamp;
    std::string id;
  };
  std::unordered_map<std::string, Row> rows_;
};

// The stamp of a file that no walk listed; nullopt when there is none (links are not followed).
std::optional<workspace::FileStamp> stamp_on_disk(const std::filesystem::path& file);

// Of all paths and stamps of a tree and of `unlisted` files beneath `root`; never 0.
std::uint64_t fingerprint_of(const workspace::Tree& tree, const std::filesystem::path& root,
                             const std::vector<std::string>& unlisted);

}  // namespace mira::git

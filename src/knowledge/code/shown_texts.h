// Files as they are shown: repaired UTF-8, secrets masked. Reading, hashing and masking a file costs as much
// as the search that leads to it, and a server is asked about the same files again and again: a text is kept
// for as long as its file has the same stamp. One that was written so lately that another write could bear
// the same stamp is not kept.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "platform/workspace/read_file.h"

namespace mira::code {

// One file as it was read. Safe from several threads.
class FileText {
 public:
  static constexpr std::size_t most_masked_bytes = 128
                                                   << 10;  // larger ones are masked around the lines alone

  explicit FileText(const workspace::FileBytes& file);
  FileText(const FileText&) = delete;
  FileText& operator=(const FileText&) = delete;

  const std::string& hash() const { return hash_; }
  const workspace::FileStamp& stamp() const { return stamp_; }
  int line_count() const { return static_cast<int>(lines_.size()); }
  std::size_t bytes() const { return text_.size(); }
  // Lines first..last with secrets masked; 1 <= first <= last <= line_count().
  std::vector<std::string> masked_lines(int first, int last) const;

 private:
  std::vector<std::string> masked_around(int first, int last) const;

  workspace::FileStamp stamp_;
  std::string hash_, text_;
  std::vector<std::string_view> lines_;  // as they are in the file: never shown
  mutable std::once_flag masked_;
  mutable std::string masked_text_;
  mutable std::vector<std::string_view> shown_lines_;
};

// Safe from several threads.
class ShownTexts {
 public:
  // not_found or unavailable as read_file says.
  base::Result<std::shared_ptr<const FileText>> of(const std::filesystem::path& root, std::string_view path);

 private:
  std::shared_ptr<const FileText> known(const std::string& file) const;

  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const FileText>, std::less<>> texts_;  // by whole path
  std::size_t bytes_ = 0;
};

}  // namespace mira::code

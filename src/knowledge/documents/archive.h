// A zip archive in memory, read entry by entry within limits: what a bomb unpacks to
// is never held, and what was refused is said.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mira::documents {

class Archive {
 public:
  // nullptr: not an archive, or one with too many entries; `why` says which.
  static std::unique_ptr<Archive> open(std::string_view bytes, std::string& why);
  ~Archive();
  Archive(const Archive&) = delete;
  Archive& operator=(const Archive&) = delete;

  std::vector<std::string> names() const;
  // nullopt: no such entry, or over a limit; then missing() says so.
  std::optional<std::string> read(const std::string& name);
  const std::string& missing() const { return missing_; }

 private:
  struct Handle;
  explicit Archive(std::unique_ptr<Handle> handle);
  std::unique_ptr<Handle> handle_;
  std::size_t unpacked_ = 0;
  std::string missing_;
};

}  // namespace mira::documents

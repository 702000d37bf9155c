// Reads one file of a project through the gate: the path is opened beneath the
// root without following links (openat2), kind and size are checked on the open
// descriptor, and the stamp is taken there too, so what was read is what was
// stamped even while the file changes.
#pragma once

#include <string>
#include <string_view>

#include "platform/base/result.h"
#include "platform/workspace/tree.h"

namespace mira::workspace {

struct FileBytes {
  std::string bytes;
  FileStamp stamp;
  bool changed_while_read = false;
};

// not_found: no such file. unavailable: no rights, not a regular file, larger than
// max_bytes, or a path that leaves the root (absolute, "..", NUL, a link).
base::Result<FileBytes> read_file(const std::filesystem::path& root, std::string_view path,
                                  std::int64_t max_bytes);

// NUL in the first 8000 bytes, or mostly bytes that are no text.
bool looks_binary(std::string_view bytes);

}  // namespace mira::workspace

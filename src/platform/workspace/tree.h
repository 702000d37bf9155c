// What is on disk now: one walk of the project folder that obeys .gitignore,
// .ignore and .miraignore (never git's own configuration), follows no link, opens
// no FIFO, socket or device, and stops at the limits, saying what it left out.
// .miraignore outweighs .ignore, which outweighs .gitignore and .git/info/exclude;
// least of all weigh built-in names of folders that tools fill (is_tool_folder).
// Nested repositories are not entered: git does not either.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "platform/base/deadline.h"
#include "platform/base/result.h"
#include "platform/workspace/project.h"

namespace mira::workspace {

// Says that a file is the same as before without reading it (a hint: content decides).
struct FileStamp {
  std::int64_t size = 0;
  std::int64_t mtime_ns = 0;
  std::int64_t ctime_ns = 0;
  std::uint64_t inode = 0;
  bool operator==(const FileStamp&) const = default;
};

struct File {
  std::string path;  // relative to the root, '/' separators, bytes as on disk
  FileStamp stamp;
  bool executable = false;
  bool symlink = false;  // listed (git tracks them), never read
};

struct LeftOut {
  std::string path;
  std::string reason;  // "no permission", "too deep", "not a regular file", "over 1000000 files", ...
};

struct Tree {
  std::vector<File> files;        // sorted by path
  std::vector<LeftOut> left_out;  // first 1000
  std::int64_t left_out_count = 0;
  std::int64_t ignored_count = 0;  // files and whole folders that ignore rules kept out
  bool partial = false;            // a limit or the deadline ended the walk early
};

// Walks the project. unavailable when the root itself cannot be read.
base::Result<Tree> walk(const Project& project, base::Deadline deadline);

// Folders that package managers, compilers and caches fill ("node_modules", ".venv",
// "__pycache__"): ignored without a rule; "!node_modules" in an ignore file brings one back.
bool is_tool_folder(std::string_view name);

}  // namespace mira::workspace

// Opening files and folders as the workspace does, and the few questions it asks of them. Everything is
// opened close-on-exec, without following a link at the last part and without waiting for the other end of a
// FIFO.
#pragma once

#include <string>

#include "platform/base/descriptor.h"
#include "platform/base/result.h"
#include "platform/workspace/tree.h"

struct stat;

namespace mira::workspace {

using base::Descriptor;

// folder: a descriptor of the folder that `name` is in, or AT_FDCWD. Not open: errno says why.
Descriptor open_file(int folder, const char* name);
Descriptor open_folder(int folder, const char* name);

FileStamp stamp_of(const struct stat& status);

// Everything the descriptor gives, up to max_bytes; unavailable when there is more, or on an I/O error.
base::Result<std::string> read_all(int descriptor, std::int64_t size_hint, std::int64_t max_bytes);

// The bytes of a small regular file in `folder`; empty when it is not there, no regular file, or larger.
std::string read_small(int folder, const char* name, std::int64_t max_bytes);

}  // namespace mira::workspace

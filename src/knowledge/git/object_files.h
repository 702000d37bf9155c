// What git would open to read objects: loose ones, packs and the list of further
// folders. git waits for ever for who writes into a pipe, so a repository with
// anything but files there is refused before git is started.
#pragma once

#include <filesystem>

#include "platform/base/result.h"

namespace mira::git {

// unavailable: a pipe, a socket or a device stands where git expects a file, in this folder of objects or one
// that it borrows from. Costs the listing of the folders, no look at the files.
base::Status refuse_odd_objects(const std::filesystem::path& objects);

}  // namespace mira::git

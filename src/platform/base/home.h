// Where Mira keeps things: MIRA_HOME for everything, or the XDG folders. Folders
// are made 0700, files 0600.
#pragma once

#include <filesystem>
#include <string>

#include "platform/base/result.h"

namespace mira::base {

struct Home {
  std::filesystem::path data;   // mira.db, backups/, projects/<id>/index.db
  std::filesystem::path state;  // logs
  std::filesystem::path cache;
};

// From the environment (MIRA_HOME, else XDG_*, else HOME). Makes the folders.
// unavailable: no home, or a folder cannot be made or written.
Result<Home> find_home();
// Makes a folder and its parents with mode 0700. unavailable on failure.
Status make_private_folder(const std::filesystem::path& folder);

}  // namespace mira::base

// The same server and hooks as a plugin for Claude Code and Codex: a marketplace folder of
// constants and this program's path.
#pragma once

#include <filesystem>
#include <string>

#include "faces/clients/surroundings.h"

namespace mira::clients {

// Writes or refreshes the marketplace below `folder`; returns its absolute path.
base::Result<std::filesystem::path> write_plugin(const std::filesystem::path& folder,
                                                 const Surroundings& around, const std::string& version);

}  // namespace mira::clients

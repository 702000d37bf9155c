// Where the agents of this user keep their things, and how this program is called from
// there. Values, not look-ups, so that a test makes a user of its own.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "platform/base/result.h"

namespace mira::clients {

struct Surroundings {
  std::filesystem::path home;           // of the user
  std::filesystem::path config_home;    // XDG_CONFIG_HOME
  std::filesystem::path claude_folder;  // CLAUDE_CONFIG_DIR, else ~/.claude
  std::filesystem::path claude_file;    // ~/.claude.json, or in CLAUDE_CONFIG_DIR
  std::filesystem::path codex_folder;   // CODEX_HOME, else ~/.codex
  std::filesystem::path project;        // root of the project, for --scope project
  std::filesystem::path binary;         // this program, absolute
  std::string path;                     // PATH, to see which agents are installed
};

// unavailable: HOME is not set, or this program's own file cannot be told.
base::Result<Surroundings> find_surroundings(const std::filesystem::path& project_root);

// Whether a program of this name stands in a folder of PATH.
bool is_installed(const Surroundings& around, std::string_view program);

}  // namespace mira::clients

#include "faces/clients/surroundings.h"

#include <unistd.h>

#include <cstdlib>

#include "platform/base/text.h"

namespace mira::clients {
namespace {

namespace fs = std::filesystem;

fs::path from_environment(const char* name, fs::path otherwise) {
  const char* text = std::getenv(name);
  return text != nullptr && text[0] == '/' ? fs::path(text) : std::move(otherwise);
}

}  // namespace

base::Result<Surroundings> find_surroundings(const fs::path& project_root) {
  Surroundings around;
  around.home = from_environment("HOME", {});
  if (around.home.empty())
    return base::fail(base::ErrorCode::unavailable, "HOME is not set", "set it to your home folder");
  std::error_code error;
  around.binary = fs::read_symlink("/proc/self/exe", error);
  if (error) return base::fail(base::ErrorCode::unavailable, "the place of this program cannot be told");
  around.config_home = from_environment("XDG_CONFIG_HOME", around.home / ".config");
  around.claude_folder = from_environment("CLAUDE_CONFIG_DIR", around.home / ".claude");
  bool moved = around.claude_folder != around.home / ".claude";
  around.claude_file = moved ? around.claude_folder / ".claude.json" : around.home / ".claude.json";
  around.codex_folder = from_environment("CODEX_HOME", around.home / ".codex");
  around.project = project_root;
  const char* path = std::getenv("PATH");
  around.path = path == nullptr ? "" : path;
  return around;
}

bool is_installed(const Surroundings& around, std::string_view program) {
  for (std::string_view folder : base::split(around.path, ':')) {
    if (folder.empty() || folder[0] != '/') continue;
    fs::path file = fs::path(folder) / program;
    if (::access(file.c_str(), X_OK) == 0) return true;
  }
  return false;
}

}  // namespace mira::clients

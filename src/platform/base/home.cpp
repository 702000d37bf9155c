#include "platform/base/home.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "platform/base/config_folder.h"
#include "platform/base/text.h"

namespace mira::base {
namespace {

namespace fs = std::filesystem;

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// $XDG_..._HOME/mira, or $HOME/<fallback>/mira. Empty when neither is set; the
// XDG specification says that a relative path there is to be ignored.
fs::path xdg_folder(const char* variable, const char* fallback) {
  const fs::path given = environment(variable);
  if (given.is_absolute()) return given / "mira";
  const fs::path home = environment("HOME");
  return home.is_absolute() ? home / fallback / "mira" : fs::path();
}

std::unexpected<Error> cannot_make(const fs::path& folder, int error) {
  return fail(ErrorCode::unavailable,
              "cannot make the folder " + display_line(folder.native()) + ": " + std::strerror(error),
              "set MIRA_HOME to a folder that you may write");
}

Status make_writable(const fs::path& folder) {
  MIRA_TRY(make_private_folder(folder));
  if (access(folder.c_str(), W_OK | X_OK) == 0) return {};
  return fail(ErrorCode::unavailable,
              "cannot write to the folder " + display_line(folder.native()) + ": " + std::strerror(errno),
              "make it writable, or set MIRA_HOME to a folder that you may write");
}

Result<Home> home_by_environment() {
  const fs::path own = environment("MIRA_HOME");
  if (!own.empty()) {
    std::error_code error;
    const fs::path root = fs::absolute(own, error);
    if (error) return cannot_make(own, error.value());
    return Home{root, root / "state", root / "cache"};
  }
  Home home{xdg_folder("XDG_DATA_HOME", ".local/share"), xdg_folder("XDG_STATE_HOME", ".local/state"),
            xdg_folder("XDG_CACHE_HOME", ".cache")};
  if (home.data.empty() || home.state.empty() || home.cache.empty()) {
    return fail(ErrorCode::unavailable, "there is no home folder: HOME is not set to an absolute path",
                "set MIRA_HOME to the folder where Mira may keep its data");
  }
  return home;
}

}  // namespace

Status make_private_folder(const fs::path& folder) {
  std::error_code error;
  if (fs::is_directory(folder, error)) return {};
  const fs::path parent = folder.parent_path();
  if (!parent.empty() && parent != folder) MIRA_TRY(make_private_folder(parent));
  if (mkdir(folder.c_str(), 0700) == 0) return {};
  const int reason = errno;
  // Another process may have made it meanwhile.
  if (reason == EEXIST && fs::is_directory(folder, error)) return {};
  return cannot_make(folder, reason);
}

fs::path config_folder() {
  const fs::path own = environment("MIRA_HOME");
  if (own.empty()) return xdg_folder("XDG_CONFIG_HOME", ".config");
  std::error_code error;
  const fs::path root = fs::absolute(own, error);
  return error ? fs::path() : root / "config";
}

Result<Home> find_home() {
  Home home = MIRA_TRY(home_by_environment());
  MIRA_TRY(make_writable(home.data));
  MIRA_TRY(make_writable(home.state));
  MIRA_TRY(make_writable(home.cache));
  return home;
}

}  // namespace mira::base

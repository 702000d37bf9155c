#include "faces/http/unit.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace mira::http {
namespace {

namespace fs = std::filesystem;

base::Result<fs::path> own_binary() {
  std::error_code fault;
  fs::path binary = fs::read_symlink("/proc/self/exe", fault);
  if (fault) return base::fail(base::ErrorCode::unavailable, "this program's own path cannot be read");
  return binary;
}

base::Result<fs::path> folder_of(const contracts::Json& project) {
  std::error_code fault;
  fs::path folder = project.is_string() ? fs::path(project.get<std::string>()) : fs::current_path(fault);
  if (!fault) folder = fs::absolute(folder, fault);
  if (fault) return base::fail(base::ErrorCode::not_found, "this folder cannot be found");
  return folder.lexically_normal();
}

}  // namespace

base::Result<std::string> unit_word(const std::string& word) {
  bool control = std::ranges::any_of(word, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
  if (control)
    return base::fail(base::ErrorCode::usage, "a path with control characters cannot stand in a unit");
  std::string out = "\"";
  for (char c : word) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '%' || c == '$') out += c;
    out += c;
  }
  return out + "\"";
}

base::Result<std::string> unit_text(const contracts::Json& arguments) {
  fs::path program = MIRA_TRY(own_binary());
  std::string binary = MIRA_TRY(unit_word(program.string()));
  fs::path folder = MIRA_TRY(folder_of(arguments["project"]));
  std::string project = MIRA_TRY(unit_word(folder.string()));
  int port = arguments["port"].get<int>();
  std::string where = port != 0 ? fmt::format("--port {}", port) : "--socket %t/mira.sock";
  if (arguments["socket"].is_string())
    where = "--socket " + MIRA_TRY(unit_word(arguments["socket"].get<std::string>()));
  return fmt::format(R"(# Written by `mira serve --print-unit`. To use it:
#   mkdir -p ~/.config/systemd/user && mira serve --print-unit > ~/.config/systemd/user/mira.service
#   systemctl --user daemon-reload && systemctl --user enable --now mira
[Unit]
Description=Mira: evidence of a project for coding agents
StartLimitIntervalSec=300
StartLimitBurst=3

[Service]
ExecStart={} serve --quiet {} --project {}
Restart=on-failure
RestartSec=2
KillSignal=SIGTERM
TimeoutStopSec=10
UMask=0077
NoNewPrivileges=yes

[Install]
WantedBy=default.target
)",
                     binary, where, project);
}

}  // namespace mira::http

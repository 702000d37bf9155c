#include "faces/clients/client.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "platform/base/text.h"

namespace mira::clients {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t most_file_bytes = 16 << 20;

bool is_folder(const fs::path& path) {
  std::error_code error;
  return fs::is_directory(path, error);
}

constexpr std::string_view instructions =
    "## Mira\n\n"
    "The MCP server `mira` holds cited evidence about this project: its code, history, builds and earlier "
    "conversations.\n\n"
    "- `context` gives the pieces that matter for a task, `recall` what was said and decided before.\n"
    "- `code` finds definitions, callers and the reach of a change, `history` files that change together.\n"
    "- `build` tells how an error was cured before.\n";

// AGENTS.md is read by several of them.
fs::path agents_file(const Surroundings& around, Scope scope, const fs::path& of_user) {
  return scope == Scope::user ? of_user : around.project / "AGENTS.md";
}

}  // namespace

const std::vector<ClientRow>& client_rows() {
  static const std::vector<ClientRow> rows{
      {"claude", "Claude Code",
       [](const Surroundings& s) { return is_folder(s.claude_folder) || is_installed(s, "claude"); },
       plan_claude,
       [](const Surroundings& s, Scope scope) {
         return (scope == Scope::user ? s.claude_folder : s.project) / "CLAUDE.md";
       }},
      {"codex", "Codex",
       [](const Surroundings& s) { return is_folder(s.codex_folder) || is_installed(s, "codex"); },
       plan_codex,
       [](const Surroundings& s, Scope scope) {
         return agents_file(s, scope, s.codex_folder / "AGENTS.md");
       }},
      {"gemini", "Gemini CLI",
       [](const Surroundings& s) { return is_folder(s.home / ".gemini") || is_installed(s, "gemini"); },
       plan_gemini,
       [](const Surroundings& s, Scope scope) {
         return (scope == Scope::user ? s.home / ".gemini" : s.project) / "GEMINI.md";
       }},
      {"opencode", "opencode",
       [](const Surroundings& s) {
         return is_folder(s.config_home / "opencode") || is_installed(s, "opencode");
       },
       plan_opencode,
       [](const Surroundings& s, Scope scope) {
         return agents_file(s, scope, s.config_home / "opencode" / "AGENTS.md");
       }},
      {"cursor", "Cursor",
       [](const Surroundings& s) {
         return is_folder(s.home / ".cursor") || is_installed(s, "cursor") || is_installed(s, "cursor-agent");
       },
       plan_cursor, [](const Surroundings& s, Scope scope) { return agents_file(s, scope, {}); }}};
  return rows;
}

const ClientRow* find_client(std::string_view name) {
  for (const ClientRow& row : client_rows())
    if (row.name == name) return &row;
  return nullptr;
}

std::optional<Change> instructions_change(const ClientRow& client, const Surroundings& around, Scope scope) {
  fs::path file = client.instructions(around, scope);
  if (file.empty()) return std::nullopt;
  return Change{.kind = Change::Kind::text_block, .file = std::move(file), .body = std::string(instructions)};
}

std::string hook_command(const Surroundings& around, std::string_view client) {
  std::string quoted;
  for (char c : around.binary.string()) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return fmt::format("'{}'{}", quoted, hook_mark(client));
}

std::string hook_mark(std::string_view client) {
  return fmt::format(" hook --client {}", client);
}

OrderedJson server_entry(const Surroundings& around) {
  return OrderedJson{{"command", base::repair_utf8(around.binary.string())},
                     {"args", OrderedJson::array({"mcp"})}};
}

base::Result<std::string> read_text(const fs::path& file) {
  std::error_code error;
  auto status = fs::status(file, error);
  if (status.type() == fs::file_type::not_found) return std::string();
  std::string shown = base::display_line(file.native());
  if (!fs::is_regular_file(status)) return base::fail(base::ErrorCode::unavailable, shown + " is not a file");
  auto size = fs::file_size(file, error);
  if (error || size > most_file_bytes)
    return base::fail(base::ErrorCode::unavailable, shown + " is too large for a configuration file");
  std::ifstream in(file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (in.bad() || text.size() != size)
    return base::fail(base::ErrorCode::unavailable, shown + " cannot be read", "check its permissions");
  return text;
}

}  // namespace mira::clients

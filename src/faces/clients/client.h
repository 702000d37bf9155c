// What connecting an agent means, as data: which files, and what of ours stands in
// them. One file a client (claude.cpp, codex.cpp, ...) knows its paths and shapes; what
// writes, undoes and shows differences (connect.h) knows no client.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "faces/clients/json_edit.h"
#include "faces/clients/surroundings.h"

namespace mira::clients {

enum class Scope { user, project };

// One thing of ours in one file.
struct Change {
  enum class Kind {
    json_member,   // `value` under `keys`
    json_element,  // `value` once in the list under `keys`; ours is told by `mark` in its text
    toml_table,    // table `keys[0]` with the text `body`
    whole_file,    // the file is ours alone, its content `body`
    text_block,    // `body` between marks of ours, in a file that a person writes
  };
  Kind kind = Kind::json_member;
  std::filesystem::path file;
  std::vector<std::string> keys = {};
  OrderedJson value = nullptr;
  std::string body = {};
  std::string mark = {};
};

struct Plan {
  std::vector<Change> changes;
  std::vector<std::string> notes = {};  // what the user must do or know
};

struct ClientRow {
  std::string_view name;   // "claude"
  std::string_view title;  // "Claude Code"
  bool (*is_present)(const Surroundings&);
  base::Result<Plan> (*plan)(const Surroundings&, Scope);
  // The file of instructions that it reads; empty where it has none of that scope.
  std::filesystem::path (*instructions)(const Surroundings&, Scope);
};

const std::vector<ClientRow>& client_rows();
const ClientRow* find_client(std::string_view name);

base::Result<Plan> plan_claude(const Surroundings& around, Scope scope);
base::Result<Plan> plan_codex(const Surroundings& around, Scope scope);
base::Result<Plan> plan_gemini(const Surroundings& around, Scope scope);
base::Result<Plan> plan_opencode(const Surroundings& around, Scope scope);
base::Result<Plan> plan_cursor(const Surroundings& around, Scope scope);

// A few lines in the client's file of instructions that say what the server can be asked; nullopt where the
// client has no such file. Only ever put there when the user asks for it.
std::optional<Change> instructions_change(const ClientRow& client, const Surroundings& around, Scope scope);

// "'/path/to/mira' hook --client NAME", for sh.
std::string hook_command(const Surroundings& around, std::string_view client);
// What tells our hook of this client from others'.
std::string hook_mark(std::string_view client);
// {"command": binary, "args": ["mcp"]}.
OrderedJson server_entry(const Surroundings& around);
// Text of a file, "" when there is none. unavailable: it cannot be read, or is over 16 MiB.
base::Result<std::string> read_text(const std::filesystem::path& file);

}  // namespace mira::clients

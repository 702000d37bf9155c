#include <fstream>
#include <iterator>

#include "faces/clients/transcript.h"
#include "platform/base/hash.h"
#include "platform/guard/secrets.h"
#include "platform/store/connection.h"

#include <nlohmann/json.hpp>

namespace mira::clients {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_files = 20'000;

// Regular files below `folder` whose names end so, at most `depth` folders deep.
void collect(const fs::path& folder, std::string_view ending, int depth, std::vector<fs::path>& out) {
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    std::error_code gone;
    auto status = at->symlink_status(gone);
    if (gone || out.size() == most_files) return;
    if (fs::is_directory(status) && depth > 0) collect(at->path(), ending, depth - 1, out);
    if (fs::is_regular_file(status) && at->path().native().ends_with(ending)) out.push_back(at->path());
  }
}

// Claude Code's folder name of a project: everything but letters and digits is a dash.
std::string dashed(const fs::path& root) {
  std::string out;
  for (char c : root.native()) {
    bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    out += plain ? c : '-';
  }
  return out;
}

std::vector<fs::path> claude_files(const Surroundings& around, const fs::path& root) {
  std::vector<fs::path> out;
  std::string name = dashed(root);
  std::error_code error;
  for (fs::directory_iterator at(around.claude_folder / "projects", error), end; !error && at != end;
       at.increment(error)) {
    std::string folder = at->path().filename().string();
    // The project's own folder and those of folders inside it.
    if (folder == name || folder.starts_with(name + "-")) collect(at->path(), ".jsonl", 0, out);
  }
  return out;
}

bool is_gemini_project(const fs::path& folder, const fs::path& root) {
  std::ifstream in(folder / ".project_root", std::ios::binary);
  std::string told{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (!told.empty()) return base::trim(told) == root.native();
  std::string name = folder.filename().string();
  return name == base::sha256_hex(root.native()) || name == root.filename().string();
}

std::vector<fs::path> gemini_files(const Surroundings& around, const fs::path& root) {
  std::vector<fs::path> out;
  std::error_code error;
  for (fs::directory_iterator at(around.home / ".gemini" / "tmp", error), end; !error && at != end;
       at.increment(error))
    if (is_gemini_project(at->path(), root)) collect(at->path() / "chats", ".jsonl", 0, out);
  return out;
}

std::vector<fs::path> cursor_files(const Surroundings& around, const fs::path& root) {
  std::vector<fs::path> out;
  std::string slug = dashed(root);
  if (slug.starts_with("-")) slug.erase(0, 1);
  collect(around.home / ".cursor" / "projects" / slug / "agent-transcripts", ".jsonl", 1, out);
  return out;
}

using nlohmann::json;

std::string json_text(const json& object, const char* name) {
  auto found = object.find(name);
  return found != object.end() && found->is_string() ? base::repair_utf8(found->get_ref<const std::string&>())
                                                     : std::string();
}

void take_part(std::string_view session, std::string_view message, std::string_view part,
               const std::string& folder, TranscriptReading& out) {
  json who = json::parse(message, nullptr, false), what = json::parse(part, nullptr, false);
  if (!who.is_object() || !what.is_object()) {
    ++out.unknown_lines;
    return;
  }
  std::string role = json_text(who, "role"), text = json_text(what, "text");
  bool said = json_text(what, "type") == "text" && what.value("synthetic", json()) != true;
  if (!said || base::trim(text).empty() || (role != "user" && role != "assistant")) return;
  out.turns.push_back(
      {std::string(session), folder, role, guard::mask_secrets(text), "", json_text(who, "modelID")});
}

}  // namespace

std::vector<fs::path> transcripts_of(std::string_view client, const Surroundings& around,
                                     const fs::path& root) {
  if (client == "claude") return claude_files(around, root);
  if (client == "gemini") return gemini_files(around, root);
  if (client == "cursor") return cursor_files(around, root);
  std::vector<fs::path> out;
  if (client == "codex") collect(around.codex_folder / "sessions", ".jsonl", 3, out);
  fs::path database = around.home / ".local" / "share" / "opencode" / "opencode.db";
  std::error_code error;
  if (client == "opencode" && fs::is_regular_file(database, error)) out.push_back(database);
  return out;
}

base::Result<TranscriptReading> read_opencode(const fs::path& database, const std::string& folder,
                                              std::int64_t since_ms) {
  auto connection = MIRA_TRY(store::Connection::open(database, {.access = store::Access::read_only}));
  TranscriptReading out;
  MIRA_TRY(connection.each(
      "SELECT session.id, message.data, part.data FROM session JOIN message ON message.session_id = "
      "session.id "
      "JOIN part ON part.message_id = message.id WHERE session.directory = ?1 AND session.time_created >= ?2 "
      "ORDER BY session.id, message.id, part.id",
      [&](const store::Row& row) { take_part(row.text(0), row.text(1), row.text(2), folder, out); }, folder,
      since_ms));
  return out;
}

}  // namespace mira::clients

#include <functional>
#include <nlohmann/json.hpp>

#include "faces/clients/transcript.h"
#include "platform/guard/secrets.h"

namespace mira::clients {
namespace {

using Json = nlohmann::json;

const Json& member(const Json& object, const char* name) {
  static const Json none;
  if (!object.is_object()) return none;
  auto found = object.find(name);
  return found == object.end() ? none : *found;
}

std::string text_of(const Json& object, const char* name) {
  const Json& value = member(object, name);
  return value.is_string() ? base::repair_utf8(value.get_ref<const std::string&>()) : std::string();
}

// A text, or the texts of a list of blocks; blocks of other kinds are no words of anybody.
std::string words_of(const Json& content) {
  if (content.is_string()) return base::repair_utf8(content.get_ref<const std::string&>());
  std::string out;
  if (!content.is_array()) return out;
  for (const Json& block : content) {
    std::string type = text_of(block, "type");
    bool said =
        type == "text" || type == "input_text" || type == "output_text" || type == "Text" || type.empty();
    std::string text = said && member(block, "synthetic") != true ? text_of(block, "text") : std::string();
    if (!text.empty()) out += (out.empty() ? "" : "\n") + text;
  }
  return out;
}

// Cuts <name>...</name> out, wherever it stands.
void cut_element(std::string& text, std::string_view name) {
  std::string open = "<" + std::string(name), close = "</" + std::string(name) + ">";
  for (std::size_t begin = text.find(open); begin != std::string::npos; begin = text.find(open, begin)) {
    std::size_t end = text.find(close, begin);
    text.erase(begin, end == std::string::npos ? std::string::npos : end + close.size() - begin);
  }
}

// What the client or a hook put into the user's message.
std::string users_own_words(std::string text) {
  for (std::string_view name :
       {"hook_context", "session_context", "system-reminder", "environment_context", "user_instructions",
        "local-command-stdout", "local-command-caveat", "command-name", "command-message", "command-args",
        "bash-input", "bash-stdout", "bash-stderr"})
    cut_element(text, name);
  return std::string(base::trim(text));
}

void add(TranscriptReading& out, const TranscriptFile& file, std::string role, std::string text,
         std::string time, std::string model = {}) {
  if (role == "user") text = users_own_words(std::move(text));
  if (base::trim(text).empty() || file.session.empty()) return;
  out.turns.push_back({file.session, file.folder, std::move(role), guard::mask_secrets(text), std::move(time),
                       std::move(model)});
}

// Calls `read` with each line's object; false from it, or no object, is an unknown line.
void each_line(std::string_view lines, TranscriptReading& out, const std::function<bool(const Json&)>& read) {
  for (std::string_view line : base::split(lines, '\n')) {
    if (base::trim(line).empty()) continue;
    Json object = Json::parse(line, nullptr, false);
    if (!object.is_object() || !read(object)) ++out.unknown_lines;
  }
}

bool read_codex_item(const Json& item, const TranscriptFile& file, const std::string& time,
                     TranscriptReading& out) {
  std::string type = text_of(item, "type");
  bool user = type == "UserMessage" || type == "user_message",
       agent = type == "AgentMessage" || type == "agent_message";
  if (!user && !agent) return true;
  std::string text = words_of(member(item, "content"));
  if (text.empty()) text = text_of(item, "text");
  if (text.empty()) text = text_of(item, "message");
  add(out, file, user ? "user" : "assistant", std::move(text), time);
  return true;
}

}  // namespace

TranscriptReading read_claude_lines(std::string_view lines, TranscriptFile& file) {
  TranscriptReading out;
  each_line(lines, out, [&](const Json& line) {
    std::string type = text_of(line, "type");
    if (type.empty()) return false;
    if (type != "user" && type != "assistant") return true;
    if (member(line, "isSidechain") == true || member(line, "isMeta") == true) return true;
    if (member(line, "isCompactSummary") == true) return true;
    if (std::string session = text_of(line, "sessionId"); !session.empty()) file.session = session;
    if (std::string folder = text_of(line, "cwd"); !folder.empty()) file.folder = folder;
    const Json& message = member(line, "message");
    if (!message.is_object()) return false;
    add(out, file, type, words_of(member(message, "content")), text_of(line, "timestamp"),
        text_of(message, "model"));
    return true;
  });
  return out;
}

TranscriptReading read_codex_lines(std::string_view lines, TranscriptFile& file) {
  TranscriptReading out;
  each_line(lines, out, [&](const Json& line) {
    std::string type = text_of(line, "type");
    const Json& payload = member(line, "payload");
    if (type.empty() || !payload.is_object()) return false;
    if (type == "session_meta") {
      if (std::string id = text_of(payload, "id"); !id.empty()) file.session = id;
      if (std::string folder = text_of(payload, "cwd"); !folder.empty()) file.folder = folder;
    }
    if (type != "event_msg") return true;
    std::string time = text_of(line, "timestamp");
    const Json& item = member(payload, "item");
    return read_codex_item(item.is_object() ? item : payload, file, time, out);
  });
  return out;
}

TranscriptReading read_gemini_lines(std::string_view lines, TranscriptFile& file) {
  TranscriptReading out;
  std::vector<std::string> ids;  // of out.turns: a later line of an id replaces the earlier
  each_line(lines, out, [&](const Json& line) {
    if (line.contains("$set")) return true;
    if (std::string session = text_of(line, "sessionId"); !session.empty()) {
      file.session = session;
      return true;
    }
    std::string type = text_of(line, "type"), id = text_of(line, "id");
    if (type.empty()) return false;
    if (type != "user" && type != "gemini") return true;
    std::size_t before = out.turns.size();
    add(out, file, type == "user" ? "user" : "assistant", words_of(member(line, "content")),
        text_of(line, "timestamp"), text_of(line, "model"));
    for (std::size_t i = 0; i < before && !id.empty(); ++i) {
      if (ids[i] != id || out.turns.size() == before) continue;
      out.turns[i] = std::move(out.turns.back());
      out.turns.pop_back();
    }
    if (out.turns.size() > before) ids.push_back(id);
    return true;
  });
  return out;
}

TranscriptReading read_cursor_lines(std::string_view lines, TranscriptFile& file) {
  TranscriptReading out;
  each_line(lines, out, [&](const Json& line) {
    std::string role = text_of(line, "role");
    if (role != "user" && role != "assistant") return !role.empty();
    const Json& message = member(line, "message");
    const Json& content = message.is_object() ? member(message, "content") : member(line, "content");
    add(out, file, role, words_of(content), text_of(line, "timestamp"));
    return true;
  });
  return out;
}

}  // namespace mira::clients

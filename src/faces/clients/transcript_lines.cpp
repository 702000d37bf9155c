#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>

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

namespace {

// Between <name> and </name>; nullopt where there is no such element.
std::optional<std::string> inside(std::string_view text, std::string_view name) {
  const std::string open = fmt::format("<{}>", name), close = fmt::format("</{}>", name);
  std::size_t begin = text.find(open);
  if (begin == std::string_view::npos) return std::nullopt;
  begin += open.size();
  std::size_t end = text.find(close, begin);
  return std::string(base::trim(text.substr(begin, end == std::string_view::npos ? end : end - begin)));
}

// What Cursor says in the user's name when a subagent has ended.
bool is_cursors_own(std::string_view words) {
  return words.starts_with("The above subagent result is ") ||
         words.starts_with("The beginning of the above subagent result is ");
}

// Reads a text part by part; after the first that is not there everything is empty.
class Scan {
 public:
  explicit Scan(std::string_view text) : rest_(text) {}
  bool ok() const { return ok_; }
  bool takes(std::string_view literal) {
    if (!rest_.starts_with(literal)) return false;
    rest_.remove_prefix(literal.size());
    return true;
  }
  void take(std::string_view literal) { ok_ = ok_ && takes(literal); }
  std::string_view word() {
    std::size_t end = 0;
    while (end < rest_.size() &&
           std::string_view("abcdefghijklmnopqrstuvwxyz").contains(static_cast<char>(rest_[end] | 0x20)))
      ++end;
    return cut(end);
  }
  int number(int least, int most) {
    int out = 0;
    auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), out);
    ok_ = ok_ && error == std::errc() && out >= least && out <= most;
    if (ok_) cut(static_cast<std::size_t>(end - rest_.data()));
    return ok_ ? out : least;
  }

 private:
  std::string_view cut(std::size_t bytes) {
    std::string_view out = rest_.substr(0, bytes);
    ok_ = ok_ && bytes > 0;
    rest_.remove_prefix(bytes);
    return out;
  }

  std::string_view rest_;
  bool ok_ = true;
};

// "(UTC+5:30)" in minutes; 0 where it is not told.
int minutes_from_utc(Scan& scan) {
  if (!scan.takes(" (UTC")) return 0;
  const bool west = scan.takes("-");
  if (!west && !scan.takes("+")) return 0;
  const int hours = scan.number(0, 14);
  const int minutes = scan.takes(":") ? scan.number(0, 59) : 0;
  return (hours * 60 + minutes) * (west ? -1 : 1);
}

// "Friday, May 8, 2026, 6:05 AM (UTC+5:30)" as "2026-05-08T00:35:00Z"; "" for anything else.
std::string iso_of_cursor_time(std::string_view told) {
  constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  namespace time = std::chrono;
  Scan scan(told);
  scan.word();
  scan.take(", ");
  const auto* month = std::ranges::find(months, scan.word().substr(0, 3));
  scan.take(" ");
  const int day = scan.number(1, 31);
  scan.take(", ");
  const int year = scan.number(1970, 9999);
  scan.take(", ");
  const int hour = scan.number(1, 12);
  scan.take(":");
  const int minute = scan.number(0, 59);
  const bool afternoon = scan.takes(" PM");
  if (!afternoon) scan.take(" AM");
  const int zone = minutes_from_utc(scan);
  const time::year_month_day date{time::year(year),
                                  time::month(static_cast<unsigned>(month - months.begin()) + 1),
                                  time::day(static_cast<unsigned>(day))};
  if (!scan.ok() || month == months.end() || !date.ok()) return "";
  auto at =
      time::sys_days(date) + time::hours(hour % 12 + (afternoon ? 12 : 0)) + time::minutes(minute - zone);
  const auto midnight = time::floor<time::days>(at);
  const time::year_month_day utc(midnight);
  const time::hh_mm_ss clock(at - midnight);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:00Z", static_cast<int>(utc.year()),
                     static_cast<unsigned>(utc.month()), static_cast<unsigned>(utc.day()),
                     clock.hours().count(), clock.minutes().count());
}

}  // namespace

// The user's words stand in <user_query>, after the time and what was attached. Answers have no time of their
// own: they are given that of the prompt they answer.
TranscriptReading read_cursor_lines(std::string_view lines, TranscriptFile& file) {
  TranscriptReading out;
  std::string time;
  each_line(lines, out, [&](const Json& line) {
    std::string role = text_of(line, "role");
    if (role != "user" && role != "assistant") return !role.empty() || text_of(line, "type") == "turn_ended";
    const Json& message = member(line, "message");
    const Json& content = message.is_object() ? member(message, "content") : member(line, "content");
    std::string words = words_of(content);
    if (role == "user") {
      if (auto told = inside(words, "timestamp")) time = iso_of_cursor_time(*told);
      if (auto query = inside(words, "user_query")) words = std::move(*query);
      cut_element(words, "timestamp");
      if (is_cursors_own(words)) return true;
    }
    add(out, file, role, std::move(words), time);
    return true;
  });
  return out;
}

}  // namespace mira::clients

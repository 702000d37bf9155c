#include "faces/hooks/notes.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "faces/hooks/conversation.h"
#include "platform/base/text.h"

namespace mira::hooks {
namespace {

namespace fs = std::filesystem;
using contracts::Finding;
using contracts::Health;

constexpr std::uintmax_t most_bytes = 64 << 10;  // then they begin anew
constexpr std::int64_t looked_back_ms = 7LL * 24 * 3600 * 1000;
constexpr std::size_t most_message_bytes = 300;
constexpr std::size_t most_conversations = 1000;

fs::path notes_file(const fs::path& folder) {
  return folder.parent_path() / "hook-notes.jsonl";
}

struct Noted {
  std::size_t times = 0;
  std::string last;
};

Noted read_notes(const fs::path& folder, std::int64_t now_ms) {
  Noted out;
  std::ifstream in(notes_file(folder), std::ios::binary);
  std::string all{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  for (std::string_view line : base::split(all, '\n')) {
    Json note = Json::parse(line, nullptr, false);
    if (!note.is_object() || !note.contains("time_ms") || !note["time_ms"].is_number_integer()) continue;
    if (note["time_ms"].get<std::int64_t>() < now_ms - looked_back_ms) continue;
    ++out.times;
    if (note.contains("message") && note["message"].is_string()) out.last = note["message"];
  }
  return out;
}

}  // namespace

void note_fault(const fs::path& folder, std::string_view client, std::string_view event,
                std::string_view message, std::int64_t now_ms) {
  fs::path file = notes_file(folder);
  std::error_code absent;
  bool full = fs::file_size(file, absent) > most_bytes && !absent;
  Json note{{"time_ms", now_ms},
            {"client", client},
            {"event", base::truncate_utf8(event, 64)},
            {"message", base::truncate_utf8(message, most_message_bytes)}};
  std::string line = note.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  int flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | (full ? O_TRUNC : 0);
  int descriptor = ::open(file.c_str(), flags, 0600);
  if (descriptor < 0) return;
  [[maybe_unused]] ssize_t written = ::write(descriptor, line.data(), line.size());
  ::close(descriptor);
}

Finding hooks_health(const fs::path& folder, std::int64_t now_ms) {
  Noted noted = read_notes(folder, now_ms);
  std::size_t turns = 0;
  for (const Conversation& one : Conversation::with_waiting(folder, most_conversations))
    turns += one.waiting().size();
  std::string waits = turns == 0 ? "" : fmt::format("{} turns wait to be recorded by the next hook", turns);
  if (noted.times == 0)
    return {Health::ok, "hooks", waits.empty() ? "nothing kept them from answering" : waits, ""};
  std::string message =
      fmt::format("in the last 7 days {} hooks had nothing to say because of a fault, the last: {}",
                  noted.times, noted.last);
  return {Health::warning, "hooks", message + (waits.empty() ? "" : "; " + waits),
          "see the other findings; if they are sound now, it is over"};
}

}  // namespace mira::hooks

#include "faces/clients/import_action.h"

#include <fmt/format.h>
#include <unistd.h>

#include <fstream>
#include <map>

#include "faces/clients/client.h"
#include "faces/clients/journal.h"
#include "faces/clients/transcript.h"
#include "platform/base/home.h"
#include "platform/workspace/project.h"

namespace mira::clients {
namespace {

namespace fs = std::filesystem;
using base::Result;
using contracts::Call;
using contracts::Json;
using contracts::ParamKind;
using contracts::Reply;

constexpr std::int64_t most_bytes_a_file = 256 << 20;

using LineReader = TranscriptReading (*)(std::string_view, TranscriptFile&);

LineReader reader_of(std::string_view client) {
  if (client == "claude") return read_claude_lines;
  if (client == "codex") return read_codex_lines;
  if (client == "gemini") return read_gemini_lines;
  return read_cursor_lines;
}

// How far each transcript was read; what is lost is read again, and known already.
class Marks {
 public:
  explicit Marks(fs::path file) : file_(std::move(file)) {
    auto text = read_text(file_);
    if (text) stored_ = Json::parse(*text, nullptr, false);
    if (!stored_.is_object()) stored_ = Json::object();
  }
  std::int64_t of(const fs::path& transcript, std::int64_t size) const {
    Json mark = stored_.value(base::repair_utf8(transcript.native()), Json());
    std::int64_t at = mark.is_number_integer() ? mark.get<std::int64_t>() : 0;
    return at > size || at < 0 ? 0 : at;  // a file that shrank is another file
  }
  void set(const fs::path& transcript, std::int64_t at) {
    stored_[base::repair_utf8(transcript.native())] = at;
  }
  base::Status write() const {
    return replace_file(file_, stored_.dump(-1, ' ', false, Json::error_handler_t::replace), 0600);
  }

 private:
  fs::path file_;
  Json stored_;
};

std::string bytes_from(const fs::path& file, std::int64_t at) {
  std::ifstream in(file, std::ios::binary);
  in.seekg(at);
  std::string out;
  std::string chunk(1 << 20, '\0');
  while (in.read(chunk.data(), static_cast<std::streamsize>(chunk.size())), in.gcount() > 0) {
    out.append(chunk.data(), static_cast<std::size_t>(in.gcount()));
    if (static_cast<std::int64_t>(out.size()) >= most_bytes_a_file) break;
  }
  return out;
}

bool is_inside(const std::string& folder, const fs::path& root) {
  return folder == root.native() || folder.starts_with(root.native() + "/");
}

struct Count {
  std::int64_t files = 0, turns = 0, unknown_lines = 0;
};

class Importing {
 public:
  Importing(fs::path root, Surroundings around, Marks& marks)
      : root_(std::move(root)), around_(std::move(around)), marks_(marks) {}

  base::Status take(const std::string& client, base::Deadline deadline) {
    Count& count = counts_[client];
    for (const fs::path& file : transcripts_of(client, around_, root_)) {
      if (deadline.expired())
        return base::fail(base::ErrorCode::timeout, "the transcripts were not read to their end");
      ++count.files;
      TranscriptReading reading = client == "opencode" ? read_database(file) : read_lines(client, file);
      count.unknown_lines += reading.unknown_lines;
      for (const Turn& turn : reading.turns)
        if (turn.folder.empty() || is_inside(turn.folder, root_)) add(client, turn, count);
    }
    return {};
  }

  const std::string& messages() const { return messages_; }
  const std::map<std::string, Count>& counts() const { return counts_; }
  const std::vector<std::string>& notes() const { return notes_; }

 private:
  TranscriptReading read_database(const fs::path& file) {
    auto reading = read_opencode(file, root_.native(), 0);
    if (reading) return std::move(*reading);
    notes_.push_back("opencode: " + reading.error().message);
    return {};
  }

  TranscriptReading read_lines(const std::string& client, const fs::path& file) {
    std::error_code error;
    auto size = static_cast<std::int64_t>(fs::file_size(file, error));
    if (error) return {};
    std::int64_t at = marks_.of(file, size);
    if (at == size) return {};
    std::string bytes = bytes_from(file, at);
    bytes.resize(
        bytes.rfind('\n') == std::string::npos ? 0 : bytes.rfind('\n') + 1);  // the last line may be half
    TranscriptFile shared{.session = file.stem().string(),
                          .folder = client == "gemini" || client == "cursor" ? root_.native() : ""};
    // The head names the conversation and its folder; it is read again with every rest.
    if (at > 0) reader_of(client)(head(file), shared);
    TranscriptReading reading = reader_of(client)(bytes, shared);
    marks_.set(file, at + static_cast<std::int64_t>(bytes.size()));
    return reading;
  }

  static std::string head(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::string line;
    std::getline(in, line);
    return line + "\n";
  }

  void add(const std::string& client, const Turn& turn, Count& count) {
    ++count.turns;
    Json message{{"scope", "project"},  {"session", turn.session}, {"id", turn_id(turn.role, turn.text)},
                 {"role", turn.role},   {"client", client},        {"time", turn.time},
                 {"model", turn.model}, {"text", turn.text}};
    messages_ += message.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  }

  fs::path root_;
  Surroundings around_;
  Marks& marks_;
  std::string messages_;
  std::map<std::string, Count> counts_;
  std::vector<std::string> notes_;
};

// Hands the messages to the registered import through a file of this user alone.
Result<Json> hand_over(contracts::Host& host, Call& call, const base::Home& home, const fs::path& root,
                       const std::string& messages) {
  const contracts::Action* import = host.registry().find("import");
  if (import == nullptr)
    return base::fail(base::ErrorCode::unavailable, "this program keeps no conversations");
  fs::path file = home.state / fmt::format("transcripts-{}.jsonl", ::getpid());
  MIRA_TRY(replace_file(file, messages, 0600));
  auto arguments = contracts::check_arguments(*import, {{"file", file.native()}, {"format", "messages"}});
  Result<Reply> reply = std::unexpected(base::Error{});
  if (arguments)
    reply =
        host.call(*import, {.project = root.native(), .arguments = *arguments}, call.progress, call.deadline);
  std::error_code ignored;
  fs::remove(file, ignored);
  if (!arguments) return std::unexpected(arguments.error());
  if (!reply) return std::unexpected(reply.error());
  return std::move(reply->data);
}

Result<std::vector<std::string>> asked_clients(const Json& named) {
  std::vector<std::string> out;
  for (const Json& name : named) {
    if (find_client(name.get<std::string>()) == nullptr)
      return base::fail(base::ErrorCode::usage,
                        "\"" + base::display_line(name.get<std::string>()) + "\" is no agent",
                        "choose from: claude, codex, gemini, opencode, cursor");
    out.push_back(name.get<std::string>());
  }
  if (out.empty())
    for (const ClientRow& row : client_rows()) out.emplace_back(row.name);
  return out;
}

Result<Reply> import_now(contracts::Host& host, Call& call) {
  base::Home home = MIRA_TRY(base::find_home());
  auto project = MIRA_TRY(workspace::find_project(".", home));
  auto clients = MIRA_TRY(asked_clients(call.arguments["clients"]));
  Marks marks(project.data / "transcripts.json");
  Importing importing(project.root, MIRA_TRY(find_surroundings(project.root)), marks);
  for (const std::string& client : clients) MIRA_TRY(importing.take(client, call.deadline));
  Json kept{{"added", 0}, {"known", 0}};
  if (!importing.messages().empty())
    kept = MIRA_TRY(hand_over(host, call, home, project.root, importing.messages()));
  MIRA_TRY(base::make_private_folder(project.data));
  MIRA_TRY(marks.write());
  Json rows = Json::array();
  for (const auto& [client, count] : importing.counts())
    rows.push_back({{"client", client},
                    {"files", count.files},
                    {"turns", count.turns},
                    {"unknown_lines", count.unknown_lines}});
  return Reply{.data = {{"clients", std::move(rows)}, {"added", kept["added"]}, {"known", kept["known"]}},
               .notes = importing.notes()};
}

std::string render(const Reply& reply, const contracts::Style&) {
  std::string out;
  for (const Json& row : reply.data["clients"])
    if (row["files"].get<std::int64_t>() > 0)
      out += fmt::format("{:<10} {} files, {} turns, {} lines of no known kind\n",
                         row["client"].get<std::string>(), row["files"].get<std::int64_t>(),
                         row["turns"].get<std::int64_t>(), row["unknown_lines"].get<std::int64_t>());
  return out + fmt::format("{} turns kept, {} known already\n", reply.data["added"].get<std::int64_t>(),
                           reply.data["known"].get<std::int64_t>());
}

}  // namespace

contracts::Action import_transcripts_action(contracts::Host& host) {
  return {
      .name = "import transcripts",
      .group = "memory",
      .summary = "Take in what agents kept of their conversations about this project",
      .description =
          "Reads the transcripts of Claude Code, Codex, Gemini CLI, opencode and Cursor where they keep "
          "them, changes "
          "none, and goes on where it stopped the last time. Lines of no known kind are counted. Secrets are "
          "masked; "
          "what Mira told an agent is left out.",
      .params = {{.name = "clients",
                  .kind = ParamKind::text_list,
                  .help = "claude, codex, gemini, opencode, cursor; default: all",
                  .positional = true,
                  .fallback = Json::array()}},
      .examples = {{"mira import transcripts", "all agents"},
                   {"mira import transcripts claude", "one of them"}},
      .data_shape =
          R"({"clients": [{"client": "claude", "files": 3, "turns": 120, "unknown_lines": 0}], "added": 118, "known": 2})",
      .needs = contracts::Needs::nothing,
      .read_only = false,
      .handle = [&host](Call& call) { return import_now(host, call); },
      .render = render};
}

}  // namespace mira::clients

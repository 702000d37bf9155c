#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "knowledge/memory/actions.h"
#include "knowledge/memory/entries.h"
#include "knowledge/memory/moments.h"
#include "platform/base/limits.h"
#include "platform/base/text.h"

namespace mira::memory {
namespace {

using base::ErrorCode;
using base::Result;
using base::Status;
using contracts::Action;
using contracts::Call;
using contracts::Json;
using contracts::Reply;

constexpr std::size_t entries_of_a_write = 2000;
constexpr std::size_t faults_told = 5;
constexpr std::size_t read_bytes = 1 << 18;

// One message a line; what is no message is counted and told, and stops nothing.
class MessageImport {
 public:
  MessageImport(contracts::Session& session, Call& call, const contracts::ErrorReader& errors)
      : session_(session), call_(call), errors_(errors), own_(text_of(call.arguments, "format") == "mira") {}

  Status take(std::string_view line) {
    ++line_;
    if (base::trim(line).empty()) return {};
    std::string fault = read(line);
    if (!fault.empty()) {
      ++refused_;
      if (faults_.size() < faults_told) faults_.push_back(fmt::format("line {}: {}", line_, fault));
      return {};
    }
    return waiting_.size() >= entries_of_a_write ? write() : Status();
  }

  void refuse_long_line() {
    ++line_;
    ++refused_;
    if (faults_.size() < faults_told)
      faults_.push_back(fmt::format("line {}: over {} bytes", line_, limits::batch_line_bytes));
  }

  Result<Reply> finish() {
    MIRA_TRY(write());
    MIRA_TRY(write_settled());
    std::vector<std::int64_t> conversations(conversations_.begin(), conversations_.end());
    for (const std::string& scope : scopes_) {
      FollowUp next{.scope = scope_of(scope, session_),
                    .conversations = std::exchange(conversations, {}),
                    .taught = taught_};
      MIRA_TRY(follow_up(session_, std::move(next), errors_, call_.deadline));
      call_.progress.update("indexing", 0, 0, "scopes");
    }
    Reply reply;
    reply.data = {{"added", added_},
                  {"known", known_},
                  {"forgotten", forgotten_},
                  {"refused", refused_},
                  {"faults", faults_}};
    // Nothing of it was what it was taken for: the wrong file, or the wrong format.
    if (refused_ > 0 && added_ + known_ + forgotten_ + settled_read_ == 0) reply.exit_code = 1;
    if (refused_ > 0)
      reply.notes.push_back(fmt::format("{} lines were no messages and were left out; the first: {}",
                                        refused_, faults_.front()));
    return reply;
  }

 private:
  static std::string own_origin(const std::string& said) {
    bool known = said == "said" || said == "remembered" || said == "recalled";
    return known ? said : "imported";
  }

  // A fact that the user settled where the export was made.
  std::string read_fact(const Json& line) {
    std::string state = text_of(line, "fact");
    if (state != "confirmed" && state != "withdrawn") return "fact must be confirmed or withdrawn";
    auto refused = line.find("refused");
    ++settled_read_;
    settled_.emplace_back(
        scope_of(text_of(line, "scope"), session_),
        SettledFact{.subject = text_of(line, "subject"),
                    .value = text_of(line, "value"),
                    .refused = refused != line.end() && refused->is_boolean() && refused->get<bool>(),
                    .withdrawn = state == "withdrawn"});
    return "";
  }

  Status write_settled() {
    if (settled_.empty()) return {};
    taught_ = true;
    const std::int64_t now_ms = session_.clock.now_ms();
    return session_.main_writer.submit(
        [settled = std::move(settled_), now_ms](store::Connection& main) -> Status {
          for (const auto& [scope, fact] : settled) {
            SettledFact here = fact;
            here.scope = MIRA_TRY(find_scope(main, scope)).value_or(0);
            MIRA_TRY(settle_fact(main, here, now_ms));
          }
          return {};
        },
        call_.deadline);
  }

  // What is wrong with the line, or "".
  std::string read(std::string_view line) {
    Json message = Json::parse(line, nullptr, false);
    if (!message.is_object()) return "not a JSON object";
    if (own_ && message.contains("fact")) return read_fact(message);
    std::string role = text_of(message, "role");
    if (role != "user" && role != "assistant" && role != "tool" && role != "system")
      return "role must be user, assistant, tool or system";
    if (!message.contains("text") || !message["text"].is_string()) return "text is missing";
    std::string scope = text_of(message, "scope");
    NewEntry entry{.scope = scope_of(scope, session_),
                   .client = text_of(message, "client"),
                   .session = text_of(message, "session"),
                   .message = text_of(message, "id"),
                   .role = role,
                   .origin = own_ ? own_origin(text_of(message, "origin")) : "imported",
                   .speaker = text_of(message, "speaker"),
                   .model = text_of(message, "model"),
                   .said_ms = read_iso_ms(text_of(message, "time")),
                   .content = text_of(message, "text"),
                   .from_file = true};
    scopes_.insert(scope);
    // The same file again numbers them the same.
    if (entry.message.empty()) entry.place = ++without_id_[{scope, entry.client, entry.session}];
    waiting_.push_back(std::move(entry));
    return "";
  }

  Status write() {
    if (waiting_.empty()) return {};
    auto stored = MIRA_TRY(store_entries(session_, std::move(waiting_), errors_, call_.deadline));
    waiting_.clear();
    for (const StoredEntry& one : stored) {
      ++(one.is_new ? added_ : one.entry != 0 ? known_ : forgotten_);
      if (one.is_new) conversations_.insert(one.conversation);
      taught_ = taught_ || one.taught;
    }
    call_.progress.update("reading messages", added_ + known_, 0, "messages");
    return {};
  }

  contracts::Session& session_;
  Call& call_;
  const contracts::ErrorReader& errors_;
  std::vector<NewEntry> waiting_;
  std::set<std::string> scopes_;
  std::vector<std::string> faults_;
  std::set<std::int64_t> conversations_;
  std::map<std::tuple<std::string, std::string, std::string>, std::int64_t> without_id_;
  std::int64_t line_ = 0, added_ = 0, known_ = 0, forgotten_ = 0, refused_ = 0, settled_read_ = 0;
  bool own_;  // what `mira memories export` wrote
  std::vector<std::pair<ScopeName, SettledFact>> settled_;
  bool taught_ = false;
};

// Lines out of chunks, however they are cut.
class LineCutter {
 public:
  explicit LineCutter(MessageImport& import) : import_(import) {}
  Status take(std::string_view chunk) {
    while (!chunk.empty()) {
      std::size_t end = chunk.find('\n');
      std::string_view part = chunk.substr(0, end);
      if (rest_.size() + part.size() > static_cast<std::size_t>(limits::batch_line_bytes)) {
        too_long_ = true;
        rest_.clear();
      }
      if (!too_long_) rest_ += part;
      if (end == std::string_view::npos) return {};
      MIRA_TRY(end_line());
      chunk.remove_prefix(end + 1);
    }
    return {};
  }
  Status end_line() {
    if (too_long_) import_.refuse_long_line();
    Status taken = too_long_ ? Status() : import_.take(rest_);
    too_long_ = false;
    rest_.clear();
    return taken;
  }
  Status finish() { return rest_.empty() && !too_long_ ? Status() : end_line(); }

 private:
  MessageImport& import_;
  std::string rest_;
  bool too_long_ = false;
};

Status read_descriptor(int descriptor, LineCutter& lines, base::Deadline deadline) {
  std::string buffer(read_bytes, '\0');
  while (true) {
    if (deadline.expired())
      return base::fail(ErrorCode::timeout, "the import ran out of time",
                        "what was read is kept; run it again to go on");
    ssize_t got = ::read(descriptor, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return base::fail(ErrorCode::unavailable, "standard input cannot be read");
    if (got == 0) return lines.finish();
    MIRA_TRY(lines.take(std::string_view(buffer.data(), static_cast<std::size_t>(got))));
  }
}

Status read_path(const std::string& path, LineCutter& lines, base::Deadline deadline) {
  std::error_code ignored;
  std::ifstream in(path, std::ios::binary);
  if (!in || std::filesystem::is_directory(path, ignored))
    return base::fail(ErrorCode::not_found, fmt::format("{} cannot be read", base::display_line(path)),
                      "name a file of JSON lines that you may read, or pipe it in");
  std::string buffer(read_bytes, '\0');
  while (in.read(buffer.data(), static_cast<std::streamsize>(buffer.size())), in.gcount() > 0) {
    if (deadline.expired())
      return base::fail(ErrorCode::timeout, "the import ran out of time",
                        "what was read is kept; run it again to go on");
    MIRA_TRY(lines.take(std::string_view(buffer.data(), static_cast<std::size_t>(in.gcount()))));
  }
  return lines.finish();
}

Result<Reply> import_now(Call& call, const contracts::ErrorReader& errors) {
  MessageImport import(*call.session, call, errors);
  LineCutter lines(import);
  std::string path = text_of(call.arguments, "file");
  if (!path.empty() && path != "-") {
    MIRA_TRY(read_path(path, lines, call.deadline));
  } else if (call.input >= 0) {
    MIRA_TRY(read_descriptor(call.input, lines, call.deadline));
  } else {
    return base::fail(ErrorCode::usage, "there is nothing to import", "name a file, or pipe it in");
  }
  return import.finish();
}

}  // namespace

Action import_action(const contracts::ErrorReader& errors) {
  Action action;
  action.name = "import";
  action.group = "memory";
  action.summary = "Take in conversations that were held elsewhere";
  action.description =
      "Reads messages, one JSON object a line, from a file or from standard input. Importing the same again "
      "changes "
      "nothing. The format `mira` is what `mira memories export` writes: what you asked to remember and the "
      "facts that "
      "you settled are so again; from anybody else's file they would be theirs, so take `messages` for that. "
      "A line that is no message is told and left out. Secrets are masked before anything is "
      "stored.";
  action.params = {{.name = "file", .help = "what to read; default: standard input", .positional = true},
                   {.name = "format",
                    .kind = contracts::ParamKind::choice,
                    .help = "what the lines are",
                    .fallback = "messages",
                    .choices = {"messages", "mira"}}};
  action.examples = {
      {"mira import --format messages < chat.jsonl",
       R"(lines such as {"scope":"project","session":"s1","id":"1","role":"user","time":"","text":"..."})"}};
  action.examples.push_back(
      {"mira import --format mira memories.jsonl", "what `mira memories export` wrote elsewhere"});
  action.data_shape =
      R"({"added": 120, "known": 4, "forgotten": 0, "refused": 1, "faults": ["line 7: text is missing"]})";
  action.needs = contracts::Needs::project;
  action.read_only = false;
  action.handle = [errors](Call& call) { return import_now(call, errors); };
  action.render = [](const Reply& reply, const contracts::Style&) {
    return fmt::format("{} added, {} known already, {} refused\n", reply.data.at("added").get<std::int64_t>(),
                       reply.data.at("known").get<std::int64_t>(),
                       reply.data.at("refused").get<std::int64_t>());
  };
  return action;
}

}  // namespace mira::memory

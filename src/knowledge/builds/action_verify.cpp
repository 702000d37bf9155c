#include <fmt/format.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

#include "knowledge/builds/action_build.h"
#include "knowledge/builds/diagnoser.h"
#include "knowledge/builds/recall.h"
#include "knowledge/builds/run_build.h"
#include "platform/base/text.h"
#include "platform/process/supervise.h"
#include "platform/workspace/read_file.h"

namespace mira::builds {
namespace {

namespace fs = std::filesystem;
using base::ErrorCode;
using base::Result;
using contracts::Action;
using contracts::Call;
using contracts::Json;
using contracts::Reply;
using contracts::Session;

constexpr std::int64_t copied_file_bytes = 64 << 20;

// A copy of the project that goes away with it.
class Copy {
 public:
  Copy() {
    std::string pattern = (fs::temp_directory_path() / "mira-verify-XXXXXX").string();
    if (::mkdtemp(pattern.data()) != nullptr) folder_ = pattern;
  }
  Copy(const Copy&) = delete;
  Copy& operator=(const Copy&) = delete;
  ~Copy() {
    std::error_code error;
    if (!folder_.empty()) fs::remove_all(folder_, error);
  }
  const fs::path& folder() const { return folder_; }

  base::Status fill(const Session& session) {
    if (folder_.empty())
      return base::fail(ErrorCode::unavailable, "No temporary folder can be made for the copy.",
                        "Free some space, or set TMPDIR.");
    for (const workspace::File& file : session.tree.files) {
      if (file.symlink) continue;
      auto bytes = workspace::read_file(session.project.root, file.path, copied_file_bytes);
      if (bytes) MIRA_TRY(write(file.path, bytes->bytes, file.executable));
    }
    return {};
  }

  base::Status write(const std::string& path, std::string_view bytes, bool executable) {
    const fs::path target = folder_ / path;
    std::error_code error;
    fs::create_directories(target.parent_path(), error);
    std::ofstream out(target, std::ios::binary);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (!out.flush())
      return base::fail(ErrorCode::unavailable, "The copy cannot be written: the disk may be full.",
                        "Free some space, or set TMPDIR.");
    if (executable) fs::permissions(target, fs::perms::owner_all, error);
    return {};
  }

 private:
  fs::path folder_;
};

std::string read_text(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// True when the command, run in the copy, shows an error of this identity.
Result<bool> shows(const Session& session, const fs::path& copy, const RunRow& run,
                   const std::vector<std::string>& argv, const std::string& identity,
                   base::Deadline deadline) {
  bool found = false;
  Diagnoser diagnoser([&](Record&& record) {
    const std::string prefix = copy.string() + "/";
    if (record.file.starts_with(prefix)) record.file.erase(0, prefix.size());
    record.file = project_path(session, run.folder, record.file);
    found = found ||
            (record.severity == Severity::error && fingerprint(record, record.file).identity == identity);
  });
  process::Supervised command{.argv = argv, .working_folder = (copy / run.folder).string()};
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry)
    command.environment.emplace_back(*entry);
  MIRA_TRY(process::supervise(command, deadline,
                              [&](process::Channel, std::string_view bytes) { diagnoser.feed(bytes); }));
  (void)diagnoser.finish({});
  return found;
}

struct Subject {
  ErrorRow error;
  ResolutionRow cure;
  RunRow run;
};

Result<Subject> subject_of(Call& call) {
  Subject out;
  out.error = MIRA_TRY(find_error(*call.session, call.arguments.at("error").get<std::string>()));
  auto cures = MIRA_TRY(resolutions_of(*call.session, out.error.error_hash, 1));
  if (cures.empty() || cures[0].hunks.empty())
    return base::fail(ErrorCode::not_found, "No cure of this error is known, so there is nothing to verify.",
                      "Run the build again after a change: mira build run -- COMMAND");
  out.cure = std::move(cures[0]);
  auto run = MIRA_TRY(find_run(*call.session, out.error.last_run));
  if (!run || run->trigger != "run")
    return base::fail(
        ErrorCode::not_found,
        "The run of this error was not made by `mira build run`, so its command is not known exactly.",
        "Run it so once: mira build run -- COMMAND");
  out.run = *std::move(run);
  return out;
}

base::Status save_verified(Session& session, std::int64_t resolution_id) {
  return session.main_writer.submit(
      [&](store::Connection& main) {
        return main.run("UPDATE error_resolutions SET state = 'verified' WHERE resolution_id = ?",
                        resolution_id);
      },
      base::Deadline::never());
}

// Words of a command as shown_command wrote them.
Result<std::vector<std::string>> words_of(std::string_view command) {
  std::vector<std::string> out;
  while (!command.empty()) {
    const char end = command[0] == '\'' ? '\'' : ' ';
    if (end == '\'') command.remove_prefix(1);
    const std::size_t at = command.find(end);
    out.emplace_back(command.substr(0, at));
    if (at == std::string_view::npos) break;
    command.remove_prefix(at + 1);
    if (end == '\'' && !command.empty()) {
      if (command[0] != ' ')
        return base::fail(ErrorCode::usage, "The command of that run has quotes that cannot be read back.",
                          "Run it once more without them.");
      command.remove_prefix(1);
    }
  }
  return out;
}

Result<Reply> verify(Call& call) {
  Session& session = *call.session;
  const Subject subject = MIRA_TRY(subject_of(call));
  const Hunk& hunk = subject.cure.hunks[0].hunk;
  const auto argv = MIRA_TRY(words_of(subject.run.command));
  Copy copy;
  MIRA_TRY(copy.fill(session));
  Reply reply{.data = {{"error", subject.error.error_id},
                       {"path", base::display_line(hunk.path)},
                       {"state", subject.cure.state}}};
  const auto answer = [&](std::string verdict, std::string text) {
    reply.data["verdict"] = std::move(verdict);
    reply.data["text"] = std::move(text);
    return reply;
  };
  if (MIRA_TRY(shows(session, copy.folder(), subject.run, argv, subject.error.error_hash, call.deadline)))
    return answer("red_with_cure", "The error is there even with the cure in place: nothing can be said.");
  std::string text = read_text(copy.folder() / hunk.path);
  if (!undo_hunk(hunk, text))
    return answer(
        "cure_moved",
        "The lines of the cure are not in the tree any more (or hold a masked secret): nothing can be said.");
  MIRA_TRY(copy.write(hunk.path, text, false));
  if (!MIRA_TRY(shows(session, copy.folder(), subject.run, argv, subject.error.error_hash, call.deadline)))
    return answer("not_the_cure",
                  "Without this change the error does not come back: it was not the cure, or the copy lacks "
                  "what the build needs.");
  MIRA_TRY(save_verified(session, subject.cure.resolution_id));
  reply.data["state"] = "verified";
  return answer("verified",
                "Without this change the error comes back, with it it is gone: the cure is verified.");
}

}  // namespace

Action build_verify_action() {
  Action action;
  action.name = "build verify";
  action.group = "builds";
  action.summary = "Try a known cure: does the error come back without it?";
  action.description =
      "Copies the project's files (ignored ones are left out) to a temporary folder and runs the command of "
      "the error's run there twice: as it is, and with the "
      "first hunk of the cure taken back. Only when the error comes back is the cure verified. The project "
      "itself is not touched.";
  action.params = {{.name = "error",
                    .help = "its number, its file:line, its code or words of its message",
                    .required = true,
                    .positional = true}};
  action.examples = {{"mira build verify 12", "the cure of error 12"}};
  action.data_shape =
      R"({"error": 12, "path": "src/a.c", "verdict": "verified"|"not_the_cure"|"cure_moved"|"red_with_cure", "state": "verified", "text": "..."})";
  action.needs = contracts::Needs::project;
  action.read_only = false;
  action.handle = verify;
  action.render = [](const Reply& reply, const contracts::Style&) {
    return reply.data.at("text").get<std::string>() + "\n";
  };
  return action;
}

}  // namespace mira::builds

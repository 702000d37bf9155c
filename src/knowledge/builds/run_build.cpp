#include "knowledge/builds/run_build.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <unordered_map>

#include "knowledge/builds/diagnoser.h"
#include "knowledge/builds/machine_format.h"
#include "knowledge/builds/report.h"
#include "knowledge/builds/retention.h"
#include "knowledge/builds/snapshot.h"
#include "platform/base/home.h"
#include "platform/base/text.h"
#include "platform/guard/secrets.h"
#include "platform/process/supervise.h"

namespace mira::builds {
namespace {

namespace fs = std::filesystem;
using base::Result;
using contracts::Session;
using process::Channel;

constexpr std::size_t most_distinct = 5000;
constexpr std::uint64_t kept_log_bytes = 16 << 20;
constexpr std::size_t partial_line_bytes = 64 << 10;
constexpr std::int64_t snapshot_wall_ms = 10'000;

// The log as it is kept: whole lines, secrets masked, to a cap; what was cut is told in it.
class KeptLog {
 public:
  explicit KeptLog(const fs::path& file) : out_(file, std::ios::binary) {
    std::error_code error;
    fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write, error);
  }
  void add(std::string_view lines) {
    seen_ += lines.size();
    if (kept_ >= kept_log_bytes) return;
    const std::string masked = guard::mask_secrets(lines.substr(0, kept_log_bytes - kept_));
    out_ << masked;
    kept_ += lines.size();
  }
  void finish() {
    if (seen_ > kept_log_bytes)
      out_ << fmt::format("\n[mira: the log has {} bytes, the first {} are kept]\n", seen_, kept_log_bytes);
    out_.flush();
  }
  std::uint64_t bytes() const { return seen_; }

 private:
  std::ofstream out_;
  std::uint64_t seen_ = 0, kept_ = 0;
};

// Bytes of several streams as one log of whole lines.
class Merge {
 public:
  explicit Merge(std::function<void(std::string_view)> on_lines) : on_lines_(std::move(on_lines)) {}
  void add(Channel channel, std::string_view bytes) {
    std::string& part = parts_[channel == Channel::output ? 0 : 1];
    const std::size_t end = bytes.rfind('\n');
    if (end == std::string_view::npos) {
      part.append(bytes);
      if (part.size() > partial_line_bytes) flush(part);
      return;
    }
    part.append(bytes.substr(0, end + 1));
    flush(part);
    part.append(bytes.substr(end + 1));
  }
  void finish() {
    for (std::string& part : parts_) flush(part);
  }

 private:
  void flush(std::string& part) {
    if (!part.empty()) on_lines_(part);
    part.clear();
  }
  std::function<void(std::string_view)> on_lines_;
  std::string parts_[2];
};

class Recorder {
 public:
  Recorder(Session& session, std::string folder, Run& run, Digest& digest)
      : session_(session),
        folder_(std::move(folder)),
        run_(run),
        digest_(digest),
        diagnoser_([this](Record&& record) { add(std::move(record)); }) {}

  void expect_report() { diagnoser_.expect_report(); }
  void feed(std::string_view bytes) { diagnoser_.feed(bytes); }
  void finish(std::optional<OwnReport> own = std::nullopt) {
    run_.verdict = diagnoser_.finish(run_.ending, std::move(own));
    if (run_.verdict.unparsed) add(Record(*run_.verdict.unparsed));
    digest_.judged(run_.verdict);
  }

 private:
  void add(Record&& record) {
    record.file = project_path(session_, folder_, record.file);
    for (Note& note : record.notes) note.file = project_path(session_, folder_, note.file);
    for (Frame& frame : record.frames) frame.file = project_path(session_, folder_, frame.file);
    digest_.add(record);
    // The very same words again are the same one: no key needs to be made of them.
    const std::string words = record.tool + '\0' + record.code + '\0' + record.file + '\0' + record.symbol +
                              '\0' + record.test + '\0' + record.message;
    if (const auto same = by_words_.find(words); same != by_words_.end()) {
      ++run_.seen[same->second].times;
      return;
    }
    const Fingerprint keys = fingerprint(record, record.file);
    const auto [at, fresh] = known_.try_emplace(keys.instance, run_.seen.size());
    if (!fresh) {
      ++run_.seen[at->second].times;
    } else if (run_.seen.size() < most_distinct) {
      run_.seen.push_back({std::move(record), keys});
    } else {
      known_.erase(at);
      return;
    }
    if (by_words_.size() < most_distinct) by_words_.emplace(words, at->second);
  }

  Session& session_;
  std::string folder_;
  Run& run_;
  Digest& digest_;
  std::map<std::string, std::size_t> known_;  // by instance
  std::unordered_map<std::string, std::size_t> by_words_;
  Diagnoser diagnoser_;
};

std::vector<std::string> own_environment() {
  std::vector<std::string> out;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) out.emplace_back(*entry);
  return out;
}

// What the tool wrote for machines beside its text; the file is gone afterwards.
std::optional<OwnReport> take_report(const fs::path& file, const std::string& tool) {
  if (tool.empty()) return std::nullopt;
  std::error_code error;
  std::string text;
  if (fs::file_size(file, error) <= most_report_bytes && !error) {
    std::ifstream in(file, std::ios::binary);
    text.assign(std::istreambuf_iterator<char>(in), {});
  }
  fs::remove(file, error);
  auto report = read_report(text);
  if (!report) return std::nullopt;  // the text is all there is, as without it
  return OwnReport{.report = std::move(*report), .tool = tool};
}

int passed_on(const Ending& ending) {
  if (ending.not_started) return 127;
  if (ending.cancelled) return 130;
  if (ending.timed_out || ending.silent) return 124;
  if (ending.signal != 0) return 128 + ending.signal;
  return ending.exit_code.value_or(0);
}

// A change of what is built with, or of what is built.
std::string kind_of(const std::vector<RankedHunk>& hunks, bool trees_known) {
  if (hunks.empty()) return trees_known ? "environment" : "unknown";
  const std::string_view path = hunks[0].hunk.path;
  const std::string_view name = path.substr(path.rfind('/') + 1);
  for (const std::string_view one :
       {"package.json", "package-lock.json", "yarn.lock", "pnpm-lock.yaml", "Cargo.toml", "Cargo.lock",
        "go.mod", "go.sum", "requirements.txt", "poetry.lock", "pom.xml"}) {
    if (name == one) return "dependency_update";
  }
  for (const std::string_view one : {"CMakeLists.txt", "Makefile", "makefile", "tsconfig.json", "setup.cfg",
                                     "pyproject.toml", "tox.ini"}) {
    if (name == one) return "config_change";
  }
  return "code_change";
}

Result<std::vector<std::int64_t>> store_cures(Session& session, const Run& run, std::int64_t run_id) {
  const Snapshots snapshots(builds_folder(session));
  std::map<std::pair<std::string, std::string>, Snapshots::Change> changes;
  std::vector<Cure> cures;
  std::vector<std::int64_t> resolved;
  for (Gone& gone : MIRA_TRY(gone_errors(session, build_key(run.command, run.folder), run_id))) {
    const auto [at, fresh] = changes.try_emplace({gone.red_tree, gone.green_tree});
    if (fresh) at->second = snapshots.between(gone.red_tree, gone.green_tree);
    resolved.push_back(gone.error_id);
    if (gone.record.snippet.empty())
      gone.record.snippet = snapshots.line_of(gone.red_tree, gone.record.file, gone.record.line);
    Cure cure;
    cure.hunks = rank_hunks(gone.record, at->second.hunks);
    cure.kind = kind_of(cure.hunks, at->second.known && at->second.opaque.empty());
    cure.gone = std::move(gone);
    cures.push_back(std::move(cure));
  }
  MIRA_TRY(save_cures(session, cures));
  return resolved;
}

Result<BuildResult> store(Session& session, BuildResult result) {
  Saved saved = MIRA_TRY(save_run(session, result.run));
  result.run_id = saved.run_id;
  result.error_ids = std::move(saved.error_ids);
  result.resolved = MIRA_TRY(store_cures(session, result.run, result.run_id));
  if (auto pruned = prune(session); !pruned)
    session.notes.push_back("old logs were not removed: " + pruned.error().message);
  return result;
}

// Whether what was seen of a command teaches anything of a build. Without its own exit code a log that shows
// no failure is no proof of a success.
Result<bool> is_of_a_build(Session& session, const Run& run) {
  if (!run.verdict.failed && !run.ending.exit_code) return false;
  const bool read = std::ranges::any_of(run.seen, [](const Seen& seen) {
    return seen.record.code != unparsed_code && seen.record.tool != "mira";
  });
  if (read) return true;
  return MIRA_TRY(
             session.main.integer("SELECT 1 FROM build_runs WHERE project_id = ? AND build_key = ? LIMIT 1",
                                  session.project.id, build_key(run.command, run.folder)))
      .has_value();
}

std::string new_log_name(const Session& session) {
  return fmt::format("{}-{}.log", session.clock.now_ms(), getpid());
}

}  // namespace

fs::path builds_folder(const Session& session) {
  return session.project.data / "builds";
}

std::string relative_folder(const Session& session, const std::string& folder) {
  std::error_code error;
  const fs::path relative = fs::relative(folder, session.project.root, error);
  std::string text = relative.string();
  if (error || text == "." || text.starts_with("..")) return {};
  return text;
}

std::string shown_command(const std::vector<std::string>& argv) {
  std::string out;
  for (const std::string& word : argv) {
    if (!out.empty()) out += ' ';
    const bool plain = !word.empty() && word.find_first_of(" \t\n'\"\\$&|;<>()*?") == std::string::npos;
    out += plain ? word : "'" + word + "'";
  }
  return out;
}

std::string project_path(const Session& session, std::string_view folder, std::string_view printed) {
  if (printed.empty()) return {};
  const auto known = [&](const std::string& path) {
    const auto at = std::ranges::lower_bound(session.tree.files, path, {}, &workspace::File::path);
    return at != session.tree.files.end() && at->path == path;
  };
  const fs::path root = session.project.root;
  fs::path path(printed);
  if (path.is_relative()) path = root / folder / path;
  std::string inside = path.lexically_normal().lexically_relative(root).string();
  if (known(inside)) return inside;
  // Some tools print paths from the folder they build in: the project's one file that ends so.
  const fs::path plain = fs::path(printed).lexically_normal();
  std::string ending = plain.is_relative() ? plain.string() : std::string();
  while (ending.starts_with("../")) ending.erase(0, 3);
  if (!ending.empty() && known(ending)) return ending;
  const bool within = !inside.empty() && !inside.starts_with("..");
  return within ? inside : std::string(printed);
}

Result<BuildResult> run_build(Session& session, const BuildRequest& request, contracts::Streams& streams,
                              base::Deadline deadline) {
  BuildResult result;
  Run& run = result.run;
  run.command = shown_command(request.argv);
  run.folder = relative_folder(session, request.folder);
  run.started_ms = session.clock.now_ms();
  run.ending.command = run.command;
  MIRA_TRY(base::make_private_folder(builds_folder(session)));
  run.tree_hash = Snapshots(builds_folder(session)).take(session, base::Deadline::after_ms(snapshot_wall_ms));
  run.log_file = new_log_name(session);
  KeptLog log(builds_folder(session) / run.log_file);
  Recorder recorder(session, run.folder, run, result.digest);
  Merge merge([&](std::string_view lines) {
    log.add(lines);
    recorder.feed(lines);
  });
  const fs::path report_file = builds_folder(session) / (run.log_file + ".report");
  MachineFormat format = machine_format(request.argv, own_environment(), request.folder, report_file);
  if (!format.tool.empty()) recorder.expect_report();
  std::vector<std::string> environment = own_environment();
  environment.insert(environment.end(), format.environment.begin(), format.environment.end());
  process::Supervised command{.argv = format.tool.empty() ? request.argv : format.argv,
                              .environment = std::move(environment),
                              .working_folder = request.folder,
                              .wall_ms = request.wall_ms,
                              .silence_ms = request.silence_ms};
  WithoutLine quiet(format.telling);
  const auto show = [&](Channel channel, std::string_view bytes) {
    if (bytes.empty()) return;
    if (request.show_output && (channel == Channel::error || streams.json()))
      streams.write_error(bytes);
    else if (request.show_output)
      streams.write(bytes);
    merge.add(channel, bytes);
  };
  const auto on_output = [&](Channel channel, std::string_view bytes) {
    show(channel, channel == Channel::output ? quiet.pass(bytes) : std::string(bytes));
  };
  const auto end = process::supervise(command, deadline, on_output);
  if (const std::string rest = quiet.finish(); !rest.empty()) show(Channel::output, rest);
  merge.finish();
  log.finish();
  if (end) {
    run.ending.exit_code = end->exit_code;
    run.ending.signal = end->signal;
    run.ending.timed_out = end->timed_out;
    run.ending.silent = end->silent;
    run.ending.cancelled = end->cancelled;
  } else {
    run.ending.not_started = true;
    run.ending.reason = end.error().message;
  }
  run.log_bytes = log.bytes();
  recorder.finish(take_report(report_file, format.tool));
  run.duration_ms = std::max<std::int64_t>(0, session.clock.now_ms() - run.started_ms);
  result.exit_code = passed_on(run.ending);
  return store(session, std::move(result));
}

Result<bool> would_be_kept(Session& session, const SeenCommand& seen, std::string_view log) {
  Run run{.command = seen.command, .folder = seen.folder, .ending = seen.ending};
  Diagnoser diagnoser([&](Record&& record) {
    if (run.seen.size() < most_distinct) run.seen.push_back({std::move(record), {}});
  });
  diagnoser.feed(log);
  run.verdict = diagnoser.finish(run.ending);
  return is_of_a_build(session, run);
}

Result<BuildResult> read_build(Session& session, const SeenCommand& seen,
                               const std::function<std::ptrdiff_t(char*, std::size_t)>& read_some,
                               base::Deadline deadline) {
  BuildResult result;
  Run& run = result.run;
  run.command = seen.command;
  run.folder = seen.folder;
  run.trigger = seen.trigger;
  run.ending = seen.ending;
  run.ending.command = seen.command;
  run.started_ms = session.clock.now_ms();
  MIRA_TRY(base::make_private_folder(builds_folder(session)));
  // A tree that could not be walked is not a tree without files.
  if (!session.tree.files.empty())
    run.tree_hash = Snapshots(builds_folder(session)).take(session, deadline.within_ms(snapshot_wall_ms));
  run.log_file = new_log_name(session);
  KeptLog log(builds_folder(session) / run.log_file);
  Recorder recorder(session, run.folder, run, result.digest);
  Merge merge([&](std::string_view lines) {
    log.add(lines);
    recorder.feed(lines);
  });
  std::vector<char> buffer(256 << 10);
  for (std::ptrdiff_t count = 0; (count = read_some(buffer.data(), buffer.size())) != 0;) {
    if (count < 0 || deadline.expired())
      return base::fail(count < 0 ? base::ErrorCode::unavailable : base::ErrorCode::timeout,
                        "the log was not read to its end");
    merge.add(Channel::output, {buffer.data(), static_cast<std::size_t>(count)});
  }
  merge.finish();
  log.finish();
  run.log_bytes = log.bytes();
  recorder.finish();
  result.exit_code = passed_on(run.ending);
  if (seen.only_builds && !MIRA_TRY(is_of_a_build(session, run))) {
    std::error_code error;
    fs::remove(builds_folder(session) / run.log_file, error);
    return result;
  }
  return store(session, std::move(result));
}

}  // namespace mira::builds

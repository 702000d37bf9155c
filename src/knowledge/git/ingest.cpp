#include "knowledge/git/ingest.h"

#include <algorithm>
#include <unordered_set>

#include "knowledge/git/commit_writer.h"
#include "knowledge/git/file_rows.h"
#include "knowledge/git/ownership_rows.h"
#include "platform/base/text.h"

namespace mira::git {
namespace {

constexpr std::int64_t progress_step = 500;

std::vector<std::string> log_arguments(const Repository& repository, const std::string& old_tip) {
  std::vector<std::string> out = {"log",         "--date-order",
                                  "--reverse",   "-z",
                                  "--raw",       repository.partial_clone ? "-M100%" : "-M",
                                  "--no-abbrev", std::string(log_format),
                                  repository.tip};
  if (!old_tip.empty()) out.push_back("^" + old_tip);
  out.push_back("--");
  return out;
}

base::Status clear_history(store::Connection& index) {
  MIRA_TRY(clear_ownership(index));
  MIRA_TRY(index.run("INSERT INTO git_commit_words(git_commit_words) VALUES ('delete-all')"));
  MIRA_TRY(index.run("DELETE FROM git_commit_files"));
  MIRA_TRY(index.run("DELETE FROM git_commits"));
  MIRA_TRY(index.run("DELETE FROM git_authors"));
  MIRA_TRY(index.run("DELETE FROM git_files"));
  MIRA_TRY(index.run("DELETE FROM git_paths"));
  return index.run("DELETE FROM git_history_segments");
}

// What a reading works with.
struct Reading {
  store::Connection& index;
  const Shadow& shadow;
  const HeadTree& tree;
  base::Progress& progress;
  base::Deadline deadline;
  IngestReport report = {};

  const Repository& repository() const { return shadow.repository(); }
};

base::Result<CommitWriter> read_commits(Reading& reading, const History& known, const std::string& old_tip) {
  CommitWriter writer = MIRA_TRY(CommitWriter::start(reading.index, known, reading.repository().tip.size()));
  LogParser parser([&](LoggedCommit& commit) -> base::Status {
    std::int64_t count = ++reading.report.added;
    if (count % progress_step == 0) reading.progress.update("reading history", count, 0, "commits");
    return writer.add(commit);
  });
  base::Status parsed;
  MIRA_TRY(reading.shadow.stream(log_arguments(reading.repository(), old_tip), reading.deadline, {},
                                 [&](std::string_view chunk) {
                                   parsed = parser.feed(chunk);
                                   return parsed.has_value();
                                 }));
  MIRA_TRY(std::move(parsed));
  MIRA_TRY(parser.finish());
  return writer;
}

// Commits that HEAD no longer leads to.
base::Result<std::unordered_set<std::string>> gone_commits(const Reading& reading,
                                                           const std::string& old_tip) {
  std::unordered_set<std::string> out;
  std::string output = MIRA_TRY(
      reading.shadow.run({"rev-list", old_tip, "^" + reading.repository().tip, "--"}, reading.deadline));
  for (std::string_view line : base::split(output, '\n')) {
    if (is_full_id(line)) out.emplace(line);
  }
  return out;
}

// `known` without the commits that are gone, whose rows are deleted.
base::Result<History> drop_gone(Reading& reading, const History& known, const std::string& old_tip) {
  std::unordered_set<std::string> gone = MIRA_TRY(gone_commits(reading, old_tip));
  History kept;
  kept.hash_digits = known.hash_digits;
  for (const Commit& commit : known.commits) {
    if (gone.contains(hash_to_hex(commit.hash, known.hash_digits))) {
      MIRA_TRY(delete_commit(reading.index, commit.commit_id));
      ++reading.report.removed;
    } else {
      append_commit(kept, known, commit);
    }
  }
  return kept;
}

History merged(const History& kept, const History& added) {
  History out;
  out.hash_digits = added.hash_digits;
  History sorted = added;
  std::ranges::sort(sorted.commits, before);
  std::size_t a = 0, b = 0;
  while (a < kept.commits.size() || b < sorted.commits.size()) {
    bool from_kept =
        b == sorted.commits.size() || (a < kept.commits.size() && before(kept.commits[a], sorted.commits[b]));
    append_commit(out, from_kept ? kept : sorted, from_kept ? kept.commits[a++] : sorted.commits[b++]);
  }
  return out;
}

base::Status refresh_mailmap(Reading& reading, State& state, bool new_authors) {
  std::string blob = reading.tree.id_of(".mailmap");
  bool same = blob == state.mailmap_blob;
  state.mailmap_blob = blob;
  if (same && (blob.empty() || !new_authors)) return {};
  base::Status mapped = apply_mailmap(reading.index, reading.shadow, blob, reading.deadline);
  if (mapped || mapped.error().code == base::ErrorCode::timeout) return mapped;
  reading.report.notes.push_back("The .mailmap of HEAD was not applied: " + mapped.error().message);
  return apply_mailmap(reading.index, reading.shadow, "", reading.deadline);
}

base::Status read_into(Reading& reading, State& state, bool afresh) {
  if (afresh) MIRA_TRY(clear_history(reading.index));
  History known = afresh ? History{} : MIRA_TRY(load_history(reading.index));
  std::string old_tip = afresh ? std::string() : state.tip;
  if (afresh) state.mailmap_blob.clear();
  History history = known;
  bool new_authors = false;
  if (!reading.repository().tip.empty()) {
    CommitWriter writer = MIRA_TRY(read_commits(reading, known, old_tip));
    bool rewritten = !old_tip.empty() && !writer.saw_parent(hash_from_hex(old_tip));
    History kept = rewritten ? MIRA_TRY(drop_gone(reading, known, old_tip)) : known;
    reading.report.kept = static_cast<std::int64_t>(kept.commits.size());
    history = merged(kept, writer.added());
    new_authors = writer.has_new_authors();
    if (writer.changes_left_out() > 0) {
      reading.report.notes.push_back(std::to_string(writer.changes_left_out()) +
                                     " changed files of very large commits were left out.");
    }
  }
  reading.progress.update("following renames", reading.report.added, reading.report.added, "commits");
  MIRA_TRY(write_files(reading.index, known, history));
  if (reading.report.removed > 0) MIRA_TRY(delete_orphans(reading.index));
  MIRA_TRY(refresh_mailmap(reading, state, new_authors));
  state.tip = reading.repository().tip;
  state.boundary = boundary_of(reading.repository());
  state.failed_tip.clear();
  state.failure.clear();
  ++state.revision;
  return save_state(reading.index, state);
}

}  // namespace

base::Result<IngestReport> ingest_history(store::Connection& index, const Shadow& shadow,
                                          const HeadTree& tree, base::Progress& progress,
                                          base::Deadline deadline) {
  State state = MIRA_TRY(load_state(index));
  std::string boundary = boundary_of(shadow.repository());
  bool afresh = state.tip.empty() || shadow.repository().tip.empty() || state.boundary != boundary ||
                state.tip.size() != shadow.repository().tip.size();
  Reading reading{index, shadow, tree, progress, deadline};
  if (!afresh) {
    State attempt = state;
    base::Status done = index.transaction([&] { return read_into(reading, attempt, false); });
    if (done) return reading.report;
    // The old tip may be gone from the object store; then only a whole reading can tell.
    if (done.error().code != base::ErrorCode::failed) return std::unexpected(done.error());
    reading.report = {};
  }
  MIRA_TRY(index.transaction([&] { return read_into(reading, state, true); }));
  return reading.report;
}

}  // namespace mira::git

#include "knowledge/git/line_counts.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <unordered_map>

#include "platform/base/text.h"

namespace mira::git {
namespace {

constexpr std::int64_t batch_commits = 500;

struct FileCount {
  std::string path;
  std::optional<std::int64_t> inserted, deleted;  // nullopt: binary
};

struct CommitCount {
  std::string hash;
  std::vector<FileCount> files;
};

std::optional<std::int64_t> number(std::string_view digits) {
  std::int64_t value = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end == digits.data()) return std::nullopt;
  return value;
}

// `log -z --numstat --format=%H%x00`: id, empty, then "added TAB deleted TAB path", or with an empty
// path the old and the new one as two more tokens.
std::vector<CommitCount> parse_numstat(std::string_view output) {
  std::vector<CommitCount> out;
  auto tokens = base::split(output, '\0');
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    std::string_view token = tokens[i];
    if (token.starts_with('\n')) token.remove_prefix(1);
    if (is_full_id(token)) {
      out.push_back({std::string(token), {}});
      continue;
    }
    std::size_t first = token.find('\t');
    std::size_t second = first == std::string_view::npos ? first : token.find('\t', first + 1);
    if (second == std::string_view::npos || out.empty()) continue;
    FileCount file{std::string(token.substr(second + 1)), number(token.substr(0, first)),
                   number(token.substr(first + 1, second - first - 1))};
    if (file.path.empty() && i + 2 < tokens.size()) {
      file.path = tokens[i + 2];
      i += 2;
    }
    out.back().files.push_back(std::move(file));
  }
  return out;
}

using Ordinals = std::unordered_map<std::string, std::int64_t>;  // by path

// Where each file of a commit stands. Rows are then changed by their key: a lookup by
// path for each file would walk a commit of 50,000 files 50,000 times.
base::Result<Ordinals> ordinals_of(store::Connection& index, std::int64_t commit_id) {
  Ordinals out;
  MIRA_TRY(index.each(
      "SELECT path, ordinal FROM git_commit_files JOIN git_paths USING (path_id) WHERE commit_id = ?",
      [&](const store::Row& row) { out.emplace(row.text(0), row.integer(1)); }, commit_id));
  return out;
}

base::Status store_count(store::Connection& index, std::int64_t commit_id, const CommitCount& count) {
  Ordinals ordinals = MIRA_TRY(ordinals_of(index, commit_id));
  std::int64_t inserted = 0, deleted = 0;
  for (const FileCount& file : count.files) {
    inserted += file.inserted.value_or(0);
    deleted += file.deleted.value_or(0);
    auto at = ordinals.find(file.path);
    if (at == ordinals.end()) continue;  // over the limit of files a commit keeps
    MIRA_TRY(index.run(
        "UPDATE git_commit_files SET insertions = ?, deletions = ? WHERE commit_id = ? AND ordinal = ?",
        file.inserted, file.deleted, commit_id, at->second));
  }
  return index.run("UPDATE git_commits SET insertions = ?, deletions = ? WHERE commit_id = ?", inserted,
                   deleted, commit_id);
}

using CommitIds = std::unordered_map<std::string, std::int64_t>;  // by hash

base::Result<CommitIds> next_batch(store::Connection& index) {
  CommitIds out;
  MIRA_TRY(index.each(
      "SELECT hash, commit_id FROM git_commits WHERE insertions IS NULL AND is_merge = 0 ORDER BY "
      "order_time_s DESC, "
      "generation DESC LIMIT ?",
      [&](const store::Row& row) { out.emplace(row.text(0), row.integer(1)); }, batch_commits));
  return out;
}

base::Status count_batch(store::Connection& index, const Shadow& shadow, const CommitIds& batch,
                         base::Deadline deadline) {
  std::string wanted;
  for (const auto& [hash, id] : batch) wanted += hash + "\n";
  // What is too large for a patch (patch_stream.h) is not counted here either.
  std::string output =
      MIRA_TRY(shadow.run({"-c", "core.bigFileThreshold=16m", "log", "--no-walk=unsorted", "--stdin", "-z",
                           "--numstat", "-M", "--no-abbrev", "--format=%H%x00"},
                          deadline, wanted));
  auto counts = parse_numstat(output);
  if (counts.size() != batch.size()) {
    return base::fail(base::ErrorCode::failed, "git counted the lines of " + std::to_string(counts.size()) +
                                                   " of " + std::to_string(batch.size()) + " commits.");
  }
  return index.transaction([&]() -> base::Status {
    for (const CommitCount& count : counts) {
      auto at = batch.find(count.hash);
      if (at != batch.end()) MIRA_TRY(store_count(index, at->second, count));
    }
    return {};
  });
}

bool became_something_else(const FilePatch& file) {
  return file.status == 'T' || file.status == 't';
}

}  // namespace

base::Result<PatchCounts> PatchCounts::open(store::Connection& index) {
  PatchCounts out(index);
  MIRA_TRY(index.each("SELECT commit_id FROM git_commits WHERE insertions IS NULL AND is_merge = 0",
                      [&](const store::Row& row) {
                        auto id = static_cast<std::size_t>(row.integer(0));
                        if (id >= out.wanted_.size()) out.wanted_.resize(id + 1, 0);
                        out.wanted_[id] = 1;
                      }));
  return out;
}

base::Status PatchCounts::store(std::int64_t commit_id, const CommitPatch& patch) {
  auto id = static_cast<std::size_t>(commit_id);
  if (id >= wanted_.size() || wanted_[id] == 0 || patch.parents.size() > 1) return {};
  if (std::ranges::any_of(patch.files, became_something_else)) return {};
  CommitCount count;
  for (const FilePatch& file : patch.files) {
    count.files.push_back({file.path, std::nullopt, std::nullopt});
    if (file.binary) continue;
    std::int64_t inserted = 0, deleted = 0;
    for (const PatchHunk& hunk : file.hunks) inserted += hunk.new_count, deleted += hunk.old_count;
    count.files.back().inserted = inserted;
    count.files.back().deleted = deleted;
  }
  return store_count(*index_, commit_id, count);
}

base::Result<std::int64_t> uncounted_commits(store::Connection& index) {
  return MIRA_TRY(index.integer("SELECT count(*) FROM git_commits WHERE insertions IS NULL AND is_merge = 0"))
      .value_or(0);
}

base::Result<std::int64_t> count_lines(store::Connection& index, const Shadow& shadow,
                                       base::Progress& progress, base::Deadline deadline) {
  std::int64_t done = 0, total = MIRA_TRY(uncounted_commits(index));
  while (done < total && !deadline.expired()) {
    CommitIds batch = MIRA_TRY(next_batch(index));
    if (batch.empty()) break;
    base::Status counted = count_batch(index, shadow, batch, deadline);
    if (!counted && counted.error().code == base::ErrorCode::timeout) break;
    MIRA_TRY(std::move(counted));
    done += static_cast<std::int64_t>(batch.size());
    progress.update("counting lines", done, total, "commits");
  }
  return done;
}

}  // namespace mira::git

#include "knowledge/git/changed_texts.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "knowledge/git/blobs.h"
#include "knowledge/git/commit_search.h"
#include "knowledge/git/staged.h"
#include "knowledge/git/worktree.h"
#include "platform/base/limits.h"
#include "platform/base/text.h"
#include "platform/guard/secrets.h"
#include "platform/workspace/read_file.h"

namespace mira::git {
namespace {

using base::ErrorCode;
using contracts::ChangedFile;
using contracts::ChangedFiles;
using contracts::Session;

constexpr std::size_t most_files = 1000;  // a change of more is a move of the project, not work on it

// A changed file whose texts are still to be read; an empty id means "not there", on disk where it says so.
struct Pair {
  std::string old_path, path, old_id, new_id;
  bool new_on_disk = false;
};

bool is_zero(std::string_view id) {
  return id.find_first_not_of('0') == std::string_view::npos;
}

bool is_file_mode(std::string_view mode) {
  return mode == "100644" || mode == "100755";
}

// `:100644 100755 <id> <id> M`, then one path, or two of a rename; each ends with NUL.
std::vector<Pair> read_raw(std::string_view raw) {
  std::vector<Pair> out;
  std::vector<std::string_view> parts = base::split(raw, '\0');
  for (std::size_t at = 0; at + 1 < parts.size();) {
    std::vector<std::string_view> words = base::split(parts[at++], ' ');
    if (words.size() != 5 || words[4].empty()) break;
    bool moved = words[4][0] == 'R' || words[4][0] == 'C';
    Pair pair;
    pair.old_path = parts[at++];
    pair.path = moved && at < parts.size() ? std::string(parts[at++]) : pair.old_path;
    bool was_file = is_file_mode(words[0].substr(1)), is_file = is_file_mode(words[1]);
    if (was_file && !is_zero(words[2])) pair.old_id = words[2];
    if (is_file && !is_zero(words[3])) pair.new_id = words[3];
    if (pair.old_id.empty()) pair.old_path.clear();
    if (pair.new_id.empty()) pair.path.clear();
    if (was_file || is_file) out.push_back(std::move(pair));
  }
  return out;
}

base::Result<std::string> commit_named(Session& session, std::string_view revision) {
  store::Connection& index = session.index;
  if (std::string ref = read_ref(session.project, revision); !ref.empty()) return ref;
  std::string id = MIRA_TRY(expand_revision(index, revision));
  if (is_full_id(id)) return id;
  if (auto commit = MIRA_TRY(commit_by_id(index, id))) return commit->hash;
  return base::fail(ErrorCode::not_found,
                    fmt::format("no commit, branch or tag `{}` is known here", base::display_line(revision)),
                    "`mira history` lists the commits that are known");
}

struct Range {
  std::string from, to;
};

base::Result<Range> range_named(Session& session, const std::string& range, const std::string& tip) {
  std::size_t dots = range.find("..");
  std::string_view text = range;
  std::string_view from = text.substr(0, dots);
  std::string_view to = dots == std::string::npos ? std::string_view() : text.substr(dots + 2);
  if (from.empty() || to.starts_with('.'))
    return base::fail(ErrorCode::usage, fmt::format("`{}` is no range", base::display_line(range)),
                      "write A..B, or A for A..HEAD; A and B are commits, branches, tags or HEAD~3");
  Range out;
  out.from = MIRA_TRY(commit_named(session, from));
  out.to = to.empty() ? tip : MIRA_TRY(commit_named(session, to));
  return out;
}

class Texts {
 public:
  Texts(Session& session, const Shadow& shadow, ChangedFiles& out)
      : session_(session), shadow_(shadow), out_(out) {}

  base::Status read(std::vector<Pair> pairs, base::Deadline deadline) {
    if (pairs.size() > most_files) {
      out_.notes.push_back(
          fmt::format("{} files changed: the first {} are compared", pairs.size(), most_files));
      pairs.resize(most_files);
    }
    std::vector<std::string> ids;
    for (const Pair& pair : pairs)
      for (const std::string& id : {pair.old_id, pair.new_id})
        if (!id.empty()) ids.push_back(id);
    if (!ids.empty()) blobs_ = MIRA_TRY(read_blobs(shadow_, ids, limits::file_bytes, deadline));
    for (Pair& pair : pairs) add(pair);
    std::ranges::sort(out_.files, {}, [](const ChangedFile& one) {
      return one.path.empty() ? std::string_view(one.old_path) : std::string_view(one.path);
    });
    return {};
  }

 private:
  void add(Pair& pair) {
    const std::string& shown = pair.path.empty() ? pair.old_path : pair.path;
    if (guard::is_secret_file(pair.path) || guard::is_secret_file(pair.old_path)) return;
    ChangedFile file;
    if (!pair.old_id.empty() && !from_blob(pair.old_id, file.before)) return left_out(shown);
    if (pair.new_on_disk) {
      auto read = workspace::read_file(session_.project.root, pair.path, limits::file_bytes);
      if (!read) return left_out(shown);
      file.now = std::move(read->bytes);
    } else if (!pair.new_id.empty() && !from_blob(pair.new_id, file.now)) {
      return left_out(shown);
    }
    if (is_binary(file.before) || is_binary(file.now)) return;
    file.old_path = std::move(pair.old_path);
    file.path = std::move(pair.path);
    out_.files.push_back(std::move(file));
  }

  bool from_blob(const std::string& id, std::optional<std::string>& text) const {
    auto found = blobs_.find(id);
    if (found == blobs_.end()) return false;
    text = found->second;
    return true;
  }

  static bool is_binary(const std::optional<std::string>& text) {
    return text && workspace::looks_binary(*text);
  }

  void left_out(std::string_view path) {
    out_.notes.push_back(
        fmt::format("left out, its texts could not be read or are too large: {}", base::display_line(path)));
  }

  Session& session_;
  const Shadow& shadow_;
  ChangedFiles& out_;
  std::unordered_map<std::string, std::string> blobs_;
};

base::Result<std::vector<Pair>> working_tree_pairs(Session& session) {
  std::vector<Pair> out;
  for (LocalChange& change : MIRA_TRY(local_changes(session.index))) {
    Pair pair;
    pair.new_on_disk = change.change_type != "deleted";
    pair.old_id = change.change_type == "added" ? std::string() : change.old_blob;
    if (change.change_type != "added")
      pair.old_path = change.old_path.empty() ? change.path : change.old_path;
    if (pair.new_on_disk) pair.path = change.path;
    out.push_back(std::move(pair));
  }
  return out;
}

// Entries of the index that differ from HEAD's tree, both sorted by path.
base::Result<std::vector<Pair>> staged_pairs(Session& session, const Shadow& shadow,
                                             base::Deadline deadline) {
  HeadTree tree = MIRA_TRY(head_tree(session.index, shadow, deadline));
  std::size_t id_bytes = shadow.repository().object_hash == base::GitHash::sha256 ? 32 : 20;
  std::vector<Pair> out;
  std::unordered_set<std::string> staged;
  for (StagedEntry& one : MIRA_TRY(staged_entries(session.project, id_bytes))) {
    staged.insert(one.path);
    const TreeEntry* old = tree.find(one.path);
    bool was_file = old != nullptr && old->kind == EntryKind::file;
    if (!one.file && !was_file) continue;
    Pair pair;
    if (was_file) pair.old_id = to_hex(old->id);
    if (one.file) pair.new_id = one.id;
    if (pair.old_id == pair.new_id) continue;
    if (was_file) pair.old_path = one.path;
    if (one.file) pair.path = std::move(one.path);
    out.push_back(std::move(pair));
  }
  for (const TreeEntry& old : tree.entries())
    if (old.kind == EntryKind::file && !staged.contains(std::string(old.path)))
      out.push_back({.old_path = std::string(old.path), .path = {}, .old_id = to_hex(old.id), .new_id = {}});
  return out;
}

}  // namespace

std::shared_ptr<contracts::Changes> changes() {
  return std::make_shared<ChangedTexts>();
}

base::Result<ChangedFiles> ChangedTexts::read(Session& session, contracts::ChangeKind kind,
                                              const std::string& range, base::Deadline deadline) {
  if (!session.project.is_git)
    return base::fail(ErrorCode::unavailable,
                      "this folder is no git repository: there is nothing to compare with",
                      "give a patch: `mira affected --stdin < change.patch`");
  Repository repository = MIRA_TRY(read_repository(session.project));
  std::string tip = repository.tip;
  if (tip.empty())
    return base::fail(ErrorCode::unavailable, "this repository has no commit yet to compare with",
                      "commit something first");
  Shadow shadow = MIRA_TRY(Shadow::open(session.project, std::move(repository)));
  ChangedFiles out;
  std::vector<Pair> pairs;
  if (kind == contracts::ChangeKind::working_tree) {
    out.what = "the working tree against HEAD";
    pairs = MIRA_TRY(working_tree_pairs(session));
  } else if (kind == contracts::ChangeKind::staged) {
    out.what = "what is staged against HEAD";
    pairs = MIRA_TRY(staged_pairs(session, shadow, deadline));
  } else {
    Range asked = MIRA_TRY(range_named(session, range, tip));
    out.what = asked.from.substr(0, 12) + " to " + asked.to.substr(0, 12);
    pairs = read_raw(MIRA_TRY(shadow.run(
        {"diff-tree", "-r", "--no-commit-id", "--raw", "--no-abbrev", "-z", "-M", asked.from, asked.to},
        deadline)));
  }
  MIRA_TRY(Texts(session, shadow, out).read(std::move(pairs), deadline));
  return out;
}

}  // namespace mira::git

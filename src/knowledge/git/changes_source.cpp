#include <fmt/format.h>

#include <algorithm>

#include "knowledge/git/blobs.h"
#include "knowledge/git/line_diff.h"
#include "knowledge/git/sources.h"
#include "knowledge/git/worktree.h"
#include "platform/base/limits.h"
#include "platform/base/text.h"
#include "platform/guard/secrets.h"
#include "platform/workspace/read_file.h"

namespace mira::git {
namespace {

using contracts::Evidence;
using contracts::Question;
using contracts::Session;

constexpr std::size_t files_shown = 8;
constexpr std::size_t diff_bytes = 6000;
constexpr int diff_context = 2;
constexpr std::size_t new_file_bytes = 2000;
constexpr std::int64_t shown_file_bytes = 2 << 20;  // larger files are named, their lines are not compared

std::string clean(std::string_view bytes) {
  return guard::mask_secrets(base::display_text(base::repair_utf8(bytes)));
}

bool is_named(const Question& question, const std::string& path) {
  return std::ranges::any_of(question.paths, [&](const std::string& named) {
    return path == named || path.ends_with("/" + named) || named.ends_with("/" + path);
  });
}

std::int64_t modified_ns(const Session& session, const std::string& path) {
  auto at = std::ranges::lower_bound(session.tree.files, path, {}, &workspace::File::path);
  return at != session.tree.files.end() && at->path == path ? at->stamp.mtime_ns : 0;
}

// Named in the question first, then what was edited last.
void put_best_first(const Session& session, const Question& question, std::vector<LocalChange>& changes) {
  std::ranges::stable_sort(changes, [&](const LocalChange& a, const LocalChange& b) {
    bool a_named = is_named(question, a.path), b_named = is_named(question, b.path);
    if (a_named != b_named) return a_named;
    bool a_new = a.change_type == "added", b_new = b.change_type == "added";
    if (a_new != b_new) return b_new;
    return modified_ns(session, a.path) > modified_ns(session, b.path);
  });
}

class ChangesSource : public contracts::Source {
 public:
  std::string_view name() const override { return "git.changes"; }
  contracts::Stage stage() const override { return contracts::Stage::first; }

  base::Status prepare(Session& session, Question& question, base::Deadline) override {
    if (!session.project.is_git) return {};
    for (LocalChange& change : MIRA_TRY(local_changes(session.index))) {
      question.changed_files.push_back(std::move(change.path));
    }
    return {};
  }

  base::Result<std::vector<Evidence>> gather(Session& session, const Question& question,
                                             base::Deadline deadline) override {
    std::vector<Evidence> out;
    if (!session.project.is_git) return out;
    auto changes = MIRA_TRY(local_changes(session.index));
    if (changes.empty()) return out;
    put_best_first(session, question, changes);
    if (changes.size() > files_shown) changes.resize(files_shown);
    auto old_contents = MIRA_TRY(contents_at_head(session, changes, deadline));
    for (const LocalChange& change : changes) {
      auto old = old_contents.find(change.old_blob);
      out.push_back(describe(session, question, change, old == old_contents.end() ? nullptr : &old->second));
    }
    return out;
  }

 private:
  static base::Result<std::unordered_map<std::string, std::string>> contents_at_head(
      Session& session, const std::vector<LocalChange>& changes, base::Deadline deadline) {
    std::vector<std::string> ids;
    for (const LocalChange& change : changes) {
      bool wanted = change.change_type == "modified" && !guard::is_secret_file(change.path);
      if (wanted) ids.push_back(change.old_blob);
    }
    if (ids.empty()) return std::unordered_map<std::string, std::string>();
    Repository repository = MIRA_TRY(read_repository(session.project));
    Shadow shadow = MIRA_TRY(Shadow::open(session.project, std::move(repository)));
    return read_blobs(shadow, ids, shown_file_bytes, deadline);
  }

  Evidence describe(Session& session, const Question& question, const LocalChange& change,
                    const std::string* old) const {
    Evidence piece;
    piece.source = name();
    piece.kind = "change";
    piece.place.path = change.path;
    piece.place.uncommitted = true;
    std::string path = base::display_line(change.path);
    piece.title = path + ": " + change.change_type;
    if (change.change_type == "renamed") piece.title += " from " + base::display_line(change.old_path);
    if (change.change_type == "added" || change.change_type == "modified")
      add_text(session, change, old, piece);
    bool named = is_named(question, change.path);
    piece.why = named ? "named in the question and changed, not committed"
                      : "changed in the working tree, not committed";
    piece.weight = named ? 1.0 : 0.6;
    return piece;
  }

  static void add_text(Session& session, const LocalChange& change, const std::string* old, Evidence& piece) {
    if (guard::is_secret_file(change.path)) return;
    auto now = workspace::read_file(session.project.root, change.path, shown_file_bytes);
    if (!now || workspace::looks_binary(now->bytes)) return;
    if (change.change_type == "added") {
      auto lines = std::ranges::count(now->bytes, '\n');
      std::string_view head = std::string_view(now->bytes).substr(0, new_file_bytes);
      if (head.size() < now->bytes.size()) head = head.substr(0, head.rfind('\n') + 1);
      piece.title += fmt::format(" ({} lines)", lines);
      piece.text = clean(head);
      piece.place.start_line = lines > 0 ? 1 : 0;
      piece.place.end_line = static_cast<int>(std::ranges::count(head, '\n'));
      return;
    }
    if (old == nullptr) return;
    LineDiff diff = diff_lines(*old, now->bytes, diff_context);
    piece.title += fmt::format(" (+{} -{})", diff.inserted, diff.deleted);
    piece.text = clean(show_hunks(diff, diff_bytes));
    if (diff.hunks.empty()) return;
    piece.place.start_line = std::max(1, diff.hunks.front().new_start);
    const Hunk& last = diff.hunks.back();
    piece.place.end_line = std::max(piece.place.start_line, last.new_start + last.new_lines - 1);
  }
};

}  // namespace

std::unique_ptr<contracts::Source> changes_source() {
  return std::make_unique<ChangesSource>();
}

}  // namespace mira::git

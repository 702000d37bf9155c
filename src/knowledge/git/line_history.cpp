#include "knowledge/git/line_history.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "knowledge/git/commit_search.h"
#include "platform/base/limits.h"
#include "platform/base/text.h"

namespace mira::git {
namespace {

constexpr std::size_t moves_followed = 8;
constexpr std::size_t files_looked_at = 40;  // of a commit, for where its lines came from
constexpr std::size_t least_lines = 3;       // fewer could stand anywhere
constexpr double least_found = 0.6;
constexpr std::int64_t looked_at_bytes = 4 << 20;

// A line without its margins; empty for one that says nothing (a brace, a comma).
std::string_view matter(std::string_view line) {
  std::string_view text = base::trim(line);
  bool letters = std::ranges::any_of(text, [](unsigned char c) { return std::isalnum(c) != 0; });
  return letters ? text : std::string_view();
}

std::string_view after_side(std::string_view line) {
  std::string_view path = line.substr(4);
  return path == "/dev/null" ? std::string_view() : path.substr(2);
}

struct Place {
  std::string commit, path;
  LineSpan span;
};

// Where the lines that `change` brought into its file stood before it; a place without commit: nowhere.
base::Result<Place> source_of(contracts::Session& session, const Shadow& shadow, const LineChange& change,
                              const std::vector<std::string>& text, base::Deadline deadline) {
  Place out;
  auto commit = MIRA_TRY(commit_by_id(session.index, change.commit));
  if (!commit) return out;
  auto parents = MIRA_TRY(session.index.text("SELECT parents FROM git_commits WHERE hash = ?", commit->hash));
  std::string parent = parents ? parents->substr(0, parents->find(' ')) : std::string();
  if (!is_full_id(parent)) return out;
  std::vector<std::string> files;
  MIRA_TRY(session.index.each(
      "SELECT p.path FROM git_commit_files f JOIN git_paths p ON p.path_id = coalesce(f.old_path_id, "
      "f.path_id) "
      "WHERE f.commit_id = ? AND f.status IN ('M', 'D', 'R') ORDER BY f.ordinal",
      [&](const store::Row& row) { files.emplace_back(row.text(0)); }, commit->commit_id));
  if (files.size() > files_looked_at) files.resize(files_looked_at);
  for (const std::string& file : files) {
    if (file.find('\n') != std::string::npos) continue;
    auto before = shadow.run({"cat-file", "blob", parent + ":" + file}, deadline);
    if (!before || static_cast<std::int64_t>(before->size()) > looked_at_bytes) continue;
    LineSpan span = find_lines(text, *before);
    if (span.first > 0) return Place{parent, file, span};
  }
  return out;
}

}  // namespace

LineLog parse_line_log(std::string_view output) {
  LineLog out;
  bool in_hunk = false;
  for (std::string_view line : base::split(output, '\n')) {
    if (!line.empty() && line.front() == '\0') {
      std::string_view id = base::trim(line.substr(1));
      if (is_full_id(id)) out.changes.push_back({std::string(id)});
      in_hunk = false;
      out.text.clear();
    } else if (out.changes.empty()) {
      continue;
    } else if (line.starts_with("diff --git ")) {
      in_hunk = false;
    } else if (!in_hunk && line.starts_with("--- ") && out.changes.back().path.empty()) {
      out.changes.back().path = after_side(line);
    } else if (!in_hunk && line.starts_with("+++ ")) {
      std::string_view path = after_side(line);
      if (!path.empty()) out.changes.back().path = path;
    } else if (line.starts_with("@@ ")) {
      in_hunk = true;
    } else if (in_hunk && line.starts_with('+')) {
      ++out.changes.back().added;
      out.text.emplace_back(line.substr(1));
    } else if (in_hunk && line.starts_with('-')) {
      ++out.changes.back().removed;
    }
  }
  return out;
}

LineSpan find_lines(const std::vector<std::string>& wanted, std::string_view text) {
  std::unordered_map<std::string_view, std::int64_t> left;
  std::size_t total = 0;
  for (const std::string& line : wanted) {
    if (matter(line).empty()) continue;
    ++left[matter(line)];
    ++total;
  }
  if (total < least_lines) return {};
  std::vector<std::string_view> lines = base::split(text, '\n');
  // The window as long as what is wanted that holds most of it.
  std::size_t width = wanted.size() + wanted.size() / 4, found = 0, best = 0, best_end = 0;
  auto take = [&](std::string_view line, std::int64_t change) {
    auto at = left.find(matter(line));
    if (at == left.end() || matter(line).empty()) return;
    bool counts = change < 0 ? at->second > 0 : at->second >= 0;
    at->second += change;
    if (counts) found += change < 0 ? 1 : -1;
  };
  for (std::size_t i = 0; i < lines.size(); ++i) {
    take(lines[i], -1);
    if (i >= width) take(lines[i - width], 1);
    if (found > best) best = found, best_end = i;
  }
  if (static_cast<double>(best) < least_found * static_cast<double>(total)) return {};
  std::size_t first = best_end >= width ? best_end + 1 - width : 0;
  auto stands = [&](std::size_t i) { return left.contains(matter(lines[i])) && !matter(lines[i]).empty(); };
  while (first < best_end && !stands(first)) ++first;
  return {static_cast<std::int64_t>(first + 1), static_cast<std::int64_t>(best_end + 1)};
}

base::Result<std::vector<LineChange>> line_history(contracts::Session& session, const Shadow& shadow,
                                                   const std::string& commit, const std::string& path,
                                                   std::int64_t first, std::int64_t last,
                                                   base::Deadline deadline) {
  if (!is_full_id(commit)) return base::fail(base::ErrorCode::usage, "That is no commit id.");
  base::Deadline held = deadline.within_ms(limits::git_short_wall_ms);
  Place at{commit, path, {first, last}};
  std::vector<LineChange> out;
  for (std::size_t moves = 0; moves <= moves_followed; ++moves) {
    std::string lines = fmt::format("-L{},{}:{}", at.span.first, at.span.last, at.path);
    std::string printed = MIRA_TRY(shadow.run(
        {"log", "--no-color", "--no-ext-diff", "--no-textconv", "--format=%x00%H", lines, at.commit}, held));
    LineLog log = parse_line_log(printed);
    if (log.changes.empty()) break;
    out.insert(out.end(), log.changes.begin(), log.changes.end());
    Place from = MIRA_TRY(source_of(session, shadow, log.changes.back(), log.text, held));
    if (from.commit.empty()) break;
    out.back().moved = true;
    out.back().moved_from = from.path;
    at = from;
  }
  return out;
}

}  // namespace mira::git

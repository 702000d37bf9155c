#include "knowledge/git/commit_search.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <numeric>
#include <utility>

#include "knowledge/git/name_words.h"
#include "platform/base/text.h"
#include "platform/store/full_text.h"

namespace mira::git {
namespace {

constexpr std::size_t similar_limit = 3;
constexpr double least_likeness = 0.6;

std::optional<std::int64_t> count_at(const store::Row& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return row.integer(column);
}

// Columns: commit_id, hash, subject, body, name, email, author_time_ms, files, insertions, deletions.
FoundCommit commit_at(const store::Row& row) {
  FoundCommit out;
  out.commit_id = row.integer(0);
  out.hash = row.text(1);
  out.subject = row.text(2);
  out.body = row.text(3);
  out.author = row.text(4);
  out.email = row.text(5);
  out.author_time_ms = row.integer(6);
  out.files = row.integer(7);
  out.insertions = count_at(row, 8);
  out.deletions = count_at(row, 9);
  return out;
}

// LIKE pattern that finds its text anywhere.
std::string like_pattern(std::string_view text) {
  std::string out = "%";
  for (char c : text) {
    if (c == '%' || c == '_' || c == '\\') out += '\\';
    out += c;
  }
  return out + "%";
}

base::Result<std::vector<FoundCommit>> match_words(store::Connection& index, const std::string& expression,
                                                   const CommitFilter& filter) {
  std::vector<FoundCommit> out;
  if (expression.empty()) return out;
  MIRA_TRY(index.each(
      "SELECT c.commit_id, c.hash, c.subject, c.body, a.name, a.email, c.author_time_ms, c.files, "
      "c.insertions, "
      "c.deletions FROM git_commit_words w JOIN git_commits c ON c.commit_id = w.rowid JOIN git_authors a "
      "USING "
      "(author_id) WHERE git_commit_words MATCH ?1 AND c.author_time_ms >= ?2 AND (a.name LIKE ?3 ESCAPE "
      "'\\' OR a.email LIKE ?3 ESCAPE '\\') AND c.author_time_ms < ?5 AND (?6 = '' OR EXISTS (SELECT 1 FROM "
      "git_commit_files f JOIN git_paths p USING (path_id) WHERE f.commit_id = c.commit_id AND (p.path = ?6 "
      "OR "
      "substr(p.path, 1, length(?6) + 1) = ?6 || '/'))) ORDER BY bm25(git_commit_words, 4.0, 1.0), "
      "c.order_time_s DESC, c.hash LIMIT ?4",
      [&](const store::Row& row) { out.push_back(commit_at(row)); }, expression, filter.since_ms,
      like_pattern(filter.author), filter.limit, filter.until_ms, filter.path));
  return out;
}

// Words worth matching: identifiers and their parts, without words that say nothing.
std::vector<std::string> query_words(std::string_view text) {
  std::vector<std::string> out;
  for (std::string_view word : base::words(text)) {
    std::string lower = base::to_lower(word);
    if (base::is_stop_word(lower) || std::ranges::find(out, lower) != out.end()) continue;
    out.push_back(std::move(lower));
  }
  return out;
}

std::size_t words_held(const FoundCommit& commit, const std::vector<std::string>& words) {
  const std::string text = base::to_lower(commit.subject + "\n" + commit.body);
  return static_cast<std::size_t>(
      std::ranges::count_if(words, [&](const std::string& word) { return text.contains(word); }));
}

// 1 for equal texts, 0 for texts with nothing in common: the share of letters that need no edit.
double likeness(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, replaced}));
    }
  }
  return 1 - static_cast<double>(row[b.size()]) /
                 static_cast<double>(std::max<std::size_t>({1, a.size(), b.size()}));
}

std::string_view name_of(std::string_view path) {
  return path.substr(path.rfind('/') + 1).substr(0, 255);
}

}  // namespace

base::Result<std::optional<std::int64_t>> file_identity(store::Connection& index, std::string_view path) {
  auto path_id = MIRA_TRY(index.integer("SELECT path_id FROM git_paths WHERE path = ?", path));
  if (!path_id) return std::optional<std::int64_t>();
  auto now = MIRA_TRY(index.integer(
      "SELECT file_id FROM git_files WHERE path_id = ? ORDER BY alive DESC, file_id DESC LIMIT 1", *path_id));
  if (now) return now;
  return index.integer(
      "SELECT f.file_id FROM git_commit_files f JOIN git_commits c USING (commit_id) WHERE ?1 IN (f.path_id, "
      "f.old_path_id) ORDER BY c.order_time_s DESC, c.generation DESC LIMIT 1",
      *path_id);
}

base::Result<std::vector<FoundCommit>> commits_of_file(store::Connection& index, std::int64_t file_id,
                                                       const CommitFilter& filter) {
  std::vector<FoundCommit> out;
  MIRA_TRY(index.each(
      "SELECT c.commit_id, c.hash, c.subject, c.body, a.name, a.email, c.author_time_ms, c.files, "
      "f.insertions, "
      "f.deletions, p.path, f.status FROM git_commit_files f JOIN git_commits c USING (commit_id) JOIN "
      "git_authors a "
      "USING (author_id) JOIN git_paths p ON p.path_id = f.path_id WHERE f.file_id = ?1 AND c.author_time_ms "
      ">= ?2 AND c.author_time_ms < ?5 "
      "AND (a.name LIKE ?3 ESCAPE '\\' OR a.email LIKE ?3 ESCAPE '\\') ORDER BY c.order_time_s DESC, "
      "c.generation "
      "DESC, c.hash DESC LIMIT ?4",
      [&](const store::Row& row) {
        out.push_back(commit_at(row));
        out.back().path = row.text(10);
        out.back().file_change = row.text(11);
      },
      file_id, filter.since_ms, like_pattern(filter.author), filter.limit, filter.until_ms));
  return out;
}

base::Result<std::vector<FoundCommit>> commits_with_words(store::Connection& index, std::string_view text,
                                                          const CommitFilter& filter) {
  std::vector<std::string> words = query_words(text);
  auto found = MIRA_TRY(match_words(index, store::match_expression(words, store::Combine::all), filter));
  if (words.size() < 2 || found.size() >= static_cast<std::size_t>(filter.limit)) return found;
  auto more = MIRA_TRY(match_words(index, store::match_expression(words, store::Combine::any), filter));
  if (found.empty()) return more;
  // Few hold all words: those that hold most of them follow.
  for (FoundCommit& one : more) {
    bool known = std::ranges::any_of(found, [&](const FoundCommit& other) { return other.hash == one.hash; });
    bool most = 3 * words_held(one, words) >= 2 * words.size();
    if (!known && most && found.size() < static_cast<std::size_t>(filter.limit))
      found.push_back(std::move(one));
  }
  return found;
}

base::Result<std::vector<FoundCommit>> commits_with_any_word(store::Connection& index, std::string_view text,
                                                             const CommitFilter& filter) {
  return match_words(index, store::match_expression(query_words(text), store::Combine::any), filter);
}

base::Result<std::optional<FoundCommit>> commit_by_id(store::Connection& index, std::string_view hex_prefix) {
  std::optional<FoundCommit> out;
  bool hex = std::ranges::all_of(hex_prefix, [](unsigned char c) { return std::isxdigit(c) != 0; });
  if (!hex || hex_prefix.size() < 4 || hex_prefix.size() > 64) return out;
  std::string first = base::to_lower(hex_prefix);
  MIRA_TRY(index.each(
      "SELECT c.commit_id, c.hash, c.subject, c.body, a.name, a.email, c.author_time_ms, c.files, "
      "c.insertions, "
      "c.deletions FROM git_commits c JOIN git_authors a USING (author_id) WHERE c.hash >= ?1 AND c.hash < "
      "?2 LIMIT 1",
      [&](const store::Row& row) { out = commit_at(row); }, first, first + "g"));
  return out;
}

namespace {

// How many first parents back "HEAD^^~3" lies; nullopt when it is no such text.
std::optional<std::int64_t> steps_behind_head(std::string_view revision) {
  if (!revision.starts_with("HEAD")) return std::nullopt;
  std::string_view rest = revision.substr(4);
  std::int64_t steps = 0;
  while (!rest.empty()) {
    char sign = rest.front();
    if (sign != '^' && sign != '~') return std::nullopt;
    rest.remove_prefix(1);
    std::size_t digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
    std::int64_t count = 1;
    if (digits > 6 || (sign == '^' && digits > 0)) return std::nullopt;
    if (digits > 0) std::from_chars(rest.data(), rest.data() + digits, count);
    rest.remove_prefix(digits);
    steps += count;
  }
  return steps;
}

}  // namespace

base::Result<std::string> expand_revision(store::Connection& index, std::string_view revision) {
  auto steps = steps_behind_head(revision);
  if (!steps) return std::string(revision);
  auto id = MIRA_TRY(index.text("SELECT tip FROM git_state WHERE state_id = 1"));
  for (; id && *steps > 0; --*steps) {
    auto parents = MIRA_TRY(index.text("SELECT parents FROM git_commits WHERE hash = ?", *id));
    id = parents && !parents->empty() ? std::optional(parents->substr(0, parents->find(' '))) : std::nullopt;
  }
  if (id && !id->empty()) return *id;
  return base::fail(base::ErrorCode::not_found,
                    "The history that is here ends before " + base::display_line(revision) + ".",
                    "`mira history` lists the commits that are known.");
}

base::Result<std::optional<FoundCommit>> commit_of_row(store::Connection& index, std::int64_t commit_id) {
  std::optional<FoundCommit> out;
  MIRA_TRY(index.each(
      "SELECT c.commit_id, c.hash, c.subject, c.body, a.name, a.email, c.author_time_ms, c.files, "
      "c.insertions, c.deletions FROM git_commits c JOIN git_authors a USING (author_id) WHERE c.commit_id = "
      "?",
      [&](const store::Row& row) { out = commit_at(row); }, commit_id));
  return out;
}

base::Result<std::vector<std::string>> files_of_commit(store::Connection& index, std::int64_t commit_id,
                                                       std::int64_t limit) {
  std::vector<std::string> out;
  MIRA_TRY(index.each(
      "SELECT p.path FROM git_commit_files f JOIN git_paths p USING (path_id) WHERE f.commit_id = ? ORDER BY "
      "f.ordinal "
      "LIMIT ?",
      [&](const store::Row& row) { out.emplace_back(row.text(0)); }, commit_id, limit));
  return out;
}

base::Result<std::vector<std::string>> similar_paths(store::Connection& index, std::string_view path) {
  struct Candidate {
    double likeness;
    std::string path;
  };
  std::vector<Candidate> candidates;
  MIRA_TRY(index.each("SELECT p.path FROM git_files f JOIN git_paths p USING (path_id) WHERE f.alive = 1",
                      [&](const store::Row& row) {
                        double by_name = likeness(name_of(path), name_of(row.text(0)));
                        if (by_name < least_likeness) return;
                        bool same_folder = folder_of(path) == folder_of(row.text(0));
                        candidates.push_back({by_name + (same_folder ? 0.2 : 0), std::string(row.text(0))});
                      }));
  std::ranges::sort(candidates, [](const Candidate& a, const Candidate& b) {
    return a.likeness != b.likeness ? a.likeness > b.likeness : a.path < b.path;
  });
  std::vector<std::string> out;
  for (std::size_t i = 0; i < std::min(similar_limit, candidates.size()); ++i)
    out.push_back(candidates[i].path);
  return out;
}

}  // namespace mira::git

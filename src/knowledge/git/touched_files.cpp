#include "knowledge/git/touched_files.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "platform/store/full_text.h"

namespace mira::git {
namespace {

using contracts::TouchedFile;

constexpr int like_commits = 50;
constexpr std::int64_t most_files_of_a_commit = 30;  // a commit of more files is about none of them
constexpr std::size_t most_words = 24, most_files = 60;
constexpr double common_share = 0.15;     // a word of more commits tells nothing
constexpr std::int64_t few_commits = 20;  // in so young a history no word is common
constexpr double subject_weight = 4, body_weight = 1;

// The words that tell commits apart, the rarest ones of a long text.
base::Result<std::vector<std::string>> telling_words(store::Connection& index,
                                                     const std::vector<std::string>& words) {
  auto all = MIRA_TRY(index.integer("SELECT count(*) FROM git_commits")).value_or(0);
  std::vector<std::pair<std::int64_t, std::string>> rarest;
  for (const std::string& word : words) {
    std::vector<std::string> one{word};
    std::string expression = store::match_expression(one, store::Combine::any);
    if (expression.empty()) continue;
    auto with = MIRA_TRY(
        index.integer("SELECT count(*) FROM git_commit_words WHERE git_commit_words MATCH ?", expression));
    std::int64_t commits = with.value_or(0);
    bool common = all > few_commits && static_cast<double>(commits) > common_share * static_cast<double>(all);
    if (commits > 0 && !common) rarest.emplace_back(commits, word);
  }
  std::ranges::sort(rarest);
  std::vector<std::string> out;
  for (auto& [commits, word] : rarest)
    if (out.size() < most_words && (out.empty() || out.back() != word)) out.push_back(std::move(word));
  return out;
}

struct LikeCommit {
  std::int64_t commit_id = 0, files = 0;
  double likeness = 0;
  std::string hash, subject;
};

base::Result<std::vector<LikeCommit>> commits_like(store::Connection& index,
                                                   const std::vector<std::string>& words) {
  std::vector<LikeCommit> out;
  std::string expression = store::match_expression(words, store::Combine::any);
  if (expression.empty()) return out;
  MIRA_TRY(index.each(
      "SELECT c.commit_id, c.files, w.likeness, c.hash, c.subject FROM (SELECT rowid AS id,"
      " -bm25(git_commit_words, ?2, ?3) AS likeness FROM git_commit_words WHERE git_commit_words MATCH ?1"
      " ORDER BY likeness DESC, id DESC LIMIT ?4) w JOIN git_commits c ON c.commit_id = w.id"
      " WHERE c.is_merge = 0 ORDER BY w.likeness DESC, c.order_time_s DESC, c.hash",
      [&](const store::Row& row) {
        out.push_back({row.integer(0), row.integer(1), row.real(2), std::string(row.text(3)),
                       std::string(row.text(4))});
      },
      expression, subject_weight, body_weight, like_commits));
  return out;
}

base::Result<std::vector<TouchedFile>> find_touched(store::Connection& index,
                                                    const std::vector<std::string>& words) {
  std::vector<std::string> telling = MIRA_TRY(telling_words(index, words));
  std::vector<LikeCommit> commits = MIRA_TRY(commits_like(index, telling));
  std::unordered_map<std::string, TouchedFile> found;
  for (const LikeCommit& commit : commits) {
    if (commit.files < 1 || commit.files > most_files_of_a_commit || commit.likeness <= 0) continue;
    double likeness = commit.likeness / commits.front().likeness;
    double share = likeness * likeness / std::sqrt(static_cast<double>(commit.files));
    MIRA_TRY(index.each(
        "SELECT p.path FROM git_commit_files c JOIN git_files f ON f.file_id = c.file_id AND f.alive = 1"
        " JOIN git_paths p ON p.path_id = f.path_id WHERE c.commit_id = ?",
        [&](const store::Row& row) {
          TouchedFile& file = found[std::string(row.text(0))];
          if (file.path.empty()) file = {std::string(row.text(0)), 0, commit.hash, commit.subject};
          file.share += share;
        },
        commit.commit_id));
  }
  std::vector<TouchedFile> out;
  for (auto& [path, file] : found) out.push_back(std::move(file));
  std::ranges::sort(out, [](const TouchedFile& a, const TouchedFile& b) {
    return a.share != b.share ? a.share > b.share : a.path < b.path;
  });
  if (out.size() > most_files) out.resize(most_files);
  double best = out.empty() ? 1 : out.front().share;
  for (TouchedFile& file : out) file.share /= best;
  return out;
}

}  // namespace

contracts::TouchedFiles touched_files() {
  return [](contracts::Session& session, const std::vector<std::string>& words) {
    return find_touched(session.index, words);
  };
}

}  // namespace mira::git

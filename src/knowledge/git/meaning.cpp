#include "knowledge/git/meaning.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <unordered_map>

#include "platform/base/hash.h"
#include "platform/base/text.h"

namespace mira::git {
namespace {

using base::Result;
using store::Row;

constexpr std::int64_t most_commits = 5000;
constexpr std::size_t passage_bytes = 500, question_bytes = 500;
// What words find first stays first: with less weight the changelog of a project found its commits less
// often.
constexpr double words_weight = 8, rank_offset = 10;
constexpr std::size_t owner_digits = 15;  // of a commit's id: what fits a number

// The same commit has the same owner in every index of the project.
std::int64_t owner_of(std::string_view hash) {
  std::int64_t out = 0;
  std::string_view digits = hash.substr(0, owner_digits);
  std::from_chars(digits.data(), digits.data() + digits.size(), out, 16);
  return out;
}

// "Signed-off-by: Ada <ada@example.org>", "Change-Id: I8473".
bool is_trailer(std::string_view line) {
  std::size_t colon = line.find(": ");
  if (colon == std::string_view::npos || colon == 0) return false;
  std::string_view name = line.substr(0, colon);
  bool has_dash = name.contains('-');
  return has_dash && name.front() >= 'A' && name.front() <= 'Z' && !name.contains(' ');
}

// Ids of commits are stored as text; those that begin with the digits of an owner.
Result<std::int64_t> commit_of_owner(store::Connection& index, std::int64_t owner) {
  char digits[17];
  std::snprintf(digits, sizeof(digits), "%015llx", static_cast<unsigned long long>(owner));
  std::string first = digits;
  auto found = MIRA_TRY(
      index.integer("SELECT commit_id FROM git_commits WHERE hash >= ?1 AND hash < ?2", first, first + "g"));
  return found.value_or(0);
}

// Author and time as the search by words has them.
Result<bool> passes(store::Connection& index, const FoundCommit& commit, const CommitFilter& filter) {
  std::string who = base::to_lower(commit.author + "\n" + commit.email);
  bool is_asked = commit.author_time_ms >= filter.since_ms && commit.author_time_ms < filter.until_ms &&
                  who.contains(base::to_lower(filter.author));
  if (!is_asked || filter.path.empty()) return is_asked;
  auto touched = MIRA_TRY(index.integer(
      "SELECT count(*) FROM git_commit_files f JOIN git_paths p USING (path_id) WHERE f.commit_id = ?1"
      " AND (p.path = ?2 OR substr(p.path, 1, length(?2) + 1) = ?2 || '/')",
      commit.commit_id, filter.path));
  return touched.value_or(0) > 0;
}

// Two lists joined by rank (Cormack et al. 2009): scores of unlike lists are not added.
class Joined {
 public:
  bool holds(std::int64_t commit_id) const { return at_.contains(commit_id); }
  void add(FoundCommit commit, double weight, std::size_t rank) {
    auto [known, is_new] = at_.emplace(commit.commit_id, list_.size());
    if (is_new) list_.emplace_back(0.0, std::move(commit));
    list_[known->second].first += weight / (rank_offset + static_cast<double>(rank));
  }
  std::vector<FoundCommit> best(std::size_t limit) {
    std::ranges::stable_sort(list_, [](const auto& a, const auto& b) { return a.first > b.first; });
    std::vector<FoundCommit> out;
    for (auto& [score, commit] : list_)
      if (out.size() < limit) out.push_back(std::move(commit));
    return out;
  }

 private:
  std::vector<std::pair<double, FoundCommit>> list_;
  std::unordered_map<std::int64_t, std::size_t> at_;  // by commit_id
};

}  // namespace

std::string passage_of_message(std::string_view subject, std::string_view body) {
  std::string out(subject);
  for (std::string_view line : base::split(body, '\n')) {
    line = base::trim(line);
    if (line.empty() || is_trailer(line)) continue;
    out += '\n';
    out += line;
  }
  return std::string(base::truncate_utf8(out, passage_bytes));
}

vectors::Place CommitMeaning::place(const contracts::Session& session) const {
  return {session.project.data / "vectors", session.project.id};
}

// A merge that says nothing of its own has no body.
Result<std::int64_t> CommitMeaning::count(const contracts::Session& session) {
  auto all =
      MIRA_TRY(session.index.integer("SELECT count(*) FROM git_commits WHERE is_merge = 0 OR body <> ''"));
  return std::min(all.value_or(0), most_commits);
}

Result<std::vector<vectors::Waiting>> CommitMeaning::texts(const contracts::Session& session) {
  std::vector<vectors::Waiting> out;
  MIRA_TRY(session.index.each(
      "SELECT hash, subject, body FROM git_commits WHERE is_merge = 0 OR body <> ''"
      " ORDER BY order_time_s DESC, generation DESC, hash DESC LIMIT ?",
      [&](const Row& row) {
        std::string text = passage_of_message(row.text(1), row.text(2));
        std::string hash = base::content_hash(text);
        out.push_back({owner_of(row.text(0)), std::move(text), std::move(hash), {}});
      },
      most_commits));
  return out;
}

Result<std::vector<CloseCommit>> CommitMeaning::near(const contracts::Session& session,
                                                     std::string_view question, base::Deadline deadline) {
  std::vector<CloseCommit> out;
  auto messages = MIRA_TRY(count(session));
  auto near = MIRA_TRY(nearest(session,
                               {.text = base::truncate_utf8(question, question_bytes),
                                .needed = std::max<std::int64_t>((messages + 1) / 2, 1)},
                               deadline));
  if (!near || near->deviation <= 0) return out;
  for (const vectors::Near& one : near->best) {
    double closeness = (one.score - near->mean) / near->deviation;
    if (closeness <= 0) break;
    auto commit = MIRA_TRY(commit_of_owner(session.index, one.owner));
    if (commit != 0) out.push_back({commit, closeness});
  }
  return out;
}

Result<std::int64_t> CommitMeaning::version(contracts::Session& session) {
  return MIRA_TRY(session.index.integer("SELECT revision FROM git_state")).value_or(0);
}

Result<std::vector<FoundCommit>> commits_about(CommitMeaning* meaning, const contracts::Session& session,
                                               std::string_view text, const CommitFilter& filter,
                                               base::Deadline deadline, std::vector<std::string>& notes) {
  auto by_words = MIRA_TRY(commits_with_words(session.index, text, filter));
  std::vector<CloseCommit> close;
  if (meaning != nullptr) {
    auto near = meaning->near(session, text, deadline);
    if (near)
      close = std::move(*near);
    else
      notes.push_back("answered by words alone: " + near.error().message);
  }
  if (close.empty()) return by_words;
  Joined joined;
  for (std::size_t i = 0; i < by_words.size(); ++i) joined.add(std::move(by_words[i]), words_weight, i);
  for (std::size_t rank = 0; rank < close.size(); ++rank) {
    const CloseCommit& one = close[rank];
    if (one.closeness < sure_closeness && !joined.holds(one.commit_id)) continue;
    auto commit = MIRA_TRY(commit_of_row(session.index, one.commit_id));
    if (commit && MIRA_TRY(passes(session.index, *commit, filter))) joined.add(std::move(*commit), 1, rank);
  }
  return joined.best(static_cast<std::size_t>(filter.limit));
}

}  // namespace mira::git

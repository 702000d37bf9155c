#include "knowledge/git/meaning.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <unordered_map>

#include "platform/base/hash.h"
#include "platform/base/text.h"
#include "platform/vectors/fill.h"

namespace mira::git {
namespace {

using base::Result;
using store::Row;

constexpr std::int64_t most_commits = 5000;
constexpr std::size_t passage_bytes = 500, question_bytes = 500;
constexpr std::size_t compared = 200;  // nearest messages that an answer knows of
// What words find first stays first: with less weight the changelog of a project found its commits less
// often.
constexpr double words_weight = 8, rank_offset = 10;
constexpr std::size_t owner_digits = 15;  // of a commit's id: what fits a number

vectors::Place place_of(const contracts::Session& session) {
  return {session.project.data / "vectors", session.project.id};
}

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

// Messages that are told apart by meaning, newest first. A merge that says nothing of its own has no body.
Result<std::vector<vectors::Waiting>> texts_of(store::Connection& index) {
  std::vector<vectors::Waiting> out;
  MIRA_TRY(index.each(
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

Result<std::int64_t> count_of(store::Connection& index) {
  auto all = MIRA_TRY(index.integer("SELECT count(*) FROM git_commits WHERE is_merge = 0 OR body <> ''"))
                 .value_or(0);
  return std::min(all, most_commits);
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

vectors::Space CommitMeaning::space() const {
  return {"git", embedder_->model(), embedder_->dimensions()};
}

Result<vectors::Index*> CommitMeaning::index(const contracts::Session& session) {
  std::lock_guard guard(mutex_);
  auto& index = indexes_[session.project.id];
  if (!index) index = MIRA_TRY(vectors::open_index(place_of(session), session.clock.now_ms()));
  return index.get();
}

Result<std::vector<CloseCommit>> CommitMeaning::near(const contracts::Session& session,
                                                     std::string_view question, base::Deadline deadline) {
  std::vector<CloseCommit> out;
  if (!embedder_ || !vectors::has_index(place_of(session))) return out;
  vectors::Index* vectors = MIRA_TRY(index(session));
  auto embedded = MIRA_TRY(vectors->count(space()));
  auto texts = MIRA_TRY(count_of(session.index));
  if (embedded == 0 || embedded * 2 < texts) return out;
  auto numbers =
      MIRA_TRY(embedder_->of_question(session, base::truncate_utf8(question, question_bytes), deadline));
  auto near = MIRA_TRY(vectors->nearest(space(), numbers, compared));
  if (near.deviation <= 0) return out;
  for (const vectors::Near& one : near.best) {
    double closeness = (one.score - near.mean) / near.deviation;
    if (closeness <= 0) break;
    auto commit = MIRA_TRY(commit_of_owner(session.index, one.owner));
    if (commit != 0) out.push_back({commit, closeness});
  }
  return out;
}

Result<std::int64_t> CommitMeaning::version(contracts::Session& session) {
  return MIRA_TRY(session.index.integer("SELECT revision FROM git_state")).value_or(0);
}

Result<contracts::EmbedState> CommitMeaning::state(contracts::Session& session) {
  contracts::EmbedState out{.texts = MIRA_TRY(count_of(session.index))};
  if (!embedder_ || !vectors::has_index(place_of(session))) return out;
  vectors::Index* vectors = MIRA_TRY(index(session));
  out.embedded = MIRA_TRY(vectors->count(space()));
  return out;
}

Result<contracts::EmbedReport> CommitMeaning::bring_up_to_date(contracts::Session& session,
                                                               base::Progress& progress,
                                                               base::Deadline deadline) {
  vectors::Index* vectors = MIRA_TRY(index(session));
  auto embed = [&](std::span<const std::string> texts, base::Deadline until) {
    return embedder_->of_passages(session, texts, until);
  };
  auto texts = MIRA_TRY(texts_of(session.index));
  auto done =
      MIRA_TRY(vectors::fill(*vectors, space(), std::move(texts), embed,
                             {.batch = embedder_->batch(), .unit = std::string(unit())}, progress, deadline));
  return contracts::EmbedReport{done.embedded, done.reused,  done.removed,
                                done.present,  done.waiting, done.refused};
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
  std::size_t rank = 0;
  for (const CloseCommit& one : close) {
    auto commit = MIRA_TRY(commit_of_row(session.index, one.commit_id));
    if (!commit || !MIRA_TRY(passes(session.index, *commit, filter))) continue;
    if (one.closeness >= sure_closeness || joined.holds(one.commit_id))
      joined.add(std::move(*commit), 1, rank);
    ++rank;
  }
  return joined.best(static_cast<std::size_t>(filter.limit));
}

}  // namespace mira::git

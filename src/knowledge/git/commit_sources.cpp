#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "knowledge/git/commit_search.h"
#include "knowledge/git/history_range.h"
#include "knowledge/git/sources.h"
#include "platform/base/calendar.h"
#include "platform/base/text.h"

namespace mira::git {
namespace {

using contracts::Evidence;
using contracts::Focus;
using contracts::Question;
using contracts::Session;
using contracts::Trust;

constexpr std::int64_t candidates = 40;
constexpr std::size_t commits_shown = 8, close_shown = 2;
constexpr double least_coverage = 0.4;  // of the question's words, weighed by length
constexpr std::size_t body_bytes = 600;
constexpr std::int64_t files_named = 6;
constexpr std::size_t recent_files = 3;
constexpr std::int64_t recent_commits = 3;

// What is shown of a commit: who and when, the files, the start of its body.
base::Result<Evidence> commit_evidence(Session& session, const FoundCommit& commit, std::string_view source) {
  Evidence piece;
  piece.source = source;
  piece.kind = "commit";
  piece.title = base::display_line(commit.subject);
  piece.text =
      fmt::format("{}, {}", base::display_line(commit.author), base::iso_date(commit.author_time_ms));
  auto files = MIRA_TRY(files_of_commit(session.index, commit.commit_id, files_named));
  for (std::size_t i = 0; i < files.size(); ++i)
    piece.text += (i == 0 ? "; " : ", ") + base::display_line(files[i]);
  if (commit.files > files_named) piece.text += fmt::format(" and {} more", commit.files - files_named);
  if (!commit.body.empty()) {
    piece.text += "\n" + base::display_text(base::truncate_utf8(commit.body, body_bytes));
    if (commit.body.size() > body_bytes) piece.text += " ...";
  }
  piece.place.commit = commit.hash;
  piece.trust = Trust::foreign;
  return piece;
}

// The words a message shares with the question: a word of the message may go on ("timeout" in "timeouts").
std::vector<std::string> shared_words(const FoundCommit& commit, const std::vector<std::string>& words) {
  std::unordered_set<std::string> said;
  for (std::string_view part : {std::string_view(commit.subject), std::string_view(commit.body)}) {
    for (std::string_view word : base::words(part)) {
      said.insert(base::to_lower(word));
      for (std::string& piece : base::split_identifier(word)) said.insert(std::move(piece));
    }
  }
  std::vector<std::string> out;
  for (const std::string& word : words) {
    bool shared = said.contains(word) || std::ranges::any_of(said, [&](const std::string& other) {
                    std::size_t stem = std::min(word.size(), other.size());
                    return stem >= 4 && std::max(word.size(), other.size()) <= stem + 3 &&
                           word.compare(0, stem, other, 0, stem) == 0;
                  });
    if (shared) out.push_back(word);
  }
  return out;
}

// Longer words say more.
double said_by(const std::vector<std::string>& words) {
  double out = 0;
  for (const std::string& word : words) out += static_cast<double>(std::min<std::size_t>(word.size(), 10));
  return out;
}

class CommitsSource : public contracts::Source {
 public:
  explicit CommitsSource(std::shared_ptr<CommitMeaning> meaning) : meaning_(std::move(meaning)) {}
  std::string_view name() const override { return "git.commits"; }
  contracts::Stage stage() const override { return contracts::Stage::first; }

  base::Result<std::vector<Evidence>> gather(Session& session, const Question& question,
                                             base::Deadline deadline) override {
    std::vector<Evidence> out;
    if (!session.project.is_git || question.words.empty()) return out;
    CommitFilter filter{.limit = candidates};
    auto found = MIRA_TRY(commits_with_any_word(session.index, base::join(question.words, " "), filter));
    double all = said_by(question.words);
    for (const FoundCommit& commit : found) {
      std::vector<std::string> shared = shared_words(commit, question.words);
      double coverage = said_by(shared) / all;
      if (coverage < least_coverage || out.size() == commits_shown) continue;
      Evidence piece = MIRA_TRY(commit_evidence(session, commit, name()));
      piece.why = "its message speaks of " + quoted(shared);
      piece.weight = coverage;
      out.push_back(std::move(piece));
    }
    std::ranges::stable_sort(out, [](const Evidence& a, const Evidence& b) { return a.weight > b.weight; });
    // What a model cannot say is no reason to keep back what words found.
    if (auto close = add_close(session, question, deadline, out); !close && out.empty())
      return std::unexpected(close.error());
    return out;
  }

 private:
  // Behind what words found: commits that say the same in other words.
  base::Status add_close(Session& session, const Question& question, base::Deadline deadline,
                         std::vector<Evidence>& out) {
    if (!meaning_) return {};
    std::size_t added = 0;
    for (const CloseCommit& one : MIRA_TRY(meaning_->near(session, question.text, deadline))) {
      if (one.closeness < sure_closeness || added == close_shown || out.size() >= commits_shown) break;
      auto commit = MIRA_TRY(commit_of_row(session.index, one.commit_id));
      if (!commit) continue;
      bool is_told =
          std::ranges::any_of(out, [&](const Evidence& e) { return e.place.commit == commit->hash; });
      if (is_told) continue;
      Evidence piece = MIRA_TRY(commit_evidence(session, *commit, name()));
      piece.why = "its message is close to the question in meaning";
      piece.weight = least_coverage / static_cast<double>(2 + added);
      out.push_back(std::move(piece));
      ++added;
    }
    return {};
  }

  std::shared_ptr<CommitMeaning> meaning_;
  static std::string quoted(const std::vector<std::string>& words) {
    std::string out;
    for (const std::string& word : words) out += (out.empty() ? "`" : ", `") + base::display_line(word) + "`";
    return out;
  }
};

class RecentSource : public contracts::Source {
 public:
  std::string_view name() const override { return "git.recent"; }
  contracts::Stage stage() const override { return contracts::Stage::second; }

  base::Result<std::vector<Evidence>> gather(Session& session, const Question& question,
                                             base::Deadline) override {
    std::vector<Evidence> out;
    if (!session.project.is_git) return out;
    std::unordered_set<std::string> files, told;
    for (const Focus& focus : question.focus) {
      if (focus.path.empty() || files.size() == recent_files || !files.insert(focus.path).second) continue;
      auto file = MIRA_TRY(file_identity(session.index, focus.path));
      if (!file) continue;
      double weight = focus.weight;
      for (const FoundCommit& commit :
           MIRA_TRY(commits_of_file(session.index, *file, CommitFilter{.limit = recent_commits}))) {
        if (told.insert(commit.hash).second) {
          Evidence piece = MIRA_TRY(commit_evidence(session, commit, name()));
          piece.why = "one of the last changes of `" + base::display_line(focus.path) + "`";
          piece.weight = weight;
          out.push_back(std::move(piece));
        }
        weight *= 0.7;
      }
    }
    std::ranges::stable_sort(out, [](const Evidence& a, const Evidence& b) { return a.weight > b.weight; });
    return out;
  }
};

}  // namespace

std::unique_ptr<contracts::Source> commits_source(const std::shared_ptr<CommitMeaning>& meaning) {
  return std::make_unique<CommitsSource>(meaning);
}

std::unique_ptr<contracts::Source> recent_source() {
  return std::make_unique<RecentSource>();
}

}  // namespace mira::git

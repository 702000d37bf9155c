#include "knowledge/git/causes.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <unordered_map>

#include "knowledge/git/commit_search.h"
#include "knowledge/git/ownership_rows.h"
#include "platform/base/text.h"

namespace mira::git {
namespace {

constexpr std::size_t words_looked_at = 48;  // bytes before an id that may say what it is
constexpr double named_score = 0.97;
constexpr double reverted_score = 0.95;

constexpr std::array<std::string_view, 18> cause_words = {
    "introduced in", "introduced by", "introduced with", "since",         "broken by",       "broken in",
    "broke in",      "broke by",      "broken since",    "regression in", "regression from", "regression by",
    "regressed in",  "caused by",     "bug in",          "fixes",         "breakage in",     "follow-up to"};

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

// Lower case, one space for any white space.
std::string flattened(std::string_view text) {
  std::string out;
  for (char c : base::to_lower(text)) {
    bool space = std::isspace(static_cast<unsigned char>(c)) != 0;
    if (space && (out.empty() || out.back() == ' ')) continue;
    out += space ? ' ' : c;
  }
  return out;
}

std::string_view without_end(std::string_view text, std::string_view end) {
  return text.ends_with(end) ? base::trim(text.substr(0, text.size() - end.size())) : text;
}

bool is_aside(std::string_view path) {
  std::string lower = base::to_lower(path);
  for (std::string_view folder : {"t/", "test/", "tests/", "doc/", "docs/", "documentation/", "po/"}) {
    if (lower.starts_with(folder) || lower.find("/" + std::string(folder)) != std::string::npos) return true;
  }
  return lower.ends_with(".md") || lower.ends_with(".rst") || lower.ends_with(".txt");
}

struct Candidate {
  Cause cause;
  std::uint32_t remarks = 0;
  std::int64_t order_time_s = 0;
};

// The losses of a commit by whose lines they were, of its code or else of all its files.
std::vector<Candidate> candidates_of(const std::vector<LineLoss>& losses) {
  bool has_code = std::ranges::any_of(losses, [](const LineLoss& loss) { return !is_aside(loss.path); });
  std::unordered_map<std::uint32_t, Candidate> by_origin;
  for (const LineLoss& loss : losses) {
    if (has_code && is_aside(loss.path)) continue;
    Candidate& candidate = by_origin[loss.origin];
    candidate.cause.commit_id = loss.origin;
    candidate.cause.lines += loss.code;
    candidate.cause.beside += loss.near;
    candidate.remarks += loss.other;
  }
  std::vector<Candidate> out;
  for (auto& [origin, candidate] : by_origin) out.push_back(candidate);
  return out;
}

// What was changed last broke it most often: newest first, more lines before fewer.
void order_by_age(std::vector<Candidate>& candidates) {
  bool code =
      std::ranges::any_of(candidates, [](const Candidate& c) { return c.cause.lines + c.cause.beside > 0; });
  if (code) std::erase_if(candidates, [](const Candidate& c) { return c.cause.lines + c.cause.beside == 0; });
  std::ranges::sort(candidates, [](const Candidate& a, const Candidate& b) {
    if (a.order_time_s != b.order_time_s) return a.order_time_s > b.order_time_s;
    return a.cause.commit_id > b.cause.commit_id;
  });
  double score = 0.5;
  for (Candidate& candidate : candidates) {
    candidate.cause.score = score;
    score *= 0.5;
  }
}

base::Status add_named(store::Connection& index, std::int64_t commit_id, std::vector<Cause>& out) {
  auto fix = MIRA_TRY(commit_of_row(index, commit_id));
  if (!fix) return {};
  NamedCommits named = named_commits(fix->subject + "\n" + fix->body);
  auto add = [&](const std::vector<std::string>& ids, CauseFound found, double score) -> base::Status {
    for (const std::string& id : ids) {
      auto commit = MIRA_TRY(commit_by_id(index, id));
      if (!commit || commit->commit_id == commit_id) continue;
      auto known = std::ranges::find(out, commit->commit_id, &Cause::commit_id);
      if (known == out.end()) out.push_back({commit->commit_id, score, found});
    }
    return {};
  };
  MIRA_TRY(add(named.causes, CauseFound::named, named_score));
  return add(named.reverted, CauseFound::reverted, reverted_score);
}

}  // namespace

NamedCommits named_commits(std::string_view message) {
  NamedCommits out;
  std::string text = flattened(message);
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && is_hex(text[end])) ++end;
    bool starts_word = at == 0 || std::isalnum(static_cast<unsigned char>(text[at - 1])) == 0;
    bool ends_word = end == text.size() || std::isalnum(static_cast<unsigned char>(text[end])) == 0;
    if (end - at >= 7 && end - at <= 64 && starts_word && ends_word) {
      std::size_t from = at > words_looked_at ? at - words_looked_at : 0;
      std::string_view before = base::trim(std::string_view(text).substr(from, at - from));
      std::string id = text.substr(at, end - at);
      if (before.ends_with("reverts commit") || before.ends_with("revert commit")) out.reverted.push_back(id);
      before = without_end(without_end(before, "commit"), ":");
      bool named = std::ranges::any_of(cause_words, [&](std::string_view w) { return before.ends_with(w); });
      if (named) out.causes.push_back(id);
    }
    at = std::max(end, at + 1);
  }
  return out;
}

base::Result<std::vector<Cause>> causes_of(store::Connection& index, std::int64_t commit_id, MessageUse use) {
  std::vector<Cause> out;
  if (use == MessageUse::read) MIRA_TRY(add_named(index, commit_id, out));
  std::vector<Candidate> candidates = candidates_of(MIRA_TRY(losses_of(index, commit_id)));
  for (Candidate& candidate : candidates) {
    candidate.order_time_s =
        MIRA_TRY(index.integer("SELECT order_time_s FROM git_commits WHERE commit_id = ?",
                               candidate.cause.commit_id))
            .value_or(0);
  }
  order_by_age(candidates);
  for (const Candidate& candidate : candidates) {
    auto known = std::ranges::find(out, candidate.cause.commit_id, &Cause::commit_id);
    if (known == out.end()) {
      out.push_back(candidate.cause);
    } else {
      known->lines = candidate.cause.lines;
      known->beside = candidate.cause.beside;
    }
  }
  return out;
}

}  // namespace mira::git

#include "knowledge/git/causes.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <numeric>
#include <unordered_map>

#include "knowledge/git/commit_search.h"
#include "knowledge/git/ownership_rows.h"
#include "platform/base/text.h"

namespace mira::git {
namespace {

// What a line tells of its writer, by what the fix did to it. Read off the causes that fixes of curl, libuv
// and redis name; these are few, and the first answer hardly moves with any of the numbers.
constexpr double code_weight = 5, other_weight = 1, back_weight = 1, beside_weight = 1, beside_decay = 0.7;
constexpr double lines_power = 0.5;
constexpr double half_as_likely_s = 30 * 86400.0;  // of age
constexpr double lines_score = 0.5;                // shared by all that are found by lines: half are right

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
  double weight = 0;
  std::int64_t order_time_s = 0;
};

double weight_of(const LineLoss& loss) {
  double out = code_weight * loss.code + other_weight * loss.other + back_weight * loss.back;
  double beside = beside_weight;
  for (std::uint32_t lines : loss.near) {
    out += beside * lines;
    beside *= beside_decay;
  }
  return out;
}

// The losses of a commit by whose lines they were, of its code or else of all its files.
std::vector<Candidate> candidates_of(const std::vector<LineLoss>& losses) {
  bool has_code = std::ranges::any_of(losses, [](const LineLoss& loss) { return !is_aside(loss.path); });
  std::unordered_map<std::uint32_t, Candidate> by_origin;
  for (const LineLoss& loss : losses) {
    if (has_code && is_aside(loss.path)) continue;
    Candidate& candidate = by_origin[loss.origin];
    candidate.cause.commit_id = loss.origin;
    candidate.cause.lines += loss.code + loss.other;
    candidate.cause.beside += std::accumulate(loss.near.begin(), loss.near.end(), 0U);
    candidate.weight += weight_of(loss);
  }
  std::vector<Candidate> out;
  for (auto& [origin, candidate] : by_origin) out.push_back(candidate);
  return out;
}

// What was changed last broke it most often, and more lines rather than fewer.
void order_by_lines_and_age(std::vector<Candidate>& candidates, std::int64_t now_s) {
  std::erase_if(candidates, [](const Candidate& candidate) { return candidate.weight <= 0; });
  double sum = 0;
  for (Candidate& candidate : candidates) {
    double age = std::max(0.0, static_cast<double>(now_s - candidate.order_time_s));
    candidate.cause.score = std::pow(candidate.weight, lines_power) / (1 + age / half_as_likely_s);
    sum += candidate.cause.score;
  }
  for (Candidate& candidate : candidates) candidate.cause.score *= lines_score / sum;
  std::ranges::sort(candidates, [](const Candidate& a, const Candidate& b) {
    if (a.cause.score != b.cause.score) return a.cause.score > b.cause.score;
    return a.cause.commit_id > b.cause.commit_id;
  });
}

base::Result<std::int64_t> order_time_of(store::Connection& index, std::int64_t commit_id) {
  auto time = MIRA_TRY(index.integer("SELECT order_time_s FROM git_commits WHERE commit_id = ?", commit_id));
  return time.value_or(0);
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
    candidate.order_time_s = MIRA_TRY(order_time_of(index, candidate.cause.commit_id));
  }
  order_by_lines_and_age(candidates, MIRA_TRY(order_time_of(index, commit_id)));
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

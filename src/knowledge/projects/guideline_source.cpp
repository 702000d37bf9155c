#include "knowledge/projects/guideline_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "platform/base/text.h"

namespace mira::projects {
namespace {

using base::Deadline;
using base::Result;
using contracts::Evidence;
using contracts::Intent;
using contracts::Question;
using contracts::Session;
using store::Row;

constexpr std::size_t most_pieces = 12;
constexpr std::size_t words_told = 4;     // of the matching ones, in `why`
constexpr double heading_factor = 2.0;    // a word in the heading says more than one in the text
constexpr double nested_factor = 1.3;     // the nearer folder knows better
constexpr double opening_weight = 0.3;    // of a first section that shares no word
constexpr std::size_t shortest_stem = 4;  // "test" is the stem of "testing", "us" is no stem of "uses"

struct Candidate {
  std::string path, folder, heading, text;
  int start_line = 0, end_line = 0;
  bool opening = false;  // first section of a root guideline
  std::set<std::string> heading_stems, text_stems;
  double score = 0;
  std::vector<std::string> matched;
};

// "testing", "tests", "tested" -> "test": enough English for headings.
std::string stem(std::string word) {
  for (std::string_view end :
       {std::string_view("ing"), std::string_view("ed"), std::string_view("es"), std::string_view("s")}) {
    if (word.size() < end.size() + shortest_stem || !word.ends_with(end)) continue;
    word.resize(word.size() - end.size());
    break;
  }
  if (word.size() > shortest_stem && word.ends_with('e')) word.pop_back();
  return word;
}

void add_stems(std::string_view text, std::set<std::string>& stems) {
  for (std::string_view word : base::words(text)) {
    std::string lower = base::to_lower(word);
    if (lower.size() > 1 && !base::is_stop_word(lower)) stems.insert(stem(lower));
    std::vector<std::string> parts = base::split_identifier(word);
    if (parts.size() < 2) continue;
    for (std::string& part : parts)
      if (part.size() > 2) stems.insert(stem(std::move(part)));
  }
}

bool is_in_folder(std::string_view path, std::string_view folder) {
  if (folder.empty()) return true;
  return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

bool applies(const std::string& folder, const Question& question) {
  if (folder.empty()) return true;
  auto inside = [&](const std::string& path) { return is_in_folder(path, folder); };
  return std::ranges::any_of(question.focus, inside, &contracts::Focus::path) ||
         std::ranges::any_of(question.changed_files, inside);
}

Result<std::vector<Candidate>> candidates_for(Session& session, const Question& question) {
  std::vector<Candidate> out;
  std::string last_path;
  MIRA_TRY(session.index.each(
      "SELECT g.path, g.folder, s.heading, s.text, s.start_line, s.end_line, g.imported_by FROM "
      "guideline_sections s"
      " JOIN project_guidelines g USING (guideline_id) ORDER BY g.folder, g.path, s.start_line",
      [&](const Row& row) {
        Candidate one{std::string(row.text(0)), std::string(row.text(1))};
        bool first = one.path != last_path;
        last_path = one.path;
        if (!applies(one.folder, question)) return;
        one.heading = row.text(2);
        one.text = row.text(3);
        one.start_line = static_cast<int>(row.integer(4));
        one.end_line = static_cast<int>(row.integer(5));
        one.opening = first && one.folder.empty() && row.text(6).empty();
        add_stems(one.heading, one.heading_stems);
        add_stems(one.text, one.text_stems);
        out.push_back(std::move(one));
      }));
  return out;
}

// Each word counts by how few sections hold it (inverse document frequency).
void score(std::vector<Candidate>& candidates, const Question& question) {
  std::map<std::string, std::string> stems;  // of the question, with a word that has it
  for (const std::string& word : question.words) {
    std::set<std::string> of_word;
    add_stems(word, of_word);
    for (const std::string& one : of_word) stems.emplace(one, word);
  }
  for (const auto& [stem_of_word, word] : stems) {
    auto holds = [&](const Candidate& c) {
      return c.text_stems.contains(stem_of_word) || c.heading_stems.contains(stem_of_word);
    };
    auto holding = static_cast<double>(std::ranges::count_if(candidates, holds));
    double rarity = std::log(1 + static_cast<double>(candidates.size()) / (1 + holding));
    for (Candidate& candidate : candidates) {
      if (!holds(candidate)) continue;
      candidate.score += rarity * (candidate.heading_stems.contains(stem_of_word) ? heading_factor : 1.0);
      candidate.matched.push_back(word);
    }
  }
  for (Candidate& candidate : candidates)
    if (!candidate.folder.empty()) candidate.score *= nested_factor;
}

bool is_work(Intent intent) {
  return intent == Intent::change || intent == Intent::fix || intent == Intent::general;
}

std::string why(const Candidate& candidate) {
  std::string out = "guideline of " + (candidate.folder.empty() ? std::string("the project")
                                                                : base::display_line(candidate.folder) + "/");
  if (candidate.matched.empty()) return out + ", its opening";
  std::vector<std::string> told(candidate.matched.begin(),
                                candidate.matched.begin() + static_cast<std::ptrdiff_t>(std::min(
                                                                words_told, candidate.matched.size())));
  return out + " on " + base::join(told, ", ");
}

Evidence piece_of(const Candidate& candidate, double best_score) {
  Evidence piece;
  piece.source = "projects.guidelines";
  piece.kind = "guideline";
  piece.title = candidate.heading;
  piece.text = candidate.text;
  piece.place = {.path = candidate.path, .start_line = candidate.start_line, .end_line = candidate.end_line};
  piece.why = why(candidate);
  piece.trust = contracts::Trust::project;
  piece.weight = candidate.score > 0 ? candidate.score / best_score : opening_weight;
  return piece;
}

class GuidelineSource : public contracts::Source {
 public:
  std::string_view name() const override { return "projects.guidelines"; }
  contracts::Stage stage() const override { return contracts::Stage::first; }

  Result<std::vector<Evidence>> gather(Session& session, const Question& question, Deadline) override {
    std::vector<Candidate> candidates = MIRA_TRY(candidates_for(session, question));
    score(candidates, question);
    std::erase_if(candidates, [&](const Candidate& c) {
      return c.score <= 0 && !(c.opening && is_work(question.intent));
    });
    std::ranges::stable_sort(candidates, std::greater<>(), &Candidate::score);
    if (candidates.size() > most_pieces) candidates.resize(most_pieces);
    std::vector<Evidence> pieces;
    for (const Candidate& candidate : candidates)
      pieces.push_back(piece_of(candidate, candidates.front().score));
    return pieces;
  }
};

}  // namespace

std::unique_ptr<contracts::Source> guideline_source() {
  return std::make_unique<GuidelineSource>();
}

}  // namespace mira::projects

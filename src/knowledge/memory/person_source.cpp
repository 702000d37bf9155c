// memory.person, see source.h.
#include <fmt/format.h>

#include <algorithm>

#include "knowledge/memory/actions.h"
#include "knowledge/memory/analysis.h"
#include "knowledge/memory/moments.h"
#include "knowledge/memory/profile.h"
#include "knowledge/memory/source.h"
#include "knowledge/memory/told.h"

namespace mira::memory {
namespace {

using base::Result;
using contracts::Evidence;

constexpr std::size_t most_patterns = 2, most_lines = 6;

bool is_work(contracts::Intent intent) {
  return intent == contracts::Intent::change || intent == contracts::Intent::fix;
}

// The languages that the question's paths and changed files are of.
bool fits(const Pattern& pattern, const contracts::Question& question) {
  if (pattern.language.empty()) return true;
  auto is_of = [&](const std::string& path) { return code_language_of(path) == pattern.language; };
  return std::ranges::any_of(question.paths, is_of) || std::ranges::any_of(question.changed_files, is_of);
}

// One piece: it is about answers, whatever they are of.
Evidence profile_piece(const std::vector<ProfileLine>& lines) {
  Evidence piece;
  piece.source = "memory.person";
  piece.kind = "fact";
  for (const ProfileLine& line : lines) {
    piece.title += fmt::format("{}{}", piece.title.empty() ? "facts " : ", ", line.fact);
    piece.text += fmt::format("{}{}", piece.text.empty() ? "" : "\n", line.line);
  }
  piece.title += ", said by you";
  piece.why = "how you want to be answered";
  piece.trust = contracts::Trust::user;
  piece.weight = 0.4;
  return piece;
}

Evidence pattern_piece(const Pattern& pattern) {
  Evidence piece;
  piece.source = "memory.person";
  piece.kind = "memory";
  piece.title =
      fmt::format("{} that came back, last in message {} on {}", pattern.type,
                  pattern.examples.empty() ? 0 : pattern.examples.front(), day_in_words(pattern.last_ms));
  piece.text = pattern.description;
  piece.why = fmt::format("you said it {} times on {} days", pattern.observed, pattern.days);
  piece.trust = contracts::Trust::user;
  piece.weight = 0.4;
  return piece;
}

class PersonSource : public contracts::Source {
 public:
  std::string_view name() const override { return "memory.person"; }
  contracts::Stage stage() const override { return contracts::Stage::first; }

  Result<std::vector<Evidence>> gather(contracts::Session& session, const contracts::Question& question,
                                       base::Deadline deadline) override {
    session.main.set_deadline(deadline);
    std::vector<std::int64_t> scopes = MIRA_TRY(scopes_seen(session, ""));
    std::vector<Evidence> pieces;
    std::vector<ProfileLine> lines = MIRA_TRY(profile_of(session.main, scopes));
    std::erase_if(lines, [](const ProfileLine& line) {
      return line.section != "communication_style" && line.section != "experience_level";
    });
    if (lines.size() > most_lines) lines.resize(most_lines);
    if (!lines.empty()) pieces.push_back(profile_piece(lines));
    std::vector<std::int64_t> applied;
    for (const Pattern& pattern : MIRA_TRY(patterns_of(session.main, scopes))) {
      bool told = pattern.type == "fact";  // memory.facts tells it
      if (told || applied.size() >= most_patterns || !is_work(question.intent) || !fits(pattern, question))
        continue;
      pieces.push_back(pattern_piece(pattern));
      applied.push_back(pattern.id);
    }
    MIRA_TRY(tell(session, pieces, applied, deadline));
    return pieces;
  }

 private:
  static base::Status tell(contracts::Session& session, const std::vector<Evidence>& pieces,
                           const std::vector<std::int64_t>& applied, base::Deadline deadline) {
    std::vector<std::string> texts;
    for (const Evidence& piece : pieces) texts.push_back(piece.text);
    MIRA_TRY(note_told(session, texts, deadline));
    if (applied.empty()) return {};
    return session.main_writer.submit(
        [applied](store::Connection& main) -> base::Status {
          for (std::int64_t pattern : applied) MIRA_TRY(count_applied(main, pattern));
          return {};
        },
        deadline);
  }
};

}  // namespace

std::unique_ptr<contracts::Source> person_source() {
  return std::make_unique<PersonSource>();
}

}  // namespace mira::memory

#include "knowledge/memory/source.h"

#include <fmt/format.h>

#include <algorithm>

#include "knowledge/memory/actions.h"
#include "knowledge/memory/facts.h"
#include "knowledge/memory/moments.h"
#include "knowledge/memory/replaced.h"
#include "knowledge/memory/told.h"
#include "knowledge/memory/words.h"
#include "platform/base/text.h"

namespace mira::memory {
namespace {

using base::Result;
using contracts::Evidence;
using store::Row;

constexpr std::size_t most_pieces = 8;
constexpr std::size_t piece_bytes = 1500;

contracts::Trust trust_of(std::string_view role, std::string_view origin) {
  return role == "user" && origin != "recalled" ? contracts::Trust::user : contracts::Trust::foreign;
}

Evidence piece_of(const Row& row, const Recalled& found, double best) {
  Evidence piece;
  piece.source = "memory.said";
  piece.kind = "memory";
  std::string who(row.text(2).empty() ? row.text(1) : row.text(2));
  std::string when = row.is_null(3) ? "at an unknown time" : "on " + day_in_words(row.integer(3));
  piece.title = fmt::format("message {} of {}, {}", found.entry, who, when);
  piece.text = base::truncate_utf8(row.text(0), piece_bytes);
  piece.why = row.text(4) == "remembered" ? "you asked to remember it" : "said in an earlier conversation";
  piece.trust = trust_of(row.text(1), row.text(4));
  piece.weight = best > 0 ? found.score / best : 0;
  return piece;
}

// What is told may come back in a transcript.
base::Status tell(contracts::Session& session, const std::vector<Evidence>& pieces, base::Deadline deadline) {
  std::vector<std::string> texts;
  for (const Evidence& piece : pieces) texts.push_back(piece.text);
  return note_told(session, texts, deadline);
}

class SaidSource : public contracts::Source {
 public:
  SaidSource(std::shared_ptr<Recall> recall, std::shared_ptr<Meaning> meaning)
      : recall_(std::move(recall)), meaning_(std::move(meaning)) {}
  std::string_view name() const override { return "memory.said"; }
  contracts::Stage stage() const override { return contracts::Stage::first; }

  Result<std::vector<Evidence>> gather(contracts::Session& session, const contracts::Question& question,
                                       base::Deadline deadline) override {
    session.main.set_deadline(deadline);
    RecallQuestion asked{.text = question.text,
                         .scopes = MIRA_TRY(scopes_seen(session, "")),
                         .now_ms = session.clock.now_ms(),
                         .limit = most_pieces};
    // Without vectors, or when they fail, the words answer.
    if (auto near = meaning_->near(session, question.text, asked.scopes, deadline))
      asked.near = std::move(*near);
    RecallAnswer answer = MIRA_TRY(recall_->ask(session.main, asked));
    std::vector<Evidence> pieces;
    for (const Recalled& found : answer.found) {
      MIRA_TRY(session.main.each(
          "SELECT content, role, speaker, said_ms, origin FROM memory_entries WHERE entry_id = ?",
          [&](const Row& row) { pieces.push_back(piece_of(row, found, answer.found.front().score)); },
          found.entry));
      auto replaced = MIRA_TRY(replaced_by(session.main, found.entry));
      if (replaced && !pieces.empty())
        pieces.back().why += fmt::format("; replaced by message {}", replaced->entry);
    }
    MIRA_TRY(tell(session, pieces, deadline));
    return pieces;
  }

 private:
  std::shared_ptr<Recall> recall_;
  std::shared_ptr<Meaning> meaning_;
};

bool bears_on_work(const Fact& fact, contracts::Intent intent) {
  bool work = intent == contracts::Intent::change || intent == contracts::Intent::fix;
  return work && (fact.subject == "rule" || fact.kind == "environment");
}

Evidence piece_of(const Fact& fact, std::size_t matched) {
  Evidence piece;
  piece.source = "memory.facts";
  piece.kind = "fact";
  piece.title = fmt::format("fact {} ({}), from message {}, since {}", fact.id, fact.kind, fact.entry,
                            day_in_words(fact.valid_from_ms));
  piece.text = fact.statement;
  piece.why = matched > 0 ? "you said so" : "you said so; it holds for all work here";
  if (!fact.conflicts.empty()) piece.why += fmt::format("; contradicts fact {}", fact.conflicts.front());
  piece.trust = contracts::Trust::user;
  piece.weight = matched > 0 ? 1.0 : 0.5;
  return piece;
}

class FactsSource : public contracts::Source {
 public:
  std::string_view name() const override { return "memory.facts"; }
  contracts::Stage stage() const override { return contracts::Stage::first; }

  Result<std::vector<Evidence>> gather(contracts::Session& session, const contracts::Question& question,
                                       base::Deadline deadline) override {
    session.main.set_deadline(deadline);
    WordReader reader;
    std::vector<std::string> asked = reader.read(question.text);
    FactFilter filter{.scopes = MIRA_TRY(scopes_seen(session, "")), .as_of_ms = {}, .known_at_ms = {}};
    std::vector<std::pair<std::size_t, Evidence>> found;
    for (const Fact& fact : MIRA_TRY(facts_of(session.main, filter))) {
      if (fact.state != "confirmed") continue;
      std::vector<std::string> own = reader.read(fact.subject + " " + fact.statement);
      auto matched = static_cast<std::size_t>(std::ranges::count_if(
          own, [&](const std::string& stem) { return std::ranges::find(asked, stem) != asked.end(); }));
      if (matched > 0 || bears_on_work(fact, question.intent))
        found.emplace_back(matched, piece_of(fact, matched));
    }
    std::ranges::stable_sort(found, std::greater<>(), [](const auto& one) { return one.first; });
    std::vector<Evidence> pieces;
    for (auto& [matched, piece] : found) {
      if (pieces.size() < most_pieces) pieces.push_back(std::move(piece));
    }
    MIRA_TRY(tell(session, pieces, deadline));
    return pieces;
  }
};

}  // namespace

std::unique_ptr<contracts::Source> facts_source() {
  return std::make_unique<FactsSource>();
}

std::unique_ptr<contracts::Source> said_source(std::shared_ptr<Recall> recall,
                                               std::shared_ptr<Meaning> meaning) {
  return std::make_unique<SaidSource>(std::move(recall), std::move(meaning));
}

}  // namespace mira::memory

#include "knowledge/builds/source.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "knowledge/builds/cures.h"
#include "knowledge/builds/diagnoser.h"
#include "knowledge/builds/digest.h"
#include "knowledge/builds/recall.h"
#include "knowledge/builds/run_build.h"
#include "platform/base/text.h"

namespace mira::builds {
namespace {

using base::Result;
using contracts::Evidence;
using contracts::Intent;
using contracts::Question;
using contracts::Session;

constexpr std::int64_t errors_asked = 200;
constexpr std::size_t errors_shown = 6;
constexpr std::size_t focus_places = 5;
constexpr auto failure_words = std::to_array<std::string_view>(
    {"error", "errors", "fail", "fails", "failing", "failed", "failure", "build", "builds", "compile",
     "compiles", "test", "tests", "broken", "red", "ci", "crash", "warning"});

bool speaks_of_failure(const Question& question) {
  if (question.intent == Intent::fix || !question.errors.empty()) return true;
  return std::ranges::any_of(question.words, [](const std::string& word) {
    return std::ranges::find(failure_words, word) != failure_words.end();
  });
}

bool is_in(const std::vector<std::string>& paths, const std::string& path) {
  return std::ranges::any_of(paths, [&](const std::string& named) {
    return path == named || path.ends_with("/" + named) || named.ends_with("/" + path);
  });
}

// Why this error matters to the question; "" when it does not.
std::string why(const ErrorRow& error, const Question& question) {
  const std::string& file = error.record.file;
  if (!file.empty() && is_in(question.paths, file)) return "fails in a file that the question names";
  for (const std::string& name : question.identifiers) {
    if (name.size() > 2 && (error.record.message.find(name) != std::string::npos ||
                            error.record.symbol == name || error.record.test.find(name) != std::string::npos))
      return "fails and speaks of `" + name + "`";
  }
  if (speaks_of_failure(question)) return "fails in the last run";
  if (!file.empty() && is_in(question.changed_files, file)) return "fails in a file that is being changed";
  return {};
}

class ErrorsSource : public contracts::Source {
 public:
  std::string_view name() const override { return "builds.errors"; }
  contracts::Stage stage() const override { return contracts::Stage::first; }

  // The places that fail now are where a question about a failure should look.
  base::Status prepare(Session& session, Question& question, base::Deadline) override {
    if (!speaks_of_failure(question)) return {};
    std::set<std::string> told;
    for (const ErrorRow& error : MIRA_TRY(failing_now(session, errors_asked))) {
      const Record& record = error.record;
      if (record.file.empty() || told.size() == focus_places || !told.insert(record.file).second) continue;
      question.focus.push_back({.path = record.file,
                                .start_line = record.line,
                                .end_line = record.line,
                                .weight = 0.8,
                                .reason = "fails in the last run"});
    }
    return {};
  }

  Result<std::vector<Evidence>> gather(Session& session, const Question& question, base::Deadline) override {
    std::vector<Evidence> out;
    MIRA_TRY(add_cures_of_the_words(session, question, out));
    for (const ErrorRow& error : MIRA_TRY(failing_now(session, errors_asked))) {
      if (out.size() >= errors_shown) break;
      const std::string reason = why(error, question);
      if (reason.empty()) continue;
      out.push_back(piece_of(error, reason));
      if (auto cure = MIRA_TRY(sharp_cure(session, error.error_hash))) {
        MIRA_TRY(save_injection(session, error.last_run, error.error_id, cure->resolution_id));
        out.push_back(cure_piece(error.record, *cure));
      }
    }
    return out;
  }

 private:
  // An error pasted into the question, that was cured before.
  Result<bool> add_cures_of_the_words(Session& session, const Question& question,
                                      std::vector<Evidence>& out) const {
    std::vector<Record> pasted;
    if (question.errors.empty()) return false;
    Diagnoser diagnoser([&](Record&& record) { pasted.push_back(std::move(record)); });
    diagnoser.feed(question.text);
    (void)diagnoser.finish({});
    std::set<std::string> told;
    for (const Record& record : pasted) {
      const Fingerprint keys = fingerprint(record, project_path(session, "", record.file));
      if (!told.insert(keys.identity).second || told.size() > errors_shown) continue;
      if (auto cure = MIRA_TRY(sharp_cure(session, keys.identity))) out.push_back(cure_piece(record, *cure));
    }
    return !out.empty();
  }

  Evidence piece_of(const ErrorRow& error, const std::string& reason) const {
    Evidence piece{.source = std::string(name()), .kind = "build_error"};
    piece.title = fmt::format("{} (run {} of {})", error.record.tool, error.last_run,
                              base::display_line(error.command));
    piece.text = describe(error.record, 1);
    if (error.same_tree_green > 0) piece.text += "Flaky: the very same tree passed in another run.\n";
    piece.place = {.path = error.record.file, .start_line = error.record.line, .end_line = error.record.line};
    piece.why = reason;
    piece.trust = contracts::Trust::foreign;
    return piece;
  }

  Evidence cure_piece(const Record& record, const KnownCure& cure) const {
    Evidence piece{.source = std::string(name()), .kind = "cure"};
    piece.title = fmt::format("known cure of error #{} ({})", cure.error_id, cure.state);
    piece.text = tell_cure(record, cure);
    piece.place = {.path = cure.hunks[0].hunk.path,
                   .start_line = std::max(1, cure.hunks[0].hunk.new_start),
                   .end_line = std::max(
                       1, cure.hunks[0].hunk.new_start + std::max(0, cure.hunks[0].hunk.new_lines - 1))};
    piece.why = "cured this very error before";
    piece.trust = contracts::Trust::foreign;
    return piece;
  }
};

}  // namespace

std::unique_ptr<contracts::Source> errors_source() {
  return std::make_unique<ErrorsSource>();
}

}  // namespace mira::builds

#include "knowledge/code/semantics/source.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "knowledge/code/semantics/concept_queries.h"
#include "knowledge/code/semantics/indexer.h"
#include "knowledge/code/semantics/patterns.h"
#include "platform/base/text.h"

namespace mira::semantics {
namespace {

using contracts::Evidence;
using contracts::Question;
using contracts::Session;

constexpr std::size_t most_pieces = 6, most_files = 8;
constexpr double asked_weight = 0.9, part_weight = 0.5, concept_weight = 0.4, domain_weight = 0.3;

std::string last_name(std::string_view qualified) {
  return std::string(qualified.substr(std::min(qualified.find_last_of(".:#") + 1, qualified.size())));
}

struct Found {
  std::int64_t id = 0;
  std::string type, path, name;
  std::int64_t line = 0;
};

base::Status say_what_is_old(Session& session, std::vector<Evidence>& pieces) {
  if (pieces.empty() || MIRA_TRY(findings_are_current(session.index))) return {};
  for (Evidence& piece : pieces) piece.why += "; found before the last changes of files";
  return {};
}

class PatternsSource : public contracts::Source {
 public:
  std::string_view name() const override { return "code.patterns"; }
  contracts::Stage stage() const override { return contracts::Stage::second; }

  base::Result<std::vector<Evidence>> gather(Session& session, const Question& question,
                                             base::Deadline deadline) override {
    session.index.set_deadline(deadline);
    std::set<std::string, std::less<>> names;
    for (const std::string& one : question.identifiers) names.insert(last_name(one));
    for (std::size_t i = 0; i < question.focus.size() && i < 4; ++i)
      if (!question.focus[i].symbol.empty()) names.insert(last_name(question.focus[i].symbol));
    std::vector<Evidence> out;
    std::set<std::int64_t> told;
    for (const PatternKind& kind : pattern_kinds())
      if (is_named(question, kind))
        MIRA_TRY(add(session, found_of_type(session, kind.name), "the question names this pattern",
                     asked_weight, told, out));
    for (const std::string& one : names)
      MIRA_TRY(add(session, found_with(session, one), "`" + base::display_line(one) + "` is part of it",
                   part_weight, told, out));
    MIRA_TRY(say_what_is_old(session, out));
    return out;
  }

 private:
  // "the observer pattern", "template method" for template_method; a "state" alone is any state.
  static bool is_named(const Question& question, const PatternKind& kind) {
    if (!kind.by_default) return false;
    std::string words = " ";
    for (const std::string& word : question.words) words += word + " ";
    if (words.find(" pattern") == std::string::npos) return false;
    std::string spoken(kind.name);
    std::ranges::replace(spoken, '_', ' ');
    return words.find(" " + spoken + " ") != std::string::npos ||
           words.find(" " + spoken + "s ") != std::string::npos;
  }

  static base::Result<std::vector<Found>> found_of_type(Session& session, std::string_view type) {
    std::vector<Found> out;
    MIRA_TRY(session.index.each(
        "SELECT pattern_id, pattern_type, path, pattern_name, line FROM design_patterns WHERE pattern_type = "
        "?"
        " ORDER BY path, line LIMIT 20",
        [&](const store::Row& row) { out.push_back(found_at(row)); }, type));
    return out;
  }

  static base::Result<std::vector<Found>> found_with(Session& session, const std::string& last) {
    std::vector<Found> out;
    MIRA_TRY(session.index.each(
        "SELECT DISTINCT p.pattern_id, p.pattern_type, p.path, p.pattern_name, p.line FROM "
        "design_pattern_members m"
        " JOIN design_patterns p USING(pattern_id) WHERE m.name = ?1 OR m.name LIKE '%.' || ?1 OR m.name "
        "LIKE '%:' || ?1"
        " ORDER BY p.path, p.line LIMIT 20",
        [&](const store::Row& row) { out.push_back(found_at(row)); }, last));
    return out;
  }

  static Found found_at(const store::Row& row) {
    return {row.integer(0), std::string(row.text(1)), std::string(row.text(2)), std::string(row.text(3)),
            row.integer(4)};
  }

  static base::Status add(Session& session, base::Result<std::vector<Found>> found, const std::string& why,
                          double weight, std::set<std::int64_t>& told, std::vector<Evidence>& out) {
    if (!found) return std::unexpected(found.error());
    for (const Found& one : *found) {
      bool proven = std::ranges::any_of(
          pattern_kinds(), [&](const PatternKind& kind) { return kind.name == one.type && kind.by_default; });
      if (!proven || out.size() >= most_pieces || !told.insert(one.id).second) continue;
      Evidence piece;
      piece.source = "code.patterns";
      piece.kind = "pattern";
      std::string spoken = one.type;
      std::ranges::replace(spoken, '_', ' ');
      piece.title = fmt::format("{}: {}", spoken, base::display_line(one.name));
      MIRA_TRY(session.index.each(
          "SELECT role, path, name, line FROM design_pattern_members WHERE pattern_id = ? ORDER BY ordinal",
          [&](const store::Row& row) {
            piece.text +=
                fmt::format("{}{}: {} {}:{}", piece.text.empty() ? "" : "\n", row.text(0),
                            base::display_line(row.text(2)), base::display_line(row.text(1)), row.integer(3));
          },
          one.id));
      piece.place = {
          .path = one.path, .start_line = static_cast<int>(one.line), .end_line = static_cast<int>(one.line)};
      piece.why = why + "; seen in the structure";
      piece.weight = weight;
      out.push_back(std::move(piece));
    }
    return {};
  }
};

class PackagesSource : public contracts::Source {
 public:
  std::string_view name() const override { return "code.packages"; }
  contracts::Stage stage() const override { return contracts::Stage::first; }

  base::Result<std::vector<Evidence>> gather(Session& session, const Question& question,
                                             base::Deadline deadline) override {
    session.index.set_deadline(deadline);
    std::set<std::string, std::less<>> words;
    for (const std::string& one : question.words) words.insert(base::to_lower(one));
    for (const std::string& one : question.identifiers) words.insert(base::to_lower(one));
    std::vector<Evidence> out;
    MIRA_TRY(session.index.each(
        "SELECT name, requirement, resolved, scope, manifest, line FROM declared_dependencies WHERE scope <> "
        "'member'"
        " ORDER BY scope <> 'runtime', manifest, name",
        [&](const store::Row& row) {
          std::string spoken = base::to_lower(row.text(0));
          bool named = words.contains(spoken) || words.contains(spoken.substr(spoken.rfind('/') + 1)) ||
                       words.contains(spoken.substr(spoken.rfind(':') + 1));
          if (!named || out.size() >= most_pieces) return;
          Evidence piece;
          piece.source = "code.packages";
          piece.kind = "package";
          piece.title =
              fmt::format("package {} {}", base::display_line(row.text(0)), base::display_line(row.text(1)));
          piece.text =
              fmt::format("asked for as {} ({})",
                          row.text(1).empty() ? "any version" : base::display_line(row.text(1)), row.text(3));
          if (!row.text(2).empty())
            piece.text += fmt::format("; locked at {}", base::display_line(row.text(2)));
          piece.place = {.path = std::string(row.text(4)),
                         .start_line = static_cast<int>(row.integer(5)),
                         .end_line = static_cast<int>(row.integer(5))};
          piece.why = fmt::format("the question names `{}`", base::display_line(row.text(0)));
          piece.weight = part_weight;
          out.push_back(std::move(piece));
        }));
    MIRA_TRY(say_what_is_old(session, out));
    return out;
  }
};

// The code that is about the question's matter, where two of its words meet in a name or a documentation.
class ConceptsSource : public contracts::Source {
 public:
  std::string_view name() const override { return "code.concepts"; }
  contracts::Stage stage() const override { return contracts::Stage::second; }

  base::Result<std::vector<Evidence>> gather(Session& session, const Question& question,
                                             base::Deadline deadline) override {
    session.index.set_deadline(deadline);
    AskedConcepts asked = MIRA_TRY(asked_concepts(session.index, base::join(question.words, " ")));
    std::erase_if(asked.concepts, [](const AskedConcept& one) { return one.beside; });
    std::vector<Evidence> out;
    std::vector<AboutElement> found = MIRA_TRY(elements_about(session.index, asked));
    std::erase_if(found, [](const AboutElement& one) { return one.words.size() < 2; });
    if (found.empty()) return out;
    Evidence piece;
    piece.source = "code.concepts";
    piece.kind = "concept";
    std::set<std::string> words;
    for (std::size_t i = 0; i < found.size() && i < most_pieces; ++i) {
      const AboutElement& one = found[i];
      for (const WordEvidence& word : one.words) words.insert(word.word);
      piece.text += fmt::format("{}{} {}  {}:{}", i == 0 ? "" : "\n", one.kind, base::display_line(one.name),
                                base::display_line(one.path), one.line);
    }
    if (found.size() > most_pieces) piece.text += fmt::format("\nand {} more", found.size() - most_pieces);
    std::vector<std::string> told(words.begin(), words.end());
    piece.title = "code about " + base::display_line(base::join(told, ", "));
    piece.place = {
        .path = found.front().path, .start_line = found.front().line, .end_line = found.front().line};
    piece.why = "these words of the question meet in names and documentation";
    piece.weight = concept_weight;
    out.push_back(std::move(piece));
    MIRA_TRY(say_what_is_old(session, out));
    return out;
  }
};

// The domain that the place which matters most belongs to.
class DomainSource : public contracts::Source {
 public:
  std::string_view name() const override { return "code.domains"; }
  contracts::Stage stage() const override { return contracts::Stage::second; }

  base::Result<std::vector<Evidence>> gather(Session& session, const Question& question,
                                             base::Deadline deadline) override {
    session.index.set_deadline(deadline);
    std::vector<Evidence> out;
    if (question.focus.empty()) return out;
    const std::string& path = question.focus.front().path;
    ClusterOfFile cluster = MIRA_TRY(cluster_of(session.index, path));
    if (cluster.id == 0) return out;
    Evidence piece;
    piece.source = "code.domains";
    piece.kind = "domain";
    piece.title = fmt::format("domain {}: {} files", base::display_line(cluster.name), cluster.files);
    MIRA_TRY(session.index.each(
        "SELECT path FROM domain_cluster_members WHERE cluster_id = ? ORDER BY path LIMIT ?",
        [&](const store::Row& row) {
          piece.text += (piece.text.empty() ? "" : "\n") + base::display_line(row.text(0));
        },
        cluster.id, static_cast<std::int64_t>(most_files)));
    if (cluster.files > static_cast<std::int64_t>(most_files))
      piece.text += fmt::format("\nand {} more", cluster.files - static_cast<std::int64_t>(most_files));
    piece.place = {.path = path};
    piece.why = fmt::format("{} belongs to it by calls, imports, folder and words", base::display_line(path));
    piece.weight = domain_weight;
    out.push_back(std::move(piece));
    MIRA_TRY(say_what_is_old(session, out));
    return out;
  }
};

}  // namespace

std::vector<std::unique_ptr<contracts::Source>> sources() {
  std::vector<std::unique_ptr<contracts::Source>> out;
  out.push_back(std::make_unique<PatternsSource>());
  out.push_back(std::make_unique<PackagesSource>());
  out.push_back(std::make_unique<ConceptsSource>());
  out.push_back(std::make_unique<DomainSource>());
  return out;
}

}  // namespace mira::semantics

#include "knowledge/code/semantics/indexer.h"

#include <fmt/format.h>

#include <array>

#include "contracts/on_demand.h"
#include "knowledge/code/semantics/concept_store.h"
#include "knowledge/code/semantics/duplication.h"
#include "knowledge/code/semantics/semantic_store.h"
#include "platform/base/hash.h"

namespace mira::semantics {
namespace {

using contracts::Session;
using contracts::UpdateReport;

constexpr int rules_version = 3;

// Of everything the rows are made from. Equal contents resolve to equal calls, so files are enough.
base::Result<std::string> digest_of(store::Connection& index) {
  std::string text = fmt::format("rules {}\n", rules_version);
  MIRA_TRY(index.each("SELECT path, content_hash, parse_state FROM repository_files ORDER BY path",
                      [&](const store::Row& row) {
                        text += fmt::format("{}\t{}\t{}\n", row.text(0), row.text(1), row.text(2));
                      }));
  return base::content_hash(text);
}

class SemanticIndexer : public contracts::Indexer, public contracts::OnDemand {
 public:
  std::string_view name() const override { return "semantics"; }
  std::span<const std::string_view> wanted_by() const override {
    static constexpr std::array<std::string_view, 6> actions{"patterns", "quality", "dependencies",
                                                             "concepts", "related", "clusters"};
    return actions;
  }

  base::Result<bool> is_stale(Session& session, base::Deadline) override {
    return !MIRA_TRY(findings_are_current(session.index));
  }

  base::Result<UpdateReport> update(Session& session, base::Progress& progress,
                                    base::Deadline deadline) override {
    UpdateReport report{.unit = "findings"};
    std::string digest = MIRA_TRY(digest_of(session.index));
    auto known = MIRA_TRY(session.index.text("SELECT digest FROM semantic_state"));
    if (known && *known == digest) return report;
    progress.update("looking for patterns", 0, 0, "");
    std::vector<Hit> hits;
    {
      TypeModel model = MIRA_TRY(TypeModel::load(session.index));
      hits = find_patterns(model);
    }
    MIRA_TRY(check(deadline));
    std::vector<Issue> repeated = MIRA_TRY(find_duplicates(session, deadline));
    std::vector<Issue> issues = MIRA_TRY(find_issues(session.index, std::move(repeated)));
    std::vector<DeclaredRow> declared = MIRA_TRY(read_declared(session, deadline));
    MIRA_TRY(check(deadline));
    progress.update("looking for concepts", 0, 0, "");
    ConceptIndex concepts = MIRA_TRY(find_concepts(session.index));
    std::vector<Cluster> clusters = MIRA_TRY(find_clusters(session.index, concepts));
    base::Status stored = session.index.transaction([&]() -> base::Status {
      MIRA_TRY(store_patterns(session.index, hits, report));
      MIRA_TRY(store_issues(session.index, issues, session.clock.now_ms(), report));
      MIRA_TRY(store_declared(session.index, declared, report));
      MIRA_TRY(store_concepts(session.index, concepts, report));
      MIRA_TRY(store_clusters(session.index, clusters, report));
      return session.index.run("INSERT OR REPLACE INTO semantic_state(state_id, digest) VALUES (1, ?)",
                               digest);
    });
    if (!stored) return std::unexpected(stored.error());
    return report;
  }

 private:
  static base::Status check(base::Deadline deadline) {
    if (!deadline.expired()) return {};
    return base::fail(base::ErrorCode::timeout, "patterns and issues were not looked for to the end",
                      "run `mira index`");
  }
};

}  // namespace

base::Result<bool> findings_are_current(store::Connection& index) {
  auto known = MIRA_TRY(index.text("SELECT digest FROM semantic_state"));
  return known && *known == MIRA_TRY(digest_of(index));
}

std::unique_ptr<contracts::Indexer> make_indexer() {
  return std::make_unique<SemanticIndexer>();
}

}  // namespace mira::semantics

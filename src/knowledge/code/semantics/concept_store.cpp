#include "knowledge/code/semantics/concept_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

#include "platform/base/text.h"

namespace mira::semantics {
namespace {

using contracts::UpdateReport;

constexpr double least_overlap = 0.5;  // members shared, of both together, for a cluster to stay the same one

struct StoredConcept {
  std::int64_t id = 0;
  std::string name;
  std::int64_t elements = 0, files = 0;
  bool kept = false;
};

// Row by row beside the stored ones, both in order: inserts, changes and deletes what differs.
class RowMerger {
 public:
  RowMerger(store::Connection& index, std::vector<ConceptRow> stored, std::vector<ConceptRow> wanted)
      : index_(index), stored_(std::move(stored)), wanted_(std::move(wanted)) {
    std::ranges::sort(stored_);
    std::ranges::sort(wanted_);
  }

  // `place` of both is the concept's id.
  base::Status run() {
    std::size_t old = 0;
    for (const ConceptRow& row : wanted_) {
      while (old < stored_.size() && is_before(stored_[old], row)) MIRA_TRY(remove(stored_[old++]));
      if (old < stored_.size() && !is_before(row, stored_[old])) {
        if (stored_[old++] == row) continue;
      }
      MIRA_TRY(
          index_.run("INSERT OR REPLACE INTO concept_index(concept_id, element_id, strength, fields)"
                     " VALUES (?, ?, ?, ?)",
                     row.place, row.element_id, row.strength, row.fields));
    }
    while (old < stored_.size()) MIRA_TRY(remove(stored_[old++]));
    return {};
  }

 private:
  static bool is_before(const ConceptRow& a, const ConceptRow& b) {
    return a.place != b.place ? a.place < b.place : a.element_id < b.element_id;
  }
  base::Status remove(const ConceptRow& row) {
    return index_.run("DELETE FROM concept_index WHERE concept_id = ? AND element_id = ?", row.place,
                      row.element_id);
  }

  store::Connection& index_;
  std::vector<ConceptRow> stored_, wanted_;
};

base::Result<std::vector<ConceptRow>> stored_rows(store::Connection& index) {
  std::vector<ConceptRow> out;
  MIRA_TRY(index.each(
      "SELECT concept_id, element_id, strength, fields FROM concept_index", [&](const store::Row& row) {
        out.push_back({static_cast<std::int32_t>(row.integer(0)), row.integer(1),
                       static_cast<std::int32_t>(row.integer(2)), static_cast<std::int32_t>(row.integer(3))});
      }));
  return out;
}

base::Result<std::int64_t> store_concept(store::Connection& index, const FoundConcept& one,
                                         std::map<std::string, StoredConcept, std::less<>>& stored,
                                         UpdateReport& report) {
  auto old = stored.find(one.stem);
  if (old == stored.end()) {
    ++report.added;
    MIRA_TRY(index.run("INSERT INTO concepts(stem, name, elements, files) VALUES (?, ?, ?, ?)", one.stem,
                       one.name, one.elements, one.files));
    return index.last_insert_id();
  }
  StoredConcept& known = old->second;
  known.kept = true;
  if (known.name == one.name && known.elements == one.elements && known.files == one.files) {
    ++report.unchanged;
    return known.id;
  }
  ++report.changed;
  MIRA_TRY(index.run("UPDATE concepts SET name = ?, elements = ?, files = ? WHERE concept_id = ?", one.name,
                     one.elements, one.files, known.id));
  return known.id;
}

struct StoredCluster {
  std::int64_t id = 0;
  std::string content;
  std::vector<std::string> paths;  // sorted
  bool taken = false;
};

std::string content_of(const Cluster& one) {
  return fmt::format("{}\n{}\n{} {} {}", one.name, base::join(one.words, " "), one.calls, one.imports,
                     one.cohesion);
}

base::Result<std::vector<StoredCluster>> stored_clusters(store::Connection& index) {
  std::vector<StoredCluster> out;
  std::unordered_map<std::int64_t, std::size_t> by_id;
  MIRA_TRY(index.each(
      "SELECT cluster_id, name, words, calls, imports, cohesion FROM domain_clusters ORDER BY cluster_id",
      [&](const store::Row& row) {
        by_id[row.integer(0)] = out.size();
        out.push_back({row.integer(0), fmt::format("{}\n{}\n{} {} {}", row.text(1), row.text(2),
                                                   row.integer(3), row.integer(4), row.integer(5))});
      }));
  MIRA_TRY(index.each("SELECT cluster_id, path FROM domain_cluster_members ORDER BY path",
                      [&](const store::Row& row) {
                        if (auto at = by_id.find(row.integer(0)); at != by_id.end())
                          out[at->second].paths.emplace_back(row.text(1));
                      }));
  return out;
}

double overlap(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  std::vector<std::string_view> shared;
  std::ranges::set_intersection(a, b, std::back_inserter(shared));
  std::size_t all = a.size() + b.size() - shared.size();
  return all == 0 ? 0 : static_cast<double>(shared.size()) / static_cast<double>(all);
}

StoredCluster* same_cluster(const Cluster& one, std::vector<StoredCluster>& stored) {
  StoredCluster* best = nullptr;
  double best_overlap = 0;
  for (StoredCluster& old : stored) {
    if (old.taken) continue;
    double shared = overlap(one.paths, old.paths);
    if (shared < least_overlap || shared <= best_overlap) continue;
    best = &old;
    best_overlap = shared;
  }
  if (best != nullptr) best->taken = true;
  return best;
}

}  // namespace

base::Status store_concepts(store::Connection& index, const ConceptIndex& found, UpdateReport& report) {
  std::map<std::string, StoredConcept, std::less<>> stored;
  MIRA_TRY(
      index.each("SELECT concept_id, stem, name, elements, files FROM concepts", [&](const store::Row& row) {
        stored[std::string(row.text(1))] = {row.integer(0), std::string(row.text(2)), row.integer(3),
                                            row.integer(4)};
      }));
  std::vector<ConceptRow> wanted = found.rows;
  std::vector<std::int32_t> id_of;
  id_of.reserve(found.concepts.size());
  for (const FoundConcept& one : found.concepts)
    id_of.push_back(static_cast<std::int32_t>(MIRA_TRY(store_concept(index, one, stored, report))));
  for (ConceptRow& row : wanted) row.place = id_of[static_cast<std::size_t>(row.place)];
  std::vector<ConceptRow> rows = MIRA_TRY(stored_rows(index));
  MIRA_TRY(RowMerger(index, std::move(rows), std::move(wanted)).run());
  for (const auto& [stem, old] : stored) {
    if (old.kept) continue;
    ++report.removed;
    MIRA_TRY(index.run("DELETE FROM concepts WHERE concept_id = ?", old.id));
  }
  return {};
}

base::Status store_clusters(store::Connection& index, const std::vector<Cluster>& clusters,
                            UpdateReport& report) {
  std::vector<StoredCluster> stored = MIRA_TRY(stored_clusters(index));
  std::vector<StoredCluster*> old_of;
  old_of.reserve(clusters.size());
  for (const Cluster& one : clusters) old_of.push_back(same_cluster(one, stored));
  for (const StoredCluster& old : stored) {
    if (old.taken) continue;
    ++report.removed;
    MIRA_TRY(index.run("DELETE FROM domain_cluster_members WHERE cluster_id = ?", old.id));
    MIRA_TRY(index.run("DELETE FROM domain_clusters WHERE cluster_id = ?", old.id));
  }
  for (std::size_t i = 0; i < clusters.size(); ++i) {
    const Cluster& one = clusters[i];
    StoredCluster* old = old_of[i];
    if (old != nullptr && old->content == content_of(one) && old->paths == one.paths) {
      ++report.unchanged;
      continue;
    }
    ++(old == nullptr ? report.added : report.changed);
    std::string words = base::join(one.words, " ");
    if (old == nullptr)
      MIRA_TRY(index.run(
          "INSERT INTO domain_clusters(name, words, calls, imports, cohesion) VALUES (?, ?, ?, ?, ?)",
          one.name, words, one.calls, one.imports, one.cohesion));
    else
      MIRA_TRY(
          index.run("UPDATE domain_clusters SET name = ?, words = ?, calls = ?, imports = ?, cohesion = ?"
                    " WHERE cluster_id = ?",
                    one.name, words, one.calls, one.imports, one.cohesion, old->id));
    std::int64_t id = old == nullptr ? index.last_insert_id() : old->id;
    MIRA_TRY(index.run("DELETE FROM domain_cluster_members WHERE cluster_id = ?", id));
    for (const std::string& path : one.paths)
      MIRA_TRY(index.run("INSERT OR REPLACE INTO domain_cluster_members(path, cluster_id) VALUES (?, ?)",
                         path, id));
  }
  return {};
}

}  // namespace mira::semantics

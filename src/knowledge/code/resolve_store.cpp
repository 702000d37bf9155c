// Which files wait for resolution, and where its results go.
#include <fmt/format.h>

#include <unordered_map>

#include "knowledge/code/resolve.h"

namespace mira::code {
namespace {

constexpr std::size_t chunk_files = 256;

// element_id by position in a file's facts, file by file as they are needed.
class ElementIds {
 public:
  explicit ElementIds(store::Connection& index) : index_(index) {}

  base::Result<std::optional<std::int64_t>> id(std::int64_t file_id, std::int32_t symbol) {
    if (symbol == no_symbol) return std::optional<std::int64_t>();
    auto at = files_.find(file_id);
    if (at == files_.end()) {
      std::vector<std::int64_t> ids;
      MIRA_TRY(index_.each(
          "SELECT symbol_index, element_id FROM code_elements WHERE file_id = ?",
          [&](const store::Row& row) {
            auto position = static_cast<std::size_t>(row.integer(0));
            if (ids.size() <= position) ids.resize(position + 1, 0);
            ids[position] = row.integer(1);
          },
          file_id));
      at = files_.emplace(file_id, std::move(ids)).first;
    }
    auto position = static_cast<std::size_t>(symbol);
    if (position >= at->second.size()) return std::optional<std::int64_t>();
    return std::optional<std::int64_t>(at->second[position]);
  }

 private:
  store::Connection& index_;
  std::unordered_map<std::int64_t, std::vector<std::int64_t>> files_;
};

base::Status store_edges(store::Connection& index, ElementIds& ids, std::int64_t file_id,
                         const std::vector<CallEdge>& edges) {
  MIRA_TRY(index.run("DELETE FROM call_graph WHERE file_id = ?", file_id));
  for (const CallEdge& edge : edges) {
    auto caller = MIRA_TRY(ids.id(file_id, edge.caller));
    std::optional<std::int64_t> callee;
    if (edge.callee) callee = MIRA_TRY(ids.id(edge.callee.file->id, edge.callee.index));
    std::optional<std::string_view> open_name;
    if (edge.tier == "unresolved") open_name = edge.open_name;
    MIRA_TRY(
        index.run("INSERT INTO call_graph(file_id, caller_id, callee_id, callee_name, external, line, tier, "
                  "rule, candidates,"
                  " open_name) VALUES (?,?,?,?,?,?,?,?,?,?)",
                  file_id, caller, callee, edge.callee_name, edge.external, edge.line, edge.tier, edge.rule,
                  edge.candidates, open_name));
  }
  return {};
}

base::Status store_dependencies(store::Connection& index, std::int64_t file_id,
                                const std::vector<Dependency>& dependencies) {
  MIRA_TRY(index.run("DELETE FROM external_dependencies WHERE file_id = ?", file_id));
  MIRA_TRY(index.run("DELETE FROM passed_on WHERE file_id = ?", file_id));
  for (const Dependency& one : dependencies) {
    MIRA_TRY(
        index.run("INSERT INTO external_dependencies(file_id, name, kind, items, line, target_path) VALUES "
                  "(?,?,?,?,?,?)",
                  file_id, one.name, one.kind, one.items, one.line, one.target_path));
    for (const std::string& name : one.passed_on)
      MIRA_TRY(index.run("INSERT OR IGNORE INTO passed_on(name, file_id, line) VALUES (?,?,?)", name, file_id,
                         one.line));
  }
  return {};
}

base::Status resolve_one(store::Connection& index, World& world, ElementIds& ids, std::int64_t file_id) {
  std::unique_ptr<SourceFile> file = MIRA_TRY(world.whole(file_id));
  Resolution resolution = resolve_file(world, *file);
  MIRA_TRY(base::Status(world.failure()));
  MIRA_TRY(store_edges(index, ids, file_id, resolution.edges));
  MIRA_TRY(store_dependencies(index, file_id, resolution.dependencies));
  std::string_view bytes(reinterpret_cast<const char*>(resolution.reads.data()),
                         resolution.reads.size() * sizeof(std::uint32_t));
  MIRA_TRY(index.run("INSERT OR REPLACE INTO resolution_reads(file_id, keys) VALUES (?,?)", file_id,
                     store::Blob{bytes}));
  return index.run("UPDATE repository_files SET resolved = 1 WHERE file_id = ?", file_id);
}

}  // namespace

base::Status resolve_pending(store::Connection& index, base::Progress& progress, base::Deadline deadline) {
  std::vector<std::int64_t> pending;
  MIRA_TRY(index.each("SELECT file_id FROM repository_files WHERE resolved = 0 ORDER BY file_id",
                      [&](const store::Row& row) { pending.push_back(row.integer(0)); }));
  if (pending.empty()) return {};
  std::unique_ptr<World> world = MIRA_TRY(World::load(index));
  ElementIds ids(index);
  for (std::size_t at = 0; at < pending.size();) {
    if (deadline.expired())
      return base::fail(base::ErrorCode::timeout,
                        fmt::format("the calls of {} files are still to be resolved", pending.size() - at),
                        "run `mira index`, it goes on from here");
    std::size_t end = std::min(pending.size(), at + chunk_files);
    base::Status resolved = index.transaction([&]() -> base::Status {
      for (; at < end; ++at) MIRA_TRY(resolve_one(index, *world, ids, pending[at]));
      return {};
    });
    if (!resolved) return resolved;
    progress.update("resolving calls", static_cast<std::int64_t>(at),
                    static_cast<std::int64_t>(pending.size()), "files");
  }
  return {};
}

}  // namespace mira::code

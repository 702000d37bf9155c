#include "knowledge/code/semantics/semantic_store.h"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>

#include "platform/base/text.h"

namespace mira::semantics {
namespace {

using contracts::UpdateReport;
using Json = nlohmann::json;

struct Stored {
  std::int64_t id = 0;
  std::string content;  // all columns but the key, as one text
  bool kept = false;
};
using StoredRows = std::map<std::string, Stored, std::less<>>;

std::string evidence_json(const Hit& hit) {
  Json out = Json::array();
  for (const Witness& one : hit.evidence)
    out.push_back(
        {{"path", base::display_line(one.path)}, {"line", one.line}, {"says", base::repair_utf8(one.says)}});
  return out.dump();
}

std::string content_of(const Hit& hit) {
  std::string out = fmt::format("{}\n{}", hit.line, evidence_json(hit));
  for (const Member& one : hit.members)
    out += fmt::format("\n{}\t{}\t{}\t{}", one.role, one.path, one.name, one.line);
  return out;
}

base::Result<StoredRows> stored_patterns(store::Connection& index) {
  StoredRows out;
  std::map<std::int64_t, Stored*> by_id;
  MIRA_TRY(index.each(
      "SELECT pattern_id, pattern_type, path, pattern_name, ordinal, line, evidence FROM design_patterns",
      [&](const store::Row& row) {
        std::string key =
            fmt::format("{}\t{}\t{}\t{}", row.text(1), row.text(2), row.text(3), row.integer(4));
        Stored& one = out[key];
        one = {row.integer(0), fmt::format("{}\n{}", row.integer(5), row.text(6))};
        by_id[one.id] = &one;
      }));
  MIRA_TRY(index.each(
      "SELECT pattern_id, role, path, name, line FROM design_pattern_members ORDER BY pattern_id, ordinal",
      [&](const store::Row& row) {
        if (auto at = by_id.find(row.integer(0)); at != by_id.end())
          at->second->content +=
              fmt::format("\n{}\t{}\t{}\t{}", row.text(1), row.text(2), row.text(3), row.integer(4));
      }));
  return out;
}

base::Status drop_pattern(store::Connection& index, std::int64_t id) {
  MIRA_TRY(index.run("DELETE FROM design_pattern_members WHERE pattern_id = ?", id));
  return index.run("DELETE FROM design_patterns WHERE pattern_id = ?", id);
}

base::Status insert_pattern(store::Connection& index, const Hit& hit, int ordinal) {
  MIRA_TRY(
      index.run("INSERT INTO design_patterns(pattern_type, path, pattern_name, ordinal, line, evidence) "
                "VALUES (?,?,?,?,?,?)",
                hit.pattern, hit.path, hit.name, ordinal, hit.line, evidence_json(hit)));
  std::int64_t id = index.last_insert_id();
  for (std::size_t i = 0; i < hit.members.size(); ++i) {
    const Member& one = hit.members[i];
    MIRA_TRY(
        index.run("INSERT INTO design_pattern_members(pattern_id, ordinal, role, path, name, line) VALUES "
                  "(?,?,?,?,?,?)",
                  id, static_cast<std::int64_t>(i), one.role, one.path, one.name, one.line));
  }
  return {};
}

std::string content_of(const Issue& one) {
  return fmt::format("{}\t{}\t{}\t{}\t{}\t{}", one.severity, one.measure, one.message, one.start_line,
                     one.end_line, one.fix);
}

}  // namespace

base::Status store_patterns(store::Connection& index, const std::vector<Hit>& hits, UpdateReport& report) {
  StoredRows stored = MIRA_TRY(stored_patterns(index));
  std::map<std::string, int> ordinals;
  for (const Hit& hit : hits) {
    std::string name = fmt::format("{}\t{}\t{}", hit.pattern, hit.path, hit.name);
    int ordinal = ordinals[name]++;
    auto old = stored.find(fmt::format("{}\t{}", name, ordinal));
    if (old != stored.end()) {
      old->second.kept = true;
      if (old->second.content == content_of(hit)) {
        ++report.unchanged;
        continue;
      }
      MIRA_TRY(drop_pattern(index, old->second.id));
    }
    ++(old == stored.end() ? report.added : report.changed);
    MIRA_TRY(insert_pattern(index, hit, ordinal));
  }
  for (const auto& [key, old] : stored) {
    if (old.kept) continue;
    MIRA_TRY(drop_pattern(index, old.id));
    ++report.removed;
  }
  return {};
}

base::Status store_issues(store::Connection& index, const std::vector<Issue>& issues, std::int64_t now_ms,
                          UpdateReport& report) {
  StoredRows stored;
  MIRA_TRY(index.each(
      "SELECT issue_id, path, element, issue_type, severity, measure, message, start_line, end_line, "
      "suggested_fix,"
      " resolved_ms IS NULL FROM code_quality_issues",
      [&](const store::Row& row) {
        std::string content = fmt::format("{}\t{}\t{}\t{}\t{}\t{}", row.text(4), row.integer(5), row.text(6),
                                          row.integer(7), row.integer(8), row.text(9));
        if (row.integer(10) == 0) content = "resolved";
        stored[fmt::format("{}\t{}\t{}", row.text(1), row.text(2), row.text(3))] = {row.integer(0),
                                                                                    std::move(content)};
      }));
  for (const Issue& one : issues) {
    auto old = stored.find(fmt::format("{}\t{}\t{}", one.path, one.element, one.type));
    if (old != stored.end()) {
      old->second.kept = true;
      if (old->second.content == content_of(one)) {
        ++report.unchanged;
        continue;
      }
    }
    ++(old == stored.end() ? report.added : report.changed);
    MIRA_TRY(index.run(
        "INSERT INTO code_quality_issues(path, element, issue_type, severity, measure, message, start_line, "
        "end_line,"
        " suggested_fix) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9) ON CONFLICT(path, element, issue_type) DO "
        "UPDATE SET"
        " severity = ?4, measure = ?5, message = ?6, start_line = ?7, end_line = ?8, suggested_fix = ?9,"
        " resolved_ms = NULL",
        one.path, one.element, one.type, one.severity, one.measure, one.message, one.start_line, one.end_line,
        one.fix));
  }
  for (const auto& [key, old] : stored) {
    if (old.kept || old.content == "resolved") continue;
    MIRA_TRY(index.run("UPDATE code_quality_issues SET resolved_ms = ? WHERE issue_id = ?", now_ms, old.id));
    ++report.removed;
  }
  return index.run("DELETE FROM code_quality_issues WHERE path NOT IN (SELECT path FROM repository_files)");
}

base::Status store_declared(store::Connection& index, const std::vector<DeclaredRow>& rows,
                            UpdateReport& report) {
  StoredRows stored;
  MIRA_TRY(
      index.each("SELECT declared_id, manifest, name, scope, ecosystem, requirement, resolved, line FROM "
                 "declared_dependencies",
                 [&](const store::Row& row) {
                   stored[fmt::format("{}\t{}\t{}", row.text(1), row.text(2), row.text(3))] = {
                       row.integer(0),
                       fmt::format("{}\t{}\t{}\t{}", row.text(4), row.text(5), row.text(6), row.integer(7))};
                 }));
  for (const DeclaredRow& row : rows) {
    const Declared& one = row.declared;
    auto old = stored.find(fmt::format("{}\t{}\t{}", row.manifest, one.name, one.scope));
    std::string content =
        fmt::format("{}\t{}\t{}\t{}", one.ecosystem, one.requirement, row.resolved, one.line);
    if (old != stored.end()) {
      old->second.kept = true;
      if (old->second.content == content) {
        ++report.unchanged;
        continue;
      }
    }
    ++(old == stored.end() ? report.added : report.changed);
    MIRA_TRY(
        index.run("INSERT INTO declared_dependencies(manifest, ecosystem, name, requirement, scope, "
                  "resolved, line) VALUES"
                  " (?1,?2,?3,?4,?5,?6,?7) ON CONFLICT(manifest, name, scope) DO UPDATE SET ecosystem = ?2, "
                  "requirement = ?4,"
                  " resolved = ?6, line = ?7",
                  row.manifest, one.ecosystem, one.name, one.requirement, one.scope, row.resolved, one.line));
  }
  for (const auto& [key, old] : stored) {
    if (old.kept) continue;
    MIRA_TRY(index.run("DELETE FROM declared_dependencies WHERE declared_id = ?", old.id));
    ++report.removed;
  }
  return {};
}

}  // namespace mira::semantics

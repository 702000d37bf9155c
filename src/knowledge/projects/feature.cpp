#include "knowledge/projects/feature.h"

#include <fmt/format.h>

#include "knowledge/projects/guideline_source.h"
#include "knowledge/projects/indexer.h"
#include "platform/base/text.h"

namespace mira::projects {

store::Schema schema();

namespace {

using base::Result;
using contracts::Finding;
using contracts::Health;
using contracts::Json;
using contracts::Session;
using store::Row;

Result<Json> facts(Session& session) {
  Json out = Json::object();
  MIRA_TRY(session.main.each(
      "SELECT u.username, p.name, p.root_path, p.created_ms, p.last_accessed_ms FROM projects p"
      " JOIN users u USING (user_id) WHERE p.project_id = ?",
      [&](const Row& row) {
        out["user"] = row.text(0);
        out["name"] = row.text(1);
        out["root"] = base::display_line(row.blob(2));
        out["known_since_ms"] = row.integer(3);
        out["last_accessed_ms"] = row.integer(4);
      },
      session.project.id));
  out["projects_known"] = MIRA_TRY(session.main.integer("SELECT count(*) FROM projects")).value_or(0);
  out["guideline_files"] =
      MIRA_TRY(session.index.integer("SELECT count(*) FROM project_guidelines")).value_or(0);
  out["guideline_sections"] =
      MIRA_TRY(session.index.integer("SELECT count(*) FROM guideline_sections")).value_or(0);
  return out;
}

struct Broken {
  std::string file, written, state;
  std::int64_t line = 0;
};

std::string explain(const Broken& import) {
  std::string head = fmt::format("{}:{} imports {}", base::display_line(import.file), import.line,
                                 base::display_line(import.written));
  if (import.state == "missing") return head + ", and there is no such readable file";
  if (import.state == "outside") return head + ", which is outside the project and is not read";
  if (import.state == "too_deep") return head + ", which is more than five imports deep and is not read";
  return head + ", which is refused: it looks like a file of secrets, or there are too many guidelines";
}

std::vector<Finding> check_imports(Session& session) {
  std::vector<Finding> findings;
  auto read = session.index.each(
      "SELECT g.path, i.written, i.state, i.line FROM guideline_imports i JOIN project_guidelines g USING "
      "(guideline_id)"
      " WHERE i.state <> 'imported' ORDER BY g.path, i.line LIMIT 20",
      [&](const Row& row) {
        Broken import{std::string(row.text(0)), std::string(row.text(1)), std::string(row.text(2)),
                      row.integer(3)};
        findings.push_back({Health::warning, "guidelines", explain(import),
                            "correct the import, or copy what it should say into the project"});
      });
  if (!read) findings.push_back({Health::fault, "guidelines", read.error().message, read.error().hint});
  return findings;
}

}  // namespace

contracts::Feature feature() {
  contracts::Feature out;
  out.name = "projects";
  out.schema = schema();
  out.indexer = std::make_unique<ProjectIndexer>();
  out.sources.push_back(guideline_source());
  out.checks.emplace_back(check_imports);
  out.facts = facts;
  return out;
}

}  // namespace mira::projects

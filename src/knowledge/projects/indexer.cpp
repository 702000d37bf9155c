#include "knowledge/projects/indexer.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "knowledge/projects/collect.h"
#include "platform/base/text.h"
#include "platform/workspace/read_file.h"

namespace mira::projects {
namespace {

using base::Deadline;
using base::Result;
using base::Status;
using contracts::Session;
using contracts::UpdateReport;
using store::Connection;
using store::Row;
using workspace::FileStamp;

struct Known {
  std::int64_t id = 0;
  std::string folder, imported_by, content_hash;
  FileStamp stamp;
};

Result<std::map<std::string, Known>> known_guidelines(Connection& index) {
  std::map<std::string, Known> out;
  MIRA_TRY(index.each(
      "SELECT guideline_id, path, folder, imported_by, content_hash, size, mtime_ns, ctime_ns, inode"
      " FROM project_guidelines",
      [&](const Row& row) {
        Known known{
            row.integer(0), std::string(row.text(2)), std::string(row.text(3)), std::string(row.text(4)), {}};
        known.stamp = {row.integer(5), row.integer(6), row.integer(7),
                       static_cast<std::uint64_t>(row.integer(8))};
        out.emplace(row.text(1), std::move(known));
      }));
  return out;
}

// The stamp of a file now; nullopt when it is gone or may not be read.
std::optional<FileStamp> stamp_now(const Session& session, const std::string& path) {
  auto at = std::ranges::lower_bound(session.tree.files, path, {}, &workspace::File::path);
  if (at != session.tree.files.end() && at->path == path && !at->symlink) return at->stamp;
  auto file = workspace::read_file(session.project.root, path, guideline_bytes);  // ignored by the walk
  return file ? std::optional(file->stamp) : std::nullopt;
}

bool row_is_current(const std::optional<std::int64_t>& last_accessed_ms, std::int64_t now_ms) {
  return last_accessed_ms && now_ms - *last_accessed_ms < accessed_step_ms;
}

Result<bool> project_row_is_current(Session& session) {
  auto accessed = MIRA_TRY(
      session.main.integer("SELECT last_accessed_ms FROM projects WHERE project_id = ?", session.project.id));
  return row_is_current(accessed, session.clock.now_ms());
}

// True when a guideline of the tree is not known, or a known one is no longer what it was.
Result<bool> guidelines_changed(Session& session) {
  std::map<std::string, Known> known = MIRA_TRY(known_guidelines(session.index));
  std::string folder;
  for (const workspace::File& file : session.tree.files) {
    if (file.symlink || !guideline_folder(file.path, folder)) continue;
    if (!known.contains(file.path) && known.size() < guideline_files) return true;
  }
  for (const auto& [path, guideline] : known)
    if (stamp_now(session, path) != guideline.stamp) return true;
  return false;
}

// True when an import that led nowhere has a file now.
Result<bool> missing_import_appeared(Session& session) {
  std::vector<std::string> missing;
  MIRA_TRY(session.index.each("SELECT DISTINCT target_path FROM guideline_imports WHERE state = 'missing'",
                              [&](const Row& row) { missing.emplace_back(row.text(0)); }));
  return std::ranges::any_of(missing,
                             [&](const std::string& path) { return stamp_now(session, path).has_value(); });
}

Status write_project(Session& session, Deadline deadline) {
  const std::int64_t now_ms = session.clock.now_ms();
  const workspace::Project& project = session.project;
  std::string name = base::display_line(project.root.filename().native());
  std::string root = project.root.native(), id = project.id;
  return session.main_writer.submit(
      [=](Connection& main) -> Status {
        MIRA_TRY(main.run(
            "INSERT INTO users(username, created_ms) VALUES ('local', ?) ON CONFLICT (username) DO NOTHING",
            now_ms));
        return main.run(
            "INSERT INTO projects(project_id, user_id, name, root_path, created_ms, last_accessed_ms)"
            " SELECT ?1, user_id, ?2, ?3, ?4, ?4 FROM users WHERE username = 'local'"
            " ON CONFLICT (project_id) DO UPDATE SET last_accessed_ms = excluded.last_accessed_ms",
            id, name, store::Blob{root}, now_ms);
      },
      deadline);
}

Status insert_parts(Connection& index, std::int64_t id, const Guideline& guideline) {
  for (const Section& section : guideline.sections) {
    MIRA_TRY(
        index.run("INSERT INTO guideline_sections(guideline_id, heading, start_line, end_line, text) VALUES "
                  "(?, ?, ?, ?, ?)",
                  id, section.heading, section.start_line, section.end_line, section.text));
  }
  for (const FollowedImport& import : guideline.imports) {
    MIRA_TRY(index.run(
        "INSERT INTO guideline_imports(guideline_id, line, written, target_path, state) VALUES (?, ?, ?, ?, "
        "?)"
        " ON CONFLICT DO NOTHING",
        id, import.import.line, import.import.written, import.target, import_state_name(import.state)));
  }
  return {};
}

Status insert_guideline(Connection& index, const Guideline& guideline) {
  const FileStamp& stamp = guideline.stamp;
  MIRA_TRY(
      index.run("INSERT INTO project_guidelines(path, folder, imported_by, content_hash, size, mtime_ns, "
                "ctime_ns, inode)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                guideline.path, guideline.folder, guideline.imported_by, guideline.content_hash, stamp.size,
                stamp.mtime_ns, stamp.ctime_ns, static_cast<std::int64_t>(stamp.inode)));
  return insert_parts(index, index.last_insert_id(), guideline);
}

// Same bytes and place: only the stamp and what the imports lead to may have moved.
Status refresh_guideline(Connection& index, std::int64_t id, const Guideline& guideline) {
  const FileStamp& stamp = guideline.stamp;
  MIRA_TRY(
      index.run("UPDATE project_guidelines SET imported_by = ?, size = ?, mtime_ns = ?, ctime_ns = ?, inode "
                "= ? WHERE guideline_id = ?",
                guideline.imported_by, stamp.size, stamp.mtime_ns, stamp.ctime_ns,
                static_cast<std::int64_t>(stamp.inode), id));
  for (const FollowedImport& import : guideline.imports) {
    MIRA_TRY(
        index.run("UPDATE guideline_imports SET state = ?1 WHERE guideline_id = ?2 AND line = ?3 AND written "
                  "= ?4 AND state <> ?1",
                  import_state_name(import.state), id, import.import.line, import.import.written));
  }
  return {};
}

Status forget(Connection& index, std::int64_t id) {
  MIRA_TRY(index.run("DELETE FROM guideline_sections WHERE guideline_id = ?", id));
  MIRA_TRY(index.run("DELETE FROM guideline_imports WHERE guideline_id = ?", id));
  return index.run("DELETE FROM project_guidelines WHERE guideline_id = ?", id);
}

Status store_guidelines(Connection& index, const Collected& collected, UpdateReport& report) {
  std::map<std::string, Known> known = MIRA_TRY(known_guidelines(index));
  for (const Guideline& guideline : collected.guidelines) {
    auto at = known.find(guideline.path);
    if (at == known.end()) {
      MIRA_TRY(insert_guideline(index, guideline));
      ++report.added;
      continue;
    }
    bool same = at->second.content_hash == guideline.content_hash && at->second.folder == guideline.folder;
    if (same) {
      MIRA_TRY(refresh_guideline(index, at->second.id, guideline));
      ++report.unchanged;
    } else {
      MIRA_TRY(forget(index, at->second.id));
      MIRA_TRY(insert_guideline(index, guideline));
      ++report.changed;
    }
    known.erase(at);
  }
  for (const auto& [path, gone] : known) {
    MIRA_TRY(forget(index, gone.id));
    ++report.removed;
  }
  return {};
}

}  // namespace

Result<bool> ProjectIndexer::is_stale(Session& session, Deadline) {
  if (!MIRA_TRY(project_row_is_current(session))) return true;
  if (MIRA_TRY(guidelines_changed(session))) return true;
  return missing_import_appeared(session);
}

Result<UpdateReport> ProjectIndexer::update(Session& session, base::Progress& progress, Deadline deadline) {
  UpdateReport report{.unit = "guidelines"};
  if (!MIRA_TRY(project_row_is_current(session))) MIRA_TRY(write_project(session, deadline));
  bool changed = MIRA_TRY(guidelines_changed(session)) || MIRA_TRY(missing_import_appeared(session));
  if (!changed) return report;
  progress.update("reading guidelines", 0, 0, "files");
  Collected collected = collect_guidelines(session, deadline);
  MIRA_TRY(session.index.transaction([&] { return store_guidelines(session.index, collected, report); }));
  report.notes = std::move(collected.notes);
  return report;
}

}  // namespace mira::projects

// Reads the guideline files of a project as they are on disk: those with a
// guideline's name that the walk found, then what they import, breadth first. An
// import never leaves the project's root (one that would is told, not read), is read
// once however often it is named (so cycles end), and is followed five levels deep.
#pragma once

#include <string>
#include <vector>

#include "contracts/session.h"
#include "knowledge/projects/guideline_file.h"

namespace mira::projects {

inline constexpr int import_depth = 5;
inline constexpr std::int64_t guideline_bytes = 4 << 20;  // of one file; larger ones are told, not read
inline constexpr std::size_t guideline_files = 2000;      // of one project, imports included

enum class ImportState { imported, missing, outside, too_deep, refused };
std::string_view import_state_name(ImportState state);

struct FollowedImport {
  Import import;
  std::string target;  // relative to the root; "" when outside
  ImportState state = ImportState::missing;
};

struct Guideline {
  std::string path, folder, imported_by;
  std::string content_hash;
  workspace::FileStamp stamp;
  std::vector<Section> sections;  // secrets masked
  std::vector<FollowedImport> imports;
};

struct Collected {
  std::vector<Guideline> guidelines;
  std::vector<std::string> notes;  // files that could not be read, and why
};

Collected collect_guidelines(const contracts::Session& session, base::Deadline deadline);

// `written` as seen from a file in `folder`, without leaving the root: "a/b" + "../c.md" -> "a/c.md".
// "" when it is absolute, at home, or leads out.
std::string resolve_import(std::string_view folder, std::string_view written);

}  // namespace mira::projects

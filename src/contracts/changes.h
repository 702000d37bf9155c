// What was changed, as texts before and after. The feature that knows versions (git)
// offers it, the feature that knows symbols (code) asks for it, and neither includes
// the other: the assembly hands it over.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "contracts/session.h"

namespace mira::contracts {

struct ChangedFile {
  std::string old_path, path;              // equal unless renamed; "" on the side where the file is not
  std::optional<std::string> before, now;  // nullopt where the file is not, or was left out (see notes)
};

struct ChangedFiles {
  std::vector<ChangedFile> files;  // sorted by path
  std::string what;                // "the working tree against HEAD", "3f2a.. to 9b1c.."
  std::vector<std::string> notes;  // files left out, and why
};

enum class ChangeKind {
  working_tree,  // HEAD to the files on disk
  staged,        // HEAD to what `git commit` would take
  range,         // one commit to another
};

class Changes {
 public:
  virtual ~Changes() = default;
  // `range` is "A..B", "A.." or "A" (to HEAD); a revision is a commit id or its start, a branch, a tag,
  // HEAD~3. not_found names the revision that is not here; unavailable: not a repository.
  virtual base::Result<ChangedFiles> read(Session& session, ChangeKind kind, const std::string& range,
                                          base::Deadline deadline) = 0;
};

}  // namespace mira::contracts

// Texts before and after a change: of the working tree (the files themselves against
// the blobs of HEAD), of what is staged (git's index file, read as data), of a range
// of commits. git runs through the shadow directory only, and only object plumbing.
#pragma once

#include <memory>

#include "contracts/changes.h"

namespace mira::git {

class ChangedTexts : public contracts::Changes {
 public:
  base::Result<contracts::ChangedFiles> read(contracts::Session& session, contracts::ChangeKind kind,
                                             const std::string& range, base::Deadline deadline) override;
};

std::shared_ptr<contracts::Changes> changes();

}  // namespace mira::git

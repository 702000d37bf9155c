// Which files a change has touched that is not history yet: what is on disk, what is
// staged, or a range of commits. The question behind "what did I forget?".
#pragma once

#include <string>
#include <vector>

#include "contracts/session.h"
#include "knowledge/git/archive.h"

namespace mira::git {

struct ChangedFiles {
  std::vector<std::string> now;    // as they are called now
  std::vector<std::string> known;  // as the history knows them: the old name of a renamed one
  std::size_t moment = 0;          // the commits that stand before the change
};

base::Result<ChangedFiles> files_on_disk(contracts::Session& session, const Archive& archive);
base::Result<ChangedFiles> files_staged(contracts::Session& session, const Archive& archive,
                                        base::Deadline deadline);
// "A..B" (B may be empty: HEAD), or one commit for what it changed itself. Only commits that HEAD leads to.
base::Result<ChangedFiles> files_of_range(contracts::Session& session, const Archive& archive,
                                          std::string_view range, base::Deadline deadline);

}  // namespace mira::git

// Keeps the rows of this feature level with the repository and the disk.
#pragma once

#include "contracts/feature.h"

namespace mira::git {

class HistoryIndexer : public contracts::Indexer {
 public:
  std::string_view name() const override { return "history"; }
  base::Result<bool> is_stale(contracts::Session& session, base::Deadline deadline) override;
  base::Result<contracts::UpdateReport> update(contracts::Session& session, base::Progress& progress,
                                               base::Deadline deadline) override;
  base::Result<contracts::UpdateReport> update_later(contracts::Session& session, base::Progress& progress,
                                                     base::Deadline deadline) override;
};

}  // namespace mira::git

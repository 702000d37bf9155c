// Parses a batch of texts in worker processes (or here, for tests). A text that
// kills or hangs its worker gets a strike against its content hash; with enough
// strikes it is quarantined and never parsed again, and says so.
#pragma once

#include <memory>

#include "knowledge/code/indexer_read.h"
#include "platform/process/worker.h"

namespace mira::code {

// Raised when an extractor says something else of the same bytes: files are read again.
inline constexpr int extraction_revision = 3;

class Parser {
 public:
  explicit Parser(bool in_workers) : in_workers_(in_workers) {}
  // Fills record.facts of each file with `parse` set. `now_ms` dates strikes. Must run inside a transaction.
  base::Status parse(store::Connection& index, std::vector<FileRead>& files, std::int64_t now_ms,
                     base::Deadline deadline);

 private:
  base::Status run(std::vector<FileRead*>& files, std::vector<process::JobResult>& results,
                   base::Deadline deadline);

  bool in_workers_;
  std::unique_ptr<process::WorkerPool> pool_;
};

}  // namespace mira::code

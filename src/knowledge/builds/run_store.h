// The memory of builds in mira.db: runs, their errors, what cured them. One run is
// written in one transaction, with everything that follows from it: first and last
// seen, errors that returned, injections that are now known to have helped or not.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "contracts/session.h"
#include "knowledge/builds/fingerprint.h"
#include "knowledge/builds/rank_hunks.h"
#include "knowledge/builds/reconcile.h"

namespace mira::builds {

// A distinct diagnostic of a run.
struct Seen {
  Record record;  // paths relative to the project where they lie in it
  Fingerprint keys;
  std::int64_t times = 1;
};

struct Run {
  std::string command, folder, trigger = "run";
  Ending ending;
  Verdict verdict;
  std::int64_t started_ms = 0, duration_ms = 0;
  std::string tree_hash, log_file;
  std::uint64_t log_bytes = 0;
  std::vector<Seen> seen;
};

// Of a command in a folder: what is compared with what.
std::string build_key(std::string_view command, std::string_view folder);

struct Saved {
  std::int64_t run_id = 0;
  std::vector<std::int64_t> error_ids;  // of run.seen, in its order
};
base::Result<Saved> save_run(contracts::Session& session, const Run& run);

// An error that was open in earlier runs of the key and is gone since a run that reached it.
struct Gone {
  std::int64_t error_id = 0, red_run = 0, green_run = 0, red_ms = 0, green_ms = 0;
  std::string error_hash, red_tree, green_tree, red_commit, green_commit;
  Record record;
  bool flaky = false;  // the very same tree passed too: no change cured it
};
base::Result<std::vector<Gone>> gone_errors(contracts::Session& session, std::string_view key,
                                            std::int64_t run_id);

struct Cure {
  Gone gone;
  std::string kind;  // as error_resolutions.kind
  std::vector<RankedHunk> hunks;
};
base::Status save_cures(contracts::Session& session, const std::vector<Cure>& cures);

// That a cure was told with a run's error, once; `conversation` is the agent's, "" outside one.
struct Injection {
  std::int64_t run_id = 0, error_id = 0, resolution_id = 0;
  std::string conversation = {};
};
base::Status save_injections(contracts::Session& session, const std::vector<Injection>& told);
base::Status save_injection(contracts::Session& session, std::int64_t run_id, std::int64_t error_id,
                            std::int64_t resolution_id);

// Record from the JSON of `details` (what write_json wrote).
Record record_from_details(std::string_view details);

}  // namespace mira::builds

// The rows of line ownership: runs of each file of HEAD, losses of each commit.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "knowledge/git/line_replay.h"
#include "platform/store/connection.h"

namespace mira::git {

struct OwnedFile {
  std::string blob;
  LineRuns runs;
};

base::Result<std::optional<OwnedFile>> load_owners(store::Connection& index, std::string_view path);
// Calls `file(path, runs)` for every file of HEAD, by path.
base::Status each_owned_file(store::Connection& index,
                             const std::function<void(std::string_view path, const LineRuns&)>& file);
base::Result<std::unordered_map<std::string, std::string>> stored_blobs(store::Connection& index);
base::Status store_owners(store::Connection& index, const std::string& path, const std::string& blob,
                          const LineRuns& runs);
base::Status drop_owners(store::Connection& index, const std::string& path);
base::Status store_losses(store::Connection& index, std::int64_t commit_id,
                          const std::vector<LineLoss>& losses);
// What a commit took away; empty when nothing, or when it was not replayed.
base::Result<std::vector<LineLoss>> losses_of(store::Connection& index, std::int64_t commit_id);
// Forgets all of it; inside the transaction that forgets the history.
base::Status clear_ownership(store::Connection& index);
base::Result<CommitIds> commit_ids(store::Connection& index);

}  // namespace mira::git

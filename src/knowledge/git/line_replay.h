// Replays a history patch by patch and knows of every line who put it there and
// who wrote it: blame of all files for the price of one log. A hunk is applied to
// the version its parent had, found by path and content id, so that branches do not
// mix; a merge takes each line from the first parent that has it.
//
// It also tells of each commit whose lines it took away (LineLoss): where the search
// for what a fix repairs begins.
#pragma once

#include <array>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "knowledge/git/history.h"
#include "knowledge/git/line_runs.h"
#include "knowledge/git/patch_stream.h"

namespace mira::git {

struct CommitHashOf {
  std::size_t operator()(const CommitHash& hash) const;
};
using CommitIds = std::unordered_map<CommitHash, std::uint32_t, CommitHashOf>;

inline constexpr std::uint32_t beside_reach = 4;  // how far what stands beside a change is looked at

// What a commit did to the lines of one other commit in one file.
struct LineLoss {
  std::string path;          // as it was called before
  std::uint32_t origin = 0;  // commit that wrote the lines
  std::uint32_t code = 0;    // lines that went, comments and blanks not counted
  std::uint32_t other = 0;   // comments and blanks that went
  std::uint32_t back = 0;    // lines that went and came back: moved, or indented anew
  // Lines that stayed, by how far from the change: [0] right where lines only came, [1] next to these or
  // next to lines that went, and so on.
  std::array<std::uint32_t, beside_reach> near{};
};

class LineReplay {
 public:
  using Runs = std::shared_ptr<const LineRuns>;
  // Runs of a version that was not replayed: by path, content id and a commit that has it. Null: not known.
  using Older = std::function<base::Result<Runs>(const std::string& path, const std::string& blob,
                                                 const std::string& commit)>;

  LineReplay(const CommitIds& ids, Older older);

  // The next commit, parents first. Its losses are in losses() until the next call.
  base::Status apply(const CommitPatch& commit);
  const std::vector<LineLoss>& losses() const { return losses_; }

  // The version of a path with this content; null when there is none.
  Runs find(const std::string& path, const std::string& blob) const;

 private:
  struct VersionKey {
    std::uint32_t path = 0;
    CommitHash blob;
    bool operator==(const VersionKey&) const = default;
  };
  struct VersionKeyOf {
    std::size_t operator()(const VersionKey& key) const;
  };
  // A line that went, until it is found to have come back elsewhere in the commit.
  struct LostLine {
    std::uint64_t hash;
    std::uint32_t file, hunk;
    std::uint32_t origin;
    std::uint16_t weight;
    bool code;
    bool found = false;
  };
  // A line that stayed beside a change.
  struct NearLine {
    std::uint32_t file, origin, distance;
  };
  struct Pending;  // a file of the commit that is being applied

  std::uint32_t path_id(const std::string& path);
  base::Result<Runs> version(const CommitPatch& commit, const FilePatch& file, std::size_t parent);
  void keep(const std::string& path, const std::string& blob, LineRuns runs);
  void forget_old();
  void collect_lost(std::vector<Pending>& files);
  void collect_near(const Pending& pending, std::uint32_t file);
  void match_in_hunks(std::vector<Pending>& files);
  void match_moves(std::vector<Pending>& files);
  void build(std::uint32_t commit, Pending& pending);
  void tell_losses(const std::vector<Pending>& files);
  base::Status apply_merge(std::uint32_t commit, const CommitPatch& patch, const FilePatch& file);

  const CommitIds* ids_;
  Older older_;
  std::unordered_map<std::string, std::uint32_t> path_ids_;
  std::unordered_map<VersionKey, Runs, VersionKeyOf> versions_;
  std::unordered_map<CommitHash, VersionKey, CommitHashOf> by_blob_;  // the last version with a content
  std::vector<CommitHash> newest_;                                    // by path
  std::deque<VersionKey> kept_;                                       // oldest first
  std::size_t runs_kept_ = 0;
  std::vector<LostLine> lost_;
  std::vector<NearLine> near_;
  std::vector<LineLoss> losses_;
};

}  // namespace mira::git

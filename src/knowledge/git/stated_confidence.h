// How often what co-change stated came true in this repository, and the map from what
// the trees say to that. It is counted by windows of two hundred commits of several
// files, each commit asked about with only what stood before it. A question about a
// moment is corrected by the last windows that ended before it and by nothing later:
// what is measured on the past is what a question would have been told then.
//
// A window depends on the commits up to its end alone, so a history read in pieces
// has the rows of one read at once.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "platform/base/progress.h"
#include "platform/base/result.h"
#include "platform/store/connection.h"

namespace mira::git {

struct Archive;

enum class AskedKind : std::uint8_t { one, several };  // files in the question
inline constexpr std::size_t stated_bins = 20;         // of equal width in log odds

struct StatedBin {
  double weight = 0;     // answers that stated a confidence of this bin
  double stated = 0;     // sum of what they stated
  double came_true = 0;  // those that came true
};

struct StatedWindow {
  std::int64_t number = 0;                                   // its place among the windows of the history
  std::uint64_t chain = 0;                                   // hash of all commits up to its end
  std::size_t end = 0;                                       // position behind its last commit
  std::array<std::array<StatedBin, stated_bins>, 2> bins{};  // by AskedKind

  void count(AskedKind kind, double stated, bool came_true, double weight);
};

// From a stated confidence to a corrected one: rising, and the identity where nothing was counted.
class StatedMap {
 public:
  StatedMap() = default;
  StatedMap(std::span<const StatedWindow> windows, AskedKind kind);
  double operator()(double stated) const;

 private:
  std::vector<std::pair<double, double>> knots_;  // log odds: stated, corrected
};

inline constexpr std::size_t stated_windows_used = 5;

// Positions of the commits that touch 2 to limits::cochange_commit_files files, in order.
std::vector<std::size_t> commits_of_several(const Archive& archive);

// The stored windows of this very history, in order.
base::Result<std::vector<StatedWindow>> load_stated(store::Connection& index, const Archive& archive);
// The last ten windows but for those that are known, counted now.
std::vector<StatedWindow> count_stated(const std::shared_ptr<const Archive>& archive,
                                       std::span<const StatedWindow> known, base::Progress& progress);
// Counts and stores what is missing. Writable connection, no transaction open.
base::Status update_stated(store::Connection& index, const std::shared_ptr<const Archive>& archive,
                           base::Progress& progress);

}  // namespace mira::git

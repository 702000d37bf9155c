// When to say unasked that a file was forgotten: from the confidence at which the
// files named were really missing in at least seventy of a hundred cases, measured
// on the repository's own last commits, each asked with only what stood before it.
// Where no confidence is that precise it never speaks.
#pragma once

#include <string>
#include <vector>

#include "knowledge/git/cochange.h"
#include "platform/base/progress.h"
#include "platform/store/connection.h"

namespace mira::git {

inline constexpr double wanted_precision = 0.70;
inline constexpr std::size_t most_named = 3;

struct SpeakUp {
  double threshold = 2;     // confidence from which a file is named; above 1: never
  double precision = 0;     // of the files named, those that were missing
  double coverage = 0;      // of commits with one file missing, those where a file was named
  double false_alarms = 0;  // of complete commits, those where a file was named
  std::int64_t commits = 0;
};

// A file that would be named, and whether it was the missing one.
struct Trial {
  std::size_t commit = 0;  // position
  double confidence = 0;
  bool missing = false;
  bool complete = false;  // nothing was missing: naming any file is a false alarm
};

// Asks about the commits at these positions (ascending) with one file held back, drawn by the commit's id,
// and about every fourth as it is.
std::vector<Trial> speak_up_trials(Cochange& model, const std::vector<std::size_t>& positions);
// The lowest threshold that is precise enough on the trials. `margin` on top of wanted_precision, because the
// next commits are not these.
SpeakUp choose_threshold(const std::vector<Trial>& trials, std::size_t commits, double margin);
// What a given threshold would have done.
SpeakUp judge_threshold(const std::vector<Trial>& trials, std::size_t commits, double threshold);
// Positions of the commits it is measured on: the last thousand of several files. They move on by two hundred
// commits at a time, so that the same history gives the same row however it was read.
std::vector<std::size_t> speak_up_window(const Archive& archive);

base::Result<SpeakUp> load_speak_up(store::Connection& index);
// Whether HEAD moved since it was last looked at.
base::Result<bool> speak_up_is_stale(store::Connection& index, std::string_view tip);
// Measures again when the window moved. Writable connection, no transaction open.
base::Status update_speak_up(store::Connection& index, std::shared_ptr<const Archive> archive,
                             base::Progress& progress);

}  // namespace mira::git

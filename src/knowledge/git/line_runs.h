// Who wrote each line of one version of a file, as runs of lines that came the
// same way. A new version is made from its parent's and the hunks between them, so
// that no content need be kept.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "knowledge/git/patch_stream.h"

namespace mira::git {

struct LineRun {
  std::uint32_t lines = 0;
  std::uint32_t commit = 0;  // put the line there as it stands: what `git blame` says
  std::uint32_t origin =
      0;  // wrote it: the same, but for changes of white space and lines moved in one commit
  bool operator==(const LineRun&) const = default;
};
using LineRuns = std::vector<LineRun>;

// Appends lines, to the last run where they came the same way.
void add_lines(LineRuns& runs, std::uint32_t lines, std::uint32_t commit, std::uint32_t origin);
std::uint64_t line_count(const LineRuns& runs);
// The run of a line that counts from 1; nullptr past the end.
const LineRun* run_at(const LineRuns& runs, std::uint32_t line);

// Walks runs line by line, forward.
class RunCursor {
 public:
  explicit RunCursor(const LineRuns& runs) : runs_(&runs) {}
  // Moves `lines` on, appending them to `out`; lines past the end are not there.
  void copy(std::uint64_t lines, LineRuns& out);
  void skip(std::uint64_t lines);
  // The run of the next line, nullptr at the end.
  const LineRun* peek() const { return run_ < runs_->size() ? &(*runs_)[run_] : nullptr; }
  std::uint64_t line() const { return line_; }  // the next line, from 1

 private:
  const LineRuns* runs_;
  std::size_t run_ = 0;
  std::uint32_t used_ = 0;  // lines of the current run that are behind
  std::uint64_t line_ = 1;
};

// Bytes of runs as they are stored, and back. False: damaged bytes.
std::string encode_runs(const LineRuns& runs);
bool decode_runs(std::string_view bytes, LineRuns& runs);

}  // namespace mira::git

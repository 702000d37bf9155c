// Reads `git log -p` as it streams: which lines each commit took away and which it
// put there, as numbers and sums of lines, never as text that is kept. One reading
// of a history feeds everything that needs contents (ownership.h).
//
// Lines are counted by the hunk headers, so nothing that a file contains can be
// taken for structure; names come from the NUL-framed raw part.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/base/result.h"

namespace mira::git {

// `git log` arguments that make the stream, before the revisions.
std::vector<std::string> patch_log_arguments();

// What matters of a line once it was read.
struct LineSum {
  std::uint64_t hash = 0;    // of its bytes without white space
  std::uint16_t weight = 0;  // letters and digits in it
  bool code = false;         // neither blank nor only a comment
  bool lost = false;         // of a merge's line: it is in parents only
  std::uint32_t from = 0;    // of a merge's line: the parents that have it, one bit each
  bool operator==(const LineSum&) const = default;
};

// A change of consecutive lines. Lines count from 1; with old_count 0 the new lines stand after old_start.
struct PatchHunk {
  std::uint32_t old_start = 0, old_count = 0, new_start = 0, new_count = 0;
  std::size_t first = 0;  // in FilePatch::lines: the old lines, then the new ones
};

// One hunk of a merge: its result lines and how far it moves on in each parent.
struct MergeHunk {
  std::uint32_t new_start = 0;  // the first result line from here on
  std::size_t first = 0;        // in FilePatch::lines: old and new lines mixed, as shown
  std::size_t count = 0;
};

struct FilePatch {
  char status = 'M';
  std::string old_path, path;          // old_path only of a rename
  std::vector<std::string> old_blobs;  // hex ids, one a parent; zeros where there was none
  std::string blob;                    // zeros when deleted
  bool binary = false;                 // its lines cannot be counted
  bool text = true;                    // false: binary, a submodule, or changes that were not shown
  std::vector<PatchHunk> hunks;
  std::vector<MergeHunk> merge_hunks;
  std::vector<LineSum> lines;
};

struct CommitPatch {
  std::string hash;
  std::vector<std::string> parents;
  std::vector<FilePatch> files;
};

LineSum sum_of_line(std::string_view line);

class PatchParser {
 public:
  explicit PatchParser(std::function<base::Status(CommitPatch&)> on_commit)
      : on_commit_(std::move(on_commit)) {}

  // Takes the next bytes. failed: no such log, or the error of on_commit.
  base::Status feed(std::string_view bytes);
  // Hands over the last commit. failed: the stream ended inside a commit.
  base::Status finish();

 private:
  enum class Expect { commit, raw, patch, file_head, hunk_lines, merge_lines };

  base::Result<bool> step();  // false: more bytes are needed
  base::Result<bool> read_commit();
  base::Result<bool> read_raw();
  base::Result<bool> read_patch_line();
  base::Result<bool> read_hunk_line();
  base::Result<bool> read_merge_line();
  bool take_until(char end, std::string_view& out);
  bool add_raw(std::string_view meta, std::string_view first, std::string_view second);
  void begin_file();
  void head_line(std::string_view line);
  bool begin_hunk(std::string_view line);
  bool begin_merge_hunk(std::string_view line);
  base::Status end_commit();

  std::function<base::Status(CommitPatch&)> on_commit_;
  std::string pending_;
  std::size_t at_ = 0;  // in pending_
  Expect expect_ = Expect::commit;
  bool open_ = false;  // a commit was begun
  CommitPatch commit_;
  std::size_t next_file_ = 0;  // raw entries whose patch was begun
  FilePatch* file_ = nullptr;
  std::uint32_t old_left_ = 0, new_left_ = 0;  // lines to come of this hunk
};

}  // namespace mira::git

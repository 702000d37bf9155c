// A unified diff, as `git diff` writes it, and the texts before it: a patch taken off
// the text it led to. Paths and lines are foreign bytes; what is no patch gives no
// files, and a patch of another text than the one at hand is found out, not guessed at.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mira::code {

struct PatchHunk {
  int new_start = 0;               // first line on the new side, from 1; the line before an empty side
  std::vector<std::string> lines;  // with their mark: ' ', '+', '-'
  bool old_ends_open = false, new_ends_open = false;  // no newline at the end of the file
};

struct FilePatch {
  std::string old_path, new_path;  // "" for /dev/null: added, deleted
  std::vector<PatchHunk> hunks;
};

std::vector<FilePatch> read_patch(std::string_view text);

// The text that the patch was made on; nullopt when `now` is not what it led to.
std::optional<std::string> text_before(const FilePatch& patch, std::string_view now);

}  // namespace mira::code

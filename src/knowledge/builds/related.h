// What other features know of an error, asked by the names of their actions: commits
// that fixed something where it is (git), and turns of conversations that quote it
// (memory). A commit that says "fix" was never seen to turn a run green, so it is the
// weaker kind of evidence, told apart from cures and never pushed unasked.
#pragma once

#include <string>
#include <vector>

#include "contracts/ask.h"
#include "knowledge/builds/record.h"

namespace mira::builds {

struct PastFix {
  std::string commit, subject, date, path;
  std::string why;  // "says it fixes something; changed src/a.c, where the error is"
  double score = 0;
};
// Best first. An error's place finds its fix better than its text, so files come first, words of the subject
// second. Empty where nothing of git is known.
std::vector<PastFix> past_fixes(const contracts::Call& call, const Record& record, std::size_t limit);

struct Quoting {
  std::int64_t entry = 0;
  std::string session, role, time, text;
};
// Turns that hold the error's message, however it was quoted, best first.
std::vector<Quoting> quoting_turns(const contracts::Call& call, const Record& record, std::size_t limit);

// True when the subject of a commit says that it mends something: the whole words, or a "fix:" type.
bool says_fix(std::string_view subject);

}  // namespace mira::builds

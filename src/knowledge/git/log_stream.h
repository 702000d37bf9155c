// Reads the output of `git log -z --raw` as it comes, framed by NUL alone: no
// field of a commit can hold one, while every other byte is ordinary in names,
// paths and messages. A commit is handed over when its last change has arrived.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/base/result.h"

namespace mira::git {

struct LoggedChange {
  char status = 'M';     // A M D R C T
  std::string path;      // after the commit; bytes
  std::string old_path;  // of R and C
};

struct LoggedCommit {
  std::string hash;                  // hex
  std::vector<std::string> parents;  // hex
  std::int64_t author_time_s = 0;
  std::int64_t commit_time_s = 0;
  std::string author_name, author_email;  // as written in the commit
  std::string message;                    // bytes
  std::vector<LoggedChange> changes;      // empty for merges
  std::int64_t changes_left_out = 0;      // over limits::commit_files
};

// The --format that the parser expects.
inline constexpr std::string_view log_format = "--format=%H%x00%P%x00%at%x00%ct%x00%an%x00%ae%x00%B%x00";

class LogParser {
 public:
  explicit LogParser(std::function<base::Status(LoggedCommit&)> on_commit)
      : on_commit_(std::move(on_commit)) {}

  // Takes the next bytes. failed: bytes that are no such log; or the error of on_commit.
  base::Status feed(std::string_view bytes);
  // Hands over the last commit. failed: the stream ended inside a commit.
  base::Status finish();

 private:
  enum class Expect { commit_or_change, field, separator, path, old_path };

  base::Status token(std::string_view token);
  base::Status begin(std::string_view token);
  void field(std::string_view token);
  base::Status hand_over();

  std::function<base::Status(LoggedCommit&)> on_commit_;
  Expect expect_ = Expect::commit_or_change;
  int field_ = 0;
  bool open_ = false;  // commit_ holds a commit
  LoggedCommit commit_;
  LoggedChange change_;
  std::string rest_;  // bytes of an unfinished token
};

}  // namespace mira::git

// The tree of a project as it is now, for a process that is asked again and again: the last
// walk, as long as the kernel has told of no change since. inotify queues its event before the
// write that caused it returns, so what was written before a question is known to it; threads
// that ask at once share one walk.
//
// The kernel does not tell of stores through a mapping and of writes under another name of the
// file (a hard link outside): a walk is never older than `most_age_ms`. Where watches run out,
// or the file system is one that others may change, every question walks.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "platform/workspace/tree.h"
#include "platform/workspace/watch.h"

namespace mira::workspace {

struct CurrentTreeOptions {
  std::int64_t most_age_ms = 1000;
  WatchOptions watch = {};
};

// Safe from several threads.
class CurrentTree {
 public:
  explicit CurrentTree(CurrentTreeOptions options = {});
  ~CurrentTree();
  CurrentTree(const CurrentTree&) = delete;
  CurrentTree& operator=(const CurrentTree&) = delete;

  // What walk() would give now. timeout, interrupted: another thread's walk took longer.
  base::Result<Tree> of(const Project& project, base::Deadline deadline);
  // How often the files were really looked at.
  std::int64_t walks() const;

 private:
  struct Standing;  // what is known of one project
  std::shared_ptr<Standing> standing(const Project& project);

  CurrentTreeOptions options_;
  mutable std::mutex mutex_;                      // guards known_
  std::vector<std::shared_ptr<Standing>> known_;  // the latest last
  std::int64_t walks_of_gone_ = 0;
};

}  // namespace mira::workspace

// Says when files of a project may have changed, so that a walk is worth its cost. A hint
// and nothing more: what changed is found by the walk that follows, so a lost, doubled or
// overflowed event costs a walk and never a wrong index.
//
// Folders are watched by inotify, those that the walk found files in and git's own few. The
// kernel gives a user a limited number of watches; where they run out, or a folder cannot be
// watched, the whole project is looked at every few seconds instead, and that is said.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "platform/base/deadline.h"
#include "platform/base/result.h"
#include "platform/workspace/tree.h"

namespace mira::workspace {

struct WatchOptions {
  std::int64_t settle_ms = 40;        // quiet that ends a burst of events
  std::int64_t burst_ms = 1000;       // a burst that does not end is told after this
  std::int64_t poll_ms = 2000;        // between looks where watches ran out
  std::int64_t most_folders = 65536;  // watched by inotify; tests make it small
};

enum class Wake {
  changed,   // something may be new: walk
  overflow,  // events were lost: walk
  poll,      // nothing is known: walk
  ended,     // the deadline came first
};

class Watch {
 public:
  // unavailable: this system has no inotify.
  static base::Result<std::unique_ptr<Watch>> start(WatchOptions options = {});
  ~Watch();
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  // From now on these folders: new ones are added, gone ones dropped. Events that came before are kept.
  // True when a folder was added: files may have been written into it before it was watched.
  bool follow(const Project& project, const Tree& tree);
  // The same of folders by their absolute paths, those that hold no file yet among them.
  bool follow(const std::vector<std::string>& folders);
  Wake wait(base::Deadline deadline);
  // Without waiting: true when something may have changed since the last answer, or nothing is known.
  bool told();

  bool polling() const { return polling_; }
  std::size_t folders() const { return watches_.size(); }

 private:
  Watch(int descriptor, WatchOptions options) : descriptor_(descriptor), options_(options) {}
  bool read_events(bool& overflow);
  int add(const std::string& folder);  // its watch, -1: none

  int descriptor_;
  WatchOptions options_;
  std::unordered_map<std::string, int> watches_;  // by folder
  bool polling_ = false;
};

}  // namespace mira::workspace

// What a process that lives long does meanwhile: it embeds what waits and makes the day's copy of
// mira.db. In slices, on a thread of the lowest priority, less of it while the machine is busy, none
// while this process answers, by one process at a time. Nobody waits for it, and it costs nothing
// while there is nothing to do.
#pragma once

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <thread>

#include "app/local_host.h"

namespace mira::app {

class BackgroundWork {
 public:
  // Of the project that holds `path` and of what was said. The host must outlive it.
  BackgroundWork(LocalHost& host, std::string path);
  ~BackgroundWork();  // after the text at hand

 private:
  void run();
  // One slice; how long to wait for the next.
  base::Result<std::int64_t> round();
  base::Result<bool> embed_some(contracts::Session& session, std::int64_t ms);
  void back_up();
  bool wait_ms(std::int64_t ms);  // false: the end has come

  LocalHost& host_;
  std::string path_;
  std::map<std::string, std::int64_t, std::less<>> done_;  // version of each collection that nothing waits of
  std::int64_t next_look_at_backups_ms_ = 0;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::atomic<bool> ending_ = false;
  std::thread worker_;  // last
};

// True while other work waits for the processor: by the kernel's account of pressure, else by the load.
bool is_machine_busy();

}  // namespace mira::app

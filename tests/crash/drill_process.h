// A child process of a drill: started, listened to, killed, reaped.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace mira::crash {

class DrillProcess {
 public:
  // The drill program's words after its name.
  explicit DrillProcess(const std::vector<std::string>& words);
  ~DrillProcess();  // killed if it still runs
  DrillProcess(const DrillProcess&) = delete;
  DrillProcess& operator=(const DrillProcess&) = delete;

  // Until it has written something, or ended.
  void wait_for_output() const;
  void kill();
  // Waits for its end; the exit code, or 128 + the signal.
  int wait();
  // All that it wrote to standard output, until its end.
  std::string output();
  // The ids of whole lines of its output. Reads until its end.
  std::vector<std::int64_t> acknowledged();

 private:
  pid_t pid_ = -1;
  int output_ = -1;
  int code_ = -1;
};

}  // namespace mira::crash

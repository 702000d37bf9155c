#include "tests/crash/drill_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <charconv>
#include <stdexcept>

namespace mira::crash {

DrillProcess::DrillProcess(const std::vector<std::string>& words) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("pipe2 failed");
  output_ = ends[0];
  ::fcntl(output_, F_SETPIPE_SZ, 1 << 20);  // a killed program's last words must fit
  std::vector<char*> arguments = {const_cast<char*>(MIRA_KILL_DRILL)};
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  int failed = ::posix_spawn(&pid_, MIRA_KILL_DRILL, &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  if (failed != 0) throw std::runtime_error("posix_spawn failed");
}

DrillProcess::~DrillProcess() {
  kill();
  wait();
  ::close(output_);
}

void DrillProcess::wait_for_output() const {
  struct pollfd waiting = {output_, POLLIN, 0};
  while (::poll(&waiting, 1, -1) < 0 && errno == EINTR) {
  }
}

void DrillProcess::kill() {
  if (pid_ > 0) ::kill(pid_, SIGKILL);
}

int DrillProcess::wait() {
  if (pid_ < 0) return code_;
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  code_ = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  return code_;
}

std::string DrillProcess::output() {
  std::string all;
  char bytes[1 << 16];
  for (ssize_t count = 0; (count = ::read(output_, bytes, sizeof bytes)) != 0;) {
    if (count > 0) all.append(bytes, static_cast<std::size_t>(count));
    if (count < 0 && errno != EINTR) break;
  }
  return all;
}

std::vector<std::int64_t> DrillProcess::acknowledged() {
  std::string all = output();
  std::vector<std::int64_t> ids;
  std::size_t start = 0;
  for (std::size_t end = 0; (end = all.find('\n', start)) != std::string::npos; start = end + 1) {
    std::int64_t id = 0;
    std::from_chars(all.data() + start, all.data() + end, id);
    ids.push_back(id);
  }
  return ids;
}

}  // namespace mira::crash

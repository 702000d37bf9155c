#include "platform/process/supervise.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fstream>
#include <memory>
#include <set>

#include "platform/process/spawn.h"

namespace mira::process {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;
using Clock = std::chrono::steady_clock;

constexpr int longest_poll_ms = 100;

std::int64_t since_ms(Clock::time_point start) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start).count();
}

// The parent of a process, from /proc/PID/stat ("pid (name) state parent ..."); 0 when it is gone.
pid_t parent_of(pid_t process) {
  std::ifstream file(fmt::format("/proc/{}/stat", process));
  std::string text;
  std::getline(file, text);
  const std::size_t close = text.rfind(") ");
  if (close == std::string::npos || close + 4 >= text.size()) return 0;
  pid_t parent = 0;
  std::from_chars(text.data() + close + 4, text.data() + text.size(), parent);
  return parent;
}

std::set<pid_t> children_of(pid_t parent) {
  std::set<pid_t> out;
  DIR* folder = opendir("/proc");
  if (folder == nullptr) return out;
  while (const dirent* entry = readdir(folder)) {
    pid_t process = 0;
    const char* end = entry->d_name + std::strlen(entry->d_name);
    if (std::from_chars(entry->d_name, end, process).ptr != end || process <= 0) continue;
    if (parent_of(process) == parent) out.insert(process);
  }
  closedir(folder);
  return out;
}

// Adopts orphans while it lives.
class Subreaper {
 public:
  Subreaper() : before_(children_of(getpid())) {
    prctl(PR_GET_CHILD_SUBREAPER, &was_);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
  }
  Subreaper(const Subreaper&) = delete;
  Subreaper& operator=(const Subreaper&) = delete;
  ~Subreaper() { prctl(PR_SET_CHILD_SUBREAPER, was_); }

  // Kills and reaps every child that is not one of those before, and what they leave, until none is left.
  int clear() const {
    int killed = 0;
    for (int round = 0; round < 1000; ++round) {
      std::set<pid_t> left = children_of(getpid());
      std::erase_if(left, [&](pid_t process) { return before_.contains(process); });
      if (left.empty()) return killed;
      for (const pid_t process : left) killed += end(process) ? 1 : 0;
    }
    return killed;
  }

 private:
  // False for one that had ended by itself and only waited to be reaped.
  static bool end(pid_t process) {
    if (waitpid(process, nullptr, WNOHANG) == process) return false;
    kill(process, SIGKILL);
    while (waitpid(process, nullptr, 0) < 0 && errno == EINTR) {
    }
    return true;
  }

  std::set<pid_t> before_;
  int was_ = 0;
};

class Watch {
 public:
  Watch(const Supervised& command, base::Deadline deadline,
        const std::function<void(Channel, std::string_view)>& on_output)
      : command_(command), deadline_(deadline), on_output_(on_output) {}

  Result<SupervisedEnd> to_the_end() {
    MIRA_TRY(start());
    while (!ended_) {
      listen();
      check_limits();
    }
    const Ending ending = wait_and_reap(leader_);  // kills what is left of its group
    end_.left_behind = orphans_.clear();
    drain(output_, Channel::output);
    drain(error_output_, Channel::error);
    end_.exit_code = ending.exit_code;
    end_.signal = ending.signal;
    end_.wall_ms = since_ms(started_);
    return end_;
  }

 private:
  Result<std::string> program() const {
    const std::string& name = command_.argv.at(0);
    const bool relative = name.find('/') != std::string::npos && name[0] != '/';
    return find_program(relative ? command_.working_folder + "/" + name : name, command_.environment);
  }

  base::Status start() {
    if (command_.argv.empty()) return fail(ErrorCode::usage, "there is no command to run");
    std::string file = MIRA_TRY(program());
    Descriptor null = MIRA_TRY(open_null_device());
    Pipe out = MIRA_TRY(make_pipe());
    Pipe error = MIRA_TRY(make_pipe());
    const Program program{.file = std::move(file),
                          .argv = command_.argv,
                          .environment = command_.environment,
                          .working_folder = command_.working_folder,
                          .input = null.get(),
                          .output = out.write_end.get(),
                          .error_output = error.write_end.get()};
    leader_ = MIRA_TRY(spawn(program));
    alive_ = above_standard(Descriptor(static_cast<int>(syscall(SYS_pidfd_open, leader_, 0))));
    output_ = std::move(out.read_end);
    error_output_ = std::move(error.read_end);
    for (const int number : {output_.get(), error_output_.get()})
      fcntl(number, F_SETFL, fcntl(number, F_GETFL) | O_NONBLOCK);
    started_ = heard_ = Clock::now();
    if (alive_.open()) return {};
    kill_and_reap(leader_);
    return fail(ErrorCode::failed, "this kernel cannot watch a process (pidfd_open)");
  }

  void listen() {
    std::array<pollfd, 3> watched{pollfd{output_.get(), POLLIN, 0}, pollfd{error_output_.get(), POLLIN, 0},
                                  pollfd{alive_.get(), POLLIN, 0}};
    if (poll(watched.data(), watched.size(), longest_poll_ms) <= 0) return;
    if (watched[0].revents != 0) take(output_, Channel::output);
    if (watched[1].revents != 0) take(error_output_, Channel::error);
    if (watched[2].revents != 0) ended_ = true;
  }

  // One read, so that no stream starves the other. False at the end of what is there.
  bool take(Descriptor& from, Channel channel) {
    if (!from.open()) return false;
    const ssize_t count = read(from.get(), buffer_.data(), buffer_.size());
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return errno == EINTR;
    if (count <= 0) {
      from.reset();
      return false;
    }
    heard_ = Clock::now();
    on_output_(channel, {buffer_.data(), static_cast<std::size_t>(count)});
    return true;
  }

  void drain(Descriptor& from, Channel channel) {
    while (take(from, channel)) {
    }
  }

  void check_limits() {
    if (ended_) return;
    if (stopping_) {
      if (since_ms(stop_sent_) > command_.grace_ms) kill(-leader_, SIGKILL);
      return;
    }
    if (deadline_.cancelled()) end_.cancelled = true;
    if (deadline_.expired() && !end_.cancelled) end_.timed_out = true;
    if (command_.wall_ms > 0 && since_ms(started_) > command_.wall_ms) end_.timed_out = true;
    if (command_.silence_ms > 0 && since_ms(heard_) > command_.silence_ms) end_.silent = true;
    if (!end_.cancelled && !end_.timed_out && !end_.silent) return;
    stopping_ = true;
    stop_sent_ = Clock::now();
    kill(-leader_, SIGTERM);
  }

  const Supervised& command_;
  base::Deadline deadline_;
  const std::function<void(Channel, std::string_view)>& on_output_;
  Subreaper orphans_;
  pid_t leader_ = -1;
  Descriptor output_, error_output_, alive_;
  std::array<char, 65536> buffer_{};
  Clock::time_point started_, heard_, stop_sent_;
  bool ended_ = false, stopping_ = false;
  SupervisedEnd end_;
};

}  // namespace

Result<SupervisedEnd> supervise(const Supervised& command, base::Deadline deadline,
                                const std::function<void(Channel, std::string_view)>& on_output) {
  auto watch = std::make_unique<Watch>(command, deadline, on_output);
  return watch->to_the_end();
}

}  // namespace mira::process

#include "platform/process/supervise.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <memory>

#include "platform/process/keeper.h"
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

// The keeper gathers what the program leaves; what a keeper that was killed leaves comes here.
class Subreaper {
 public:
  Subreaper() : before_(children()) {
    prctl(PR_GET_CHILD_SUBREAPER, &was_);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
  }
  Subreaper(const Subreaper&) = delete;
  Subreaper& operator=(const Subreaper&) = delete;
  ~Subreaper() { prctl(PR_SET_CHILD_SUBREAPER, was_); }

  // Kills and reaps every child that is not one of those before, and what they leave, until none is left.
  int clear() const { return end_children(before_); }

 private:
  std::vector<pid_t> before_;
  int was_ = 0;
};

// Two ends of one connection of whole messages.
Result<Pipe> make_link() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
    return fail(ErrorCode::failed, std::string("cannot make a pair of sockets: ") + std::strerror(errno),
                "close other programs, or raise the limit of open files (ulimit -n)");
  return Pipe{above_standard(Descriptor(ends[0])), above_standard(Descriptor(ends[1]))};
}

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
    link_.close();
    wait_and_reap(keeper_);
    end_.left_behind = kept_.left_behind + orphans_.clear();
    drain(output_, Channel::output);
    drain(error_output_, Channel::error);
    end_.exit_code = WIFEXITED(kept_.status) ? WEXITSTATUS(kept_.status) : 0;
    end_.signal = WIFSIGNALED(kept_.status) ? WTERMSIG(kept_.status) : 0;
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
                          .input = null.number(),
                          .output = out.write_end.number(),
                          .error_output = error.write_end.number()};
    Pipe link = MIRA_TRY(make_link());
    keeper_ = MIRA_TRY(spawn_kept(program, link.write_end.number()));
    link_ = std::move(link.read_end);
    output_ = std::move(out.read_end);
    error_output_ = std::move(error.read_end);
    for (const int number : {output_.number(), error_output_.number()})
      fcntl(number, F_SETFL, fcntl(number, F_GETFL) | O_NONBLOCK);
    started_ = heard_ = Clock::now();
    return {};
  }

  void listen() {
    std::array<pollfd, 3> watched{pollfd{output_.number(), POLLIN, 0},
                                  pollfd{error_output_.number(), POLLIN, 0},
                                  pollfd{link_.number(), POLLIN, 0}};
    if (poll(watched.data(), watched.size(), longest_poll_ms) <= 0) return;
    if (watched[0].revents != 0) take(output_, Channel::output);
    if (watched[1].revents != 0) take(error_output_, Channel::error);
    if (watched[2].revents != 0) take_end();
  }

  // A keeper that ends without a word was killed, and its program with it.
  void take_end() {
    const ssize_t got = recv(link_.number(), &kept_, sizeof(kept_), MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (got != sizeof(kept_)) kept_ = {.status = SIGKILL};
    ended_ = true;
  }

  // To the program's whole group; its keeper knows whether it is still there.
  void tell_group(int signal) const {
    const char byte = static_cast<char>(signal);
    send(link_.number(), &byte, 1, MSG_NOSIGNAL);
  }

  // One read, so that no stream starves the other. False at the end of what is there.
  bool take(Descriptor& from, Channel channel) {
    if (!from) return false;
    const ssize_t count = read(from.number(), buffer_.data(), buffer_.size());
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return errno == EINTR;
    if (count <= 0) {
      from.close();
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
      if (since_ms(stop_sent_) > command_.grace_ms) tell_group(SIGKILL);
      return;
    }
    if (deadline_.cancelled()) end_.cancelled = true;
    if (deadline_.expired() && !end_.cancelled) end_.timed_out = true;
    if (command_.wall_ms > 0 && since_ms(started_) > command_.wall_ms) end_.timed_out = true;
    if (command_.silence_ms > 0 && since_ms(heard_) > command_.silence_ms) end_.silent = true;
    if (!end_.cancelled && !end_.timed_out && !end_.silent) return;
    stopping_ = true;
    stop_sent_ = Clock::now();
    tell_group(SIGTERM);
  }

  const Supervised& command_;
  base::Deadline deadline_;
  const std::function<void(Channel, std::string_view)>& on_output_;
  Subreaper orphans_;
  pid_t keeper_ = -1;
  Kept kept_;
  Descriptor output_, error_output_, link_;
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

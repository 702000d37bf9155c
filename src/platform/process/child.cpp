#include "platform/process/child.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "platform/process/spawn.h"

namespace mira::process {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;
using base::Status;
using Sink = std::function<bool(std::string_view)>;

constexpr std::size_t error_output_bytes = 64 << 10;
constexpr int longest_poll_ms = 100;  // how soon a cancelled deadline is noticed

// The input as a memory file: no second pipe to feed while reading, so no deadlock and no SIGPIPE.
Result<Descriptor> open_input(std::string_view input) {
  if (input.empty()) return open_null_device();
  Descriptor file = above_standard(Descriptor(memfd_create("input", MFD_CLOEXEC)));
  for (std::size_t done = 0; file && done < input.size();) {
    const ssize_t count = write(file.number(), input.data() + done, input.size() - done);
    if (count < 0 && errno != EINTR) file.close();
    if (count > 0) done += static_cast<std::size_t>(count);
  }
  if (!file || lseek(file.number(), 0, SEEK_SET) != 0) {
    return fail(ErrorCode::failed,
                std::string("cannot hold the child's input in memory: ") + std::strerror(errno));
  }
  return file;
}

// One run of one child: started, listened to until its end, its group killed, reaped.
class Run {
 public:
  Run(const Command& command, base::Deadline deadline, const Sink& on_output)
      : command_(command), deadline_(deadline), on_output_(on_output) {}
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;
  ~Run() {
    if (child_ > 0) kill_and_reap(child_);
  }

  Result<Outcome> to_the_end() {
    MIRA_TRY(start());
    bool stopped = false;
    while (!ended_ && !stopped) {
      if (deadline_.expired()) return late();
      stopped = MIRA_TRY(listen());
    }
    const Ending ending = stopped ? kill_and_reap(child_) : wait_and_reap(child_);
    child_ = -1;
    outcome_.exit_code = ending.exit_code;
    outcome_.signal = ending.signal;
    outcome_.cpu_ms = ending.cpu_ms;
    return std::move(outcome_);
  }

 private:
  Status start();
  Result<bool> listen();
  Result<bool> take_output();
  void take_error_output();
  std::unexpected<base::Error> late() const;

  const Command& command_;
  base::Deadline deadline_;
  const Sink& on_output_;
  pid_t child_ = -1;
  Descriptor end_;  // readable when the child has ended
  Descriptor output_, error_output_;
  bool ended_ = false;
  std::int64_t output_count_ = 0;
  Outcome outcome_;
  std::vector<char> buffer_ = std::vector<char>(256 << 10);
};

Status Run::start() {
  if (command_.argv.empty()) return fail(ErrorCode::usage, "no program is named");
  std::string file = MIRA_TRY(find_program(command_.argv[0], command_.environment));
  const Descriptor input = MIRA_TRY(open_input(command_.input));
  Pipe output = MIRA_TRY(make_pipe());
  Pipe error_output = MIRA_TRY(make_pipe());
  fcntl(output.read_end.number(), F_SETPIPE_SZ, 1 << 20);
  child_ = MIRA_TRY(spawn({std::move(file), command_.argv, command_.environment, command_.working_folder,
                           input.number(), output.write_end.number(), error_output.write_end.number(),
                           command_.memory_bytes, command_.data_bytes}));
  end_ = Descriptor(static_cast<int>(syscall(SYS_pidfd_open, child_, 0)));
  if (!end_) return fail(ErrorCode::failed, std::string("cannot watch a child: ") + std::strerror(errno));
  output_ = std::move(output.read_end);
  error_output_ = std::move(error_output.read_end);
  fcntl(output_.number(), F_SETFL, O_NONBLOCK);
  fcntl(error_output_.number(), F_SETFL, O_NONBLOCK);
  return {};
}

// Waits for something to happen and takes it in. True when the sink wants no more.
Result<bool> Run::listen() {
  // Negative descriptors are skipped by poll.
  std::array<pollfd, 3> watched{
      {{output_.number(), POLLIN, 0}, {error_output_.number(), POLLIN, 0}, {end_.number(), POLLIN, 0}}};
  const auto wait_ms = std::min<std::int64_t>(deadline_.remaining_ms(), longest_poll_ms);
  const int ready = poll(watched.data(), watched.size(), static_cast<int>(wait_ms));
  if (ready < 0 && errno != EINTR)
    return fail(ErrorCode::failed, std::string("poll: ") + std::strerror(errno));
  if (ready <= 0) return false;
  // At the end of the leader its group ends, so that a grandchild that goes on writing cannot keep us
  // here; what was written before is still in the pipes.
  const bool at_end = watched[2].revents != 0;
  if (at_end) kill(-child_, SIGKILL);
  if (watched[1].revents != 0 || at_end) take_error_output();
  if (watched[0].revents != 0 || at_end) {
    const bool wants_more = MIRA_TRY(take_output());
    if (!wants_more) return true;
  }
  ended_ = at_end;
  return false;
}

Result<bool> Run::take_output() {
  while (output_) {
    const ssize_t count = read(output_.number(), buffer_.data(), buffer_.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) return true;
    if (count <= 0) {
      output_.close();
      return true;
    }
    output_count_ += count;
    if (output_count_ > command_.output_bytes) {
      return fail(ErrorCode::failed, fmt::format("{} printed more than {} bytes and was stopped",
                                                 command_.argv[0], command_.output_bytes));
    }
    const bool wants_more = on_output_({buffer_.data(), static_cast<std::size_t>(count)});
    if (!wants_more) return false;
    if (deadline_.expired()) return true;
  }
  return true;
}

void Run::take_error_output() {
  while (error_output_) {
    const ssize_t count = read(error_output_.number(), buffer_.data(), buffer_.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) return;
    if (count <= 0) return error_output_.close();
    const std::size_t room = error_output_bytes - outcome_.error_output.size();
    outcome_.error_output.append(buffer_.data(), std::min(room, static_cast<std::size_t>(count)));
  }
}

std::unexpected<base::Error> Run::late() const {
  if (deadline_.cancelled()) return fail(ErrorCode::interrupted, command_.argv[0] + " was stopped");
  return fail(ErrorCode::timeout, command_.argv[0] + " did not end in time and was stopped");
}

}  // namespace

Result<Outcome> stream(const Command& command, base::Deadline deadline, const Sink& on_output) {
  return Run(command, deadline, on_output).to_the_end();
}

Result<Outcome> run(const Command& command, base::Deadline deadline) {
  std::string output;
  Outcome outcome = MIRA_TRY(stream(command, deadline, [&](std::string_view chunk) {
    output.append(chunk);
    return true;
  }));
  outcome.output = std::move(output);
  return outcome;
}

}  // namespace mira::process

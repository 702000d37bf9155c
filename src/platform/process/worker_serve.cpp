#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "platform/process/frames.h"
#include "platform/process/spawn.h"
#include "platform/process/worker.h"

namespace mira::process {
namespace {

constexpr std::size_t read_bytes = 256 << 10;

bool write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = write(descriptor, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

// False at the end of the input.
bool read_some(int descriptor, FrameBuffer& in) {
  char* room = in.room(read_bytes);
  ssize_t count = 0;
  while ((count = read(descriptor, room, read_bytes)) < 0 && errno == EINTR) {
  }
  if (count <= 0) return false;
  in.filled(static_cast<std::size_t>(count));
  return true;
}

}  // namespace

int serve_worker(const std::function<std::string(std::string_view)>& handle) {
  // Answers leave by a descriptor of their own: what a library prints must not end up among them.
  const Descriptor answers(fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3));
  const auto null = open_null_device();
  if (!answers || !null || dup2(null->number(), STDOUT_FILENO) < 0) return 1;

  const SandboxReport report = enter_sandbox();
  std::string out;
  append_frame(out, greeting_sequence, {reinterpret_cast<const char*>(&report), sizeof(report)});
  if (!write_all(answers.number(), out)) return 1;

  FrameBuffer in;
  while (true) {
    const auto job = in.next();
    if (!job) {
      if (!read_some(STDIN_FILENO, in)) return in.empty() ? 0 : 1;
      continue;
    }
    const std::uint32_t sequence = job->sequence;
    const std::string answer = handle(job->payload);
    out.clear();
    append_frame(out, sequence, answer);
    if (!write_all(answers.number(), out)) return 1;
  }
}

}  // namespace mira::process

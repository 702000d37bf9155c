#include "platform/process/keeper.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace mira::process {
namespace {

constexpr int most_rounds = 1000;  // of killing what the killed leave; a bomb of forks ends by then or never
constexpr int look_ms = 200;       // how often adopted processes that have ended are reaped
constexpr std::size_t most_at_once = 256;

// "/proc/123/stat" without an allocation.
std::array<char, 32> stat_path(std::string_view id) {
  constexpr std::string_view before = "/proc/", after = "/stat";
  std::array<char, 32> path{};
  if (before.size() + id.size() + after.size() >= path.size()) return path;
  char* at = path.data();
  for (const std::string_view part : {before, id, after}) at = std::copy(part.begin(), part.end(), at);
  return path;
}

pid_t number_at(std::string_view text) {
  pid_t out = 0;
  for (const char c : text) {
    if (c < '0' || c > '9' || out > INT_MAX / 10 - 1) break;
    out = out * 10 + (c - '0');
  }
  return out;
}

// The parent of a process, from its stat: "pid (any name) state parent ..."; 0 when it is gone.
pid_t parent_of(std::string_view id) {
  const int file = open(stat_path(id).data(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  std::array<char, 512> bytes;
  const ssize_t count = read(file, bytes.data(), bytes.size());
  close(file);
  if (count <= 0) return 0;
  const std::string_view text(bytes.data(), static_cast<std::size_t>(count));
  const std::size_t name_end = text.rfind(") ");
  if (name_end == std::string_view::npos || name_end + 4 >= text.size()) return 0;
  return number_at(text.substr(name_end + 4));
}

// The name of a folder's entry, and where the next one begins: struct linux_dirent64.
std::string_view entry_at(std::string_view entries, std::size_t& next) {
  constexpr std::size_t length_at = 16, name_at = 19;
  std::uint16_t length = 0;
  std::memcpy(&length, entries.data() + next + length_at, sizeof(length));
  const char* name = entries.data() + next + name_at;
  next += length;
  return {name, strlen(name)};
}

struct Children {
  std::array<pid_t, most_at_once> ids;
  std::size_t count = 0;
};

// So many children of this process as fit. readdir would allocate.
void look_for_children(Children& found) {
  found.count = 0;
  const int folder = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return;
  const pid_t self = getpid();
  alignas(8) std::array<char, 16384> buffer;
  long bytes = 0;
  while ((bytes = syscall(SYS_getdents64, folder, buffer.data(), buffer.size())) > 0) {
    const std::string_view entries(buffer.data(), static_cast<std::size_t>(bytes));
    for (std::size_t next = 0; next < entries.size() && found.count < found.ids.size();) {
      const std::string_view name = entry_at(entries, next);
      const pid_t process = number_at(name);
      if (process > 0 && parent_of(name) == self) found.ids[found.count++] = process;
    }
  }
  close(folder);
}

bool holds(std::span<const pid_t> list, pid_t process) {
  for (const pid_t one : list) {
    if (one == process) return true;
  }
  return false;
}

// False for one that had ended by itself and only waited to be reaped.
bool end_child(pid_t process) {
  if (waitpid(process, nullptr, WNOHANG) == process) return false;
  kill(process, SIGKILL);
  while (waitpid(process, nullptr, 0) < 0 && errno == EINTR) {
  }
  return true;
}

void let_go_of_descriptors(int link) {
  if (const int null = open("/dev/null", O_RDWR | O_CLOEXEC); null >= 0) {
    for (int standard = 0; standard < 3; ++standard) dup2(null, standard);
  }
  if (link > 3) close_range(3, static_cast<unsigned>(link) - 1, 0);
  close_range(static_cast<unsigned>(link) + 1, UINT_MAX, 0);
}

// Those that the program left and that ended meanwhile; the program itself waits for its turn.
void reap_adopted(pid_t program) {
  siginfo_t info{};
  while (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid != 0 &&
         info.si_pid != program) {
    waitpid(info.si_pid, nullptr, 0);
    info = {};
  }
}

// False once nobody is at the other end.
bool obey(pid_t program, int link) {
  char signal = 0;
  const ssize_t got = recv(link, &signal, 1, MSG_DONTWAIT);
  if (got == 1) kill(-program, signal);
  return got == 1 || (got < 0 && (errno == EAGAIN || errno == EINTR));
}

bool has_ended(pid_t program) {
  siginfo_t info{};
  const int looked = waitid(P_PID, static_cast<id_t>(program), &info, WEXITED | WNOHANG | WNOWAIT);
  return looked != 0 || info.si_pid == program;
}

// Until the program has ended, or Mira has.
void watch(pid_t program, int link) {
  const int alive = static_cast<int>(syscall(SYS_pidfd_open, program, 0));
  while (!has_ended(program)) {
    std::array<pollfd, 2> watched{pollfd{link, POLLIN, 0}, pollfd{alive, POLLIN, 0}};
    const int ready = poll(watched.data(), watched.size(), look_ms);
    if (ready > 0 && watched[0].revents != 0 && !obey(program, link)) return;
    reap_adopted(program);
  }
}

}  // namespace

void keep(pid_t program, int link) {
  let_go_of_descriptors(link);
  prctl(PR_SET_NAME, "mira-keeper");
  watch(program, link);
  // The program is kept as a zombie until its group is dead: its number cannot be used again meanwhile.
  kill(-program, SIGKILL);
  kill(program, SIGKILL);
  Kept kept;
  while (waitpid(program, &kept.status, 0) < 0 && errno == EINTR) {
  }
  kept.left_behind = end_children({});
  send(link, &kept, sizeof(kept), MSG_NOSIGNAL);
  _exit(0);
}

std::vector<pid_t> children() {
  Children found;
  look_for_children(found);
  return {found.ids.begin(), found.ids.begin() + static_cast<std::ptrdiff_t>(found.count)};
}

int end_children(std::span<const pid_t> but) {
  int killed = 0;
  Children found;
  for (int round = 0; round < most_rounds; ++round) {
    look_for_children(found);
    bool any = false;
    for (std::size_t i = 0; i < found.count; ++i) {
      if (holds(but, found.ids[i])) continue;
      any = true;
      killed += end_child(found.ids[i]) ? 1 : 0;
    }
    if (!any) return killed;
  }
  return killed;
}

}  // namespace mira::process

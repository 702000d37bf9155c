#include "platform/process/spawn.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstring>

#include "platform/base/text.h"
#include "platform/process/keeper.h"

namespace mira::process {
namespace {

using base::ErrorCode;
using base::fail;

// What stopped the child before its program ran. Sent through a pipe that exec closes.
enum class Step : int { none, folder, exec };
struct Failure {
  Step step = Step::none;
  int error = 0;
};

// Everything the child needs, made before vfork: it may neither allocate nor lock.
struct Prepared {
  const char* file;
  char* const* argv;
  char* const* environment;
  const char* folder;
  std::array<int, 3> standard;
  int report;
  pid_t parent;
  rlim_t memory_bytes;
  rlim_t data_bytes;
};

void set_limit(__rlimit_resource resource, rlim_t value) {
  const rlimit limit{value, value};
  setrlimit(resource, &limit);
}

void reset_signals() {
  struct sigaction standard{};
  standard.sa_handler = SIG_DFL;
  for (int number = 1; number < NSIG; ++number) sigaction(number, &standard, nullptr);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
}

[[noreturn]] void give_up(const Prepared& prepared, Step step) {
  const Failure failure{step, errno};
  [[maybe_unused]] const ssize_t written = write(prepared.report, &failure, sizeof(failure));
  _exit(127);
}

// Runs in the child between vfork and exec: async-signal-safe calls only.
[[noreturn]] void become(const Prepared& prepared) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != prepared.parent) _exit(127);  // it died before the line above
  for (int i = 0; i < 3; ++i) dup2(prepared.standard[static_cast<std::size_t>(i)], i);
  close_range(3, UINT_MAX, CLOSE_RANGE_CLOEXEC);
  set_limit(RLIMIT_CORE, 0);
  if (prepared.memory_bytes > 0) set_limit(RLIMIT_AS, prepared.memory_bytes);
  if (prepared.data_bytes > 0) set_limit(RLIMIT_DATA, prepared.data_bytes);
  if (chdir(prepared.folder) != 0) give_up(prepared, Step::folder);
  reset_signals();
  execve(prepared.file, prepared.argv, prepared.environment);
  give_up(prepared, Step::exec);
}

// In a function of its own, so that no variable of the caller lives in a register across vfork.
[[gnu::noinline]] pid_t start_child(const Prepared& prepared) {
  const pid_t child = vfork();       // NOLINT(clang-analyzer-security.insecureAPI.vfork)
  if (child == 0) become(prepared);  // NOLINT(clang-analyzer-unix.Vfork): it does not return
  return child;
}

// The child of the fork takes no memory and no lock. Its signals stay blocked: what a terminal sends is for
// Mira, and of the program's end it hears by other ways.
pid_t start_keeper(const Prepared& prepared, int link) {
  const pid_t keeper = fork();
  if (keeper != 0) return keeper;
  setpgid(0, 0);
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  Prepared own = prepared;
  own.parent = getpid();
  const pid_t program = start_child(own);
  if (program < 0) give_up(prepared, Step::exec);
  keep(program, link);
}

std::vector<char*> pointers(const std::vector<std::string>& strings) {
  std::vector<char*> out;
  out.reserve(strings.size() + 1);
  for (const std::string& s : strings) out.push_back(const_cast<char*>(s.c_str()));
  out.push_back(nullptr);
  return out;
}

bool holds_nul(const std::vector<std::string>& strings) {
  for (const std::string& s : strings) {
    if (s.find('\0') != std::string::npos) return true;
  }
  return false;
}

std::unexpected<base::Error> start_error(const Program& program, const Failure& failure) {
  const std::string reason = std::strerror(failure.error);
  if (failure.step == Step::folder) {
    return fail(ErrorCode::unavailable,
                "cannot enter the folder " + base::display_line(program.working_folder) + ": " + reason);
  }
  const ErrorCode code = failure.error == ENOENT ? ErrorCode::not_found : ErrorCode::unavailable;
  return fail(code, "cannot start " + base::display_line(program.file) + ": " + reason);
}

bool is_program(const std::string& file) {
  struct stat found{};
  return stat(file.c_str(), &found) == 0 && S_ISREG(found.st_mode) && access(file.c_str(), X_OK) == 0;
}

std::string_view path_of(const std::vector<std::string>& environment) {
  for (const std::string& entry : environment) {
    if (entry.starts_with("PATH=")) return std::string_view(entry).substr(5);
  }
  return {};
}

Ending reap(pid_t leader) {
  // The leader is kept as a zombie until its group is dead: its number cannot be reused meanwhile.
  siginfo_t info{};
  while (waitid(P_PID, static_cast<id_t>(leader), &info, WEXITED | WNOWAIT) != 0 && errno == EINTR) {
  }
  kill(-leader, SIGKILL);
  int status = 0;
  rusage usage{};
  while (wait4(leader, &status, 0, &usage) < 0 && errno == EINTR) {
  }
  const auto milliseconds = [](const timeval& t) { return std::int64_t{t.tv_sec} * 1000 + t.tv_usec / 1000; };
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 0, WIFSIGNALED(status) ? WTERMSIG(status) : 0,
          milliseconds(usage.ru_utime) + milliseconds(usage.ru_stime)};
}

}  // namespace

namespace {

// `start` makes the child from what was prepared; its program reports through a pipe why it did not run.
template <class Start>
base::Result<pid_t> start_program(const Program& program, const Start& start) {
  if (holds_nul(program.argv) || holds_nul(program.environment) || holds_nul({program.working_folder})) {
    return fail(ErrorCode::usage,
                "an argument for " + base::display_line(program.file) + " holds a NUL byte");
  }
  Pipe report = MIRA_TRY(make_pipe());
  const std::vector<char*> argv = pointers(program.argv);
  const std::vector<char*> environment = pointers(program.environment);
  const Prepared prepared{program.file.c_str(),
                          argv.data(),
                          environment.data(),
                          program.working_folder.c_str(),
                          {program.input, program.output, program.error_output},
                          report.write_end.number(),
                          getpid(),
                          static_cast<rlim_t>(program.memory_bytes),
                          static_cast<rlim_t>(program.data_bytes)};
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);  // no handler of ours may run in the child
  const pid_t child = start(prepared);
  const int error = errno;
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (child < 0) {
    return fail(ErrorCode::failed,
                "cannot start " + base::display_line(program.file) + ": " + std::strerror(error),
                "end other programs, or raise the limit of processes (ulimit -u)");
  }
  report.write_end.close();
  Failure failure;
  ssize_t got = 0;
  while ((got = read(report.read_end.number(), &failure, sizeof(failure))) < 0 && errno == EINTR) {
  }
  if (got == 0) return child;
  wait_and_reap(child);  // it is at its end
  return start_error(program, failure);
}

}  // namespace

base::Result<pid_t> spawn(const Program& program) {
  return start_program(program, start_child);
}

base::Result<pid_t> spawn_kept(const Program& program, int link) {
  return start_program(program, [&](const Prepared& prepared) { return start_keeper(prepared, link); });
}

base::Result<std::string> find_program(const std::string& name, const std::vector<std::string>& environment) {
  if (name.starts_with('/')) {
    if (is_program(name)) return name;
    return fail(ErrorCode::not_found, "there is no program " + base::display_line(name));
  }
  if (name.empty() || name.find('/') != std::string::npos) {
    return fail(ErrorCode::usage, "a program is named by its name or its absolute path, not by " +
                                      base::display_line("'" + name + "'"));
  }
  for (const std::string_view folder : base::split(path_of(environment), ':')) {
    if (!folder.starts_with('/')) continue;
    std::string file = std::string(folder) + "/" + name;
    if (is_program(file)) return file;
  }
  return fail(ErrorCode::not_found, "the program " + base::display_line(name) + " is not installed",
              "install " + base::display_line(name) + ", or add the folder that holds it to PATH");
}

Ending kill_and_reap(pid_t leader) {
  kill(-leader, SIGKILL);
  return reap(leader);
}

Ending wait_and_reap(pid_t leader) {
  return reap(leader);
}

std::string signal_name(int signal) {
  const char* name = sigabbrev_np(signal);
  return name != nullptr ? fmt::format("SIG{}", name) : fmt::format("signal {}", signal);
}

base::Result<Pipe> make_pipe() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) {
    return fail(ErrorCode::failed, std::string("cannot make a pipe: ") + std::strerror(errno),
                "close other programs, or raise the limit of open files (ulimit -n)");
  }
  return Pipe{above_standard(Descriptor(ends[0])), above_standard(Descriptor(ends[1]))};
}

base::Result<Descriptor> open_null_device() {
  Descriptor null(open("/dev/null", O_RDWR | O_CLOEXEC));
  if (null) return above_standard(std::move(null));
  return fail(ErrorCode::failed, std::string("cannot open /dev/null: ") + std::strerror(errno));
}

Descriptor above_standard(Descriptor descriptor) {
  if (descriptor.number() > 2 || !descriptor) return descriptor;
  return Descriptor(fcntl(descriptor.number(), F_DUPFD_CLOEXEC, 3));
}

}  // namespace mira::process

#include "platform/process/sandbox.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <memory>

#include "platform/process/sanitized.h"
#include "platform/process/spawn.h"

namespace mira::process {
namespace {

// The kernel's interface of Landlock (linux/landlock.h), past where Debian's header ends.
struct LandlockRules {
  std::uint64_t files = 0;
  std::uint64_t network = 0;  // since ABI 4
  std::uint64_t scopes = 0;   // since ABI 6
};
constexpr std::uint64_t bits(int count) {
  return (std::uint64_t{1} << count) - 1;
}
constexpr unsigned ask_version = 1;

// Everything that this ABI can forbid: files, TCP, abstract sockets, signals to others.
LandlockRules all_rules(int abi) {
  LandlockRules rules;
  rules.files = bits(13);                 // ABI 1: execute, read, write, make, remove
  if (abi >= 2) rules.files = bits(14);   // + link and rename across folders
  if (abi >= 3) rules.files = bits(15);   // + truncate
  if (abi >= 5) rules.files = bits(16);   // + device controls
  if (abi >= 4) rules.network = bits(2);  // bind, connect
  if (abi >= 6) rules.scopes = bits(2);   // abstract sockets, signals
  return rules;
}

std::size_t rules_size(int abi) {
  if (abi >= 6) return sizeof(LandlockRules);
  return abi >= 4 ? offsetof(LandlockRules, scopes) : offsetof(LandlockRules, network);
}

// The ABI that was entered, 0 when there is none.
int enter_landlock() {
  const int abi = static_cast<int>(syscall(SYS_landlock_create_ruleset, nullptr, 0, ask_version));
  if (abi < 1) return 0;
  const LandlockRules rules = all_rules(abi);
  const Descriptor set(static_cast<int>(syscall(SYS_landlock_create_ruleset, &rules, rules_size(abi), 0)));
  // No rule is added: nothing beneath any folder is allowed.
  return set && syscall(SYS_landlock_restrict_self, set.number(), 0) == 0 ? abi : 0;
}

// Computing, memory, clocks, own signals, reading and writing of open descriptors.
constexpr auto allowed_calls =
    std::to_array<int>({SCMP_SYS(read),          SCMP_SYS(write),          SCMP_SYS(readv),
                        SCMP_SYS(writev),        SCMP_SYS(close),          SCMP_SYS(lseek),
                        SCMP_SYS(fstat),         SCMP_SYS(poll),           SCMP_SYS(ppoll),
                        SCMP_SYS(munmap),        SCMP_SYS(mremap),         SCMP_SYS(madvise),
                        SCMP_SYS(brk),           SCMP_SYS(futex),          SCMP_SYS(rt_sigreturn),
                        SCMP_SYS(rt_sigaction),  SCMP_SYS(rt_sigprocmask), SCMP_SYS(sigaltstack),
                        SCMP_SYS(clock_gettime), SCMP_SYS(clock_getres),   SCMP_SYS(clock_nanosleep),
                        SCMP_SYS(nanosleep),     SCMP_SYS(gettimeofday),   SCMP_SYS(restart_syscall),
                        SCMP_SYS(sched_yield),   SCMP_SYS(getpid),         SCMP_SYS(gettid),
                        SCMP_SYS(getrandom),     SCMP_SYS(sysinfo),        SCMP_SYS(getrusage),
                        SCMP_SYS(getcpu),        SCMP_SYS(membarrier),     SCMP_SYS(sched_getaffinity),
                        SCMP_SYS(rseq),          SCMP_SYS(exit),           SCMP_SYS(exit_group)});

bool add_rules(scmp_filter_ctx filter) {
  int failed = 0;
  for (const int call : allowed_calls) failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0);
  if (sanitized) failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(pipe2), 0);
  // Memory, but none that can be executed; signals, but only to itself (abort).
  for (const int call : {SCMP_SYS(mmap), SCMP_SYS(mprotect)}) {
    failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 1, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
  }
  failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
                             SCMP_A0(SCMP_CMP_EQ, static_cast<scmp_datum_t>(getpid())));
  return failed == 0;
}

bool enter_filter() {
  const std::unique_ptr<void, decltype(&seccomp_release)> filter(seccomp_init(SCMP_ACT_ERRNO(EPERM)),
                                                                 &seccomp_release);
  return filter != nullptr && add_rules(filter.get()) && seccomp_load(filter.get()) == 0;
}

void drop_capabilities() {
  __user_cap_header_struct head{_LINUX_CAPABILITY_VERSION_3, 0};
  const std::array<__user_cap_data_struct, 2> none{};
  syscall(SYS_capset, &head, none.data());
}

void set_limit(__rlimit_resource resource, rlim_t value) {
  const rlimit limit{value, value};
  setrlimit(resource, &limit);
}

bool refused(int descriptor) {
  if (descriptor < 0) return errno == EPERM || errno == EACCES;
  close(descriptor);
  return false;
}

}  // namespace

std::string_view level_name(SandboxLevel level) {
  switch (level) {
    case SandboxLevel::limits:
      return "limits";
    case SandboxLevel::partial:
      return "partial";
    case SandboxLevel::full:
      return "full";
  }
  return "limits";
}

SandboxLevel SandboxReport::level() const {
  const bool files_fenced = landlock_abi > 0;
  if (!files_fenced && !calls_filtered) return SandboxLevel::limits;
  const bool whole = files_fenced && calls_filtered && file_refused && socket_refused;
  return whole ? SandboxLevel::full : SandboxLevel::partial;
}

std::string SandboxReport::shortfall() const {
  if (level() == SandboxLevel::full) return {};
  if (level() == SandboxLevel::limits) return "this kernel offers neither Landlock nor seccomp";
  if (!calls_filtered) return "this kernel does not let seccomp filter system calls";
  if (landlock_abi == 0) return "this kernel has no Landlock";
  return file_refused ? "a socket could be opened inside the sandbox"
                      : "a file could be opened inside the sandbox";
}

SandboxReport enter_sandbox() {
  SandboxReport report;
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  drop_capabilities();
  set_limit(RLIMIT_CORE, 0);
  set_limit(RLIMIT_FSIZE, 0);
  report.landlock_abi = enter_landlock();
  report.calls_filtered = enter_filter();
  report.file_refused = refused(open("/", O_RDONLY | O_CLOEXEC));
  report.socket_refused = refused(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!report.calls_filtered) set_limit(RLIMIT_NOFILE, 0);  // the fence that is left
  return report;
}

}  // namespace mira::process

#include "faces/hooks/hook.h"

#include <fcntl.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iterator>
#include <new>
#include <sstream>

namespace mira::hooks {
namespace {

constexpr std::size_t most_input_bytes = 8 << 20;
constexpr int most_levels = 200;  // of the input; brackets without end would be built and taken down again
constexpr int start_ms = 20;      // what ending the process and hearing of it may take of its time
constexpr int answer_margin_ms = 30;  // between the end of the work and the kernel's timer

extern "C" void end_silently(int) {
  ::_exit(0);
}

// A fault of ours must not become the agent's: a crash ends as quietly as a late answer.
void arm_fences() {
  static std::array<char, 64 << 10> stack;  // NOLINT: a handler of a stack overflow needs a stack of its own
  stack_t own{};
  own.ss_sp = stack.data();
  own.ss_size = stack.size();
  ::sigaltstack(&own, nullptr);
  struct sigaction action{};
  action.sa_handler = end_silently;
  action.sa_flags = SA_ONSTACK;
  for (int signal : {SIGALRM, SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGPIPE, SIGTERM, SIGINT, SIGHUP,
                     SIGXFSZ, SIGXCPU})
    ::sigaction(signal, &action, nullptr);
  sigset_t none;  // whoever started us may have blocked the timer's signal
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

using SteadyClock = std::chrono::steady_clock;

// When the process was started, to the kernel's 10 ms: loading the program belongs to its deadline too. Now,
// where the kernel does not say.
SteadyClock::time_point process_start() {
  constexpr int field = 22;  // of /proc/self/stat: ticks after the boot
  const auto now = SteadyClock::now();
  std::ifstream file("/proc/self/stat");
  std::string line, word;
  std::getline(file, line);
  std::size_t name_end = line.rfind(") ");
  if (name_end == std::string::npos) return now;
  std::istringstream words(line.substr(name_end + 2));
  for (int i = 3; i <= field && words >> word; ++i) {
  }
  std::int64_t ticks = 0;
  auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), ticks);
  const long ticks_per_s = ::sysconf(_SC_CLK_TCK);
  timespec boot{};
  if (error != std::errc() || ticks_per_s <= 0 || ::clock_gettime(CLOCK_BOOTTIME, &boot) != 0) return now;
  const std::int64_t lived_ms =
      std::int64_t{boot.tv_sec} * 1000 + boot.tv_nsec / 1'000'000 - ticks * 1000 / ticks_per_s;
  constexpr std::int64_t most_ms = 150;  // the rest is the life of a shell that became this program
  return now - std::chrono::milliseconds(std::clamp<std::int64_t>(lived_ms, 0, most_ms));
}

// Fires `ms` after the process began, less what beginning and ending take.
void arm_timer(SteadyClock::time_point began, int ms) {
  auto passed = std::chrono::duration_cast<std::chrono::milliseconds>(SteadyClock::now() - began).count();
  ms = std::max(1, ms - start_ms - static_cast<int>(passed));
  itimerval timer{};
  timer.it_value.tv_sec = ms / 1000;
  timer.it_value.tv_usec = suseconds_t{ms % 1000} * 1000;
  ::setitimer(ITIMER_REAL, &timer, nullptr);
}

// Everything that was sent; "" when it is more than a hook can mean.
std::string read_input() {
  std::string out;
  std::array<char, 65536> chunk;
  while (true) {
    ssize_t got = ::read(STDIN_FILENO, chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return out;
    if (out.size() + static_cast<std::size_t>(got) > most_input_bytes) return {};
    out.append(chunk.data(), static_cast<std::size_t>(got));
  }
}

// Brackets outside of strings, before anything is built of them.
bool is_too_deep(std::string_view text) {
  int level = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '\\') ++i;
      if (c == '"') quoted = false;
      continue;
    }
    if (c == '"') quoted = true;
    if (c == ']' || c == '}') --level;
    if ((c == '[' || c == '{') && ++level > most_levels) return true;
  }
  return false;
}

struct Told {
  std::string event;
  std::optional<Client> client;
};

Told read_arguments(std::span<char* const> arguments) {
  Told told;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    std::string_view word = arguments[i];
    if (word == "--client" && i + 1 < arguments.size())
      told.client = client_named(arguments[++i]);
    else if (word.starts_with("--client="))
      told.client = client_named(word.substr(9));
    else if (!word.starts_with("-"))
      told.event = word;
  }
  return told;
}

std::string environment(const char* name) {
  const char* text = std::getenv(name);
  return text == nullptr ? std::string() : std::string(text);
}

// Cursor also runs Claude's hooks; where it has Mira's own, one of the two is silent.
bool cursor_has_its_own() {
  if (environment("CURSOR_VERSION").empty()) return false;
  std::ifstream file(environment("HOME") + "/.cursor/hooks.json", std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  return text.find("hook --client cursor") != std::string::npos;
}

// MIRA_HOOK_DEADLINE_MS gives slow machines more time, or fast ones less.
int allowed_ms(Moment moment) {
  constexpr int most_ms = 60'000;
  std::string text = environment("MIRA_HOOK_DEADLINE_MS");
  int ms = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), ms);
  bool given = error == std::errc() && end == text.data() + text.size() && ms > 0 && ms <= most_ms;
  return given ? ms : deadline_ms(moment);
}

std::string process(const Told& told, const std::function<contracts::Host*()>& make_host,
                    SteadyClock::time_point began) {
  const std::string text = read_input();
  if (is_too_deep(text)) return {};
  Json input = Json::parse(text, nullptr, false);
  Client client = told.client ? *told.client : guess_client(input, environment);
  if (client == Client::claude && cursor_has_its_own()) return {};
  auto event = read_event(client, told.event, input);
  if (!event || event->moment == Moment::other) return {};
  int ms = allowed_ms(event->moment);
  arm_timer(began, ms);
  contracts::Host* host = make_host();
  if (host == nullptr) return {};
  auto passed = std::chrono::duration_cast<std::chrono::milliseconds>(SteadyClock::now() - began).count();
  return answer(*event, *host, base::Deadline::after_ms(ms - start_ms - answer_margin_ms - passed));
}

}  // namespace

int deadline_ms(Moment moment) {
  switch (moment) {
    case Moment::prompt:
      return 300;
    case Moment::session_start:
      return 1000;
    case Moment::edited:
    case Moment::before_compaction:
    case Moment::compacted:
    case Moment::other:
      return 200;
    case Moment::failed:  // it took a build's time already
    case Moment::ran:
    case Moment::turn_end:
    case Moment::session_end:
      return 500;
  }
  return 200;
}

int run(std::span<char* const> arguments, const std::function<contracts::Host*()>& make_host) {
  arm_fences();
  const auto began = process_start();
  Told told = read_arguments(arguments);
  // Until the input says what it is about, the shortest time holds.
  arm_timer(began, allowed_ms(moment_named(told.event)));
  try {
    std::string text = process(told, make_host, began);
    std::string_view rest = text;
    while (!rest.empty()) {
      ssize_t wrote = ::write(STDOUT_FILENO, rest.data(), rest.size());
      if (wrote < 0 && errno == EINTR) continue;
      if (wrote <= 0) break;
      rest.remove_prefix(static_cast<std::size_t>(wrote));
    }
  } catch (...) {
    return 0;  // whatever it was, the agent goes on
  }
  return 0;
}

contracts::Action hook_action() {
  return {
      .name = "hook",
      .group = "agents",
      .summary =
          "Answer one hook of an agent: a JSON object on standard input, one on standard output or nothing",
      .description =
          "What an agent runs at its events once it is connected. At a prompt: evidence for what the prompt "
          "names. After "
          "an edit: callers written for a signature that the edit changed, and files that usually change "
          "with this one. After a build or a test: the run is remembered, and what cured its error before is "
          "told. "
          "Nothing is told twice in one conversation, nothing is told when nothing is sure, at most 1,200 "
          "tokens. Always "
          "exits with 0, within 200 ms to 1 s (MIRA_HOOK_DEADLINE_MS), whatever is broken. Never indexes: "
          "run mira index, or connect "
          "the server.",
      .params = {{.name = "event",
                  .help = "the client's name of the event; the input may name it too",
                  .positional = true},
                 {.name = "client",
                  .kind = contracts::ParamKind::choice,
                  .help = "whose hook it is; told from the environment when not given",
                  .choices = {"claude", "codex", "gemini", "opencode", "cursor"}}},
      .examples = {{"mira hook UserPromptSubmit --client claude < event.json",
                    "what Claude Code runs at a prompt"}},
      .data_shape =
          R"({"hookSpecificOutput": {"hookEventName": "UserPromptSubmit", "additionalContext": "..."}})",
      .needs = contracts::Needs::nothing,
      .handle = [](contracts::Call&) -> base::Result<contracts::Reply> {
        return base::fail(base::ErrorCode::usage, "a hook is run by its agent", "see: mira hook --help");
      },
  };
}

}  // namespace mira::hooks

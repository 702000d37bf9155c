#include "faces/cli/cli.h"

#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>

#include "faces/cli/batch.h"
#include "faces/cli/config_action.h"
#include "faces/cli/help.h"
#include "faces/cli/parse.h"
#include "faces/cli/print.h"
#include "faces/cli/progress.h"

namespace mira::cli {
namespace {

// A signal handler can only reach a global; nothing else does.
std::atomic<bool> interrupted{false};  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

extern "C" void on_interrupt(int) {
  if (interrupted.exchange(true)) ::_exit(130);  // the second one does not wait
}

void install_signals() {
  struct sigaction action{};
  action.sa_handler = on_interrupt;
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
}

int fail_with(const base::Error& error, bool json) {
  if (json)
    write_all(STDOUT_FILENO, json_error(error));
  else
    write_all(STDERR_FILENO, text_error(error));
  return base::exit_code(error.code);
}

bool asks_for_json(std::span<char* const> arguments) {
  for (const char* argument : arguments) {
    if (std::string_view(argument) == "--json") return true;
  }
  return false;
}

// The process's own standard streams.
class StandardStreams : public contracts::Streams {
 public:
  explicit StandardStreams(bool json) : json_(json) {}
  std::ptrdiff_t read(char* buffer, std::size_t bytes) override {
    ssize_t count = 0;
    while ((count = ::read(STDIN_FILENO, buffer, bytes)) < 0 && errno == EINTR && !interrupted.load()) {
    }
    return count;
  }
  bool write(std::string_view text) override { return write_all(STDOUT_FILENO, text); }
  bool write_error(std::string_view text) override { return write_all(STDERR_FILENO, text); }
  bool json() const override { return json_; }

 private:
  bool json_;
};

ProgressForm progress_form(const Invocation& invocation) {
  if (invocation.quiet) return ProgressForm::silent;
  if (invocation.json) return ProgressForm::json;
  bool redraw = style_of(STDERR_FILENO, invocation.plain).colour && ::isatty(STDERR_FILENO) == 1;
  return redraw ? ProgressForm::redrawn : ProgressForm::lines;
}

int print_reply(const Invocation& invocation, const contracts::Reply& reply) {
  if (reply.streamed) return reply.exit_code;
  std::string out;
  if (!reply.raw.empty())
    out = reply.raw;
  else if (invocation.json)
    out = json_reply(reply);
  else
    out = text_reply(*invocation.action, reply, style_of(STDOUT_FILENO, invocation.plain));
  bool written = write_all(STDOUT_FILENO, out);
  if (!invocation.json && !invocation.quiet) {
    for (const std::string& note : reply.notes) write_all(STDERR_FILENO, "note: " + note + "\n");
  }
  return written ? reply.exit_code : base::exit_code(base::ErrorCode::failed);
}

int run_action(contracts::Host& host, const Invocation& invocation) {
  base::Deadline deadline = base::Deadline::never();
  if (invocation.timeout_s)
    deadline = base::Deadline::after_ms(static_cast<std::int64_t>(*invocation.timeout_s * 1000));
  deadline = deadline.with_cancel(&interrupted);
  TerminalProgress progress(progress_form(invocation), STDERR_FILENO);
  if (invocation.batch) {
    auto batch = host.open_batch(*invocation.action, invocation.project, progress, deadline);
    progress.clear();
    if (!batch) return fail_with(batch.error(), true);
    return run_batch(**batch, *invocation.action, STDIN_FILENO, STDOUT_FILENO, deadline);
  }
  contracts::Request request{.project = invocation.project, .arguments = invocation.arguments};
  request.input = STDIN_FILENO;
  StandardStreams streams(invocation.json);
  request.streams = &streams;
  auto reply = host.call(*invocation.action, request, progress, deadline);
  progress.clear();
  if (!reply && interrupted.load()) {
    return fail_with(
        {base::ErrorCode::interrupted, "interrupted", "what was finished is kept; run it again to go on", {}},
        invocation.json);
  }
  if (!reply) return fail_with(reply.error(), invocation.json);
  bool tells_them = invocation.action->name.starts_with("config ");
  if (!tells_them) {
    for (std::string& fault : setting_faults(host.registry())) reply->notes.push_back(std::move(fault));
  }
  return print_reply(invocation, *reply);
}

}  // namespace

int run(contracts::Host& host, std::span<char* const> arguments) {
  install_signals();
  auto invocation = parse(host.registry(), arguments);
  if (!invocation) return fail_with(invocation.error(), asks_for_json(arguments));
  if (!invocation->family.empty())
    return write_all(STDOUT_FILENO, family_help(host.registry(), invocation->family)) ? 0 : 1;
  if (invocation->action == nullptr) return write_all(STDOUT_FILENO, overview(host.registry())) ? 0 : 1;
  if (invocation->help) return write_all(STDOUT_FILENO, help(*invocation->action)) ? 0 : 1;
  return run_action(host, *invocation);
}

}  // namespace mira::cli

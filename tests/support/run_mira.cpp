#include "tests/support/run_mira.h"

#include <cstdlib>

#include "platform/process/child.h"

namespace mira::support {
namespace {
constexpr std::int64_t hang_ms = 120'000;
}  // namespace

nlohmann::json Ran::json() const {
  return nlohmann::json::parse(out, nullptr, false);
}

Mira::Mira(std::filesystem::path scratch) : home_(scratch / "mira-home"), folder_(std::move(scratch)) {
  const char* path = std::getenv("PATH");
  environment_["PATH"] = path != nullptr ? path : "/usr/bin:/bin";
  environment_["HOME"] = "/nonexistent";
  environment_["LC_ALL"] = "C.UTF-8";
  environment_["MIRA_HOME"] = home_.string();
  for (const char* name : {"ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS", "LSAN_OPTIONS"}) {
    if (const char* content = std::getenv(name)) environment_[name] = content;
  }
}

Mira& Mira::in(std::filesystem::path folder) {
  folder_ = std::move(folder);
  return *this;
}

Mira& Mira::with(const std::string& name, std::string content) {
  if (content.empty())
    environment_.erase(name);
  else
    environment_[name] = std::move(content);
  return *this;
}

Mira& Mira::through(std::vector<std::string> program) {
  program_ = std::move(program);
  return *this;
}

std::filesystem::path Mira::binary() {
  return MIRA_BINARY;
}

Ran Mira::run(std::vector<std::string> arguments, std::string_view input) const {
  process::Command command;
  command.argv = program_;
  command.argv.push_back(binary().string());
  for (std::string& argument : arguments) command.argv.push_back(std::move(argument));
  for (const auto& [name, content] : environment_) command.environment.push_back(name + "=" + content);
  command.working_folder = folder_.string();
  command.input = input;
  auto outcome = process::run(command, base::Deadline::after_ms(hang_ms));
  Ran ran;
  if (!outcome) {
    ran.hung = outcome.error().code == base::ErrorCode::timeout;
    ran.err = outcome.error().message;
    return ran;
  }
  ran.exit_code = outcome->exit_code;
  ran.signal = outcome->signal;
  ran.out = std::move(outcome->output);
  ran.err = std::move(outcome->error_output);
  return ran;
}

}  // namespace mira::support

#include "platform/base/log.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <ctime>

#include "platform/base/limits.h"
#include "platform/base/text.h"

namespace mira::base {
namespace {

// The one piece of process-wide state: a log is a descriptor, as standard error is.
std::atomic<int> log_descriptor{-1};
std::atomic<LogLevel> log_threshold{LogLevel::info};

std::string_view level_name(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return "debug";
    case LogLevel::info:
      return "info";
    case LogLevel::warning:
      return "warning";
    case LogLevel::error:
      return "error";
  }
  return "error";
}

// "2026-11-25T07:31:32.123Z"
std::string timestamp() {
  using namespace std::chrono;
  const auto now_ms = duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
  const std::time_t seconds = now_ms / 1000;
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", utc.tm_year + 1900, utc.tm_mon + 1,
                     utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec, now_ms % 1000);
}

void set_aside_when_large(const std::filesystem::path& file) {
  struct stat found{};
  if (stat(file.c_str(), &found) != 0 || found.st_size < limits::log_bytes) return;
  std::filesystem::path old = file;
  old += ".old";
  std::error_code ignored;  // then the log goes on growing until the next start
  std::filesystem::rename(file, old, ignored);
}

}  // namespace

void open_log(const std::filesystem::path& file, LogLevel threshold) {
  set_aside_when_large(file);
  const int descriptor = open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  log_threshold.store(threshold);
  const int previous = log_descriptor.exchange(descriptor);
  if (previous >= 0) close(previous);
}

void log(LogLevel level, std::string_view message) {
  const int descriptor = log_descriptor.load();
  if (descriptor < 0 || level < log_threshold.load()) return;
  const std::string line =
      fmt::format("{} {} {} {}\n", timestamp(), getpid(), level_name(level), display_line(message));
  // One write an entry, so that lines of several processes do not mix. A full disk loses the entry.
  [[maybe_unused]] const ssize_t written = write(descriptor, line.data(), line.size());
}

}  // namespace mira::base

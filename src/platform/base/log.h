// One log file a process family, in the state folder. Quiet by default; nothing is
// printed to the terminal from here. Messages are masked by the caller's guard
// before they arrive; never log file contents.
#pragma once

#include <filesystem>
#include <string_view>

namespace mira::base {

enum class LogLevel { debug, info, warning, error };

// Opens (appends, 0600) the log; without it, log() does nothing. Never fails loudly.
void open_log(const std::filesystem::path& file, LogLevel threshold);
void log(LogLevel level, std::string_view message);

}  // namespace mira::base

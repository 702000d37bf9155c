// No failure is ever lost: a run is judged by its exit code, by what the tools say of
// themselves, and by the records, together. Failed is failed when any of them says
// so; where no record of an error was read, one is made of the log's last words;
// where the tools count otherwise than the parsers, the difference is told. Every
// path to a person or an agent goes through judge().
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "knowledge/builds/collector.h"

namespace mira::builds {

// How the process ended, as far as it is known.
struct Ending {
  std::optional<int> exit_code;
  int signal = 0;
  bool timed_out = false, silent = false, cancelled = false, not_started = false;
  std::string reason;   // of not_started
  std::string command;  // as shown
};

inline constexpr std::string_view unparsed_code = "unparsed_failure";  // of the record made of last words

struct LastWords {
  std::vector<std::string_view>
      suspicious;  // lines around the first one that spoke of a failure; may be empty
  std::int64_t suspicious_line = 0;
  std::vector<std::string_view> tail;
  std::int64_t lines = 0;
  std::uint64_t bytes = 0;
};

struct Verdict {
  bool failed = false;
  std::vector<std::string> reasons;     // why it failed, or what speaks against a success
  std::vector<std::string> mismatches;  // "pytest says 7 failed, 6 were read"
  std::optional<Record> unparsed;       // made when a failed run gave no error
  std::int64_t errors = 0, warnings = 0, tests_failed = 0;
};

Verdict judge(const Ending& ending, const Collector& collector, const LastWords& words);

}  // namespace mira::builds

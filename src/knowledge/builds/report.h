// Reports that a tool wrote for machines, read to the same records as its text: SARIF,
// checkstyle, JUnit XML, and the JSON of linters and test runners. Foreign bytes like any
// log: sizes and depth are bounded, what does not parse is no report and is read as a log
// instead. What a report says of itself (how many failed) is held against its records.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "knowledge/builds/record.h"

namespace mira::builds {

inline constexpr std::size_t most_report_bytes = 64 << 20;

// Whether a text that begins so may be a report; decided by its first bytes.
bool may_be_report(std::string_view beginning);

struct Report {
  std::string_view format;  // "sarif", "junit", "checkstyle", "eslint", "gcc", "rspec", ...
  std::vector<Record> records;
  std::int64_t failed = -1;  // how many tests failed, as it counts them; -1: it does not say
  bool says_failed = false;  // it says that the run failed, whatever its records are
  bool cut = false;          // its end is missing
};
std::optional<Report> read_report(std::string_view text);

}  // namespace mira::builds

// What is fuzzed, as plain functions: libFuzzer's programs call them with new bytes, the
// normal suite with the bytes that are kept in corpus/. They end the process when a
// promise is broken: the same records wherever the bytes are cut, no record without a
// tool, no failure without a record.
#pragma once

#include <string_view>

namespace mira::fuzz {

// The bytes are a log, read by one parser alone; "": by all of them.
void read_log(std::string_view parser, std::string_view bytes);
// The bytes are a report: SARIF, JUnit XML, checkstyle, JSON of any tool.
void read_report(std::string_view bytes);

}  // namespace mira::fuzz

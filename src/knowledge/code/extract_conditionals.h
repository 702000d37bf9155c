// What #if, #ifdef and #else leave of a C or C++ file on the system this program runs
// on. Only what is known of every compiler there decides (__linux__ is defined, _WIN32
// and __APPLE__ are not, 0 is false); a condition on anything else stays open, since
// the project's configuration is not read. Include guards are no condition.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "knowledge/code/facts.h"

namespace mira::code {

class GuardedLines {
 public:
  explicit GuardedLines(std::string_view source);
  Guard at(std::int32_t line) const;  // from 1

 private:
  struct Change {
    std::int32_t line;  // from this line on
    Guard guard;
  };
  std::vector<Change> changes_;
};

// Says of each symbol whether its name stands where this system's compiler looks.
void mark_guards(Facts& facts, std::string_view source);

}  // namespace mira::code

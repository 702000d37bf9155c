// The patterns of statements that hold (see statements.h), in one table. Order counts: the
// first that fits a clause gives its statement.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "knowledge/memory/statements.h"

namespace mira::memory {

// What the value must be, where the words around it are said of much else too.
enum class ValueMust : std::uint8_t {
  be_anything,
  name_a_tool,  // it, or what it replaces: "replaced Jest with Vitest", not "replaced the loop with a range"
  last,         // no passing state: "our build is CMake", not "our build is broken"
  be_an_address,   // a port, a host, an address
  name_a_version,  // "python 3.12"
  be_definite,     // a number, a day, a tool, a name: "the port is 8080", not "the parser is slow"
  be_a_name,       // it begins with a capital
};

struct StatementRule {
  std::string_view pattern;  // RE2 without regard to case; named groups: value, subject, prep, old
  FactKind kind;
  std::string_view subject;  // "": from the group, or from what the value is known to be
  bool single_valued = false;
  bool refused = false;
  bool update = false;
  ValueMust value_must = ValueMust::be_anything;
};

std::span<const StatementRule> statement_rules();

}  // namespace mira::memory

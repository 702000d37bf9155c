// Statements in a text that say what holds: "I prefer tabs", "call me Ada", "we use
// PostgreSQL", "tests run with ninja test", "let's deploy on Thursdays". By rules over
// clauses (English), each with its byte span. What is asked, supposed, hedged, quoted or
// code says nothing; a clause that is negated says the opposite. A rule that does not
// fit stays silent: a missed fact can be told again, an invented one does harm.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mira::memory {

inline constexpr int statement_rules_version = 5;
inline constexpr std::size_t statement_bytes = 16 << 10;  // of one text that are read
inline constexpr std::size_t statements_of_a_text = 16;

enum class FactKind { preference, identity, environment, decision, note };
std::string_view fact_kind_name(FactKind kind);

struct Statement {
  FactKind kind = FactKind::preference;
  std::string subject;  // normalised: "database", "name", "editor", "preference"
  std::string value;    // normalised: "postgresql"
  bool single_valued = false;
  bool refused = false;                      // said not to hold: "we don't use Redis", "never mock the clock"
  bool is_update = false;                    // says that it replaces: "now", "switched to", "instead of"
  std::string replaces;                      // the value it names as the old one; ""
  std::size_t first_byte = 0, end_byte = 0;  // of the clause
};

std::vector<Statement> statements_in(std::string_view text);

}  // namespace mira::memory

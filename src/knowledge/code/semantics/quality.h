// Places that may deserve work, each with the number that made it and never a grade.
// complexity: more than 10 branches; length: more than 60 lines; cycle: files that import
// each other; missing_docs: exported and without a doc comment; missing_tests: exported
// and not reached from any test by proved or inferred calls, where such tests are;
// dead_code: hidden from other files, called and named nowhere; duplication: see
// duplication.h. "mira: ignore TYPE" in a
// doc comment takes an issue back.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "platform/store/connection.h"

namespace mira::semantics {

inline constexpr int most_branches = 10, most_lines = 60;

struct Issue {
  std::string path, element;  // element "": the file
  std::string_view type, severity;
  std::int64_t measure = 0;
  std::string message, fix;
  std::int64_t start_line = 0, end_line = 0;
};

// By path, element, type; at most one of each. `more`: found elsewhere, see duplication.h.
base::Result<std::vector<Issue>> find_issues(store::Connection& index, std::vector<Issue> more = {});

// Groups of at least two files that import each other, each sorted, the groups by their first file.
base::Result<std::vector<std::vector<std::string>>> import_cycles(store::Connection& index);

}  // namespace mira::semantics

// Lines of the project's files that hold a text or fit a regular expression (RE2: time
// linear in the text, whatever the pattern). The files themselves are read, so an
// answer is of what is on disk now; the index only says which files and symbols there
// are. A file that lacks a literal that every match must hold is not matched at all.
#pragma once

#include <string>
#include <vector>

#include "contracts/session.h"
#include "knowledge/code/query_type.h"
#include "platform/base/deadline.h"

namespace mira::code {

enum class PatternKind : std::uint8_t { regular, literal };
enum class LetterCase : std::uint8_t { exact, ignored };

struct LineQuery {
  std::string pattern;
  PatternKind kind = PatternKind::regular;
  LetterCase letter_case = LetterCase::exact;
  QueryFilters filters;  // path: part of it or a glob; symbol: only lines inside such a definition
};

struct LineHit {
  std::string path;
  int line = 0, column = 0;  // from 1, column in bytes
  std::string symbol;        // the innermost definition around it, or ""
};

struct LineAnswer {
  std::vector<LineHit> hits;  // by path and line, one a line
  std::int64_t matches = 0;   // lines that match, also those beyond the limit
  std::int64_t files_read = 0;
  std::vector<std::string> unreadable;
  bool counted_all = true;  // false: ended early, `matches` is a lower bound
};

// usage: the pattern is no regular expression, the language is not known. timeout: the deadline passed.
base::Result<LineAnswer> find_lines(contracts::Session& session, const LineQuery& query, std::size_t limit,
                                    base::Deadline deadline);

// "path:src lang:c pattern" taken apart: filters before and behind the pattern.
LineQuery line_query(std::string_view text);

}  // namespace mira::code

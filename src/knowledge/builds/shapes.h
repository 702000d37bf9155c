// One-line shapes of diagnostics as words, so that a tool is a row of a table and not
// a function: "{f}:{l}:{c}: {s}: {m}". Matching looks forward only; a file's name may
// be tried at a few places, nothing else is tried twice.
//   {f} file   {l} line   {c} column   {s} severity   {k} code   {m} message   {t} test
//   {x} anything   {_} spaces or none
// What is not in braces stands as it is. {m}, {t}, {k} and {x} reach to the next words that are
// not in braces ({m}: to their last occurrence), or to the end.
#pragma once

#include <optional>
#include <string_view>

#include "knowledge/builds/record.h"

namespace mira::builds {

struct Shape {
  std::string_view tool;
  std::string_view keyword;  // lower case: what the log is searched for
  std::string_view words;
  std::string_view extensions = "";  // of the file, ".c .h"; "": any
  Severity severity = Severity::error;
};

struct Shaped {
  std::string_view file, code, message, test;
  int line = 0, column = 0;
  Severity severity = Severity::error;
  bool note = false;  // its severity says that it is no finding of its own
};

std::optional<Shaped> match_shape(const Shape& shape, std::string_view text);
// "error", "Warning", "E", "fatal": nullopt for words that are no severity.
struct SaidSeverity {
  Severity severity;
  bool note;
};
std::optional<SaidSeverity> severity_of_word(std::string_view word);

}  // namespace mira::builds

// Three keys of a diagnostic, each an answer to another question: is this very one
// still there (instance), is it the same problem again (identity), what kind is it
// (class). The tool's own code beats any hash of text. Masked are the things that
// differ between two tellings of one problem (numbers, addresses, paths, times,
// temporary names, ways of quoting); names of the project are kept in identity.
// The version is part of every key: another algorithm never regroups old rows.
#pragma once

#include <string>
#include <string_view>

#include "knowledge/builds/record.h"

namespace mira::builds {

inline constexpr int fingerprint_version = 2;

struct Fingerprint {
  std::string instance, identity, kind;  // 32 hex digits each
};

// `file` is the record's file relative to the project (or as printed, outside).
Fingerprint fingerprint(const Record& record, std::string_view file);

}  // namespace mira::builds

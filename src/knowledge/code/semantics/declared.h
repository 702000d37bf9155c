// Manifests held against imports: which package a file uses, which package is asked for
// and never used, which is used and never asked for.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "contracts/session.h"
#include "knowledge/code/semantics/manifests.h"

namespace mira::semantics {

struct DeclaredRow {
  std::string manifest;
  Declared declared;
  std::string resolved;  // by a lock file of the same folder or above
};

// Reads every manifest and lock file of the session's tree, in the order of their paths.
base::Result<std::vector<DeclaredRow>> read_declared(contracts::Session& session, base::Deadline deadline);

// The package an import leads to, as its ecosystem names it: "@vue/shared/dist/x" is "@vue/shared",
// "yaml.loader" of Python "PyYAML". Empty: not told by the name.
std::string package_of_import(std::string_view language, std::string_view module);
// True when the import's package is the declared one, by the ecosystem's own rules of spelling.
bool is_package(const Declared& declared, std::string_view package);
// Ecosystem whose packages a language imports: "npm", "pypi", ...; "" for languages whose imports name no
// package.
std::string_view ecosystem_of(std::string_view language);

}  // namespace mira::semantics

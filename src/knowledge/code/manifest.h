// What a project's manifests say about names: go.mod, package.json, tsconfig.json,
// Cargo.toml, composer.json as Facts, so that they are stored, offered and read like
// any other file. Read as data, never run.
//   package   the name the manifest declares (go module, npm package, crate), or tsconfig's baseUrl
//   exports   package.json entry points: subpath -> path, in the order to try
//   imports   path patterns: tsconfig paths, PSR-4 prefixes, package.json imports: module -> name (a path)
#pragma once

#include <optional>

#include "knowledge/code/facts.h"

namespace mira::code {

bool is_manifest(std::string_view path);
// nullopt: not a manifest, or not readable as one.
std::optional<Facts> manifest_facts(std::string_view path, std::string_view text);

}  // namespace mira::code

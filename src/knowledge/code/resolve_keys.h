// The keys that tie files together. A file offers keys (its names, its imports, the
// values that flow out of its functions), each with a hash of what stands behind
// it; resolving a file registers every key it looked at, found or not. When an
// offer appears, goes or changes its hash, exactly the files that read the key are
// resolved again. Lines and bodies are no part of a hash, so an edit inside a
// function body wakes nobody.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "knowledge/code/facts.h"
#include "knowledge/code/symbol_kinds.h"

namespace mira::code {

// Languages whose files can call each other. Never are two families joined by name.
enum class Family : std::uint8_t { none, c, python, javascript, go, jvm, rust, csharp, ruby, php, other };
Family family_of(std::string_view language);

using Key = std::uint64_t;
Key name_key(Family family, std::string_view name);          // symbols of this last name
Key file_key(std::string_view path);                         // is there such a file
Key imports_key(std::string_view path);                      // imports, exports and package of a file
Key flow_key(std::string_view path, std::string_view what);  // assignments: see flow_scope, flow_target
Key derived_key(Family family, std::string_view base);       // classes that name it as a base
Key package_key(Family family, std::string_view package_or_folder);  // files of a package

struct Offer {
  Key key = 0;
  std::uint32_t value = 0;   // hash of what stands behind the key in this file
  std::uint32_t listed = 0;  // 1: the files that offer the key are asked for (names, bases, packages)
  bool operator==(const Offer&) const = default;
};

// The part of a file's facts that other files may look at: no calls, lines, texts or bodies.
// Symbol positions are kept.
Facts interface_of(const Facts& facts, Family family);

// Sorted by key, one a key. `facts` may be whole or an interface: the offers are the same.
std::vector<Offer> offers_of(std::string_view path, Family family, const Facts& facts);

// Keys that are not offered alike by both lists, sorted.
std::vector<Key> changed_keys(std::span<const Offer> before, std::span<const Offer> after);

// Last component of a written type or base name: "a::B<int>*" -> "B", "x.Y[T]" -> "Y".
std::string_view last_component(std::string_view name);
std::string_view folder_of(std::string_view path);  // "" for a file in the root

}  // namespace mira::code

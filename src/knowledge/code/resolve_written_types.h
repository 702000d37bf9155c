// Types as a source writes them, taken apart: "std::map<K, V>" is a name and its
// arguments. Text only, nothing is looked up.
#pragma once

#include <string_view>
#include <vector>

#include "knowledge/code/resolve_evaluate.h"

namespace mira::code {

struct WrittenType {
  std::string_view name;
  std::vector<std::string_view> arguments;
};
WrittenType parts_of_type(std::string_view type);
// Parts at the top level of brackets.
std::vector<std::string_view> split_type(std::string_view text, char separator);
// "(A, B)" of Go, Rust and C#, "[A, B]" of TypeScript, "[A; 3]" and "[A]" of Rust, "[3]A" of Go.
bool is_tuple_type(std::string_view type);

// The type of an element under a key ("" for any): "V" of "std::map<K, V>", "T" of "T[]"; "" when the type
// is no container that is known.
std::string_view elements_type(std::string_view type, std::string_view key);
// A value of a container type, to be read at the place where the type is written.
Meaning written_container(Place place, std::string_view type);

}  // namespace mira::code

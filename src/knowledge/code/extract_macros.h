// C and C++ macros: what a file says with them, without a preprocessor.
#pragma once

#include <string>
#include <string_view>

#include "knowledge/code/extract_walk.h"

namespace mira::code {

// The text with attribute-like words (ALL_CAPS standing before a declaration, or FOO(...) in such a place)
// replaced by as many blanks. Newlines stay where they are.
std::string blank_attribute_macros(std::string_view text);

// A symbol for the macro, and `macro_token` rows for what its body seems to call.
void define_macro(Walk& walk, NodeId node);

}  // namespace mira::code

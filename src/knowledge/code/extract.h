// From bytes to facts. Called inside the parse worker (parse_worker.h) or by tests.
#pragma once

#include <string_view>

#include "knowledge/code/facts.h"

namespace mira::code {

// `language` is a name of languages.h ("cpp"). Never fails: broken code gives what
// is whole in it and ParseState::partial. No recursion over the tree's depth.
Facts extract(std::string_view bytes, std::string_view language);

}  // namespace mira::code

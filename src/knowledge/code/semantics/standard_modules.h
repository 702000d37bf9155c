// Modules that come with a language: an import of one names no package.
#pragma once

#include <string_view>

namespace mira::semantics {

// `language` as the index names it; `module` as it is imported ("os.path", "node:fs", "net/http",
// "std::fmt").
bool is_standard_module(std::string_view language, std::string_view module);

}  // namespace mira::semantics

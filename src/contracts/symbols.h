// Where a name is defined now. The feature that knows symbols (code) offers it, the
// feature that knows history (git) asks for it, and neither includes the other: the
// assembly hands it over. Without it a feature knows files only.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "contracts/session.h"

namespace mira::contracts {

struct SymbolPlace {
  std::string name, kind;  // qualified; "function", "class" ...
  std::string path;
  int first_line = 0, last_line = 0;  // of the whole definition, from 1
};

// Definitions a name may mean, in any file or in the one whose path is or ends with `file`. Empty when there
// is none.
using SymbolLookup = std::function<base::Result<std::vector<SymbolPlace>>(Session&, std::string_view name,
                                                                          std::string_view file)>;

}  // namespace mira::contracts

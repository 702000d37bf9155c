// The port by which other features learn where a symbol is defined.
#pragma once

#include "contracts/symbols.h"

namespace mira::code {

contracts::SymbolLookup symbol_lookup();

}  // namespace mira::code

// What kinds of symbols have in common, for reading, resolving and searching alike.
#pragma once

#include "knowledge/code/facts.h"

namespace mira::code {

bool runs_code(SymbolKind kind);      // function, method, constructor
bool holds_a_value(SymbolKind kind);  // variable, constant, field, property
bool is_class_like(SymbolKind kind);  // has members: class, struct, union, enum, interface, trait

}  // namespace mira::code

#include "knowledge/code/symbol_kinds.h"

namespace mira::code {

bool runs_code(SymbolKind kind) {
  return kind == SymbolKind::function || kind == SymbolKind::method || kind == SymbolKind::constructor;
}

bool holds_a_value(SymbolKind kind) {
  return kind == SymbolKind::variable || kind == SymbolKind::constant || kind == SymbolKind::field ||
         kind == SymbolKind::property;
}

bool is_class_like(SymbolKind kind) {
  switch (kind) {
    case SymbolKind::class_type:
    case SymbolKind::struct_type:
    case SymbolKind::union_type:
    case SymbolKind::enum_type:
    case SymbolKind::interface:
    case SymbolKind::trait:
      return true;
    default:
      return false;
  }
}

}  // namespace mira::code

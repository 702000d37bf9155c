// The parts of the Rust visitor that have a file of their own.
#pragma once

#include "knowledge/code/extract_walk.h"

namespace mira::code {

void visit_rust_use(Walk& walk, NodeId node);     // one row a leaf of the use tree
void visit_rust_macro(Walk& walk, NodeId node);   // name!(...)
void visit_rust_tokens(Walk& walk, NodeId node);  // what a token tree seems to call

}  // namespace mira::code

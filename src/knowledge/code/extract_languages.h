// The registry of extractors: which grammar and which visitor serve a language.
#pragma once

#include <string_view>

#include "knowledge/code/extract_walk.h"

namespace mira::code {

const Extractor* find_extractor(std::string_view language);  // nullptr: text only

// One visitor and one reading of expressions a language or family of languages.
void visit_c(Walk& walk, NodeId node);
void visit_cpp(Walk& walk, NodeId node);
Expression c_expression(const Walk& walk, NodeId node);  // C++ too
void visit_python(Walk& walk, NodeId node);
Expression python_expression(const Walk& walk, NodeId node);
void visit_javascript(Walk& walk, NodeId node);  // TypeScript and TSX too
Expression javascript_expression(const Walk& walk, NodeId node);

}  // namespace mira::code

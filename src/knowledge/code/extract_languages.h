// The registry of extractors: which grammar and which visitor serve a language.
#pragma once

#include <string_view>

#include "knowledge/code/extract_walk.h"

namespace mira::code {

const Extractor* find_extractor(std::string_view language);  // nullptr: text only
const GrammarNames& names_of(const Extractor& extractor);    // of one that find_extractor() gave

// One visitor and one reading of expressions a language or family of languages.
void visit_c(Walk& walk, NodeId node);
void visit_cpp(Walk& walk, NodeId node);
Expression c_expression(const Walk& walk, NodeId node);  // C++ too
void visit_python(Walk& walk, NodeId node);
Expression python_expression(const Walk& walk, NodeId node);
void visit_javascript(Walk& walk, NodeId node);  // TypeScript and TSX too
Expression javascript_expression(const Walk& walk, NodeId node);

void visit_go(Walk& walk, NodeId node);
Expression go_expression(const Walk& walk, NodeId node);
void visit_java(Walk& walk, NodeId node);
Expression java_expression(const Walk& walk, NodeId node);
void visit_rust(Walk& walk, NodeId node);
Expression rust_expression(const Walk& walk, NodeId node);
void visit_csharp(Walk& walk, NodeId node);
Expression csharp_expression(const Walk& walk, NodeId node);
void visit_ruby(Walk& walk, NodeId node);
Expression ruby_expression(const Walk& walk, NodeId node);
void visit_php(Walk& walk, NodeId node);
Expression php_expression(const Walk& walk, NodeId node);
void visit_kotlin(Walk& walk, NodeId node);
Expression kotlin_expression(const Walk& walk, NodeId node);
// Of these only elements, imports and calls by name.
void visit_bash(Walk& walk, NodeId node);
void visit_lua(Walk& walk, NodeId node);
void visit_swift(Walk& walk, NodeId node);
void visit_scala(Walk& walk, NodeId node);
Expression elements_expression(const Walk& walk, NodeId node);

}  // namespace mira::code

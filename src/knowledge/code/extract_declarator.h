// C and C++ declarators, read inside out: which name is declared, whether it is a
// function, and what stands around it ("*", "[]", "&").
#pragma once

#include <string>

#include "knowledge/code/extract_walk.h"

namespace mira::code {

struct Declarator {
  NodeId name = no_node;      // identifier, qualified_identifier, operator_name, ...
  NodeId function = no_node;  // its function_declarator, if the name is a function
  NodeId value = no_node;     // initialiser
  bool function_pointer = false;
  std::string suffix;  // "*", "**", "[]", "&"
};
Declarator read_declarator(const SyntaxTree& tree, NodeId node);

// "struct node*", "const Foo&": the declared type of `declarator` in `declaration`; "" for auto.
std::string declared_type(const Walk& walk, NodeId declaration, const Declarator& declarator);
// The name inside a type: "node" of struct node, the node itself otherwise.
NodeId type_name(const SyntaxTree& tree, NodeId type);
// Named children of the declaration that are declarators, from the first.
NodeId first_declarator(const SyntaxTree& tree, NodeId declaration);
NodeId next_declarator(const SyntaxTree& tree, NodeId declarator);

std::vector<Parameter> parameters_of(const Walk& walk, NodeId parameter_list);
// Rows of the parameters' types, in `scope`.
void type_parameters(Walk& walk, std::int32_t scope, NodeId parameter_list);
bool has_specifier(const SyntaxTree& tree, NodeId declaration, std::string_view word);

}  // namespace mira::code

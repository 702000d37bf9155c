// The parts of the JavaScript family's visitor: values here, modules and types in files
// of their own.
#pragma once

#include "knowledge/code/extract_walk.h"

namespace mira::code {

// Without its colon; "" when there is none.
std::string annotated_type(const Walk& walk, NodeId node, Field field = "type"_f);

void define_parameters(Walk& walk, std::int32_t function, NodeId node);
// The keys between an object literal's member and the symbol around it: "a.b".
std::string object_path(const Walk& walk, NodeId member);

// Classes, interfaces, enums, namespaces, aliases and their members.
void visit_javascript_types(Walk& walk, NodeId node);

// Modules.
void visit_import(Walk& walk, NodeId node);
void visit_export(Walk& walk, NodeId node);
bool import_by_require(Walk& walk, NodeId variable_declarator);  // const { a } = require("x")
bool import_by_call(Walk& walk, NodeId call);                    // require("x"), import("x") as they stand
void export_by_assignment(Walk& walk, NodeId assignment, NodeId value);
void finish_javascript(Facts& facts);  // visibility by what is exported

}  // namespace mira::code

// How each language finds what is outside a file: the value an import binds, and
// what is visible without naming it (star imports, the same package, the include
// closure). One function of each kind a family; resolve_imports.cpp chooses.
#pragma once

#include "knowledge/code/resolve_evaluate.h"

namespace mira::code {

// What the local name of an import stands for: a module, a symbol, or `external`.
std::vector<Meaning> import_values(Evaluator& evaluator, const SourceFile& file, const Import& import);
// A name that no scope or import of the file binds by itself.
Found visible_outside(Evaluator& evaluator, Place place, std::string_view name);
// A member of a package value (Python folder, Java or C# namespace, Go folder).
Found package_member(Evaluator& evaluator, const Meaning& package, std::string_view name);

std::vector<Meaning> python_import(Evaluator&, const SourceFile&, const Import&);
Found python_outside(Evaluator&, const SourceFile&, std::string_view name);
Found python_submodule(Evaluator&, const SourceFile& package_init, std::string_view name);
Found python_package_member(Evaluator&, const Meaning& package, std::string_view name);

std::vector<Meaning> javascript_import(Evaluator&, const SourceFile&, const Import&);
Found javascript_outside(Evaluator&, const SourceFile&, std::string_view name);

std::vector<Meaning> c_import(Evaluator&, const SourceFile&, const Import&);
Found c_outside(Evaluator&, Place, std::string_view name);
Found c_qualified(Evaluator&, Place, std::string_view path, std::string_view name);

std::vector<Meaning> go_import(Evaluator&, const SourceFile&, const Import&);
std::vector<Meaning> packaged_import(Evaluator&, const SourceFile&, const Import&);  // jvm, csharp, php
Found packaged_outside(Evaluator&, const SourceFile&, std::string_view name);
Found packaged_member(Evaluator&, const Meaning& package, std::string_view name);

std::vector<Meaning> rust_import(Evaluator&, const SourceFile&, const Import&);
Found rust_outside(Evaluator&, const SourceFile&, std::string_view name);
Found rust_path(Evaluator&, Place, std::string_view path);

std::vector<Meaning> ruby_import(Evaluator&, const SourceFile&, const Import&);
Found ruby_outside(Evaluator&, Place, std::string_view name);

Meaning external_value(std::string name);

}  // namespace mira::code

#include "knowledge/code/resolve_imports.h"

#include "knowledge/code/resolve_builtins.h"

namespace mira::code {

Meaning external_value(std::string name) {
  if (name.size() > 200) name.resize(200);
  return {.kind = Meaning::Kind::external, .name = std::move(name), .rule = "external"};
}

Meaning external_std() {
  return external_value("std");
}

std::vector<Meaning> import_values(Evaluator& evaluator, const SourceFile& file, const Import& import) {
  switch (file.family) {
    case Family::python:
      return python_import(evaluator, file, import);
    case Family::javascript:
      return javascript_import(evaluator, file, import);
    case Family::c:
      return c_import(evaluator, file, import);
    case Family::go:
      return go_import(evaluator, file, import);
    case Family::jvm:
    case Family::csharp:
    case Family::php:
      return packaged_import(evaluator, file, import);
    case Family::rust:
      return rust_import(evaluator, file, import);
    case Family::ruby:
      return ruby_import(evaluator, file, import);
    default:
      return {};
  }
}

Found visible_outside(Evaluator& evaluator, Place place, std::string_view name) {
  Found found;
  switch (place.file->family) {
    case Family::python:
      found = python_outside(evaluator, *place.file, name);
      break;
    case Family::javascript:
      found = javascript_outside(evaluator, *place.file, name);
      break;
    case Family::c:
      found = c_outside(evaluator, place, name);
      break;
    case Family::go:
    case Family::jvm:
    case Family::csharp:
    case Family::php:
      found = packaged_outside(evaluator, *place.file, name);
      break;
    case Family::rust:
      found = rust_outside(evaluator, *place.file, name);
      break;
    case Family::ruby:
      found = ruby_outside(evaluator, place, name);
      break;
    default:
      break;
  }
  if (found.settled()) return found;
  if (is_builtin_function(place.file->family, name) || is_builtin_type(place.file->family, name))
    found.values.push_back({.kind = Meaning::Kind::builtin, .name = std::string(name), .rule = "builtin"});
  return found;
}

Found package_member(Evaluator& evaluator, const Meaning& package, std::string_view name) {
  const SourceFile& own = evaluator.reader().own();
  if (own.family == Family::c) return c_qualified(evaluator, {&own, no_symbol}, package.name, name);
  if (own.family == Family::python) return python_package_member(evaluator, package, name);
  return packaged_member(evaluator, package, name);
}

}  // namespace mira::code

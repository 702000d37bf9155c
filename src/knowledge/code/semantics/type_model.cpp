#include "knowledge/code/semantics/type_model.h"

#include <algorithm>

#include "knowledge/code/semantics/model_builder.h"

namespace mira::semantics {

const code::Parameter* Operation::parameter(std::string_view wanted) const {
  auto at = std::ranges::find(parameters, wanted, &code::Parameter::name);
  return at == parameters.end() ? nullptr : &*at;
}

const Field* Type::field(std::string_view wanted) const {
  auto at = std::ranges::find(fields, wanted, &Field::name);
  return at == fields.end() ? nullptr : &*at;
}

const Operation* Type::operation(std::string_view wanted) const {
  auto at = std::ranges::find(operations, wanted, &Operation::name);
  return at == operations.end() ? nullptr : &*at;
}

TypeId TypeModel::find(const Type& where, std::string_view name) const {
  return find(where.path, where.family, name);
}

TypeId TypeModel::find(std::string_view path, code::Family family, std::string_view name) const {
  auto found = by_name_.find(std::pair(family, std::string(code::last_component(name))));
  if (found == by_name_.end()) return unbound;
  const std::vector<TypeId>& all = found->second;
  auto only = [&](auto fits) {
    TypeId out = unbound;
    for (TypeId id : all) {
      if (!fits(at(id))) continue;
      if (out != unbound) return unbound;
      out = id;
    }
    return out;
  };
  TypeId here = only([&](const Type& one) { return one.path == path; });
  if (here != unbound) return here;
  bool is_imported = false;
  TypeId named = imported(path, found->first.second, all, is_imported);
  if (is_imported) return named;
  if (all.size() == 1) return all.front();
  return only([&](const Type& one) { return code::folder_of(one.path) == code::folder_of(path); });
}

namespace {

bool ends_with_path(std::string_view path, std::string_view end) {
  return path == end || (path.ends_with(end) && path[path.size() - end.size() - 1] == '/');
}

// "pkg/mod" for pkg/mod.py, pkg/mod/__init__.py and pkg/mod/index.ts.
std::string_view module_path(std::string_view path) {
  std::size_t dot = path.rfind('.');
  std::size_t slash = path.rfind('/');
  if (dot != std::string_view::npos && (slash == std::string_view::npos || dot > slash))
    path = path.substr(0, dot);
  for (std::string_view last : {"/__init__", "/index", "/mod"})
    if (path.ends_with(last)) path.remove_suffix(last.size());
  return path;
}

}  // namespace

TypeId TypeModel::imported(std::string_view path, std::string_view name, const std::vector<TypeId>& all,
                           bool& is_imported) const {
  auto found = imports_.find(std::pair(std::string(path), std::string(name)));
  if (found == imports_.end()) return unbound;
  const std::string& module = found->second;
  is_imported = true;
  TypeId out = unbound;
  bool several = false;
  for (TypeId id : all) {
    std::string_view candidate = module_path(at(id).path);
    // The module itself, the module of Java that is the type, or a package that gives it on.
    bool fits = ends_with_path(candidate, module) || candidate.starts_with(module + "/") ||
                candidate.find("/" + module + "/") != std::string_view::npos;
    if (!fits) continue;
    several |= out != unbound;
    out = id;
  }
  bool names_a_file = !all.empty() && (at(all.front()).family == code::Family::jvm ||
                                       at(all.front()).family == code::Family::python ||
                                       at(all.front()).family == code::Family::javascript);
  if (out == unbound && !names_a_file) is_imported = false;  // a namespace: files may lie anywhere
  return several ? unbound : out;
}

std::vector<TypeId> TypeModel::ancestors(TypeId type) const {
  std::vector<TypeId> out = at(type).bases;
  for (std::size_t i = 0; i < out.size(); ++i)
    for (TypeId base : at(out[i]).bases)
      if (base != type && std::ranges::find(out, base) == out.end()) out.push_back(base);
  return out;
}

std::vector<TypeId> TypeModel::descendants(TypeId type) const {
  std::vector<TypeId> out = at(type).derived;
  for (std::size_t i = 0; i < out.size(); ++i)
    for (TypeId one : at(out[i]).derived)
      if (one != type && std::ranges::find(out, one) == out.end()) out.push_back(one);
  return out;
}

bool TypeModel::is_a(TypeId type, TypeId base) const {
  if (type == base) return true;
  std::vector<TypeId> all = ancestors(type);
  return std::ranges::find(all, base) != all.end();
}

bool TypeModel::is_abstract(TypeId id) const {
  const Type& type = at(id);
  if (type.kind == code::SymbolKind::interface || type.kind == code::SymbolKind::trait) return true;
  if (type.is_virtual) return true;
  return std::ranges::any_of(type.operations, &Operation::abstract);
}

std::vector<TypeId> TypeModel::implementations(TypeId type) const {
  std::vector<TypeId> out = descendants(type);
  std::erase_if(out, [&](TypeId one) { return is_abstract(one); });
  return out;
}

const Operation* TypeModel::inherited(TypeId type, std::string_view name) const {
  if (const Operation* own = at(type).operation(name)) return own;
  for (TypeId base : ancestors(type))
    if (const Operation* one = at(base).operation(name)) return one;
  return nullptr;
}

base::Result<TypeModel> TypeModel::load(store::Connection& index) {
  ModelBuilder builder;
  base::Status failure;
  MIRA_TRY(
      index.each("SELECT r.path, r.language, x.facts FROM repository_files r JOIN file_facts x USING(file_id)"
                 " WHERE r.generated = 0 AND r.parse_state IN ('clean', 'partial') ORDER BY r.path",
                 [&](const store::Row& row) {
                   auto facts = code::decode(row.blob(2));
                   if (!facts) failure = std::unexpected(facts.error());
                   if (facts) builder.add(std::string(row.text(0)), row.text(1), *facts);
                   return facts.has_value();
                 }));
  MIRA_TRY(std::move(failure));
  return builder.finish();
}

}  // namespace mira::semantics

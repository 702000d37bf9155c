// Members of values: classes with their bases, namespaces, modules, what leads out.
#include <algorithm>

#include "knowledge/code/resolve_evaluate.h"
#include "knowledge/code/resolve_imports.h"
#include "knowledge/code/resolve_written_types.h"

namespace mira::code {
namespace {

constexpr std::size_t chain_limit = 64;
constexpr std::size_t owners_limit = 200;  // files that may hold members of one out-of-line owner

// "A::B<T>" written before a member stands for the class qualified "ns::A::B".
bool owns(const Symbol& type, const SymbolRef& member) {
  if (member->scope_name.empty() || last_component(member->scope_name) != type.name) return false;
  if (member.file->family != Family::c) return true;
  std::string_view owner = member->qualified;
  owner.remove_suffix(std::min(owner.size(), member->name.size() + 2));
  std::string_view own = type.qualified;  // the member may stand under a `using namespace`
  return own == owner || (own.ends_with(owner) && own.substr(0, own.size() - owner.size()).ends_with("::"));
}

// C3, as Python orders the classes to look in (Barrett et al., "A monotonic superclass linearization for
// Dylan", 1996): each class before its bases, bases as written. What cannot be ordered so comes as written.
std::vector<SymbolRef> linearised(SymbolRef type, std::vector<std::vector<SymbolRef>> lines) {
  std::vector<SymbolRef> out{type};
  auto in_a_tail = [&](const SymbolRef& one) {
    return std::ranges::any_of(lines, [&](const std::vector<SymbolRef>& line) {
      return line.size() > 1 && std::find(line.begin() + 1, line.end(), one) != line.end();
    });
  };
  while (out.size() < chain_limit) {
    std::erase_if(lines, [](const std::vector<SymbolRef>& line) { return line.empty(); });
    if (lines.empty()) break;
    SymbolRef next = lines.front().front();
    for (const std::vector<SymbolRef>& line : lines)
      if (!in_a_tail(line.front())) {
        next = line.front();
        break;
      }
    if (std::ranges::find(out, next) == out.end()) out.push_back(next);
    for (std::vector<SymbolRef>& line : lines) std::erase(line, next);
  }
  return out;
}

// May a member written outside the class body belong to this class?
bool may_own(const SourceFile& member_file, const SourceFile& type_file) {
  switch (type_file.family) {
    case Family::go:
      return folder_of(member_file.path) == folder_of(type_file.path);
    default:
      return true;
  }
}

}  // namespace

Found Evaluator::members(const std::vector<Meaning>& owners, std::string_view name) {
  Found out;
  for (const Meaning& owner : owners) {
    Found one = members(owner, name);
    for (Meaning& value : one.values) value.inferred = value.inferred || owner.inferred;
    add_values(out.values, one.values);
    out.bound = out.bound || one.bound;
    if (!one.reason.empty()) out.reason = one.reason;
  }
  return out;
}

Found Evaluator::members(const Meaning& owner, std::string_view name) {
  Deeper deeper(work_);
  if (deeper.too_deep()) return {.values = {}, .bound = true, .reason = "unknown_receiver"};
  switch (owner.kind) {
    case Meaning::Kind::external:
    case Meaning::Kind::builtin: {
      std::vector<Meaning> added = extensions_of(last_component(owner.name), name);
      if (!added.empty()) return {.values = std::move(added), .bound = true};
      if (owner.kind == Meaning::Kind::builtin) return {.values = {external_std()}};
      return {.values = {external_value(owner.name + "." + std::string(name))}};
    }
    case Meaning::Kind::container:
      return container_member(owner, name);
    case Meaning::Kind::package:
      return package_member(*this, owner, name);
    case Meaning::Kind::module:
      return module_member(*owner.file, name);
    case Meaning::Kind::above:
      return class_member(owner.symbol, name, true);
    case Meaning::Kind::instance:
      if (name == "class" && owner.symbol.file->family == Family::ruby)
        return {.values = {symbol_value(owner.symbol, "self")}, .bound = true};
      return class_member(owner.symbol, name, false, Side::object);
    case Meaning::Kind::symbol:
      break;
  }
  const Symbol& symbol = *owner.symbol;
  if (is_class_like(symbol.kind)) {
    Found own = class_member(owner.symbol, name, false, Side::type);
    bool makes = name == "new" && owner.symbol.file->family == Family::ruby && own.values.empty();
    return makes ? Found{.values = {owner}, .bound = true} : own;
  }
  if (symbol.kind == SymbolKind::enum_member && symbol.parent != no_symbol)
    return class_member({owner.symbol.file, symbol.parent}, name, false);
  if (symbol.kind == SymbolKind::type_alias)
    return members(classes_of({owner.symbol.file, symbol.parent}, symbol.type), name);
  if (symbol.kind == SymbolKind::namespace_ || symbol.kind == SymbolKind::module)
    return namespace_member(owner.symbol, name);
  Found inner = symbols_value(*owner.symbol.file, owner.symbol.file->children(owner.symbol.index, name));
  if (inner.settled() || !holds_a_value(symbol.kind)) return inner;
  return members(value_of(owner.symbol).values, name);
}

Evaluator::Side Evaluator::side_of(Place place) const {
  if (place.file->family != Family::ruby) return Side::any;
  for (std::int32_t scope = place.scope; scope != no_symbol; scope = place.file->symbol(scope).parent) {
    const Symbol& symbol = place.file->symbol(scope);
    if (runs_code(symbol.kind)) return symbol.is_static ? Side::type : Side::object;
    if (is_class_like(symbol.kind)) break;
  }
  return Side::any;
}

std::vector<Meaning> Evaluator::put_into(SymbolRef type, std::string_view field) {
  std::vector<Meaning> out;
  bool complete = true;
  for (const SymbolRef& one : base_chain(type, complete)) add_values(out, field_flow(one, field).values);
  return out;
}

namespace {

// Written in this file or package, or in one that is opened or named by an import: else its name says
// nothing.
bool is_in_sight(const SourceFile& from, const SymbolRef& one) {
  std::string_view package = one.file->facts.package;
  std::string_view own = from.facts.package;
  bool top = one.file->family == Family::csharp || one->parent == no_symbol;
  if (one.file == &from || (top && own == package)) return true;
  if (top && from.family == Family::csharp && own.starts_with(package)) return true;
  return std::ranges::any_of(from.facts.imports, [&](const Import& import) {
    if (import.name == "*" && import.module == package) return top;
    if (local_name(import, from.family) != one->name || !import.module.starts_with(package)) return false;
    return top || import.module.contains("." + one.file->symbol(one->parent).name + ".");
  });
}

}  // namespace

std::vector<Meaning> Evaluator::extensions_of(std::string_view type, std::string_view name) {
  const SourceFile& own = reader_.own();
  bool csharp = own.family == Family::csharp;
  if (type.empty() || (!csharp && own.language != "kotlin")) return {};
  std::vector<Meaning> out;
  bool too_many = false;
  for (const SymbolRef& one : reader_.named(name, owners_limit, &too_many)) {
    std::string_view of = one->scope_name;
    if (csharp && one->is_static && !one->parameters.empty()) {
      of = one->parameters.front().type;
      of = of.starts_with("this ") ? of.substr(5) : std::string_view();
    }
    if (runs_code(one->kind) && !of.empty() && last_component(of) == type && is_in_sight(own, one))
      add_value(out, symbol_value(one, "extension"));
  }
  return out;
}

namespace {

// A class method of Ruby is none of its objects'; a module's method may have become one by `extend`.
bool on_side(const Meaning& one, bool of_type, const Symbol& holder) {
  if (one.kind != Meaning::Kind::symbol || !runs_code(one.symbol->kind)) return true;
  if (one.symbol->is_static) return of_type || holder.kind == SymbolKind::module;
  return !of_type || holder.kind == SymbolKind::module;
}

}  // namespace

Found Evaluator::class_member(SymbolRef type, std::string_view name, bool above, Side side) {
  bool complete = true;
  std::vector<SymbolRef> chain = base_chain(type, complete);
  bool sided = side != Side::any && type.file->family == Family::ruby;
  for (std::size_t i = above ? 1 : 0; i < chain.size(); ++i) {
    if (above && chain[i]->qualified == type->qualified) continue;  // another part of the class itself
    Found own = own_member(chain[i], name);
    if (sided) {
      std::erase_if(own.values,
                    [&](const Meaning& one) { return !on_side(one, side == Side::type, *chain[i]); });
      own.bound = !own.values.empty();
    }
    if (!own.settled()) continue;
    if (i > 0 && chain[i]->qualified != type->qualified)
      for (Meaning& value : own.values)
        if (value.rule == "member") value.rule = "base chain";
    bool flows = std::ranges::all_of(own.values, [](const Meaning& one) { return one.rule == "flow"; });
    if (flows)  // an object's field: methods of its bases set it too
      for (std::size_t above_it = i + 1; above_it < chain.size(); ++above_it)
        add_values(own.values, field_flow(chain[above_it], name).values);
    return own;
  }
  for (const SymbolRef& one : chain) {
    std::vector<Meaning> added =
        type.file->family == Family::csharp ? extensions_of(one->name, name) : std::vector<Meaning>();
    if (!added.empty()) return {.values = std::move(added), .bound = true};
  }
  if (!complete) return {.values = {}, .bound = false, .reason = "external"};
  return {.values = {}, .bound = false, .reason = "unknown_receiver"};
}

Found Evaluator::own_member(SymbolRef type, std::string_view name) {
  Found out;
  std::vector<SymbolRef> hits;
  reader_.named_in(*type.file, name);
  for (std::int32_t index : type.file->children(type.index, name)) hits.push_back({type.file, index});
  bool all_here =
      !hits.empty() && std::ranges::none_of(hits, [](const SymbolRef& one) { return one->declaration; });
  if (!all_here) {
    bool too_many = false;
    for (const SymbolRef& one : reader_.named(name, owners_limit, &too_many))
      if (owns(*type, one) && may_own(*one.file, *type.file)) hits.push_back(one);
  }
  bool has_body = std::ranges::any_of(hits, [](const SymbolRef& one) { return !one->declaration; });
  for (const SymbolRef& one : hits) {
    if (has_body && one->declaration) continue;
    out.bound = true;
    add_value(out.values, symbol_value(one, "member"));
  }
  if (out.settled()) return out;
  return field_flow(type, name);
}

std::vector<Meaning> Evaluator::own_members(SymbolRef type, std::string_view name) {
  std::vector<Meaning> out;
  for (const Meaning& one : own_member(type, name).values)
    if (one.kind == Meaning::Kind::symbol && runs_code(one.symbol->kind)) out.push_back(one);
  return out;
}

Found Evaluator::field_flow(SymbolRef type, std::string_view name) {
  const SourceFile& file = *type.file;
  std::string target = "self." + std::string(name);
  reader_.read_flow(file, target);
  Found out;
  auto of_type = [&](std::int32_t owner) {
    while (owner != no_symbol && !is_class_like(file.symbol(owner).kind)) owner = file.symbol(owner).parent;
    return owner == type.index;
  };
  for (const TypedName* one : file.typed_anywhere(target)) {
    if (!of_type(one->scope)) continue;
    out.bound = true;
    add_values(out.values, instances_of({&file, one->scope}, one->type));
  }
  if (!out.values.empty()) return out;
  for (const Assignment* one : file.assigned_anywhere(target)) {
    if (!of_type(one->scope)) continue;
    Found value = assigned_value(file, *one);
    out.bound = true;
    add_values(out.values, value.values);
  }
  if (out.settled()) return out;
  reader_.read_flow(file, type->qualified);
  for (const TypedName* one : file.typed(type.index, name)) {
    out.bound = true;
    add_values(out.values, instances_of({&file, type.index}, one->type));
  }
  if (out.settled()) return out;
  return assigned({&file, type.index}, file.assigned(type.index, name));
}

Found Evaluator::namespace_member(SymbolRef space, std::string_view name) {
  Found own = symbols_value(*space.file, space.file->children(space.index, name));
  if (own.settled()) return own;
  if (space.file->family == Family::ruby)
    for (const SymbolRef& part : other_parts(space))  // the module in other files
      add_values(own.values, symbols_value(*part.file, part.file->children(part.index, name)).values);
  if (own.settled()) return own;
  if (space.file->family == Family::c)
    return c_qualified(*this, {space.file, space.index}, space->qualified, name);
  if (space.file->family == Family::rust) {
    own = from_imports(*space.file, space.index, name);
    if (own.settled()) return own;
    own = rust_path(*this, {space.file, space.index}, std::string("self::") + std::string(name));
    return own.values.empty() ? Found{} : own;  // `mod tests { use super::*; }`: what is further out
  }
  return from_imports(*space.file, space.index, name);
}

namespace {

// Type parameters that follow the name: C# tells Rel and Rel<T> apart.
std::size_t type_parameters(const Symbol& type) {
  std::size_t at = type.signature.find(type.name);
  if (at == std::string::npos) return 0;
  std::string_view rest = std::string_view(type.signature).substr(at + type.name.size());
  return rest.starts_with('<') ? parts_of_type(rest.substr(0, rest.find('>') + 1)).arguments.size() + 1 : 0;
}

}  // namespace

// A class may be written in parts: partial in C#, reopened in Ruby.
std::vector<SymbolRef> Evaluator::other_parts(SymbolRef type) {
  bool csharp = type.file->family == Family::csharp;
  if (!csharp && type.file->family != Family::ruby) return {};
  if (csharp && !has_decorator(*type, "partial")) return {};
  std::vector<SymbolRef> out;
  bool too_many = false;
  for (const SymbolRef& one : reader_.named(type->name, owners_limit, &too_many)) {
    if (one == type || one->kind != type->kind || one->qualified != type->qualified) continue;
    if (csharp && (!has_decorator(*one, "partial") || one.file->facts.package != type.file->facts.package ||
                   type_parameters(*one) != type_parameters(*type)))
      continue;
    if (csharp) reader_.read_imports(*one.file);  // its package
    out.push_back(one);
  }
  return out;
}

std::vector<SymbolRef> Evaluator::base_chain(SymbolRef type, bool& complete) {
  auto at = chains_.find({type.file, type.index});
  if (at != chains_.end()) {
    complete = at->second.second;
    return at->second.first;
  }
  chains_[{type.file, type.index}] = {{type}, false};  // a class that is its own base ends here
  std::vector<std::vector<SymbolRef>> lines;           // of each base, then the bases themselves
  std::vector<SymbolRef> direct;
  bool whole = true;
  for (const std::string& base : type->bases) {
    bool mixes = type.file->family == Family::ruby;  // `include Logs`: a module stands among the bases
    std::vector<Meaning> classes = mixes ? evaluate({type.file, type->parent}, base).values
                                         : classes_of({type.file, type->parent}, base);
    bool inside = false;
    for (const Meaning& one : classes) {
      if (one.kind != Meaning::Kind::symbol) continue;
      if (!is_class_like(one.symbol->kind) && !(mixes && one.symbol->kind == SymbolKind::module)) continue;
      inside = true;
      bool base_complete = true;
      lines.push_back(base_chain(one.symbol, base_complete));
      direct.push_back(one.symbol);
      whole = whole && base_complete;
    }
    whole = whole && (inside || base == "object");
  }
  lines.push_back(direct);
  std::vector<SymbolRef> parts = other_parts(type);
  if (!parts.empty()) lines.insert(lines.begin(), parts);
  for (const SymbolRef& part : parts) {
    bool part_complete = true;
    std::vector<SymbolRef> line = base_chain(part, part_complete);
    line.erase(line.begin());
    lines.push_back(std::move(line));
    whole = whole && part_complete;
  }
  std::vector<SymbolRef> chain = linearised(type, std::move(lines));
  chains_[{type.file, type.index}] = {chain, whole};
  complete = whole;
  return chain;
}

std::vector<Meaning> Evaluator::class_around(Place place) {
  const SourceFile& file = *place.file;
  for (std::int32_t scope = place.scope; scope != no_symbol; scope = file.symbol(scope).parent) {
    const Symbol& symbol = file.symbol(scope);
    if (is_class_like(symbol.kind)) return {symbol_value({&file, scope}, "self")};
    if (!symbol.scope_name.empty()) {
      std::vector<Meaning> owners = classes_of({&file, symbol.parent}, symbol.scope_name);
      for (Meaning& owner : owners) owner.rule = "self";
      return owners;
    }
  }
  return {};
}

SymbolRef Evaluator::definition_of(SymbolRef declared) {
  if (!declared->declaration || declared.file->family != Family::c) return declared;
  bool too_many = false;
  std::vector<SymbolRef> bodies;
  for (const SymbolRef& one : reader_.named(declared->name, owners_limit, &too_many)) {
    if (one->declaration || !runs_code(one->kind)) continue;
    if (one->visibility == Visibility::file && one.file != declared.file) continue;
    if (one->qualified == declared->qualified) bodies.push_back(one);
  }
  return bodies.size() == 1 ? bodies.front() : declared;
}

Found Evaluator::module_member(const SourceFile& file, std::string_view name) {
  PlaceKey key{&file, -2, std::string(name)};
  auto at = known_.find(key);
  if (at != known_.end()) return at->second;
  if (active_.contains(key)) return {};
  active_.insert(key);
  reader_.read_imports(file);
  Found out;
  std::string local(name);
  for (const ExportedName& exported : file.facts.exports)
    if (exported.name == name) local = exported.local.empty() ? exported.name : exported.local;
  out = file_scope(file, local);
  if (!out.settled() && file.family == Family::python) out = python_submodule(*this, file, name);
  for (const Import& import : file.facts.imports) {
    if (out.settled() || import.name != "*") continue;
    if (file.family == Family::javascript && (!import.reexport || !import.alias.empty())) continue;
    for (const Meaning& module : import_values(*this, file, import)) {
      Found starred = members(module, name);
      if (module.kind == Meaning::Kind::external) continue;
      add_values(out.values, starred.values);
      out.bound = out.bound || starred.bound;
    }
  }
  for (Meaning& value : out.values) value.rule = value.rule == "flow" ? value.rule : "import";
  active_.erase(key);
  known_.emplace(std::move(key), out);
  return out;
}

Found Evaluator::value(const Found& found) {
  Found out{.values = {}, .bound = found.bound, .reason = found.reason};
  for (const Meaning& one : found.values) {
    if (one.kind == Meaning::Kind::symbol && holds_a_value(one.symbol->kind))
      add_values(out.values, value_of(one.symbol).values);
    else
      add_value(out.values, one);
  }
  return out;
}

Found Evaluator::value_of(SymbolRef variable) {
  const SourceFile& file = *variable.file;
  const Symbol& symbol = *variable;
  Place place{&file, symbol.parent};
  if (symbol.kind == SymbolKind::enum_member && symbol.parent != no_symbol)
    return {.values = {{.kind = Meaning::Kind::instance, .symbol = {&file, symbol.parent}}}, .bound = true};
  if (!holds_a_value(symbol.kind)) return {.values = {symbol_value(variable, "scope")}, .bound = true};
  if (!symbol.type.empty()) {
    std::vector<Meaning> declared = instances_of(place, symbol.type);
    if (!declared.empty()) return {.values = std::move(declared), .bound = true};
  }
  PlaceKey key{&file, variable.index, "="};
  if (active_.contains(key)) return {.bound = true};
  active_.insert(key);
  bool in_class = symbol.parent != no_symbol && is_class_like(file.symbol(symbol.parent).kind);
  reader_.read_flow(file,
                    symbol.parent == no_symbol ? std::string_view() : file.symbol(symbol.parent).qualified);
  Found out = assigned(place, file.assigned(symbol.parent, symbol.name));
  if (out.values.empty() && in_class) {
    Found flow = field_flow({&file, symbol.parent}, symbol.name);
    add_values(out.values, flow.values);
  }
  out.bound = true;
  active_.erase(key);
  return out;
}

}  // namespace mira::code

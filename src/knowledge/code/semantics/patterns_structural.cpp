// adapter, bridge, composite, decorator, proxy, facade.
#include <algorithm>

#include "knowledge/code/semantics/pattern_parts.h"
#include "platform/base/text.h"

namespace mira::semantics {
namespace {

// A field through which an object of another type is reached, and how the operations use it.
struct Wrapped {
  const Field* field = nullptr;
  std::vector<const Operation*> same_name;   // forward under their own name
  std::vector<const Operation*> other_name;  // forward under another name only
};

Wrapped look_at(const Type& type, const Field& field) {
  Wrapped out{.field = &field};
  for (const Operation& one : type.operations) {
    if (!is_plain(one)) continue;
    std::vector<const Use*> uses = uses_of_field(one, field.name);
    if (uses.empty()) continue;
    bool same = std::ranges::any_of(uses, [&](const Use* use) { return use->name == one.name; });
    (same ? out.same_name : out.other_name).push_back(&one);
  }
  return out;
}

// The base both the type and its field's type are declared with: what a wrapper looks like from outside.
TypeId common_face(const TypeModel& model, TypeId id, const Field& field) {
  if (field.type == unbound) return unbound;
  TypeId base = shared_base(model, id, field.type);
  return base == id ? unbound : base;
}

// An untyped field of a dynamic language that was given from outside: the face is the base
// that declares every operation which is forwarded.
TypeId face_by_use(const TypeModel& model, TypeId id, const Field& field, const Wrapped& wrapped) {
  if (field.type != unbound || !field.written.name.empty() || !field.injected || wrapped.same_name.size() < 2)
    return unbound;
  for (TypeId base : model.at(id).bases) {
    bool all = std::ranges::all_of(
        wrapped.same_name, [&](const Operation* one) { return model.inherited(base, one->name) != nullptr; });
    if (all) return base;
  }
  return unbound;
}

struct Wrapper {
  TypeId face = unbound;
  std::string outside;  // name of a face that is no type of the project: java.util.Iterator
  Wrapped wrapped;
  bool found() const { return face != unbound || !outside.empty(); }
};

// Names of bases above the type that are no types of the project.
std::set<std::string, std::less<>> outside_bases(const TypeModel& model, TypeId id) {
  std::set<std::string, std::less<>> out;
  auto add = [&](const Type& type) {
    for (const std::string& base : type.base_names)
      if (model.find(type, base) == unbound) out.insert(std::string(code::last_component(base)));
  };
  add(model.at(id));
  for (TypeId base : model.ancestors(id)) add(model.at(base));
  return out;
}

// The field a type wraps under its own face; face unbound: it wraps nothing, or more than one thing.
Wrapper wrapper_of(const TypeModel& model, TypeId id) {
  const Type& type = model.at(id);
  std::set<std::string, std::less<>> outside = outside_bases(model, id);
  Wrapper out;
  for (const Field& field : type.fields) {
    if (field.is_static) continue;
    bool is_outside = field.type == unbound && outside.contains(field.written_as);
    if (field.written.many && !is_outside) continue;
    Wrapped wrapped = look_at(type, field);
    if (wrapped.same_name.empty()) continue;
    TypeId face = is_outside ? unbound : common_face(model, id, field);
    if (face == unbound && !is_outside) face = face_by_use(model, id, field, wrapped);
    if (face == unbound && !is_outside) continue;
    if (out.found()) return {};
    out = {face, is_outside ? field.written_as : std::string(), std::move(wrapped)};
  }
  return out;
}

bool is_called_proxy(const Type& type) {
  return contains_word(type.name, {"proxy", "lazy", "cached", "caching", "remote", "guard", "virtual"});
}

// Made by the wrapper itself, when it is first needed: not given from outside.
const Operation* makes_it_late(const Type& type, const Field& field) {
  if (field.injected) return nullptr;
  for (const Operation& one : type.operations) {
    if (one.constructor) continue;
    for (const Flow& flow : one.flows)
      if (flow.target == "self." + field.name &&
          (flow.kind == code::ValueKind::construct || flow.kind == code::ValueKind::call))
        return &one;
  }
  return nullptr;
}

void add_wrapper(Hit& hit, const TypeModel& model, const Type& type, std::string_view role,
                 const Wrapper& found) {
  if (found.face != unbound) hit.members.push_back(member_of("component", model.at(found.face)));
  hit.members.push_back(member_of(role, type));
  hit.evidence.push_back(
      {type.path, found.wrapped.field->line,
       "holds " + found.wrapped.field->name + (found.outside.empty() ? "" : ", a " + found.outside)});
  for (std::size_t i = 0; i < found.wrapped.same_name.size() && i < 3; ++i)
    hit.evidence.push_back(
        witness_of(*found.wrapped.same_name[i], 0, "forwards to " + found.wrapped.field->name));
}

// `return inner.read()` and nothing else.
bool only_forwards(const Operation& one, std::string_view field) {
  if (one.uses.size() != 1 || one.complexity > 1) return false;
  if (one.type.empty() || one.type == "void" || one.type == "None") return true;
  std::string call = "self." + std::string(field) + ".";
  return std::ranges::any_of(
      one.flows, [&](const Flow& flow) { return flow.target == "return" && flow.value.starts_with(call); });
}

// Adds to what it forwards: more than the forwarded call, or an operation of its own; or is the base of those
// that do.
bool adds_something(const Type& type, const Wrapped& wrapped) {
  for (const Operation* one : wrapped.same_name)
    if (!only_forwards(*one, wrapped.field->name)) return true;
  if (wrapped.same_name.size() >= 2 && !type.derived.empty()) return true;
  return std::ranges::any_of(type.operations, [&](const Operation& one) {
    return is_plain(one) && uses_of_field(one, wrapped.field->name).empty() && !one.uses.empty();
  });
}

// Forwards of the operations that the face declares, under other names of the wrapped object.
std::vector<const Operation*> translations(const TypeModel& model, TypeId id, const Wrapped& wrapped) {
  std::vector<const Operation*> out;
  for (const Operation* one : wrapped.other_name) {
    bool declared = std::ranges::any_of(model.ancestors(id), [&](TypeId base) {
      const Operation* above = model.at(base).operation(one->name);
      return above != nullptr;
    });
    declared |= std::ranges::find(one->decorators, "Override") != one->decorators.end();
    if (declared) out.push_back(one);
  }
  return out;
}

bool is_plain_value(const Field& field) {
  std::string name = base::to_lower(field.written.name);
  for (std::string_view plain : {"string", "int", "integer", "bool", "boolean", "size_t", "double", "float",
                                 "long", "char", "object", "any", "str", "bytes"})
    if (name == plain) return true;
  return (name.empty() && field.written_as.empty()) || field.written.callable ||
         contains_word(name, {"logger", "lock", "mutex", "options", "config"});
}

// Interfaces of one operation: a single translated call is all there is to adapt.
bool has_one_operation(const TypeModel& model, TypeId id) {
  return std::ranges::any_of(model.at(id).bases, [&](TypeId base) {
    return model.is_abstract(base) && model.at(base).operations.size() == 1;
  });
}

// __getattr__ hands on what the type does not know to the object it holds.
const Operation* hands_on(const Type& type) {
  const Operation* one = type.operation("__getattr__");
  if (one == nullptr) return nullptr;
  bool to_own = std::ranges::any_of(one->uses, [](const Use& use) {
    return use.name == "getattr" && !use.passed.empty() && use.passed.front().starts_with("self.");
  });
  return to_own ? one : nullptr;
}

// The operation that does to each element of the field what it is asked for itself.
struct Spread {
  TypeId face = unbound;
  const Operation* operation = nullptr;
};

Spread spread_over(const TypeModel& model, TypeId id, const Field& field) {
  const Type& type = model.at(id);
  if (!field.written.many || field.is_static) return {};
  TypeId face = field.type == unbound ? unbound : shared_base(model, id, field.type);
  if (field.type != unbound && face == unbound) return {};
  for (const Operation& one : type.operations) {
    if (!is_plain(one)) continue;
    auto elements = elements_of_field(one, field.name);
    bool is_called = one.name == "__call__" || one.name == "operator()";
    bool same = std::ranges::any_of(one.uses, [&](const Use& use) {
      return (use.name == one.name && elements.contains(use.receiver)) ||
             (is_called && use.receiver.empty() && elements.contains(use.name));
    });
    if (!same) continue;
    for (TypeId base : type.bases)
      if (face == unbound && model.inherited(base, one.name) != nullptr) face = base;
    if (face != unbound) return {face, &one};
  }
  return {};
}

}  // namespace

void find_adapters(const TypeModel& model, std::vector<Hit>& out) {
  for (std::size_t i = 0; i < model.types().size(); ++i) {
    const Type& type = model.types()[i];
    auto id = static_cast<TypeId>(i);
    bool named = contains_word(type.name, {"adapter", "adaptor", "wrapper", "bridge"});
    if (type.base_names.empty() || model.is_abstract(id)) continue;
    std::set<std::string, std::less<>> outside = outside_bases(model, id);
    for (const Field& field : type.fields) {
      bool foreign = field.type == unbound || shared_base(model, id, field.type) == unbound;
      if (field.is_static || field.written.many || !foreign || outside.contains(field.written_as) ||
          is_plain_value(field) || !(field.injected || named))
        continue;
      Wrapped wrapped = look_at(type, field);
      std::vector<const Operation*> translated = translations(model, id, wrapped);
      std::size_t plain = 0;
      for (const Operation& one : type.operations) plain += is_plain(one) ? 1 : 0;
      std::size_t forwards = translated.size() + wrapped.same_name.size();
      bool enough = forwards >= 2 || named || has_one_operation(model, id);
      if (translated.empty() || forwards * 2 < plain || !enough) continue;
      Hit hit = hit_at("adapter", type);
      hit.members.push_back(member_of("adapter", type));
      if (!type.bases.empty()) hit.members.push_back(member_of("target", model.at(type.bases.front())));
      if (field.type != unbound) hit.members.push_back(member_of("adaptee", model.at(field.type)));
      hit.evidence.push_back({type.path, field.line, "wraps " + field.written_as + " in " + field.name});
      for (std::size_t t = 0; t < translated.size() && t < 3; ++t)
        hit.evidence.push_back(witness_of(*translated[t], 0, "translated to another call of " + field.name));
      out.push_back(std::move(hit));
      break;
    }
  }
}

void find_bridges(const TypeModel& model, std::vector<Hit>& out) {
  for (std::size_t i = 0; i < model.types().size(); ++i) {
    const Type& type = model.types()[i];
    auto id = static_cast<TypeId>(i);
    if (type.derived.empty() || type.kind == code::SymbolKind::interface) continue;
    for (const Field& field : type.fields) {
      if (field.type == unbound || field.is_static || field.written.many) continue;
      bool independent = shared_base(model, id, field.type) == unbound;
      if (!independent || !model.is_abstract(field.type) || model.implementations(field.type).size() < 2)
        continue;
      Wrapped wrapped = look_at(type, field);
      if (wrapped.same_name.size() + wrapped.other_name.size() < 2) continue;
      Hit hit = hit_at("bridge", type);
      hit.members.push_back(member_of("abstraction", type));
      add_members(hit, "refined abstraction", model, type.derived);
      hit.members.push_back(member_of("implementor", model.at(field.type)));
      add_members(hit, "concrete implementor", model, model.implementations(field.type));
      hit.evidence.push_back({type.path, field.line, "holds " + field.name});
      out.push_back(std::move(hit));
      break;
    }
  }
}

void find_composites(const TypeModel& model, std::vector<Hit>& out) {
  for (std::size_t i = 0; i < model.types().size(); ++i) {
    const Type& type = model.types()[i];
    auto id = static_cast<TypeId>(i);
    std::vector<const Field*> fields;
    fields.reserve(type.fields.size());
    for (const Field& field : type.fields) fields.push_back(&field);
    for (TypeId base : model.ancestors(id))
      for (const Field& field : model.at(base).fields) fields.push_back(&field);
    for (const Field* field : fields) {
      Spread found = spread_over(model, id, *field);
      if (found.operation == nullptr) continue;
      Hit hit = hit_at("composite", type);
      hit.members.push_back(member_of("composite", type));
      if (found.face != id) hit.members.push_back(member_of("component", model.at(found.face)));
      hit.members.push_back(member_of("operation", *found.operation));
      hit.evidence.push_back(witness_of(*found.operation, 0, "does the same to each in " + field->name));
      out.push_back(std::move(hit));
      break;
    }
  }
}

void find_decorators(const TypeModel& model, std::vector<Hit>& out) {
  for (std::size_t i = 0; i < model.types().size(); ++i) {
    const Type& type = model.types()[i];
    Wrapper found = wrapper_of(model, static_cast<TypeId>(i));
    if (!found.found() || !found.wrapped.field->injected || is_called_proxy(type)) continue;
    if (!adds_something(type, found.wrapped)) continue;
    Hit hit = hit_at("decorator", type);
    add_wrapper(hit, model, type, "decorator", found);
    out.push_back(std::move(hit));
  }
}

void find_proxies(const TypeModel& model, std::vector<Hit>& out) {
  for (std::size_t i = 0; i < model.types().size(); ++i) {
    const Type& type = model.types()[i];
    Wrapper found = wrapper_of(model, static_cast<TypeId>(i));
    if (const Operation* one = hands_on(type); one != nullptr && !found.found()) {
      Hit hit = hit_at("proxy", type);
      hit.members.push_back(member_of("proxy", type));
      hit.evidence.push_back(witness_of(*one, 0, "hands on to the object it holds"));
      out.push_back(std::move(hit));
    }
    if (!found.found()) continue;
    const Operation* late = makes_it_late(type, *found.wrapped.field);
    if (late == nullptr && !is_called_proxy(type)) continue;
    Hit hit = hit_at("proxy", type);
    add_wrapper(hit, model, type, "proxy", found);
    if (late != nullptr) hit.evidence.push_back(witness_of(*late, 0, "makes the object when it is needed"));
    out.push_back(std::move(hit));
  }
}

void find_facades(const TypeModel& model, std::vector<Hit>& out) {
  // Who holds or makes which type, by folder: a facade's parts are reached from elsewhere through it only.
  std::vector<std::set<std::string, std::less<>>> users(model.types().size());
  std::vector<std::set<TypeId>> parts(model.types().size());
  for (std::size_t i = 0; i < model.types().size(); ++i) {
    const Type& type = model.types()[i];
    auto note = [&](TypeId part) {
      if (part == unbound || part == static_cast<TypeId>(i)) return;
      users[static_cast<std::size_t>(part)].insert(type.qualified);
      parts[i].insert(part);
    };
    for (const Field& field : type.fields) note(field.type);
    for (const Operation& one : type.operations) {
      for (const Use& use : one.uses)
        if (use.construct || use.receiver.empty()) note(model.find(type, use.name));
      for (const code::Parameter& parameter : one.parameters) {
        TypeId id = model.find(type, read_type(parameter.type).name);
        if (id != unbound && id != static_cast<TypeId>(i))
          users[static_cast<std::size_t>(id)].insert(type.qualified);
      }
    }
  }
  for (std::size_t i = 0; i < model.types().size(); ++i) {
    const Type& type = model.types()[i];
    std::vector<TypeId> held;
    for (const Field& field : type.fields) {
      bool used = field.type != unbound && !field.written.many &&
                  std::ranges::any_of(type.operations, [&](const Operation& one) {
                    return is_plain(one) && !uses_of_field(one, field.name).empty();
                  });
      bool apart = used && shared_base(model, static_cast<TypeId>(i), field.type) == unbound;
      if (apart && std::ranges::find(held, field.type) == held.end() && parts[i].contains(field.type))
        held.push_back(field.type);
    }
    std::size_t only_here = 0;
    for (TypeId part : held) {
      const auto& by = users[static_cast<std::size_t>(part)];
      only_here +=
          std::ranges::all_of(by,
                              [&](const std::string& user) {
                                return user == type.qualified || std::ranges::any_of(held, [&](TypeId other) {
                                         return model.at(other).qualified == user;
                                       });
                              })
              ? 1
              : 0;
    }
    if (held.size() < 4 || only_here < 4) continue;
    Hit hit = hit_at("facade", type);
    hit.members.push_back(member_of("facade", type));
    add_members(hit, "part", model, held);
    hit.evidence.push_back({type.path, type.line, "reaches its parts, which others reach through it only"});
    out.push_back(std::move(hit));
  }
}

}  // namespace mira::semantics

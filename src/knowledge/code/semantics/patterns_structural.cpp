// adapter, bridge, composite, decorator, proxy, facade.
#include <algorithm>

#include "knowledge/code/semantics/pattern_parts.h"

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
  Wrapped wrapped;
};

// The field a type wraps under its own face; face unbound: it wraps nothing, or more than one thing.
Wrapper wrapper_of(const TypeModel& model, TypeId id) {
  const Type& type = model.at(id);
  Wrapper out;
  for (const Field& field : type.fields) {
    if (field.is_static || field.written.many) continue;
    Wrapped wrapped = look_at(type, field);
    if (wrapped.same_name.empty()) continue;
    TypeId face = common_face(model, id, field);
    if (face == unbound) face = face_by_use(model, id, field, wrapped);
    if (face == unbound) continue;
    if (out.face != unbound) return {};
    out = {face, std::move(wrapped)};
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
  hit.members.push_back(member_of("component", model.at(found.face)));
  hit.members.push_back(member_of(role, type));
  hit.evidence.push_back({type.path, found.wrapped.field->line, "holds " + found.wrapped.field->name});
  for (std::size_t i = 0; i < found.wrapped.same_name.size() && i < 3; ++i)
    hit.evidence.push_back(
        witness_of(*found.wrapped.same_name[i], 0, "forwards to " + found.wrapped.field->name));
}

// Adds to what it forwards: another call beside the forwarded one, or an operation of its own.
bool adds_something(const Type& type, const Wrapped& wrapped) {
  for (const Operation* one : wrapped.same_name)
    if (one->uses.size() > 1 || one->flows.size() > 1) return true;
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
    if (declared) out.push_back(one);
  }
  return out;
}

bool is_plain_value(const Field& field) {
  return field.written.name.empty() || field.written.callable ||
         contains_word(field.written.name,
                       {"string", "int", "bool", "logger", "log", "lock", "mutex", "options", "config",
                        "size_t", "double", "float", "long", "char", "object", "any", "context"});
}

}  // namespace

void find_adapters(const TypeModel& model, std::vector<Hit>& out) {
  for (std::size_t i = 0; i < model.types().size(); ++i) {
    const Type& type = model.types()[i];
    auto id = static_cast<TypeId>(i);
    bool named = contains_word(type.name, {"adapter", "adaptor", "wrapper", "bridge"});
    if (type.bases.empty() || model.is_abstract(id)) continue;
    for (const Field& field : type.fields) {
      bool foreign = field.type == unbound || shared_base(model, id, field.type) == unbound;
      if (field.is_static || field.written.many || !foreign || is_plain_value(field) ||
          !(field.injected || named))
        continue;
      Wrapped wrapped = look_at(type, field);
      std::vector<const Operation*> translated = translations(model, id, wrapped);
      std::size_t plain = 0;
      for (const Operation& one : type.operations) plain += is_plain(one) ? 1 : 0;
      std::size_t forwards = translated.size() + wrapped.same_name.size();
      if (translated.empty() || forwards * 2 < plain || (forwards < 2 && !named)) continue;
      Hit hit = hit_at("adapter", type);
      hit.members.push_back(member_of("adapter", type));
      hit.members.push_back(member_of("target", model.at(type.bases.front())));
      if (field.type != unbound) hit.members.push_back(member_of("adaptee", model.at(field.type)));
      hit.evidence.push_back({type.path, field.line, "wraps " + field.written.name + " in " + field.name});
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
    for (const Field& field : type.fields) {
      if (!field.written.many || field.is_static) continue;
      TypeId face = field.type == unbound ? unbound : shared_base(model, id, field.type);
      if (field.type != unbound && face == unbound) continue;
      const Operation* spread = nullptr;
      for (const Operation& one : type.operations) {
        if (!is_plain(one) || spread != nullptr) continue;
        auto elements = elements_of_field(one, field.name);
        bool calls_same = std::ranges::any_of(one.uses, [&](const Use& use) {
          return use.name == one.name &&
                 (elements.contains(use.receiver) || use.receiver == "self." + field.name + "[]");
        });
        if (!calls_same) continue;
        TypeId declared = face;
        for (TypeId base : type.bases)
          if (declared == unbound && model.inherited(base, one.name) != nullptr) declared = base;
        if (declared == unbound) continue;
        face = declared;
        spread = &one;
      }
      if (spread == nullptr || face == unbound) continue;
      Hit hit = hit_at("composite", type);
      hit.members.push_back(member_of("composite", type));
      if (face != id) hit.members.push_back(member_of("component", model.at(face)));
      hit.members.push_back(member_of("operation", *spread));
      hit.evidence.push_back({type.path, field.line, "holds many in " + field.name});
      hit.evidence.push_back(witness_of(*spread, 0, "does the same to each of them"));
      out.push_back(std::move(hit));
      break;
    }
  }
}

void find_decorators(const TypeModel& model, std::vector<Hit>& out) {
  for (std::size_t i = 0; i < model.types().size(); ++i) {
    const Type& type = model.types()[i];
    Wrapper found = wrapper_of(model, static_cast<TypeId>(i));
    if (found.face == unbound || !found.wrapped.field->injected || is_called_proxy(type)) continue;
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
    if (found.face == unbound) continue;
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

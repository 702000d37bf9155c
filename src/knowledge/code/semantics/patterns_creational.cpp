// factory, abstract factory, builder, singleton, prototype.
#include <algorithm>

#include "knowledge/code/semantics/pattern_parts.h"

namespace mira::semantics {
namespace {

// A base that all of the types share; unbound when there is none.
TypeId base_of_all(const TypeModel& model, const std::set<TypeId>& types) {
  TypeId base = *types.begin();
  for (TypeId one : types) {
    if (base == unbound) break;
    base = shared_base(model, base, one);
  }
  return base;
}

// The products that an operation chooses from; empty when it is no choice of one kind of thing.
std::vector<TypeId> chosen_products(const TypeModel& model, const std::string& path, code::Family family,
                                    const Operation& operation, TypeId& base) {
  std::set<TypeId> made = returned_types(model, path, family, operation);
  if (made.size() < 2) return {};
  base = base_of_all(model, made);
  if (base == unbound) return {};
  std::vector<TypeId> out(made.begin(), made.end());
  return out;
}

void add_factory(const TypeModel& model, const std::string& name, const Operation& operation, TypeId base,
                 const std::vector<TypeId>& products, std::vector<Hit>& out) {
  Hit hit{.pattern = "factory", .path = operation.path, .name = name, .line = operation.line};
  hit.members.push_back(member_of("creator", operation));
  hit.members.push_back(member_of("product", model.at(base)));
  std::vector<TypeId> concrete = products;
  std::erase(concrete, base);
  add_members(hit, "concrete product", model, concrete);
  for (const Flow& flow : operation.flows)
    if (flow.target == "return" && hit.evidence.size() < 3)
      hit.evidence.push_back(witness_of(operation, flow.line, "returns " + flow.value));
  out.push_back(std::move(hit));
}

// An operation without a body here whose overriders each make another product.
void add_factory_method(const TypeModel& model, TypeId id, const Operation& abstract, std::vector<Hit>& out) {
  std::set<TypeId> products;
  std::vector<TypeId> creators;
  for (TypeId one : model.descendants(id)) {
    const Operation* own = model.at(one).operation(abstract.name);
    if (own == nullptr || own->abstract) continue;
    std::set<TypeId> made = returned_types(model, own->path, model.at(one).family, *own);
    if (made.size() != 1 || made.contains(one) || made.contains(id)) continue;
    if (products.insert(*made.begin()).second) creators.push_back(one);
  }
  if (products.size() < 2) return;
  TypeId base = base_of_all(model, products);
  if (base == unbound) return;
  Hit hit = hit_at("factory", model.at(id));
  hit.name = abstract.qualified;
  hit.path = abstract.path;
  hit.line = abstract.line;
  hit.members.push_back(member_of("factory method", abstract));
  add_members(hit, "creator", model, creators);
  hit.members.push_back(member_of("product", model.at(base)));
  add_members(hit, "concrete product", model, {products.begin(), products.end()});
  hit.evidence.push_back(witness_of(abstract, 0, "declared here, made by derived types"));
  out.push_back(std::move(hit));
}

// The one static field or static function through which its only object is reached.
struct OnlyObject {
  const Field* field = nullptr;
  const Operation* accessor = nullptr;
};

bool guards_its_construction(const Type& type) {
  bool any = false, hidden = true;
  for (const Operation& one : type.operations) {
    if (!one.constructor) continue;
    any = true;
    hidden &= one.visibility == code::Visibility::private_ || one.visibility == code::Visibility::protected_;
  }
  return any && hidden;
}

bool mentions(const Operation& operation, const std::string& field) {
  auto names_it = [&](std::string_view text) {
    return text.ends_with(field) &&
           (text.size() == field.size() || text[text.size() - field.size() - 1] == '.' ||
            text[text.size() - field.size() - 1] == ':');
  };
  return std::ranges::any_of(operation.flows,
                             [&](const Flow& flow) { return names_it(flow.value) || names_it(flow.target); });
}

OnlyObject only_object(const TypeModel& model, TypeId id) {
  const Type& type = model.at(id);
  OnlyObject out;
  int fields = 0;
  for (const Field& field : type.fields) {
    bool own = (field.written.name == type.name || field.made == type.name) && !field.written.many;
    bool named = field.written.name.empty() && contains_word(field.name, {"instance", "singleton"});
    if (!field.is_static && !(named && type.family == code::Family::python)) continue;
    if (!own && !named) continue;
    ++fields;
    out.field = &field;
  }
  if (fields > 1) return {};  // an enumeration of named values
  for (const Operation& one : type.operations) {
    bool gives_it = one.is_static && one.parameters.empty() && read_type(one.type).name == type.name;
    bool reads_it =
        out.field != nullptr && mentions(one, out.field->name) &&
        (one.is_static || one.name == "__new__" || one.name == "__call__" ||
         std::ranges::any_of(one.decorators, [](const std::string& d) { return d == "classmethod"; }));
    if (gives_it || reads_it) out.accessor = &one;
  }
  return out;
}

// Objects that are made elsewhere in the type: it is a value with a named default, not one object.
bool makes_more(const TypeModel& model, TypeId id, const Operation* accessor) {
  const Type& type = model.at(id);
  return std::ranges::any_of(type.operations, [&](const Operation& one) {
    return &one != accessor && !one.constructor &&
           returned_types(model, one.path, type.family, one).contains(id);
  });
}

// Puts something into the object: a way that only gives it back ("__enter__", "find") is no step.
bool changes_itself(const Operation& one) {
  if (one.name.starts_with("__")) return false;
  if (!one.has_body) return true;  // declared here, done elsewhere
  bool assigns =
      std::ranges::any_of(one.flows, [](const Flow& flow) { return flow.target.starts_with("self."); });
  return assigns || std::ranges::any_of(one.uses, [](const Use& use) {
           return use.receiver.starts_with("self") && !use.reference;
         });
}

bool is_final_step(const Type& type, const Operation& one) {
  bool named = starts_with_word(one.name, {"build", "create", "make", "finish", "construct", "assemble"});
  return named && (one.has_body || type.kind == code::SymbolKind::interface);
}

}  // namespace

void find_factories(const TypeModel& model, std::vector<Hit>& out) {
  TypeId base = unbound;
  for (const Function& function : model.functions()) {
    auto products = chosen_products(model, function.path, function.family, function.operation, base);
    if (!products.empty()) add_factory(model, function.qualified, function.operation, base, products, out);
  }
  for (std::size_t i = 0; i < model.types().size(); ++i) {
    const Type& type = model.types()[i];
    auto id = static_cast<TypeId>(i);
    for (const Operation& one : type.operations) {
      if (one.constructor) continue;
      auto products = chosen_products(model, one.path, type.family, one, base);
      if (!products.empty())
        add_factory(model, one.qualified, one, base, products, out);
      else if (one.abstract)
        add_factory_method(model, id, one, out);
    }
  }
}

void find_abstract_factories(const TypeModel& model, std::vector<Hit>& out) {
  for (std::size_t i = 0; i < model.types().size(); ++i) {
    const Type& type = model.types()[i];
    auto id = static_cast<TypeId>(i);
    std::vector<const Operation*> makers;
    std::set<TypeId> products;
    for (const Operation& one : type.operations) {
      bool makes = one.abstract && starts_with_word(one.name, {"create", "make", "new", "build"});
      TypeId product = makes ? model.find(type, read_type(one.type).name) : unbound;
      if (product == unbound || product == id || !model.is_abstract(product)) continue;
      makers.push_back(&one);
      products.insert(product);
    }
    std::vector<TypeId> factories = model.implementations(id);
    if (makers.size() < 2 || products.size() < 2 || factories.empty()) continue;
    Hit hit = hit_at("abstract_factory", type);
    hit.members.push_back(member_of("abstract factory", type));
    add_members(hit, "concrete factory", model, factories);
    add_members(hit, "abstract product", model, {products.begin(), products.end()});
    for (const Operation* one : makers) hit.evidence.push_back(witness_of(*one, 0, "makes " + one->type));
    out.push_back(std::move(hit));
  }
}

void find_builders(const TypeModel& model, std::vector<Hit>& out) {
  for (std::size_t i = 0; i < model.types().size(); ++i) {
    const Type& type = model.types()[i];
    std::vector<const Operation*> steps;
    const Operation* last = nullptr;
    for (const Operation& one : type.operations) {
      if (one.constructor || one.is_static) continue;
      WrittenType written = read_type(one.type);
      std::string_view result = written.name;
      bool own = result == type.name || result == "Self" || result == "this";
      if (returns_self(one) || (own && !is_final_step(type, one))) {
        if (changes_itself(one)) steps.push_back(&one);
      } else if (is_final_step(type, one) && !own && result != "void" && result != "None" && last == nullptr)
        last = &one;
    }
    if (steps.size() < 2 || last == nullptr) continue;
    std::set<TypeId> made = returned_types(model, last->path, type.family, *last);
    std::string product = read_type(last->type).name;
    bool gives = !made.empty() || !product.empty() ||
                 std::ranges::any_of(last->flows, [](const Flow& flow) { return flow.target == "return"; });
    if (!gives) continue;
    Hit hit = hit_at("builder", type);
    hit.members.push_back(member_of("builder", type));
    for (std::size_t s = 0; s < steps.size() && s < most_members; ++s)
      hit.members.push_back(member_of("step", *steps[s]));
    hit.members.push_back(member_of("build", *last));
    add_members(hit, "product", model, {made.begin(), made.end()});
    hit.evidence.push_back(witness_of(*steps.front(), 0, "a step gives the builder back"));
    hit.evidence.push_back(
        witness_of(*last, 0, product.empty() ? "ends the chain" : "ends the chain with " + product));
    out.push_back(std::move(hit));
  }
}

void find_singletons(const TypeModel& model, std::vector<Hit>& out) {
  for (std::size_t i = 0; i < model.types().size(); ++i) {
    const Type& type = model.types()[i];
    OnlyObject only = only_object(model, static_cast<TypeId>(i));
    bool hidden = guards_its_construction(type);
    bool by_field = only.field != nullptr && only.accessor != nullptr;
    bool python_new = by_field && type.family == code::Family::python &&
                      (only.accessor->name == "__new__" || only.accessor->name == "__call__");
    bool public_field =
        only.field != nullptr && hidden && only.field->visibility != code::Visibility::private_;
    bool static_local =
        only.accessor != nullptr && hidden &&
        contains_word(only.accessor->name, {"instance", "singleton", "shared", "global", "default"});
    if (!(by_field && hidden) && !python_new && !public_field && !static_local) continue;
    if (makes_more(model, static_cast<TypeId>(i), only.accessor)) continue;
    Hit hit = hit_at("singleton", type);
    hit.members.push_back(member_of("singleton", type));
    if (only.field != nullptr)
      hit.evidence.push_back({type.path, only.field->line, "holds " + only.field->name});
    if (only.accessor != nullptr) {
      hit.members.push_back(member_of("accessor", *only.accessor));
      hit.evidence.push_back(witness_of(*only.accessor, 0, "gives the one object"));
    }
    if (hidden) hit.evidence.push_back({type.path, type.line, "no constructor is public"});
    out.push_back(std::move(hit));
  }
}

void find_prototypes(const TypeModel& model, std::vector<Hit>& out) {
  for (std::size_t i = 0; i < model.types().size(); ++i) {
    const Type& type = model.types()[i];
    auto id = static_cast<TypeId>(i);
    for (const Operation& one : type.operations) {
      bool named =
          starts_with_word(one.name, {"clone", "copy", "duplicate", "dup"}) && one.parameters.size() <= 1;
      bool own = read_type(one.type).name == type.name;
      if (!named || !one.abstract || !own) continue;
      std::vector<TypeId> copies = model.implementations(id);
      std::erase_if(copies, [&](TypeId copy) { return model.at(copy).operation(one.name) == nullptr; });
      if (copies.size() < 2) continue;
      Hit hit = hit_at("prototype", type);
      hit.members.push_back(member_of("prototype", type));
      add_members(hit, "concrete prototype", model, copies);
      hit.evidence.push_back(witness_of(one, 0, "copies itself through the base"));
      out.push_back(std::move(hit));
      break;
    }
  }
}

}  // namespace mira::semantics

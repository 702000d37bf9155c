// command, iterator, observer, strategy, state, template method, visitor.
#include <algorithm>
#include <array>

#include "knowledge/code/semantics/pattern_parts.h"

namespace mira::semantics {
namespace {

bool is_command_verb(std::string_view name) {
  constexpr std::array<std::string_view, 12> verbs{"execute", "Execute", "run",  "Run",  "perform", "handle",
                                                   "invoke",  "Invoke",  "doIt", "undo", "apply",   "exec"};
  return std::ranges::find(verbs, name) != verbs.end();
}

// A field of the project in which objects of the type wait; its owner through `owner`.
const Field* kept_in(const TypeModel& model, TypeId wanted, TypeId& owner) {
  for (std::size_t i = 0; i < model.types().size(); ++i)
    for (const Field& field : model.types()[i].fields)
      if (field.type == wanted && field.written.many) {
        owner = static_cast<TypeId>(i);
        return &field;
      }
  return nullptr;
}

bool has_any(const Type& type, std::initializer_list<std::string_view> names) {
  return std::ranges::any_of(names, [&](std::string_view name) { return type.operation(name) != nullptr; });
}

// Sets of operations that together step through something.
bool steps_through(const Type& type) {
  if (has_any(type, {"__next__", "__anext__"}) && has_any(type, {"__iter__", "__aiter__"})) return true;
  if (has_any(type, {"hasNext", "hasNextElement"}) && has_any(type, {"next", "nextElement"})) return true;
  if (has_any(type, {"MoveNext"}) &&
      std::ranges::any_of(type.fields, [](const Field& f) { return f.name == "Current"; }))
    return true;
  if (has_any(type, {"operator++"}) && has_any(type, {"operator*", "operator->"}) &&
      has_any(type, {"operator==", "operator!="}))
    return true;
  if (has_any(type, {"Next", "next"}) && has_any(type, {"Valid", "valid", "Done", "isDone", "is_done"}))
    return true;
  bool says_so = std::ranges::any_of(type.base_names, [](const std::string& base) {
    std::string_view name = code::last_component(base);
    return name == "Iterator" || name == "IEnumerator" || name == "DoubleEndedIterator";
  });
  return says_so && has_any(type, {"next", "Next", "current", "MoveNext"});
}

bool is_told_to_listen(std::string_view name) {
  return starts_with_word(
             name, {"subscribe", "register", "attach", "listen", "observe", "connect", "watch", "hook"}) ||
         contains_word(name, {"listener", "observer", "callback", "handler", "subscriber", "hook"}) ||
         name == "on" || name == "once" || name == "addEventListener";
}

// The parameter that the operation puts among the elements of the field; nullptr: none.
const code::Parameter* stores_in(const Operation& one, std::string_view field) {
  for (const Use* use : uses_of_field(one, field)) {
    bool adds = starts_with_word(use->name, {"add", "append", "push", "insert", "put", "emplace", "set"});
    if (!adds) continue;
    for (const std::string& passed : use->passed)
      if (const code::Parameter* given = one.parameter(passed)) return given;
  }
  for (const Flow& flow : one.flows)
    if (flow.target == "self." + std::string(field) + "[]" && flow.kind == code::ValueKind::name)
      if (const code::Parameter* given = one.parameter(flow.value)) return given;
  return nullptr;
}

bool mentions_field(const Operation& one, std::string_view field) {
  std::string own = "self." + std::string(field);
  auto is_own = [&](const std::string& text) {
    return text == own || text.starts_with(own + "[") || text == field;
  };
  for (const Flow& flow : one.flows)
    if (is_own(flow.value)) return true;
  return std::ranges::any_of(one.uses,
                             [&](const Use& use) { return std::ranges::any_of(use.passed, is_own); });
}

// The line on which each element is called, 0: none is.
std::int32_t calls_each(const Type& type, const Operation& one, std::string_view field) {
  auto elements = elements_of_field(one, field);
  for (const Operation& giver : type.operations) {  // for (Listener each : cloneListeners())
    bool gives = !giver.constructor && giver.parameters.empty() && mentions_field(giver, field);
    for (const Flow& flow : one.flows)
      if (gives && (flow.value == giver.name + "()[]" || flow.value == "self." + giver.name + "()[]"))
        elements.insert(flow.target);
  }
  std::string each = "self." + std::string(field) + "[]";
  for (const Use& use : one.uses) {
    bool called = use.receiver.empty() && elements.contains(use.name);
    bool told = elements.contains(use.receiver) || use.receiver == each;
    bool looped = own_field(use.receiver) == field && (use.name == "forEach" || use.name == "each");
    if ((called || told || looped) && !use.construct) return use.line;
  }
  return 0;
}

// Fields that hold an abstract type of the project with several implementations.
std::vector<const Field*> pluggable_fields(const TypeModel& model, TypeId id) {
  std::vector<const Field*> out;
  for (const Field& field : model.at(id).fields) {
    if (field.type == unbound || field.written.many || field.is_static || field.type == id) continue;
    if (shared_base(model, id, field.type) != unbound) continue;  // a wrapper, not a user
    if (!model.is_abstract(field.type) || model.implementations(field.type).size() < 2) continue;
    out.push_back(&field);
  }
  return out;
}

const Operation* user_of(const Type& type, const Field& field) {
  for (const Operation& one : type.operations)
    if (is_plain(one) && !uses_of_field(one, field.name).empty()) return &one;
  return nullptr;
}

// Operations that put another object into the field after construction.
std::vector<const Operation*> replacers(const TypeModel& model, const Type& type, const Field& field,
                                        bool own_choice) {
  std::vector<const Operation*> out;
  for (const Operation& one : type.operations) {
    if (one.constructor) continue;
    for (const Flow& flow : one.flows) {
      if (flow.target != "self." + field.name) continue;
      TypeId made = model.find(type, flow.value);
      bool chosen_here =
          made != unbound && model.is_a(made, field.type) && flow.kind != code::ValueKind::name;
      bool given = flow.kind == code::ValueKind::name && one.parameter(flow.value) != nullptr;
      if (own_choice ? chosen_here : given) {
        out.push_back(&one);
        break;
      }
    }
  }
  return out;
}

// A derived type says what the operation does.
bool is_filled(const TypeModel& model, TypeId id, std::string_view name) {
  return std::ranges::any_of(model.descendants(id), [&](TypeId other) {
    const Operation* own = model.at(other).operation(name);
    return own != nullptr && own->has_body && !own->hook && !own->abstract;
  });
}

bool is_visit_name(std::string_view name) {
  return starts_with_word(name, {"visit", "leave"}) && name.size() > 5;
}

}  // namespace

void find_commands(const TypeModel& model, std::vector<Hit>& out) {
  for (std::size_t i = 0; i < model.types().size(); ++i) {
    const Type& type = model.types()[i];
    auto id = static_cast<TypeId>(i);
    std::vector<const Operation*> verbs;
    std::size_t abstract = 0;
    for (const Operation& one : type.operations) {
      abstract += one.abstract ? 1 : 0;
      if (is_command_verb(one.name) && (one.abstract || one.is_virtual)) verbs.push_back(&one);
    }
    bool one_purpose = !verbs.empty() && abstract <= verbs.size() + 1;
    std::vector<TypeId> commands = model.implementations(id);
    std::erase_if(commands, [&](TypeId one) {
      return model.at(one).operation(verbs.empty() ? "" : verbs.front()->name) == nullptr;
    });
    if (!one_purpose || commands.size() < 2) continue;
    TypeId owner = unbound;
    const Field* queue = kept_in(model, id, owner);
    bool named = contains_word(type.name, {"command", "action", "job", "task", "operation", "request"});
    if (queue == nullptr && !named) continue;
    Hit hit = hit_at("command", type);
    hit.members.push_back(member_of("command", type));
    add_members(hit, "concrete command", model, commands);
    if (queue != nullptr) {
      hit.members.push_back(member_of("invoker", model.at(owner)));
      hit.evidence.push_back({model.at(owner).path, queue->line, "kept in " + queue->name});
    }
    hit.evidence.push_back(witness_of(*verbs.front(), 0, "the one thing it does"));
    out.push_back(std::move(hit));
  }
}

void find_iterators(const TypeModel& model, std::vector<Hit>& out) {
  for (const Type& type : model.types()) {
    if (!steps_through(type)) continue;
    Hit hit = hit_at("iterator", type);
    hit.members.push_back(member_of("iterator", type));
    for (const Operation& one : type.operations)
      if (contains_word(one.name, {"next", "operator++"}) && hit.evidence.empty())
        hit.evidence.push_back(witness_of(one, 0, "steps on"));
    if (hit.evidence.empty()) hit.evidence.push_back({type.path, type.line, "steps on"});
    for (const Type& other : model.types())
      for (const Operation& one : other.operations)
        if (hit.members.size() < 4 && !one.constructor && &other != &type && other.family == type.family &&
            read_type(one.type).name == type.name)
          hit.members.push_back(member_of("made by", one));
    out.push_back(std::move(hit));
  }
}

void find_observers(const TypeModel& model, std::vector<Hit>& out) {
  for (const Type& type : model.types()) {
    for (const Field& field : type.fields) {
      if (!field.written.many || field.is_static) continue;
      const Operation *subscribe = nullptr, *notify = nullptr;
      std::int32_t line = 0;
      bool named = contains_word(
          field.name, {"listener", "observer", "callback", "handler", "subscriber", "hook", "watcher"});
      for (const Operation& one : type.operations) {
        const code::Parameter* given = stores_in(one, field.name);
        bool typed =
            given != nullptr &&
            (read_type(given->type).callable ||
             contains_word(given->type, {"listener", "observer", "callback", "handler", "subscriber"}));
        if (given != nullptr && (named || typed || is_told_to_listen(one.name)) && subscribe == nullptr)
          subscribe = &one;
        std::int32_t at = one.constructor ? 0 : calls_each(type, one, field.name);
        if (at != 0 && notify == nullptr && &one != subscribe) {
          notify = &one;
          line = at;
        }
      }
      if (subscribe == nullptr || notify == nullptr) continue;
      Hit hit = hit_at("observer", type);
      hit.members.push_back(member_of("subject", type));
      hit.members.push_back(member_of("subscribe", *subscribe));
      hit.members.push_back(member_of("notify", *notify));
      if (field.type != unbound) hit.members.push_back(member_of("observer", model.at(field.type)));
      hit.evidence.push_back(witness_of(*subscribe, 0, "puts a listener into " + field.name));
      hit.evidence.push_back(witness_of(*notify, line, "calls each of them"));
      out.push_back(std::move(hit));
      break;
    }
  }
}

void find_strategies(const TypeModel& model, std::vector<Hit>& out) {
  for (std::size_t i = 0; i < model.types().size(); ++i) {
    const Type& type = model.types()[i];
    auto id = static_cast<TypeId>(i);
    for (const Field* field : pluggable_fields(model, id)) {
      const Operation* user = user_of(type, *field);
      bool replaced_here = !replacers(model, type, *field, true).empty();
      bool chosen_outside = field->injected || !replacers(model, type, *field, false).empty();
      if (user == nullptr || !chosen_outside || replaced_here) continue;
      Hit hit = hit_at("strategy", type);
      hit.members.push_back(member_of("context", type));
      hit.members.push_back(member_of("strategy", model.at(field->type)));
      add_members(hit, "concrete strategy", model, model.implementations(field->type));
      hit.evidence.push_back({type.path, field->line, "is given " + field->name});
      hit.evidence.push_back(witness_of(*user, 0, "leaves the work to it"));
      out.push_back(std::move(hit));
      break;
    }
  }
}

void find_states(const TypeModel& model, std::vector<Hit>& out) {
  for (std::size_t i = 0; i < model.types().size(); ++i) {
    const Type& type = model.types()[i];
    auto id = static_cast<TypeId>(i);
    for (const Field* field : pluggable_fields(model, id)) {
      const Operation* user = user_of(type, *field);
      std::vector<const Operation*> changes = replacers(model, type, *field, true);
      bool moved_by_states = contains_word(model.at(field->type).name, {"state"}) &&
                             !replacers(model, type, *field, false).empty();
      if (user == nullptr || (changes.empty() && !moved_by_states)) continue;
      if (changes.empty()) changes = replacers(model, type, *field, false);
      Hit hit = hit_at("state", type);
      hit.members.push_back(member_of("context", type));
      hit.members.push_back(member_of("state", model.at(field->type)));
      add_members(hit, "concrete state", model, model.implementations(field->type));
      hit.evidence.push_back(witness_of(*changes.front(), 0, "changes the state"));
      hit.evidence.push_back(witness_of(*user, 0, "does what the state says"));
      out.push_back(std::move(hit));
      break;
    }
  }
}

void find_template_methods(const TypeModel& model, std::vector<Hit>& out) {
  for (std::size_t i = 0; i < model.types().size(); ++i) {
    const Type& type = model.types()[i];
    auto id = static_cast<TypeId>(i);
    if (type.derived.empty()) continue;
    for (const Operation& one : type.operations) {
      if (one.constructor || one.is_static || !one.has_body || one.abstract) continue;
      std::vector<const Operation*> steps;
      for (const Use& use : one.uses) {
        const Operation* step = use.receiver == "self" && !use.reference ? type.operation(use.name) : nullptr;
        bool open = step != nullptr && (step->abstract || (step->hook && is_filled(model, id, step->name)));
        if (open && std::ranges::find(steps, step) == steps.end()) steps.push_back(step);
      }
      std::vector<TypeId> fillers = model.descendants(id);
      std::erase_if(fillers, [&](TypeId other) {
        return std::ranges::none_of(steps, [&](const Operation* step) {
          const Operation* own = model.at(other).operation(step->name);
          return own != nullptr && !own->abstract;
        });
      });
      if (steps.empty() || fillers.empty()) continue;
      Hit hit = hit_at("template_method", type);
      hit.members.push_back(member_of("abstract class", type));
      hit.members.push_back(member_of("template method", one));
      for (std::size_t s = 0; s < steps.size() && s < most_members; ++s)
        hit.members.push_back(member_of("step", *steps[s]));
      add_members(hit, "concrete class", model, fillers);
      hit.evidence.push_back(
          witness_of(one, 0, "calls " + steps.front()->name + ", which derived types fill in"));
      out.push_back(std::move(hit));
      break;
    }
  }
}

void find_visitors(const TypeModel& model, std::vector<Hit>& out) {
  for (std::size_t i = 0; i < model.types().size(); ++i) {
    const Type& type = model.types()[i];
    auto id = static_cast<TypeId>(i);
    std::vector<const Operation*> visits;
    for (const Operation& one : type.operations)
      if (is_visit_name(one.name)) visits.push_back(&one);
    std::size_t overloads = 0;
    for (const Operation& one : type.operations)
      overloads += one.name == "visit" || one.name == "Visit" ? 1 : 0;
    if (overloads >= 2)
      for (const Operation& one : type.operations)
        if (one.name == "visit" || one.name == "Visit") visits.push_back(&one);
    if (visits.size() < 2) continue;
    std::vector<const Operation*> accepts;
    for (const Type& element : model.types()) {
      if (element.family != type.family) continue;
      for (const Operation& one : element.operations) {
        bool dispatches =
            starts_with_word(one.name, {"accept", "visit", "traverse", "walk"}) && &element != &type &&
            std::ranges::any_of(one.uses, [&](const Use& use) {
              const code::Parameter* to = one.parameter(use.receiver);
              TypeId visitor = to == nullptr ? unbound : model.find(element, read_type(to->type).name);
              bool typed = visitor != unbound && (model.is_a(id, visitor) || model.is_a(visitor, id));
              bool untyped = to != nullptr && to->type.empty();
              return (typed || untyped) &&
                     std::ranges::any_of(visits, [&](const Operation* v) { return v->name == use.name; });
            });
        if (dispatches) accepts.push_back(&one);
      }
    }
    bool known_base = std::ranges::any_of(type.base_names, [&](const std::string& base) {
      std::string_view name = code::last_component(base);
      return name.ends_with("Visitor") || name.ends_with("NodeTransformer");
    });
    if (accepts.empty() && !known_base) continue;
    Hit hit = hit_at("visitor", type);
    hit.members.push_back(member_of("visitor", type));
    for (std::size_t v = 0; v < visits.size() && v < most_members; ++v)
      hit.members.push_back(member_of("visit", *visits[v]));
    for (std::size_t a = 0; a < accepts.size() && a < most_members; ++a)
      hit.members.push_back(member_of("accept", *accepts[a]));
    hit.evidence.push_back(
        accepts.empty() ? witness_of(*visits.front(), 0, "called by the base for each node of its kind")
                        : witness_of(*accepts.front(), 0, "hands itself to the visitor"));
    out.push_back(std::move(hit));
  }
}

}  // namespace mira::semantics

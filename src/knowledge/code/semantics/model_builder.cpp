#include "knowledge/code/semantics/model_builder.h"

#include <algorithm>
#include <set>

#include "knowledge/code/search_path.h"
#include "platform/base/text.h"

namespace mira::semantics {
namespace {

using code::CallKind;
using code::CallSite;
using code::Facts;
using code::Family;
using code::ReceiverKind;
using code::Symbol;
using code::ValueKind;

bool is_stub_exception(std::string_view name) {
  return name == "NotImplementedError" || name == "NotImplementedException" ||
         name == "UnsupportedOperationException";
}

std::string receiver_of(const CallSite& call) {
  switch (call.receiver_kind) {
    case ReceiverKind::none:
      return "";
    case ReceiverKind::self:
      return call.receiver.empty() || call.receiver == "this" || call.receiver == "self" ? "self"
                                                                                         : call.receiver;
    case ReceiverKind::super_:
      return "super";
    case ReceiverKind::call:
      return call.receiver + "()";
    case ReceiverKind::name:
      return call.receiver.starts_with("this.") ? "self." + call.receiver.substr(5) : call.receiver;
    default:
      return call.receiver;
  }
}

Use read_use(const CallSite& call) {
  Use out{.receiver = receiver_of(call),
          .name = call.name,
          .construct = call.kind == CallKind::construct,
          .reference = call.kind == CallKind::reference,
          .line = call.line};
  for (const code::Argument& one : call.passed)
    if (one.kind == ValueKind::name || one.kind == ValueKind::member) out.passed.push_back(one.value);
  return out;
}

bool is_pure(Family family, const Symbol& symbol) {
  if (family == Family::python) return symbol.is_virtual;  // @abstractmethod
  if (!symbol.declaration || !symbol.is_virtual) return false;
  return family != Family::c || base::trim(symbol.signature).ends_with("0");
}

// Languages in which a field or an own operation may be written without this or self.
bool has_implicit_self(Family family) {
  return family == Family::c || family == Family::jvm || family == Family::csharp;
}

std::string_view first_part(std::string_view dotted) {
  return dotted.substr(0, dotted.find_first_of(".["));
}

bool makes_a_container(const Flow& flow) {
  if (flow.kind == ValueKind::container) return true;
  if (flow.kind == ValueKind::literal)
    return flow.value == "list" || flow.value == "dict" || flow.value == "set" || flow.value == "array" ||
           flow.value == "object";
  if (flow.kind != ValueKind::call && flow.kind != ValueKind::construct) return false;
  return read_type(flow.value).many || flow.value == "set" || flow.value == "deque" ||
         flow.value == "collections.deque";
}

}  // namespace

Operation ModelBuilder::read_operation(const std::string& path, Family family, const Facts& facts,
                                       std::int32_t symbol) const {
  const Symbol& one = facts.symbols[static_cast<std::size_t>(symbol)];
  Operation out{.name = one.name,
                .qualified = one.qualified,
                .type = one.type,
                .signature = one.signature,
                .line = one.name_line,
                .end_line = one.end_line,
                .visibility = one.visibility,
                .is_static = one.is_static,
                .is_virtual = one.is_virtual,
                .constructor = one.kind == code::SymbolKind::constructor || one.name == "__construct" ||
                               (family == Family::ruby && one.name == "initialize"),
                .has_body = !one.declaration,
                .abstract = is_pure(family, one),
                .complexity = one.complexity,
                .path = path,
                .parameters = one.parameters,
                .decorators = one.decorators};
  return out;
}

void ModelBuilder::add_types(const std::string& path, Family family, const Facts& facts) {
  of_symbol_.assign(facts.symbols.size(), unbound);
  for (std::size_t i = 0; i < facts.symbols.size(); ++i) {
    const Symbol& symbol = facts.symbols[i];
    if (!code::is_class_like(symbol.kind) || symbol.declaration || symbol.kind == code::SymbolKind::enum_type)
      continue;
    auto id = static_cast<TypeId>(model_.types_.size());
    of_symbol_[i] = id;
    model_.types_.push_back({.path = path,
                             .name = symbol.name,
                             .qualified = symbol.qualified,
                             .kind = symbol.kind,
                             .family = family,
                             .line = symbol.name_line,
                             .end_line = symbol.end_line,
                             .is_virtual = symbol.is_virtual,
                             .base_names = symbol.bases,
                             .decorators = symbol.decorators});
    model_.by_name_[{family, symbol.name}].push_back(id);
  }
}

void ModelBuilder::add_members(const std::string& path, Family family, const Facts& facts) {
  std::size_t count = facts.symbols.size();
  operation_of_.assign(count, code::no_symbol);
  std::vector<Operation> operations(count);
  for (std::size_t i = 0; i < count; ++i) {
    const Symbol& symbol = facts.symbols[i];
    std::int32_t parent = symbol.parent;
    bool in_operation =
        parent != code::no_symbol && operation_of_[static_cast<std::size_t>(parent)] != code::no_symbol;
    if (code::is_class_like(symbol.kind)) continue;
    if (in_operation) {
      operation_of_[i] = operation_of_[static_cast<std::size_t>(parent)];
    } else if (code::runs_code(symbol.kind)) {
      operation_of_[i] = static_cast<std::int32_t>(i);
      operations[i] = read_operation(path, family, facts, static_cast<std::int32_t>(i));
    }
  }
  auto operation_around = [&](std::int32_t scope) -> Operation* {
    if (scope == code::no_symbol || operation_of_[static_cast<std::size_t>(scope)] == code::no_symbol)
      return nullptr;
    return &operations[static_cast<std::size_t>(operation_of_[static_cast<std::size_t>(scope)])];
  };
  for (const CallSite& call : facts.calls)
    if (Operation* around = operation_around(call.caller);
        around != nullptr && call.kind != CallKind::decorator)
      around->uses.push_back(read_use(call));
  for (const code::Assignment& one : facts.assignments) {
    if (Operation* around = operation_around(one.scope))
      around->flows.push_back({one.target, one.value, one.kind, one.line});
  }
  for (std::size_t i = 0; i < count; ++i) {
    const Symbol& symbol = facts.symbols[i];
    TypeId around =
        symbol.parent == code::no_symbol ? unbound : of_symbol_[static_cast<std::size_t>(symbol.parent)];
    if (operation_of_[i] == static_cast<std::int32_t>(i)) {
      Operation& own = operations[i];
      if (around != unbound)
        model_.types_[static_cast<std::size_t>(around)].operations.push_back(std::move(own));
      else if (!symbol.scope_name.empty())
        outside_.push_back(
            {path, std::string(code::last_component(symbol.scope_name)), family, std::move(own)});
      else
        model_.functions_.push_back({path, symbol.qualified, family, std::move(own)});
    } else if (around != unbound && code::holds_a_value(symbol.kind)) {
      model_.types_[static_cast<std::size_t>(around)].fields.push_back(
          {.name = symbol.name,
           .written = read_type(symbol.type),
           .written_as = std::string(code::last_component(symbol.type)),
           .is_static = symbol.is_static,
           .visibility = symbol.visibility,
           .line = symbol.name_line,
           .decorators = symbol.decorators});
    }
  }
}

void ModelBuilder::add_imports(const std::string& path, const Facts& facts) {
  for (const code::Import& one : facts.imports) {
    if (one.system || one.name == "*") continue;
    std::string_view local = !one.alias.empty()  ? std::string_view(one.alias)
                             : !one.name.empty() ? std::string_view(one.name)
                                                 : code::last_component(one.module);
    std::string module;
    std::string_view written = one.module;
    for (std::string_view head : {"crate::", "self::", "super::", "@/", "~/"})
      if (written.starts_with(head)) written.remove_prefix(head.size());
    written.remove_prefix(std::min(written.find_first_not_of("./"), written.size()));
    for (std::size_t i = 0; i < written.size(); ++i) {
      char c = written[i];
      bool colons = c == ':' && i + 1 < written.size() && written[i + 1] == ':';
      if (colons) ++i;
      bool sign = c == '.' || c == '\\' || colons;
      module += sign ? '/' : c;
    }
    for (std::string_view end : {"/js", "/ts", "/mjs", "/tsx"})  // "./x.js" of TypeScript
      if (one.module.starts_with('.') && module.ends_with(end)) module.resize(module.size() - end.size());
    if (!local.empty() && !module.empty()) model_.imports_[{path, std::string(local)}] = std::move(module);
  }
}

// `static final A INSTANCE = new A()`: what the initialiser of a field makes.
void ModelBuilder::add_initialisers(const Facts& facts) {
  for (const code::Assignment& one : facts.assignments) {
    if (one.scope == code::no_symbol) continue;
    TypeId id = of_symbol_[static_cast<std::size_t>(one.scope)];
    if (id == unbound) continue;
    std::string_view target = one.target;
    if (target.starts_with("self.")) target.remove_prefix(5);
    std::vector<Field>& fields = model_.types_[static_cast<std::size_t>(id)].fields;
    auto field = std::ranges::find(fields, target, &Field::name);
    if (field == fields.end()) continue;
    if (one.kind == ValueKind::construct) field->made = code::last_component(one.value);
    field->written.many |= makes_a_container({one.target, one.value, one.kind, one.line});
  }
}

void ModelBuilder::add(const std::string& path, std::string_view language, const Facts& facts) {
  code::PathTraits traits = code::path_traits(path);
  if (traits.test || traits.example || traits.vendored || traits.type_declarations) return;
  Family family = code::family_of(language);
  if (family == Family::none || family == Family::other || language == "c") return;
  add_types(path, family, facts);
  add_imports(path, facts);
  add_members(path, family, facts);
  add_initialisers(facts);
}

// A body outside joins its declaration; else it is an operation of its own.
void ModelBuilder::attach_outside() {
  for (Outside& one : outside_) {
    TypeId id = model_.find(one.path, one.family, one.owner);
    if (id == unbound) continue;
    std::vector<Operation>& operations = model_.types_[static_cast<std::size_t>(id)].operations;
    auto declared = std::ranges::find_if(operations, [&](const Operation& own) {
      return own.name == one.operation.name && !own.has_body &&
             own.parameters.size() == one.operation.parameters.size();
    });
    if (declared == operations.end()) {
      operations.push_back(std::move(one.operation));
      continue;
    }
    Operation& own = *declared;
    own.has_body = true;
    own.abstract = false;
    own.path = one.path;
    own.line = one.operation.line;
    own.end_line = one.operation.end_line;
    own.parameters = std::move(one.operation.parameters);
    own.uses = std::move(one.operation.uses);
    own.flows = std::move(one.operation.flows);
  }
  outside_.clear();
}

void ModelBuilder::bind_bases() {
  for (std::size_t i = 0; i < model_.types_.size(); ++i) {
    Type& type = model_.types_[i];
    for (const std::string& name : type.base_names) {
      TypeId base = model_.find(type, name);
      if (base == unbound || base == static_cast<TypeId>(i)) continue;
      if (std::ranges::find(type.bases, base) != type.bases.end()) continue;
      type.bases.push_back(base);
      model_.types_[static_cast<std::size_t>(base)].derived.push_back(static_cast<TypeId>(i));
    }
  }
}

// `db.get()` and `db = x` of languages without a written self become `self.db.get()` and `self.db = x`.
void ModelBuilder::name_own_members(Type& type) {
  if (!has_implicit_self(type.family)) return;
  std::set<std::string, std::less<>> fields, operations;
  auto collect = [&](const Type& one) {
    for (const Field& field : one.fields) fields.insert(field.name);
    for (const Operation& operation : one.operations)
      if (!operation.constructor) operations.insert(operation.name);
  };
  collect(type);
  auto id = static_cast<TypeId>(&type - model_.types_.data());
  for (TypeId base : model_.ancestors(id)) collect(model_.at(base));
  for (Operation& operation : type.operations) {
    std::set<std::string_view> locals;
    for (const code::Parameter& one : operation.parameters) locals.insert(one.name);
    auto is_field = [&](std::string_view text) {
      std::string_view first = first_part(text);
      return fields.contains(first) && !locals.contains(first);
    };
    for (Use& use : operation.uses) {
      if (use.receiver.empty() && !use.construct && !use.reference && operations.contains(use.name))
        use.receiver = "self";
      else if (!use.receiver.empty() && is_field(use.receiver))
        use.receiver = "self." + use.receiver;
      if (use.construct && use.receiver.empty() && fields.contains(use.name)) {  // : table_(new Table(x))
        std::string value = use.passed.empty() ? std::string() : use.passed.front();
        operation.flows.push_back({"self." + use.name, value, ValueKind::name, use.line});
      }
    }
    for (Flow& flow : operation.flows) {
      if (is_field(flow.target)) flow.target = "self." + flow.target;
      if (flow.kind != ValueKind::construct && is_field(flow.value)) flow.value = "self." + flow.value;
    }
  }
}

// Fields that are only ever assigned, and what is put into the declared ones.
void ModelBuilder::find_fields(Type& type) {
  for (const Operation& operation : type.operations)
    for (const Flow& flow : operation.flows) {
      if (!flow.target.starts_with("self.")) continue;
      std::string_view name = std::string_view(flow.target).substr(5);
      bool element = name.ends_with("[]");
      if (element) name.remove_suffix(2);
      if (name.empty() || name.find_first_of(".[") != std::string_view::npos) continue;
      auto at = std::ranges::find(type.fields, name, &Field::name);
      if (at == type.fields.end()) {
        type.fields.push_back({.name = std::string(name), .line = flow.line});
        at = std::prev(type.fields.end());
      }
      if (element) {
        at->written.many = true;
        continue;
      }
      at->written.many |= makes_a_container(flow);
      const code::Parameter* given = flow.kind == ValueKind::name ? operation.parameter(flow.value) : nullptr;
      if (given != nullptr && operation.constructor) at->injected = true;
      if (given != nullptr && at->written.name.empty() && !at->written.callable) {
        bool many = at->written.many;
        at->written = read_type(given->type);
        at->written.many |= many;
      }
    }
}

// constructor(private readonly store: Store), class A(val store: Store): the parameter is the field.
void ModelBuilder::find_promoted_fields(Type& type) {
  for (Field& field : type.fields) {
    bool assigned = false;
    for (const Operation& operation : type.operations)
      for (const Flow& flow : operation.flows) assigned |= flow.target == "self." + field.name;
    if (assigned) continue;
    for (const Operation& operation : type.operations) {
      const code::Parameter* given = operation.constructor ? operation.parameter(field.name) : nullptr;
      if (given == nullptr) continue;
      field.injected = true;
      if (field.written.name.empty()) field.written = read_type(given->type);
    }
  }
}

void ModelBuilder::bind_fields(Type& type) {
  for (Field& field : type.fields) {
    if (!field.written.name.empty()) field.type = model_.find(type, field.written.name);
    if (field.written.many || field.type != unbound || !field.written.name.empty()) continue;
    for (const Operation& operation : type.operations)  // made here: self.x = X()
      for (const Flow& flow : operation.flows)
        if (flow.target == "self." + field.name &&
            (flow.kind == ValueKind::construct || flow.kind == ValueKind::call))
          if (TypeId made = model_.find(type, flow.value);
              made != unbound && flow.value.find('(') == std::string::npos)
            field.type = made;
  }
}

TypeModel ModelBuilder::finish() {
  attach_outside();
  bind_bases();
  for (Type& type : model_.types_) {
    std::ranges::sort(type.derived);
    std::ranges::stable_sort(type.operations, {}, &Operation::line);
    for (Operation& one : type.operations) {  // raise NotImplementedError
      bool only_raises = one.uses.size() <= 1 && std::ranges::any_of(one.uses, [](const Use& use) {
                           return is_stub_exception(use.name);
                         });
      if (only_raises && type.family == Family::python) one.abstract = true;
      one.hook = one.has_body && !one.abstract && !one.constructor && !one.is_static && one.uses.empty() &&
                 one.flows.empty() && one.visibility != code::Visibility::private_;
    }
  }
  for (Type& type : model_.types_) name_own_members(type);
  for (Type& type : model_.types_) find_fields(type);
  for (Type& type : model_.types_) find_promoted_fields(type);
  for (Type& type : model_.types_) bind_fields(type);
  return std::move(model_);
}

}  // namespace mira::semantics

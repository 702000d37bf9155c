#include "knowledge/code/semantics/pattern_parts.h"

#include <algorithm>

#include "platform/base/text.h"

namespace mira::semantics {

using code::ValueKind;

bool contains_word(std::string_view name, std::initializer_list<std::string_view> words) {
  std::string lower = base::to_lower(name);
  return std::ranges::any_of(words,
                             [&](std::string_view word) { return lower.find(word) != std::string::npos; });
}

bool starts_with_word(std::string_view name, std::initializer_list<std::string_view> words) {
  std::vector<std::string> parts = base::split_identifier(name);
  if (parts.empty()) return false;
  return std::ranges::find(words, std::string_view(parts.front())) != words.end();
}

std::string_view own_field(std::string_view receiver) {
  if (!receiver.starts_with("self.")) return {};
  receiver.remove_prefix(5);
  return receiver.find_first_of(".[(") == std::string_view::npos ? receiver : std::string_view();
}

static bool is_self(std::string_view text) {
  return text == "self" || text == "this" || text == "*this" || text == "@self";
}

bool returns_self(const Operation& operation) {
  return std::ranges::any_of(operation.flows,
                             [](const Flow& flow) { return flow.target == "return" && is_self(flow.value); });
}

std::set<TypeId> returned_types(const TypeModel& model, const std::string& path, code::Family family,
                                const Operation& operation) {
  std::set<TypeId> out;
  auto add = [&](const Flow& flow) {
    bool made = flow.kind == ValueKind::construct ||
                (flow.kind == ValueKind::call && flow.value.find_first_of("([") == std::string::npos);
    if (!made) return;
    std::string_view value = flow.value;
    if (family == code::Family::rust && value.ends_with("::new")) value.remove_suffix(5);
    if (TypeId type = model.find(path, family, value); type != unbound) out.insert(type);
  };
  for (const Flow& flow : operation.flows) {
    if (flow.target != "return" && flow.target != operation.name) continue;
    add(flow);
    if (flow.kind != ValueKind::name) continue;
    for (const Flow& other : operation.flows)
      if (other.target == flow.value) add(other);
  }
  return out;
}

std::set<std::string, std::less<>> elements_of_field(const Operation& operation, std::string_view field) {
  std::set<std::string, std::less<>> out;
  std::string own = "self." + std::string(field);
  for (const Flow& flow : operation.flows) {
    if (!flow.value.starts_with(own)) continue;
    std::string_view rest = std::string_view(flow.value).substr(own.size());
    bool whole_or_element = rest.starts_with('[') || rest.starts_with(".values") ||
                            rest.starts_with(".items") || rest.starts_with(".iter") ||
                            rest.starts_with(".slice") || rest.starts_with(".copy") || rest.starts_with("()");
    if (whole_or_element) out.insert(flow.target);
  }
  return out;
}

std::vector<const Use*> uses_of_field(const Operation& operation, std::string_view field) {
  std::vector<const Use*> out;
  for (const Use& use : operation.uses)
    if (!use.reference && own_field(use.receiver) == field) out.push_back(&use);
  return out;
}

bool is_plain(const Operation& operation) {
  return !operation.constructor && !operation.is_static && operation.has_body;
}

TypeId shared_base(const TypeModel& model, TypeId one, TypeId other) {
  if (model.is_a(one, other)) return other;
  for (TypeId base : model.ancestors(one))
    if (model.is_a(other, base)) return base;
  return unbound;
}

Member member_of(std::string_view role, const Type& type) {
  return {std::string(role), type.path, type.qualified, type.line};
}

Member member_of(std::string_view role, const Operation& operation) {
  return {std::string(role), operation.path, operation.qualified, operation.line};
}

Hit hit_at(std::string_view pattern, const Type& type) {
  return {.pattern = pattern, .path = type.path, .name = type.qualified, .line = type.line};
}

Witness witness_of(const Operation& operation, std::int32_t line, std::string says) {
  return {operation.path, line == 0 ? operation.line : line, std::move(says)};
}

void add_members(Hit& hit, std::string_view role, const TypeModel& model, const std::vector<TypeId>& types) {
  for (std::size_t i = 0; i < types.size() && i < most_members; ++i)
    hit.members.push_back(member_of(role, model.at(types[i])));
}

}  // namespace mira::semantics

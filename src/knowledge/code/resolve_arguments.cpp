// What call sites hand to the untyped parameters of callables. Only within one file:
// there every call site is at hand and the answer stays a function of the file and its
// reads. A parameter with a declared type is what its type says.
#include <algorithm>

#include "knowledge/code/resolve_evaluate.h"

namespace mira::code {
namespace {

constexpr std::size_t givers_limit = 64;  // of one callable: more callers say nothing of a value

}  // namespace

bool Evaluator::add_giver(std::int32_t callable, const Giver& giver) {
  std::vector<Giver>& all = givers_[callable];
  if (all.size() >= givers_limit || std::ranges::find(all, giver) != all.end()) return false;
  all.push_back(giver);
  known_.clear();
  return true;
}

bool Evaluator::hand_over(std::int32_t callable, const CallSite& call, std::int32_t bound) {
  return add_giver(callable, {.call = &call, .bound = bound});
}

bool Evaluator::hand_decorated(std::int32_t decorator, std::int32_t decorated, std::int32_t bound) {
  return add_giver(decorator, {.decorated = decorated, .bound = bound});
}

std::vector<Meaning> Evaluator::given(const Giver& giver, std::int32_t position, std::string_view name) {
  const SourceFile& own = reader_.own();
  if (giver.decorated != no_symbol)
    return position == 0 ? std::vector<Meaning>{symbol_value({&own, giver.decorated}, "argument")}
                         : std::vector<Meaning>{};
  std::vector<Meaning> out;
  std::int32_t at = 0;
  for (const Argument& argument : giver.call->passed) {
    if (argument.keyword == "*") return out;  // what follows may stand anywhere
    bool meant = argument.keyword.empty() ? at++ == position : argument.keyword == name;
    if (!meant || argument.kind == ValueKind::literal || argument.kind == ValueKind::container) continue;
    Assignment passed{.scope = giver.call->caller, .kind = argument.kind, .value = argument.value};
    add_values(out, assigned_value(own, passed).values);
  }
  return out;
}

Found Evaluator::handed(Place place, std::string_view name) {
  auto at = givers_.find(place.scope);
  if (place.file != &reader_.own() || at == givers_.end()) return {};
  const std::vector<Parameter>& parameters = place.file->symbol(place.scope).parameters;
  auto parameter = std::ranges::find(parameters, name, &Parameter::name);
  if (parameter == parameters.end() || parameter->variadic || !parameter->type.empty()) return {};
  PlaceKey key{place.file, place.scope, "<-" + std::string(name)};
  if (!active_.insert(key).second) return {};
  Found out;
  auto position = static_cast<std::int32_t>(parameter - parameters.begin());
  for (const Giver& giver : at->second) add_values(out.values, given(giver, position - giver.bound, name));
  for (Meaning& value : out.values) {
    value.inferred = true;
    value.rule = "argument";
  }
  active_.erase(key);
  return out;
}

}  // namespace mira::code

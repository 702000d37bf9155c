#include "knowledge/code/resolve_macros.h"

#include <algorithm>

#include "knowledge/code/resolve_builtins.h"

namespace mira::code {
namespace {

constexpr int nested_macros = 6;
constexpr std::size_t expanded_targets = 64;

}  // namespace

bool is_macro(const Meaning& value) {
  return value.kind == Meaning::Kind::symbol && value.symbol->kind == SymbolKind::macro;
}

std::vector<Target> Macros::expand(const Found& macros, const CallSite& use) {
  std::vector<Target> out;
  std::vector<int> given_by;  // definitions, a target each
  int doing_something = 0;
  bool open = false;
  for (const Meaning& value : macros.values) {
    if (!is_macro(value)) continue;
    doing_something += does_something(value.symbol) ? 1 : 0;
    open = open || value.symbol->guard == Guard::open;
    std::vector<Target> one;
    expand_one(value.symbol, use, 0, one);
    for (const Target& target : one) {
      auto known = std::ranges::find(out, target.symbol, &Target::symbol);
      if (known == out.end()) {
        out.push_back(target);
        given_by.push_back(1);
      } else {
        ++given_by[static_cast<std::size_t>(known - out.begin())];
      }
    }
  }
  // In another configuration the name may be a function of the project or of the library.
  bool or_function = std::ranges::any_of(macros.values, [](const Meaning& one) { return !is_macro(one); });
  bool unsure = open && (or_function || is_builtin_function(Family::c, use.name));
  for (std::size_t i = 0; i < out.size(); ++i)
    if (unsure || given_by[i] < doing_something) out[i].tier = "possible";
  return out;
}

// A body that calls or names something; `do {} while (0)` does not.
bool Macros::does_something(SymbolRef macro) {
  const SourceFile& file = *macro.file;
  evaluator_.reader().read_flow(file, "");
  bool renames = macro->parameters.empty() && !file.assigned(no_symbol, macro->name).empty();
  return renames || std::ranges::any_of(file.facts.calls, [&](const CallSite& token) {
           return token.kind == CallKind::macro_token && token.caller == macro.index;
         });
}

void Macros::expand_one(SymbolRef macro, const CallSite& use, int depth, std::vector<Target>& out) {
  if (depth > nested_macros || out.size() > expanded_targets) return;
  const SourceFile& file = *macro.file;
  // Read through the name: what the body calls is part of what the file offers under it.
  for (const CallSite& token : file.facts.calls)
    if (token.kind == CallKind::macro_token && token.caller == macro.index)
      call_token(macro, token, use, depth, out);
  if (!macro->parameters.empty()) return;
  evaluator_.reader().read_flow(file, "");
  for (const Assignment* alias : file.assigned(no_symbol, macro->name)) {  // #define log do_log
    if (alias->kind != ValueKind::name || alias->value == macro->name) continue;
    CallSite renamed = use;
    renamed.name = alias->value;
    take(evaluator_.lookup({&evaluator_.reader().own(), use.caller}, renamed.name), renamed, depth, out);
  }
}

void Macros::call_token(SymbolRef macro, const CallSite& token, const CallSite& use, int depth,
                        std::vector<Target>& out) {
  if (token.receiver_kind != ReceiverKind::none) return;
  CallSite call = token;
  call.kind = CallKind::call;
  call.caller = use.caller;
  auto parameter = std::ranges::find(macro->parameters, token.name, &Parameter::name);
  if (parameter != macro->parameters.end()) {
    auto place = static_cast<std::size_t>(parameter - macro->parameters.begin());
    if (place >= use.passed.size() || use.passed[place].kind != ValueKind::name) return;
    call.name = use.passed[place].value;
  }
  if (call.name == macro->name) {  // a macro does not expand itself: the function is meant
    Found own = evaluator_.lookup({&evaluator_.reader().own(), use.caller}, call.name);
    std::erase_if(own.values, is_macro);
    return take(own, call, depth, out);
  }
  take(evaluator_.lookup({&evaluator_.reader().own(), use.caller}, call.name), call, depth, out);
}

void Macros::take(const Found& callee, const CallSite& token, int depth, std::vector<Target>& out) {
  for (const Meaning& value : callee.values)
    if (is_macro(value)) expand_one(value.symbol, token, depth + 1, out);
  for (Target target : targets_.of(callee, token)) {
    if (!runs_code(target.symbol->kind)) continue;
    if (std::ranges::any_of(out, [&](const Target& one) { return one.symbol == target.symbol; })) continue;
    if (target.tier == "proved") target.tier = "inferred";
    target.rule = "macro";
    out.push_back(target);
  }
}

}  // namespace mira::code

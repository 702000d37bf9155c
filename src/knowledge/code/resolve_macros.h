// Calls that stand in the body of a project's own macro: where the macro is used, the
// caller calls what its body calls. Words after `.`, `->` and `##` are no calls, a word
// that is a parameter stands for what is passed. A macro whose definition hangs on the
// project's configuration gives what any of its definitions gives.
#pragma once

#include "knowledge/code/resolve_targets.h"

namespace mira::code {

class Macros {
 public:
  Macros(Evaluator& evaluator, Targets& targets) : evaluator_(evaluator), targets_(targets) {}
  // What a use of the macros (values of one name) calls; every tier is inferred or possible.
  std::vector<Target> expand(const Found& macros, const CallSite& use);

 private:
  bool does_something(SymbolRef macro);
  void expand_one(SymbolRef macro, const CallSite& use, int depth, std::vector<Target>& out);
  void call_token(SymbolRef macro, const CallSite& token, const CallSite& use, int depth,
                  std::vector<Target>& out);
  void take(const Found& callee, const CallSite& token, int depth, std::vector<Target>& out);

  Evaluator& evaluator_;
  Targets& targets_;
};

bool is_macro(const Meaning& value);

}  // namespace mira::code

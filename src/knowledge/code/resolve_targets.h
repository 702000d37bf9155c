// From what a callee expression may stand for to the definitions a call of it runs:
// constructors of classes, overloads by arity, overrides of a virtual method, and
// the tier each edge deserves.
#pragma once

#include "knowledge/code/resolve_evaluate.h"

namespace mira::code {

struct Target {
  SymbolRef symbol;
  std::string_view tier;
  std::string_view rule;
  std::int32_t candidates = 1;
};

class Targets {
 public:
  explicit Targets(Evaluator& evaluator) : evaluator_(evaluator) {}
  // Empty when nothing of it is code of the project that can be called.
  std::vector<Target> of(const Found& callee, const CallSite& call);
  // The methods that calling this global runs, where it holds objects that can be called (Python).
  std::vector<Target> held_by(SymbolRef global);

 private:
  struct Reached {
    SymbolRef symbol;
    std::string_view rule;
    bool inferred;
  };
  static std::vector<Reached> without_overloads(const std::vector<Reached>& reached, const CallSite& call);
  void drop_by_types(std::vector<Reached>& distinct, const CallSite& call);
  bool accepts(const SymbolRef& callee, const CallSite& call, const std::vector<Found>& arguments);
  static void drop_other_systems(std::vector<Reached>& distinct);
  bool depends_on_template(const std::vector<Reached>& distinct, const CallSite& call);
  bool in_template(Place place);
  bool is_foreign(const std::vector<Reached>& distinct, const CallSite& call) const;
  void reach(const Meaning& value, const CallSite& call, int depth, std::vector<Reached>& out);
  void reach_constructor(const Meaning& type, std::vector<Reached>& out);
  void reach_held(const Meaning& variable, const CallSite& call, int depth, std::vector<Reached>& out);
  bool is_callable_global(SymbolRef variable, const Meaning& held);
  std::vector<SymbolRef> overrides(SymbolRef method);
  void collect_overrides(SymbolRef type, std::string_view name, int depth, std::vector<SymbolRef>& out);

  Evaluator& evaluator_;
};

}  // namespace mira::code

#include "knowledge/code/semantics/patterns.h"

#include <algorithm>
#include <array>
#include <tuple>

namespace mira::semantics {

std::span<const PatternKind> pattern_kinds() {
  static constexpr std::array<PatternKind, 21> kinds{{
      {"abstract_factory", find_abstract_factories, false,
       "an interface of at least two makers of abstract products, implemented"},
      {"adapter", find_adapters, false,
       "implements one type, wraps a foreign one and forwards under other names"},
      {"bridge", find_bridges, false,
       "a base with derived types that leaves its work to an independent hierarchy it holds"},
      {"builder", find_builders, true,
       "steps that give the builder back and a last one that gives the product"},
      {"command", find_commands, false,
       "one thing to do behind a base with several kinds, kept or named as such"},
      {"composite", find_composites, true, "holds many of its own kind and does the same to each"},
      {"decorator", find_decorators, true, "has the face of what it was given, forwards and adds"},
      {"dependency_injection", find_injections, false,
       "a container calls its constructor or fills its fields"},
      {"facade", find_facades, false, "at least four parts that others reach through it only"},
      {"factory", find_factories, false, "chooses which of at least two types of one base to make"},
      {"iterator", find_iterators, true, "steps through something"},
      {"observer", find_observers, false, "listeners are put in, and each is called"},
      {"prototype", find_prototypes, false, "copies itself through a base with at least two kinds"},
      {"proxy", find_proxies, false, "has the face of what it guards, keeps or makes late, and forwards"},
      {"repository", find_repositories, false, "finds, saves and deletes things of one kind"},
      {"service_layer", find_service_layers, false,
       "holds nothing but what it was given and joins repositories"},
      {"singleton", find_singletons, true, "one object, no public constructor, one way to it"},
      {"state", find_states, false, "leaves its work to an object that it replaces"},
      {"strategy", find_strategies, false, "is given one of several ways to do its work"},
      {"template_method", find_template_methods, true, "calls steps that derived types fill in"},
      {"visitor", find_visitors, true, "an operation for each kind of node, called by the nodes"},
  }};
  return kinds;
}

std::vector<Hit> find_patterns(const TypeModel& model) {
  std::vector<Hit> out;
  for (const PatternKind& kind : pattern_kinds()) kind.rule(model, out);
  auto place = [](const Hit& hit) { return std::tie(hit.path, hit.line, hit.pattern, hit.name); };
  std::ranges::stable_sort(out, [&](const Hit& a, const Hit& b) { return place(a) < place(b); });
  return out;
}

}  // namespace mira::semantics

// Design patterns that can be seen in structure. One rule a pattern; a rule reads the
// type model alone, names every role with its place, and gives nothing when a role is
// missing. Names of types and operations count only where the structure already holds.
// What a rule is worth was measured on hand-labelled places of real packages
// (bench/patterns): a pattern is told unasked only where that said so.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "knowledge/code/semantics/type_model.h"

namespace mira::semantics {

struct Member {
  std::string role;  // "product", "subject", "observer"
  std::string path, name;
  std::int32_t line = 0;
};

struct Witness {  // a line that shows it
  std::string path;
  std::int32_t line = 0;
  std::string says;
};

struct Hit {
  std::string_view pattern;  // "builder"
  std::string path, name;    // of the type or function the pattern is told at
  std::int32_t line = 0;
  std::vector<Member> members;
  std::vector<Witness> evidence;
};

// Appends what the rule finds, in the order of the model.
using Rule = void (*)(const TypeModel&, std::vector<Hit>&);

struct PatternKind {
  std::string_view name;  // "template_method"
  Rule rule;
  bool by_default;        // precision and count of the labelled set allow it to be told unasked
  std::string_view what;  // one line: what the rule asks for
};
std::span<const PatternKind> pattern_kinds();

// All rules over the model: by path, line, pattern.
std::vector<Hit> find_patterns(const TypeModel& model);

// One function a rule, in the file of its group.
void find_factories(const TypeModel& model, std::vector<Hit>& out);
void find_abstract_factories(const TypeModel& model, std::vector<Hit>& out);
void find_builders(const TypeModel& model, std::vector<Hit>& out);
void find_singletons(const TypeModel& model, std::vector<Hit>& out);
void find_prototypes(const TypeModel& model, std::vector<Hit>& out);
void find_adapters(const TypeModel& model, std::vector<Hit>& out);
void find_bridges(const TypeModel& model, std::vector<Hit>& out);
void find_composites(const TypeModel& model, std::vector<Hit>& out);
void find_decorators(const TypeModel& model, std::vector<Hit>& out);
void find_proxies(const TypeModel& model, std::vector<Hit>& out);
void find_facades(const TypeModel& model, std::vector<Hit>& out);
void find_commands(const TypeModel& model, std::vector<Hit>& out);
void find_iterators(const TypeModel& model, std::vector<Hit>& out);
void find_observers(const TypeModel& model, std::vector<Hit>& out);
void find_strategies(const TypeModel& model, std::vector<Hit>& out);
void find_states(const TypeModel& model, std::vector<Hit>& out);
void find_template_methods(const TypeModel& model, std::vector<Hit>& out);
void find_visitors(const TypeModel& model, std::vector<Hit>& out);
void find_repositories(const TypeModel& model, std::vector<Hit>& out);
void find_service_layers(const TypeModel& model, std::vector<Hit>& out);
void find_injections(const TypeModel& model, std::vector<Hit>& out);

}  // namespace mira::semantics

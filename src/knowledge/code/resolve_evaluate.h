// What a name or an expression may stand for: a small demand-driven evaluator over
// facts. It walks scopes, imports, declared types, base chains, constructor calls,
// assignments and returns, and gives a set of values, each with how it was found.
// An empty set that is `bound` means: something local holds the name, nothing says
// what. Then nobody may guess by name. A pure function of the own facts and of the
// reads that the Reader records; cycles and depth are cut, in a fixed order.
#pragma once

#include <functional>
#include <map>
#include <set>

#include "knowledge/code/resolve_world.h"

namespace mira::code {

struct Meaning {
  enum class Kind : std::uint8_t {
    symbol,    // the function, class, variable, namespace itself
    instance,  // an object of the class `symbol`
    above,     // super: members of the bases of `symbol`
    module,    // a file as a module
    package,   // a folder or namespace of modules: `name`
    external,  // leads out of the project: `name` is its dotted name
    builtin,   // of the language itself: `name` is the type or function
    // Something that holds others: `name` is its written type, read at the place `symbol`, or "=x" for what
    // is put into the variable x there.
    container,
  };
  Kind kind = Kind::symbol;
  SymbolRef symbol = {};
  const SourceFile* file = nullptr;
  std::string name = {};
  bool inferred = false;            // came through an assignment, a return or a unique guess of the hierarchy
  std::string_view rule = "scope";  // how it was found
  bool operator==(const Meaning&) const = default;
};

struct Found {
  std::vector<Meaning> values;
  bool bound = false;            // the name is held by something here, known or not
  std::string_view reason = {};  // why there is no value, of the closed set; may be empty

  bool settled() const { return bound || !values.empty(); }
};

// A place to look from: a file and the innermost symbol around it.
struct Place {
  const SourceFile* file = nullptr;
  std::int32_t scope = no_symbol;
};

inline constexpr int depth_limit = 48;           // of nested questions; deeper: unknown
inline constexpr std::size_t values_limit = 32;  // more: unknown, never some of them
// Names that mean many things multiply at each level: a question, and all of a file's
// together, end after so many steps. What was not reached by then is unknown.
inline constexpr int question_steps_limit = 4'000;
inline constexpr int file_steps_limit = 1'000'000;

// What answering has cost so far.
struct Work {
  int depth = 0;           // of nested questions, now
  int question_steps = 0;  // since the outermost question began
  int file_steps = 0;
};

class Evaluator {
 public:
  explicit Evaluator(Reader& reader) : reader_(reader) {}
  Reader& reader() { return reader_; }

  Found lookup(Place place, std::string_view name);
  Found evaluate(Place place, std::string_view expression);
  // Members of a value; a call site's argument count helps to choose among overloads elsewhere.
  Found members(const Meaning& owner, std::string_view name);
  Found members(const std::vector<Meaning>& owners, std::string_view name);
  // What a call of the value gives.
  std::vector<Meaning> results(const Meaning& callee);
  // Objects of the written type; classes themselves for `classes_of`.
  std::vector<Meaning> instances_of(Place place, std::string_view written_type);
  std::vector<Meaning> classes_of(Place place, std::string_view written_type);
  // The class around a place, following out-of-line owners ("DBImpl" of DBImpl::Get).
  std::vector<Meaning> class_around(Place place);
  // TypeScript: what `f(this: T)` says of this. Unbound when nothing around says it.
  Found declared_self(Place place);
  // The class and its bases, nearest first. `complete` is false when a base is not in the project.
  std::vector<SymbolRef> base_chain(SymbolRef type, bool& complete);
  // The definition that stands behind a declaration, if the project has exactly one; else the same.
  SymbolRef definition_of(SymbolRef declared);
  // The top-level names of a file as an importer sees them.
  Found module_member(const SourceFile& file, std::string_view name);
  // Ruby: is `self` the class itself at this place?
  bool runs_on_class(Place place) const { return side_of(place) == Side::type; }
  // What methods of the class and its bases put into the object's field: "self.x = T()".
  std::vector<Meaning> put_into(SymbolRef type, std::string_view field);
  // C# and Kotlin: functions written outside a type that are called as its members, by the type's last name.
  std::vector<Meaning> extensions_of(std::string_view type, std::string_view name);
  // The value of a variable, field or property symbol.
  Found value_of(SymbolRef variable);
  // Variables among the values replaced by what they hold.
  Found value(const Found& found);
  Found file_scope(const SourceFile& file, std::string_view name);
  // Callables of this name that the class itself has, without its bases.
  std::vector<Meaning> own_members(SymbolRef type, std::string_view name);
  // What stands in a container, or comes out of a loop over a value; key "" for any.
  std::vector<Meaning> elements(const Meaning& owner, std::string_view key);
  std::vector<Meaning> elements(const std::vector<Meaning>& owners, std::string_view key);
  // Does calling this member of a container give an element, or all of them?
  static bool gives_element(std::string_view member);
  static bool gives_whole(std::string_view member);
  // Answers a question about a file, unless it is being answered already or is nested too deep: nothing then.
  Found answer_once(const SourceFile& file, std::string_view question, const std::function<Found()>& answer);
  // A call site of the own file runs this callable of the own file, whose first `bound` parameters are not
  // among the arguments: what it passes is from now on what an untyped parameter may hold. True if that
  // was not known yet; the answers given so far are then forgotten.
  bool hand_over(std::int32_t callable, const CallSite& call, std::int32_t bound);
  // The function under a decorator is what the decorator is called with.
  bool hand_decorated(std::int32_t decorator, std::int32_t decorated, std::int32_t bound);
  // Project files that the includes of a file reach, itself left out.
  const std::set<const SourceFile*>& include_closure(const SourceFile& file);

 private:
  using PlaceKey = std::tuple<const SourceFile*, std::int32_t, std::string>;

  Found lookup_now(Place place, std::string_view name);
  Found local_binding(Place place, std::string_view name);
  Found parameter(Place place, std::string_view name);
  Found handed(Place place, std::string_view name);
  Found assigned(Place place, const std::vector<const Assignment*>& assignments);
  Found assigned_value(const SourceFile& file, const Assignment& assignment);
  Found symbols_value(const SourceFile& file, const std::vector<std::int32_t>& symbols);
  Found from_imports(const SourceFile& file, std::int32_t scope, std::string_view name);
  // Ruby keeps what is called on a class apart from what is called on its objects.
  enum class Side : std::uint8_t { any, object, type };
  Found class_member(SymbolRef type, std::string_view name, bool above, Side side = Side::any);
  Side side_of(Place place) const;
  std::vector<SymbolRef> other_parts(SymbolRef type);
  Found own_member(SymbolRef type, std::string_view name);
  Found field_flow(SymbolRef type, std::string_view name);
  Found namespace_member(SymbolRef space, std::string_view name);
  std::vector<Meaning> callable_results(SymbolRef callable);
  std::vector<Meaning> named_type(Place place, std::string_view name);
  std::vector<Meaning> elements_of_object(const Meaning& owner);
  std::vector<Meaning> iterated(const std::vector<Meaning>& iterators);
  std::vector<Meaning> literal_elements(const Meaning& owner, std::string_view key);
  Found container_member(const Meaning& owner, std::string_view name);
  Found implicit_member(Place place, std::string_view name);

  // Who hands something to a callable of the own file: a call site, or what stands under it as a decorator.
  struct Giver {
    const CallSite* call = nullptr;
    std::int32_t decorated = no_symbol;
    std::int32_t bound = 0;
    bool operator==(const Giver&) const = default;
  };
  bool add_giver(std::int32_t callable, const Giver& giver);
  std::vector<Meaning> given(const Giver& giver, std::int32_t position, std::string_view name);

  Reader& reader_;
  std::map<std::int32_t, std::vector<Giver>> givers_;  // by callable of the own file
  std::map<PlaceKey, Found> known_;
  std::set<PlaceKey> active_;
  std::map<std::pair<const SourceFile*, std::int32_t>, std::pair<std::vector<SymbolRef>, bool>> chains_;
  std::map<const SourceFile*, std::set<const SourceFile*>> closures_;
  Work work_;
};

// One more question inside another, for as long as it lives.
class Deeper {
 public:
  explicit Deeper(Work& work) : work_(work) {
    if (work_.depth++ == 0) work_.question_steps = 0;
    ++work_.question_steps;
    ++work_.file_steps;
  }
  ~Deeper() { --work_.depth; }
  Deeper(const Deeper&) = delete;
  Deeper& operator=(const Deeper&) = delete;
  bool too_deep() const {
    return work_.depth > depth_limit || work_.question_steps > question_steps_limit ||
           work_.file_steps > file_steps_limit;
  }

 private:
  Work& work_;
};

void add_value(std::vector<Meaning>& values, Meaning value);
void add_values(std::vector<Meaning>& values, const std::vector<Meaning>& more);
Meaning symbol_value(SymbolRef symbol, std::string_view rule);
Meaning external_std();
bool has_decorator(const Symbol& symbol, std::string_view name);
bool is_self_word(std::string_view word);

}  // namespace mira::code

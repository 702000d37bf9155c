// Elements of containers: of a written type ("std::vector<Foo*>", "list[Foo]", "Foo[]"), of a
// literal ("x = [f, g]"), of what is spread into one, of what a generator yields.
#include <algorithm>
#include <array>

#include "knowledge/code/resolve_builtins.h"
#include "knowledge/code/resolve_evaluate.h"
#include "knowledge/code/resolve_written_types.h"

namespace mira::code {
namespace {

// What holds values of the one type it names, by last component.
constexpr std::array<std::string_view, 56> sequences{"vector",
                                                     "list",
                                                     "deque",
                                                     "set",
                                                     "unordered_set",
                                                     "array",
                                                     "span",
                                                     "initializer_list",
                                                     "multiset",
                                                     "forward_list",
                                                     "queue",
                                                     "stack",
                                                     "List",
                                                     "Sequence",
                                                     "MutableSequence",
                                                     "Iterable",
                                                     "Iterator",
                                                     "Collection",
                                                     "Set",
                                                     "FrozenSet",
                                                     "frozenset",
                                                     "Deque",
                                                     "AbstractSet",
                                                     "MutableSet",
                                                     "Generator",
                                                     "AsyncGenerator",
                                                     "AsyncIterator",
                                                     "AsyncIterable",
                                                     "tuple",
                                                     "Tuple",
                                                     "Array",
                                                     "ReadonlyArray",
                                                     "ReadonlySet",
                                                     "WeakSet",
                                                     "IterableIterator",
                                                     "ArrayList",
                                                     "LinkedList",
                                                     "HashSet",
                                                     "Vec",
                                                     "VecDeque",
                                                     "BTreeSet",
                                                     "IEnumerable",
                                                     "IList",
                                                     "ICollection",
                                                     "IReadOnlyList",
                                                     "Stream",
                                                     "TreeSet",
                                                     "Queue",
                                                     "Stack",
                                                     "ContextManager",
                                                     "AbstractContextManager",
                                                     "SmallVec",
                                                     "Option",
                                                     "Result",
                                                     "Optional",
                                                     "optional"};
// What holds values of the second type under keys of the first.
constexpr std::array<std::string_view, 24> mappings{"map",
                                                    "unordered_map",
                                                    "multimap",
                                                    "dict",
                                                    "Dict",
                                                    "Mapping",
                                                    "MutableMapping",
                                                    "defaultdict",
                                                    "OrderedDict",
                                                    "Map",
                                                    "ReadonlyMap",
                                                    "WeakMap",
                                                    "Record",
                                                    "HashMap",
                                                    "BTreeMap",
                                                    "TreeMap",
                                                    "LinkedHashMap",
                                                    "ConcurrentHashMap",
                                                    "Dictionary",
                                                    "IDictionary",
                                                    "SortedDictionary",
                                                    "IReadOnlyDictionary",
                                                    "ConcurrentDictionary",
                                                    "DefaultDict"};

// Members whose call gives one of the elements, and those whose call gives them all.
constexpr std::array<std::string_view, 56> element_members{"get",
                                                           "at",
                                                           "back",
                                                           "front",
                                                           "top",
                                                           "pop",
                                                           "popleft",
                                                           "shift",
                                                           "find",
                                                           "first",
                                                           "last",
                                                           "setdefault",
                                                           "getFirst",
                                                           "getLast",
                                                           "peek",
                                                           "poll",
                                                           "next",
                                                           "value",
                                                           "remove",
                                                           "First",
                                                           "Last",
                                                           "FirstOrDefault",
                                                           "Single",
                                                           "unwrap",
                                                           "elementAt",
                                                           "__getitem__",
                                                           "findLast",
                                                           "pop_front",
                                                           "pop_back",
                                                           "getOrDefault",
                                                           "popitem",
                                                           "expect",
                                                           "unwrap_or",
                                                           "unwrap_or_default",
                                                           "unwrap_or_else",
                                                           "orElse",
                                                           "orElseThrow",
                                                           "orElseGet",
                                                           "single",
                                                           "firstOrNull",
                                                           "lastOrNull",
                                                           "singleOrNull",
                                                           "getOrNull",
                                                           "removeFirst",
                                                           "removeLast",
                                                           "removeAt",
                                                           "SingleOrDefault",
                                                           "LastOrDefault",
                                                           "ElementAt",
                                                           "Peek",
                                                           "Dequeue",
                                                           "Pop",
                                                           "get_mut",
                                                           "first_mut",
                                                           "last_mut",
                                                           "getValue"};
constexpr std::array<std::string_view, 57> whole_members{"values",
                                                         "begin",
                                                         "end",
                                                         "rbegin",
                                                         "rend",
                                                         "cbegin",
                                                         "filter",
                                                         "slice",
                                                         "reverse",
                                                         "sort",
                                                         "copy",
                                                         "iter",
                                                         "iter_mut",
                                                         "into_iter",
                                                         "sorted",
                                                         "lower_bound",
                                                         "upper_bound",
                                                         "concat",
                                                         "stream",
                                                         "clone",
                                                         "toSorted",
                                                         "cend",
                                                         "Where",
                                                         "ToList",
                                                         "as_ref",
                                                         "as_mut",
                                                         "as_deref",
                                                         "cloned",
                                                         "copied",
                                                         "take",
                                                         "ok",
                                                         "ok_or",
                                                         "ok_or_else",
                                                         "map_err",
                                                         "toList",
                                                         "toSet",
                                                         "toMutableList",
                                                         "asSequence",
                                                         "filterNotNull",
                                                         "sortedBy",
                                                         "drop",
                                                         "takeWhile",
                                                         "dropWhile",
                                                         "reversed",
                                                         "distinct",
                                                         "OrderBy",
                                                         "OrderByDescending",
                                                         "ToArray",
                                                         "Take",
                                                         "Skip",
                                                         "Distinct",
                                                         "Reverse",
                                                         "AsEnumerable",
                                                         "rev",
                                                         "skip",
                                                         "peekable",
                                                         "drain"};

template <class List>
bool lists(const List& list, std::string_view name) {
  return std::ranges::find(list, name) != list.end();
}

// Is the name a local of a function, or of one around it? Then it is not the file's.
bool binds(const SourceFile& file, std::int32_t scope, std::string_view name) {
  for (; scope != no_symbol; scope = file.symbol(scope).parent) {
    const std::vector<Parameter>& parameters = file.symbol(scope).parameters;
    if (std::ranges::find(parameters, name, &Parameter::name) != parameters.end()) return true;
    if (!file.assigned(scope, name).empty() || !file.typed(scope, name).empty()) return true;
  }
  return false;
}

// The type at a place of a tuple, "" where the place is not known; any of an array.
std::string_view tuple_part(std::string_view type, std::string_view key) {
  if (!type.ends_with(']') && !type.ends_with(')')) return type.substr(type.find(']') + 1);
  std::vector<std::string_view> parts = split_type(type.substr(1, type.size() - 2), ',');
  if (type.starts_with('[') && parts.size() == 1) return split_type(parts.front(), ';').front();
  bool placed = key.size() == 1 && key[0] >= '0' && key[0] <= '9';
  std::size_t place = placed ? static_cast<std::size_t>(key[0] - '0') : parts.size();
  return place < parts.size() ? parts[place] : std::string_view();
}

// C# and TypeScript may name the parts: "(Item first, int n)", "[first: Item]".
std::string_view unnamed(std::string_view part, Family family) {
  if (family == Family::csharp) return split_type(part, ' ').front();
  if (family == Family::javascript) return split_type(part, ':').back();
  return part;
}

bool is_literal(const Meaning& container) {
  return container.name.starts_with('=');
}

}  // namespace

std::string_view elements_type(std::string_view type, std::string_view key) {
  if (type.ends_with("[]")) return type.substr(0, type.size() - 2);
  if (type.starts_with("[]")) return type.substr(2);
  for (std::string_view channel : {"<-chan ", "chan<- ", "chan ", "<-chan", "chan<-"})
    if (type.starts_with(channel)) return type.substr(channel.size());
  if (type.starts_with("chan*")) return type.substr(4);
  if (is_tuple_type(type)) return tuple_part(type, key);
  if (type.starts_with("map[")) {
    std::size_t close = type.find(']');
    return close == std::string_view::npos ? std::string_view() : type.substr(close + 1);
  }
  WrittenType parts = parts_of_type(type);
  std::string_view last = last_component(parts.name);
  if (parts.arguments.empty()) return {};
  if (lists(mappings, last)) {
    if (parts.arguments.size() < 2) return {};
    return key == "0" && last == "Map" ? parts.arguments[0] : parts.arguments[1];
  }
  if (!lists(sequences, last)) return {};
  bool tuple = (last == "tuple" || last == "Tuple") && parts.arguments.size() > 1;
  bool by_place = (tuple || last == "Result") && key.size() == 1;
  std::size_t place = by_place ? static_cast<std::size_t>(key[0] - '0') : 0;
  return place < parts.arguments.size() ? parts.arguments[place] : std::string_view();
}

bool is_tuple_type(std::string_view type) {
  if (type.size() < 3) return false;
  if (type.front() != '(' && type.front() != '[') return false;
  int depth = 0;
  for (std::size_t i = 0; i < type.size(); ++i) {
    if (type[i] == '(' || type[i] == '[') ++depth;
    if ((type[i] != ')' && type[i] != ']') || --depth > 0) continue;
    if (i + 1 == type.size()) return true;
    return type.front() == '[' && i > 1 && type[i + 1] != '[';  // [3]A
  }
  return false;
}

Meaning written_container(Place place, std::string_view type) {
  return {.kind = Meaning::Kind::container,
          .symbol = {place.file, place.scope},
          .name = std::string(type),
          .rule = "declared type"};
}

bool Evaluator::gives_element(std::string_view member) {
  return lists(element_members, member);
}
bool Evaluator::gives_whole(std::string_view member) {
  return lists(whole_members, member);
}

std::vector<Meaning> Evaluator::elements(const std::vector<Meaning>& owners, std::string_view key) {
  std::vector<Meaning> out;
  for (const Meaning& owner : owners) add_values(out, elements(owner, key));
  return out;
}

std::vector<Meaning> Evaluator::elements(const Meaning& owner, std::string_view key) {
  Deeper deeper(work_);
  if (deeper.too_deep()) return {};
  switch (owner.kind) {
    case Meaning::Kind::external:
      return {owner};
    case Meaning::Kind::instance:
      return elements_of_object(owner);
    case Meaning::Kind::container:
      break;
    case Meaning::Kind::symbol:
      if (holds_a_value(owner.symbol->kind)) return elements(value_of(owner.symbol).values, key);
      return {};
    default:
      return {};
  }
  const SourceFile& file = *owner.symbol.file;
  if (is_literal(owner)) return literal_elements(owner, key);
  std::string_view part = elements_type(owner.name, key);
  if (is_tuple_type(owner.name)) part = unnamed(part, file.family);
  std::vector<Meaning> out = instances_of({&file, owner.symbol.index}, part);
  for (Meaning& one : out) one.inferred = one.inferred || owner.inferred;
  return out;
}

// An object that is subscripted or looped over: what its own operators give; in C a pointer gives itself.
std::vector<Meaning> Evaluator::elements_of_object(const Meaning& owner) {
  Family family = owner.symbol.file->family;
  std::vector<Meaning> out;
  if (family == Family::python) {
    for (std::string_view name : {"__getitem__", "__iter__"}) {
      for (const Meaning& one : class_member(owner.symbol, name, false).values) {
        std::vector<Meaning> given = results(one);
        add_values(out, name == "__iter__" ? iterated(given) : given);
      }
    }
  } else if (family == Family::c) {
    Found own = class_member(owner.symbol, "operator[]", false);
    for (const Meaning& one : own.values) add_values(out, results(one));
    if (!own.settled()) out.push_back(owner);
  }
  for (Meaning& one : out) one.inferred = one.inferred || owner.inferred;
  return out;
}

// What a loop over iterators meets: what their __next__ gives, or their elements.
std::vector<Meaning> Evaluator::iterated(const std::vector<Meaning>& iterators) {
  std::vector<Meaning> out;
  for (const Meaning& one : iterators) {
    if (one.kind != Meaning::Kind::instance) {
      add_values(out, elements(one, ""));
      continue;
    }
    for (const Meaning& next : class_member(one.symbol, "__next__", false).values)
      add_values(out, results(next));
  }
  return out;
}

std::vector<Meaning> Evaluator::literal_elements(const Meaning& owner, std::string_view key) {
  const SourceFile& file = *owner.symbol.file;
  std::string target = owner.name.substr(1) + "[]";
  PlaceKey question{&file, owner.symbol.index, owner.name + "[" + std::string(key)};
  if (active_.contains(question)) return {};
  active_.insert(question);
  std::int32_t scope = owner.symbol.index;
  // What a function puts into a container of the file stands with the file's own rows.
  bool of_file = scope == no_symbol && file.family == Family::python;
  bool anywhere = target.starts_with("self.") || of_file;
  if (anywhere)
    reader_.read_flow(file, target);
  else
    reader_.read_flow(file, scope == no_symbol ? std::string_view() : file.symbol(scope).qualified);
  std::string_view name = std::string_view(target).substr(0, target.size() - 2);
  std::vector<Meaning> out;
  for (const Assignment* one : anywhere ? file.assigned_anywhere(target) : file.assigned(scope, target)) {
    if (of_file && one->scope != no_symbol && binds(file, one->scope, name)) continue;
    bool spread = one->key == "*";
    if (!spread && !key.empty() && !one->key.empty() && one->key != key) continue;
    std::vector<Meaning> values = assigned_value(file, *one).values;
    bool by_name = file.family == Family::javascript && !key.empty();
    if (spread) values = by_name ? members(values, key).values : elements(values, key);
    for (Meaning& value : values) value.inferred = true;
    add_values(out, values);
  }
  active_.erase(question);
  return out;
}

// `o.name` of a container: an entry of an object literal, a member of what a C++ iterator points at, else
// something of the language's own.
Found Evaluator::container_member(const Meaning& owner, std::string_view name) {
  Family family = owner.symbol.file->family;
  if (is_literal(owner) && family == Family::javascript) {
    Found out{.values = literal_elements(owner, name), .bound = true, .reason = "dynamic"};
    return out;
  }
  if (family == Family::c && !is_common_member(family, name)) {
    Found through = members(elements(owner, ""), name);
    for (Meaning& value : through.values) value.inferred = true;
    if (!through.values.empty()) return through;
  }
  return {.values = {external_std()}};
}

}  // namespace mira::code

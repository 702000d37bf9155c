#include <algorithm>
#include <array>

#include "knowledge/code/semantics/type_model.h"
#include "platform/base/text.h"

namespace mira::semantics {
namespace {

// They stand for what they hold.
constexpr std::array<std::string_view, 31> wrappers{
    "unique_ptr", "shared_ptr", "weak_ptr",  "Optional",  "optional", "Option",
    "Box",        "Rc",         "Arc",       "Ref",       "RefCell",  "Cell",
    "Mutex",      "RwLock",     "Final",     "ClassVar",  "Provider", "Lazy",
    "Supplier",   "Readonly",   "Annotated", "ref",       "Union",    "scoped_refptr",
    "Weak",       "NonNull",    "Promise",   "Awaitable", "Type",     "AtomicReference",
    "ThreadLocal"};
constexpr std::array<std::string_view, 61> containers{"vector",
                                                      "Vector",
                                                      "Stack",
                                                      "list",
                                                      "deque",
                                                      "set",
                                                      "map",
                                                      "unordered_map",
                                                      "unordered_set",
                                                      "array",
                                                      "queue",
                                                      "multimap",
                                                      "span",
                                                      "List",
                                                      "ArrayList",
                                                      "LinkedList",
                                                      "Set",
                                                      "HashSet",
                                                      "LinkedHashSet",
                                                      "TreeSet",
                                                      "Map",
                                                      "HashMap",
                                                      "LinkedHashMap",
                                                      "TreeMap",
                                                      "ConcurrentHashMap",
                                                      "CopyOnWriteArrayList",
                                                      "CopyOnWriteArraySet",
                                                      "Collection",
                                                      "Collection",
                                                      "Iterable",
                                                      "Deque",
                                                      "ArrayDeque",
                                                      "Queue",
                                                      "BlockingQueue",
                                                      "Vec",
                                                      "VecDeque",
                                                      "BTreeMap",
                                                      "BTreeSet",
                                                      "HashMap",
                                                      "Array",
                                                      "ReadonlyArray",
                                                      "WeakSet",
                                                      "WeakMap",
                                                      "Dict",
                                                      "dict",
                                                      "Sequence",
                                                      "MutableSequence",
                                                      "Tuple",
                                                      "tuple",
                                                      "FrozenSet",
                                                      "frozenset",
                                                      "defaultdict",
                                                      "OrderedDict",
                                                      "Mapping",
                                                      "MutableMapping",
                                                      "IList",
                                                      "ICollection",
                                                      "IEnumerable",
                                                      "Dictionary",
                                                      "ConcurrentDictionary",
                                                      "ConcurrentMap"};
constexpr std::array<std::string_view, 14> callables{
    "Callable", "function", "Function", "Runnable", "Consumer", "BiConsumer",   "Action",
    "Func",     "Fn",       "FnMut",    "FnOnce",   "callable", "EventHandler", "BiFunction"};

template <std::size_t count>
bool is_one_of(const std::array<std::string_view, count>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

// The parts between the outermost brackets, split at commas of that level.
std::vector<std::string_view> arguments_of(std::string_view text, std::size_t open) {
  std::vector<std::string_view> out;
  int depth = 0;
  std::size_t start = open + 1;
  for (std::size_t i = open; i < text.size(); ++i) {
    char c = text[i];
    if (c == '<' || c == '[' || c == '(') ++depth;
    bool closes = c == '>' || c == ']' || c == ')';
    if (closes) --depth;
    if ((c == ',' && depth == 1) || (closes && depth == 0)) {
      out.push_back(base::trim(text.substr(start, i - start)));
      start = i + 1;
    }
    if (closes && depth == 0) break;
  }
  return out;
}

std::string_view without_words(std::string_view text) {
  for (bool again = true; again;) {
    again = false;
    text = base::trim(text);
    for (std::string_view word :
         {"const ", "readonly ", "final ", "mut ", "dyn ", "&", "*", "struct ", "class ", "impl ", "'static ",
          "volatile ", "static ", "\"", "'", "?", ":"}) {
      if (!text.starts_with(word)) continue;
      text.remove_prefix(word.size());
      again = true;
    }
  }
  return text;
}

// "Foo | None" and "Foo | undefined" are Foo; a union of two types is no type.
std::string_view only_alternative(std::string_view text) {
  std::string_view out;
  std::size_t start = 0;
  int depth = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    char c = i < text.size() ? text[i] : '|';
    if (c == '<' || c == '[' || c == '(') ++depth;
    bool arrow = c == '>' && i > 0 && (text[i - 1] == '=' || text[i - 1] == '-');
    if ((c == '>' && !arrow) || c == ']' || c == ')') --depth;
    if (c != '|' || depth != 0) continue;
    std::string_view one = base::trim(text.substr(start, i - start));
    start = i + 1;
    if (one == "None" || one == "null" || one == "undefined" || one == "nil") continue;
    if (!out.empty()) return {};
    out = one;
  }
  return out;
}

WrittenType read_at(std::string_view written, int depth) {
  WrittenType out;
  std::string_view text = only_alternative(without_words(written));
  if (text.empty() || depth > 6) return out;
  if (text.find("=>") != std::string_view::npos || text.starts_with("fn(") || text.starts_with("func(") ||
      text.starts_with("(")) {
    out.callable = text.find("=>") != std::string_view::npos || !text.starts_with("(");
    return out;
  }
  if (text.starts_with("[]") || text.ends_with("[]")) {  // []Foo of Go, Foo[]
    out = read_at(text.starts_with("[]") ? text.substr(2) : text.substr(0, text.size() - 2), depth + 1);
    out.many = true;
    return out;
  }
  std::size_t open = text.find_first_of("<[(");
  std::string_view name = code::last_component(text.substr(0, open));
  if (is_one_of(callables, name)) {
    out.callable = true;
    return out;
  }
  bool container = is_one_of(containers, name);
  if (open == std::string_view::npos || (!container && !is_one_of(wrappers, name))) {
    out.many = container;
    if (!container) out.name = name;
    return out;
  }
  std::vector<std::string_view> arguments = arguments_of(text, open);
  bool smart_pointer = name == "unique_ptr" || name == "Annotated";
  if (!arguments.empty()) out = read_at(smart_pointer ? arguments.front() : arguments.back(), depth + 1);
  if (container && arguments.size() > 1 && out.name.empty() && !out.callable)
    out = read_at(arguments.front(), depth + 1);
  out.many |= container;
  return out;
}

}  // namespace

WrittenType read_type(std::string_view written) {
  return read_at(written, 0);
}

}  // namespace mira::semantics

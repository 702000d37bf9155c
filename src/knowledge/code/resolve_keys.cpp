#include "knowledge/code/resolve_keys.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <utility>

#include "knowledge/code/manifest.h"
#include "knowledge/code/resolve_paths.h"
#include "platform/base/hash.h"

namespace mira::code {
namespace {

struct FamilyRow {
  std::string_view language;
  Family family;
};
constexpr std::array<FamilyRow, 17> family_rows{{
    {"c", Family::c},
    {"cpp", Family::c},
    {"cuda", Family::c},
    {"objc", Family::c},
    {"python", Family::python},
    {"javascript", Family::javascript},
    {"jsx", Family::javascript},
    {"typescript", Family::javascript},
    {"tsx", Family::javascript},
    {"go", Family::go},
    {"java", Family::jvm},
    {"kotlin", Family::jvm},
    {"rust", Family::rust},
    {"csharp", Family::csharp},
    {"ruby", Family::ruby},
    {"php", Family::php},
    {"", Family::none},
}};

// Bytes to hash, with each part's end marked so that ("ab","c") and ("a","bc") differ.
class Text {
 public:
  Text& add(std::string_view part) {
    bytes_.append(part);
    bytes_.push_back('\0');
    return *this;
  }
  Text& add(std::int64_t number) { return add(std::to_string(number)); }
  std::uint64_t hash() const { return base::hash64(bytes_); }

 private:
  std::string bytes_;
};

Key make_key(char kind, Family family, std::string_view text) {
  std::string bytes{kind, static_cast<char>('a' + static_cast<int>(family)), ':'};
  bytes.append(text);
  return base::hash64(bytes);
}

void describe(Text& text, const Facts& facts, const Symbol& symbol) {
  text.add(symbol.qualified).add(static_cast<int>(symbol.kind)).add(static_cast<int>(symbol.visibility));
  text.add(symbol.declaration * 8 + symbol.is_static * 4 + symbol.is_virtual * 2 +
           symbol.is_async_or_generator + static_cast<int>(symbol.guard) * 16);
  text.add(symbol.scope_name).add(symbol.type);
  for (const Parameter& parameter : symbol.parameters)
    text.add(parameter.name).add(parameter.type).add(parameter.has_default * 2 + parameter.variadic);
  for (const std::string& base : symbol.bases) text.add("base").add(base);
  for (const std::string& decorator : symbol.decorators) text.add("decorator").add(decorator);
  if (symbol.parent != no_symbol) {
    const Symbol& parent = facts.symbols[static_cast<std::size_t>(symbol.parent)];
    text.add(parent.qualified).add(static_cast<int>(parent.kind));
  }
}

std::string_view scope_text(const Facts& facts, std::int32_t scope) {
  return scope == no_symbol ? std::string_view() : facts.symbols[static_cast<std::size_t>(scope)].qualified;
}

bool scope_is_callable(const Facts& facts, std::int32_t scope) {
  return scope != no_symbol && runs_code(facts.symbols[static_cast<std::size_t>(scope)].kind);
}

// Keys with the text behind each, gathered before hashing.
class Gathered {
 public:
  Text& at(Key key, bool listed) {
    Entry& entry = entries_[key];
    entry.listed = listed;
    return entry.text;
  }
  std::vector<Offer> finish() const {
    std::vector<Offer> out;
    out.reserve(entries_.size());
    for (const auto& [key, entry] : entries_)
      out.push_back({key, static_cast<std::uint32_t>(entry.text.hash()), entry.listed ? 1U : 0U});
    return out;
  }

 private:
  struct Entry {
    Text text;
    bool listed = false;
  };
  std::map<Key, Entry> entries_;
};

void offer_symbols(Gathered& gathered, Family family, const Facts& facts) {
  for (const Symbol& symbol : facts.symbols) {
    describe(gathered.at(name_key(family, symbol.name), true), facts, symbol);
    for (const std::string& base : symbol.bases)
      describe(gathered.at(derived_key(family, last_component(base)), true), facts, symbol);
  }
}

// What a macro's body calls is called where the macro is used.
bool is_of_macro(const Facts& facts, const CallSite& call) {
  return call.kind == CallKind::macro_token && call.caller != no_symbol &&
         facts.symbols[static_cast<std::size_t>(call.caller)].kind == SymbolKind::macro;
}

void offer_macros(Gathered& gathered, Family family, const Facts& facts) {
  for (const CallSite& call : facts.calls)
    if (is_of_macro(facts, call))
      gathered.at(name_key(family, facts.symbols[static_cast<std::size_t>(call.caller)].name), true)
          .add("calls")
          .add(call.name)
          .add(static_cast<int>(call.receiver_kind));
}

void offer_imports(Gathered& gathered, std::string_view path, const Facts& facts) {
  Text& text = gathered.at(imports_key(path), false);
  text.add(facts.package);
  for (const Import& import : facts.imports) {
    text.add(import.module).add(import.name).add(import.alias);
    text.add(import.reexport * 4 + import.system * 2 + import.type_only);
    text.add(scope_text(facts, import.scope));
  }
  for (const ExportedName& name : facts.exports) text.add(name.name).add(name.local);
}

void offer_flows(Gathered& gathered, std::string_view path, Family family, const Facts& facts) {
  auto kept = [&](std::int32_t scope) { return family != Family::c || !scope_is_callable(facts, scope); };
  for (const Assignment& assignment : facts.assignments) {
    std::string_view scope = scope_text(facts, assignment.scope);
    if (kept(assignment.scope))
      gathered.at(flow_key(path, scope), false)
          .add(assignment.target)
          .add(assignment.key)
          .add(assignment.value)
          .add(assignment.value_key)
          .add(static_cast<int>(assignment.kind));
    bool of_container = family == Family::python && assignment.target.ends_with("[]");
    if (assignment.target.starts_with("self.") || of_container)
      gathered.at(flow_key(path, assignment.target), false)
          .add(scope)
          .add(assignment.key)
          .add(assignment.value)
          .add(assignment.value_key)
          .add(static_cast<int>(assignment.kind));
  }
  for (const TypedName& name : facts.typed_names) {
    if (kept(name.scope))
      gathered.at(flow_key(path, scope_text(facts, name.scope)), false).add(name.name).add(name.type);
    if (name.name.starts_with("self."))
      gathered.at(flow_key(path, name.name), false).add(scope_text(facts, name.scope)).add(name.type);
  }
}

}  // namespace

Family family_of(std::string_view language) {
  for (const FamilyRow& row : family_rows)
    if (row.language == language) return row.family;
  return Family::other;
}

Key name_key(Family family, std::string_view name) {
  return make_key('n', family, name);
}
Key file_key(std::string_view path) {
  return make_key('f', Family::none, path);
}
Key imports_key(std::string_view path) {
  return make_key('i', Family::none, path);
}
Key derived_key(Family family, std::string_view base) {
  return make_key('d', family, base);
}
Key package_key(Family family, std::string_view package) {
  return make_key('p', family, package);
}
Key flow_key(std::string_view path, std::string_view what) {
  return make_key('v', Family::none, std::string(path) + '\0' + std::string(what));
}

Facts interface_of(const Facts& facts, Family family) {
  Facts out = facts;
  std::erase_if(out.calls,
                [&](const CallSite& call) { return family != Family::c || !is_of_macro(facts, call); });
  for (CallSite& call : out.calls) call.line = call.column = 0;
  for (Symbol& symbol : out.symbols) {
    symbol.signature.clear();
    symbol.doc.clear();
    symbol.name_line = symbol.name_column = symbol.start_line = symbol.end_line = 0;
    symbol.start_byte = symbol.end_byte = symbol.complexity = 0;
    symbol.body_hash = 0;
  }
  for (Import& import : out.imports) import.line = 0;
  for (Assignment& assignment : out.assignments) assignment.line = 0;
  for (TypedName& name : out.typed_names) name.line = 0;
  if (family == Family::c) {
    std::erase_if(out.assignments, [&](const Assignment& a) {
      return scope_is_callable(facts, a.scope) && !a.target.starts_with("self.");
    });
    std::erase_if(out.typed_names, [&](const TypedName& n) { return scope_is_callable(facts, n.scope); });
  }
  return out;
}

std::vector<Offer> offers_of(std::string_view path, Family family, const Facts& facts) {
  Gathered gathered;
  gathered.at(file_key(path), false).add(static_cast<int>(family));
  offer_imports(gathered, path, facts);
  if (is_manifest(path) && !facts.package.empty())
    gathered.at(package_key(Family::none, facts.package), true).add(path);
  if (family == Family::none) return gathered.finish();
  offer_symbols(gathered, family, facts);
  if (family == Family::c) offer_macros(gathered, family, facts);
  offer_flows(gathered, path, family, facts);
  if (!facts.package.empty()) gathered.at(package_key(family, facts.package), true).add(path);
  gathered.at(package_key(family, std::string(folder_of(path)) + "/"), true).add(path);
  if (family == Family::python || family == Family::c)
    gathered.at(package_key(family, module_name_key(module_name_of(path, family == Family::c))), true)
        .add(path);
  return gathered.finish();
}

std::vector<Key> changed_keys(std::span<const Offer> before, std::span<const Offer> after) {
  std::vector<Key> out;
  auto old_one = before.begin();
  auto new_one = after.begin();
  while (old_one != before.end() || new_one != after.end()) {
    if (new_one == after.end() || (old_one != before.end() && old_one->key < new_one->key)) {
      out.push_back((old_one++)->key);
    } else if (old_one == before.end() || new_one->key < old_one->key) {
      out.push_back((new_one++)->key);
    } else {
      if (!(*old_one == *new_one)) out.push_back(old_one->key);
      ++old_one;
      ++new_one;
    }
  }
  return out;
}

std::string_view last_component(std::string_view name) {
  std::size_t end = name.find_first_of("<[({");
  if (end != std::string_view::npos && end > 0) name = name.substr(0, end);
  while (!name.empty() &&
         (name.back() == '*' || name.back() == '&' || name.back() == ' ' || name.back() == '?'))
    name.remove_suffix(1);
  std::size_t cut = name.find_last_of(".:\\/*& ");
  return cut == std::string_view::npos ? name : name.substr(cut + 1);
}

std::string_view folder_of(std::string_view path) {
  std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

}  // namespace mira::code

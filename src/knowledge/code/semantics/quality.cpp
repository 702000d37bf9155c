#include "knowledge/code/semantics/quality.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "knowledge/code/facts.h"
#include "knowledge/code/languages.h"
#include "knowledge/code/resolve_keys.h"
#include "knowledge/code/search_path.h"
#include "knowledge/code/search_words.h"
#include "platform/base/text.h"

namespace mira::semantics {
namespace {

using code::Family;

struct Element {
  std::int64_t id = 0, file_id = 0;
  std::string path, qualified, name, kind, key;
  Family family = Family::none;
  bool exported = false, declaration = false, test = false, runs = false, type = false, documented = false;
  std::int64_t start_line = 0, end_line = 0, complexity = 0, position = 0;
  std::string doc;
};

bool is_callable(std::string_view kind) {
  return kind == "function" || kind == "method" || kind == "constructor";
}

bool is_type(std::string_view kind) {
  return kind == "class" || kind == "struct" || kind == "interface" || kind == "trait";
}

base::Result<std::vector<Element>> elements_of(store::Connection& index) {
  std::vector<Element> out;
  MIRA_TRY(
      index.each("SELECT e.element_id, e.file_id, f.path, e.qualified_name, e.name, e.kind, e.visibility, "
                 "e.is_declaration,"
                 " e.start_line, e.end_line, e.complexity, e.doc, e.ordinal, e.symbol_index, f.language FROM "
                 "code_elements e"
                 " JOIN repository_files f USING(file_id) WHERE f.generated = 0 AND e.kind IN"
                 " ('function', 'method', 'constructor', 'class', 'struct', 'interface', 'trait')"
                 " ORDER BY f.path, e.symbol_index",
                 [&](const store::Row& row) {
                   Element one;
                   one.id = row.integer(0);
                   one.file_id = row.integer(1);
                   one.path = row.text(2);
                   one.qualified = row.text(3);
                   one.name = row.text(4);
                   one.kind = row.text(5);
                   one.exported = row.text(6) == "public";
                   one.declaration = row.integer(7) != 0;
                   one.start_line = row.integer(8);
                   one.end_line = row.integer(9);
                   one.complexity = row.integer(10);
                   one.doc = row.text(11);
                   std::int64_t ordinal = row.integer(12);
                   one.key = ordinal == 0 ? one.qualified : fmt::format("{}#{}", one.qualified, ordinal);
                   one.position = row.integer(13);
                   one.family = code::family_of(row.text(14));
                   code::PathTraits traits = code::path_traits(one.path);
                   if (traits.vendored || traits.example || traits.type_declarations) return;
                   one.test = traits.test;
                   one.runs = is_callable(one.kind);
                   one.type = is_type(one.kind);
                   out.push_back(std::move(one));
                 }));
  return out;
}

bool is_taken_back(const Element& one, std::string_view type) {
  return one.doc.find("mira: ignore " + std::string(type)) != std::string::npos;
}

Issue issue_at(const Element& one, std::string_view type, std::string_view severity, std::int64_t measure,
               std::string message, std::string fix) {
  return {one.path,           one.key,        type,           severity,    measure,
          std::move(message), std::move(fix), one.start_line, one.end_line};
}

void add_size_issues(const std::vector<Element>& elements, std::vector<Issue>& out) {
  std::vector<std::int64_t> all;
  for (const Element& one : elements)
    if (one.runs && !one.declaration) all.push_back(one.complexity);
  std::ranges::sort(all);
  for (const Element& one : elements) {
    if (!one.runs || one.declaration) continue;
    if (one.complexity > most_branches && !is_taken_back(one, "complexity")) {
      auto below = std::ranges::lower_bound(all, one.complexity) - all.begin();
      auto share = 100 * below / static_cast<std::ptrdiff_t>(all.size());  // never 100: it is one of them
      out.push_back(issue_at(
          one, "complexity", "warning", one.complexity,
          fmt::format("{} ways through it, more than {} % of the functions here", one.complexity, share),
          "split it where one condition decides over a block"));
    }
    std::int64_t lines = one.end_line - one.start_line + 1;
    if (lines > most_lines && !one.test && !is_taken_back(one, "length"))
      out.push_back(issue_at(one, "length", "info", lines, fmt::format("{} lines", lines),
                             "take steps out into functions"));
  }
}

bool needs_no_doc(const Element& one) {
  return one.name.starts_with("__") || one.name.starts_with("operator") || one.name.starts_with("~") ||
         one.name.starts_with("_") || one.name == "main" || one.kind == "constructor";
}

void add_missing_docs(const std::vector<Element>& elements, std::vector<Issue>& out) {
  std::set<std::pair<Family, std::string_view>> documented;  // at another place: a header, an interface
  for (const Element& one : elements)
    if (!one.doc.empty()) documented.insert({one.family, one.kind == "method" ? one.name : one.qualified});
  for (const Element& one : elements) {
    bool owed = one.exported && !one.test && one.doc.empty() && !one.declaration && !needs_no_doc(one);
    if (!owed || documented.contains({one.family, one.kind == "method" ? one.name : one.qualified})) continue;
    out.push_back(issue_at(one, "missing_docs", "info", 0,
                           fmt::format("this {} is exported and says nothing of itself", one.kind),
                           "say in a comment what it is for"));
  }
}

// What tests reach over calls that are known to be made.
base::Result<std::unordered_set<std::int64_t>> reached_by_tests(store::Connection& index,
                                                                const std::vector<Element>& elements) {
  std::unordered_map<std::int64_t, std::vector<std::int64_t>> callees;
  std::vector<std::int64_t> todo;
  std::unordered_set<std::int64_t> seen;
  for (const Element& one : elements)
    if (one.test && seen.insert(one.id).second) todo.push_back(one.id);
  MIRA_TRY(index.each(
      "SELECT g.caller_id, g.callee_id, f.path FROM call_graph g JOIN repository_files f USING(file_id)"
      " WHERE g.callee_id IS NOT NULL AND g.tier IN ('proved', 'inferred')",
      [&](const store::Row& row) {
        if (!row.is_null(0)) {
          callees[row.integer(0)].push_back(row.integer(1));
        } else if (code::path_traits(row.text(2)).test && seen.insert(row.integer(1)).second) {
          todo.push_back(row.integer(1));
        }
      }));
  while (!todo.empty()) {
    std::int64_t at = todo.back();
    todo.pop_back();
    auto next = callees.find(at);
    if (next == callees.end()) continue;
    for (std::int64_t one : next->second)
      if (seen.insert(one).second) todo.push_back(one);
  }
  return seen;
}

base::Status add_missing_tests(store::Connection& index, const std::vector<Element>& elements,
                               std::vector<Issue>& out) {
  std::unordered_set<std::int64_t> reached = MIRA_TRY(reached_by_tests(index, elements));
  std::set<Family> tested;
  for (const Element& one : elements)
    if (!one.test && reached.contains(one.id)) tested.insert(one.family);
  for (const Element& one : elements) {
    bool owed = one.runs && one.exported && !one.test && !one.declaration && tested.contains(one.family) &&
                one.complexity > 1 && one.kind != "constructor" && !one.name.starts_with("_");
    if (!owed || reached.contains(one.id) || is_taken_back(one, "missing_tests")) continue;
    out.push_back(issue_at(one, "missing_tests", "info", one.complexity,
                           "no test reaches it by a call that is known to be made", "call it in a test"));
  }
  return {};
}

// Everything that keeps a function alive without a call.
class Liveness {
 public:
  explicit Liveness(store::Connection& index) : index_(index) {}

  base::Result<bool> is_dead(const Element& one) {
    if (MIRA_TRY(index_.integer("SELECT 1 FROM call_graph WHERE callee_id = ? LIMIT 1", one.id)))
      return false;
    if (MIRA_TRY(index_.integer("SELECT 1 FROM call_graph WHERE open_name = ? LIMIT 1", one.name)))
      return false;
    if (MIRA_TRY(is_marked(one))) return false;
    std::string word = "\"" + code::code_word(one.name).whole + "\"";
    auto places = MIRA_TRY(index_.integer(
        "SELECT count(*) FROM (SELECT 1 FROM code_words WHERE code_words MATCH ? LIMIT 2)", word));
    return places == 1;
  }

 private:
  // A decorator, an override or a registration by attribute may be all that needs it.
  base::Result<bool> is_marked(const Element& one) {
    if (file_ != one.file_id) {
      facts_ = {};
      base::Status read;
      MIRA_TRY(index_.each(
          "SELECT facts FROM file_facts WHERE file_id = ?",
          [&](const store::Row& row) {
            auto facts = code::decode(row.blob(0));
            if (facts) facts_ = std::move(*facts);
            if (!facts) read = std::unexpected(facts.error());
          },
          one.file_id));
      MIRA_TRY(std::move(read));
      file_ = one.file_id;
    }
    auto position = static_cast<std::size_t>(one.position);
    if (position >= facts_.symbols.size()) return true;
    const code::Symbol& symbol = facts_.symbols[position];
    return !symbol.decorators.empty() || symbol.is_virtual || symbol.guard != code::Guard::none || facts_.cut;
  }

  store::Connection& index_;
  std::int64_t file_ = -1;
  code::Facts facts_;
};

base::Status add_dead_code(store::Connection& index, const std::vector<Element>& elements,
                           std::vector<Issue>& out) {
  Liveness liveness(index);
  for (const Element& one : elements) {
    bool candidate = one.runs && !one.exported && !one.test && !one.declaration &&
                     one.kind != "constructor" && one.family != Family::none && one.family != Family::other &&
                     !one.name.starts_with("__") && !one.name.starts_with("operator") &&
                     !one.name.starts_with("~") && one.name != "main" && one.name != "init";
    if (!candidate || is_taken_back(one, "dead_code")) continue;
    if (!MIRA_TRY(liveness.is_dead(one))) continue;
    std::int64_t lines = one.end_line - one.start_line + 1;
    out.push_back(issue_at(one, "dead_code", "warning", lines,
                           "nothing calls it, no other code names it, and no other file can see it",
                           "remove it"));
  }
  return {};
}

// Strongly connected files, after Tarjan, without recursion.
class Components {
 public:
  explicit Components(const std::vector<std::vector<int>>& edges)
      : edges_(edges), order_(edges.size(), -1), low_(edges.size(), 0), on_stack_(edges.size(), false) {
    for (int at = 0; at < static_cast<int>(edges.size()); ++at)
      if (order_[static_cast<std::size_t>(at)] < 0) visit(at);
  }
  std::vector<std::vector<int>> found;  // of at least two

 private:
  struct Frame {
    int at;
    std::size_t next = 0;
  };
  void enter(int at, std::vector<Frame>& frames) {
    order_[static_cast<std::size_t>(at)] = low_[static_cast<std::size_t>(at)] = counter_++;
    stack_.push_back(at);
    on_stack_[static_cast<std::size_t>(at)] = true;
    frames.push_back({at});
  }
  void visit(int root) {
    std::vector<Frame> frames;
    enter(root, frames);
    while (!frames.empty()) {
      Frame& frame = frames.back();
      auto at = static_cast<std::size_t>(frame.at);
      if (frame.next < edges_[at].size()) {
        auto to = static_cast<std::size_t>(edges_[at][frame.next++]);
        if (order_[to] < 0)
          enter(static_cast<int>(to), frames);
        else if (on_stack_[to])
          low_[at] = std::min(low_[at], order_[to]);
        continue;
      }
      if (low_[at] == order_[at]) close(frame.at);
      int done = frame.at;
      frames.pop_back();
      if (!frames.empty()) {
        auto parent = static_cast<std::size_t>(frames.back().at);
        low_[parent] = std::min(low_[parent], low_[static_cast<std::size_t>(done)]);
      }
    }
  }
  void close(int at) {
    std::vector<int> group;
    for (int one = -1; one != at;) {
      one = stack_.back();
      stack_.pop_back();
      on_stack_[static_cast<std::size_t>(one)] = false;
      group.push_back(one);
    }
    if (group.size() > 1) found.push_back(std::move(group));
  }

  const std::vector<std::vector<int>>& edges_;
  std::vector<int> order_, low_, stack_;
  std::vector<bool> on_stack_;
  int counter_ = 0;
};

base::Status add_cycles(store::Connection& index, std::vector<Issue>& out) {
  for (const auto& group : MIRA_TRY(import_cycles(index))) {
    std::string names;
    for (std::size_t i = 0; i < group.size() && i < 6; ++i)
      names += (i == 0 ? "" : ", ") + base::display_line(group[i]);
    if (group.size() > 6) names += fmt::format(" and {} more", group.size() - 6);
    out.push_back({group.front(), "", "cycle", "warning", std::ssize(group),
                   fmt::format("{} files import each other: {}", group.size(), names),
                   "move what they share into a file that imports none of them", 1, 1});
  }
  return {};
}

}  // namespace

base::Result<std::vector<std::vector<std::string>>> import_cycles(store::Connection& index) {
  std::vector<std::string> paths;
  std::map<std::string, int, std::less<>> numbers;
  std::vector<std::vector<int>> edges;
  auto number = [&](std::string_view path) {
    auto [at, fresh] = numbers.try_emplace(std::string(path), static_cast<int>(paths.size()));
    if (fresh) {
      paths.emplace_back(path);
      edges.emplace_back();
    }
    return at->second;
  };
  MIRA_TRY(
      index.each("SELECT DISTINCT f.path, d.target_path FROM external_dependencies d JOIN repository_files f "
                 "USING(file_id)"
                 " WHERE d.target_path <> '' AND f.language <> 'rust' ORDER BY f.path, d.target_path",
                 [&](const store::Row& row) {
                   int from = number(row.text(0));
                   int to = number(row.text(1));
                   if (from != to) edges[static_cast<std::size_t>(from)].push_back(to);
                 }));
  std::vector<std::vector<std::string>> out;
  for (const std::vector<int>& group : Components(edges).found) {
    std::vector<std::string> names;
    names.reserve(group.size());
    for (int one : group) names.push_back(paths[static_cast<std::size_t>(one)]);
    std::ranges::sort(names);
    out.push_back(std::move(names));
  }
  std::ranges::sort(out);
  return out;
}

base::Result<std::vector<Issue>> find_issues(store::Connection& index, std::vector<Issue> more) {
  std::vector<Element> elements = MIRA_TRY(elements_of(index));
  std::vector<Issue> out = std::move(more);
  add_size_issues(elements, out);
  add_missing_docs(elements, out);
  MIRA_TRY(add_missing_tests(index, elements, out));
  MIRA_TRY(add_dead_code(index, elements, out));
  MIRA_TRY(add_cycles(index, out));
  auto key = [](const Issue& one) { return std::tie(one.path, one.element, one.type); };
  std::ranges::stable_sort(out, [&](const Issue& a, const Issue& b) { return key(a) < key(b); });
  auto twice = std::ranges::unique(out, [&](const Issue& a, const Issue& b) { return key(a) == key(b); });
  out.erase(twice.begin(), twice.end());
  return out;
}

}  // namespace mira::semantics

#include "knowledge/code/graph_queries.h"

#include <algorithm>
#include <set>

#include "knowledge/code/search_symbols.h"
#include "platform/base/text.h"

namespace mira::code {
namespace {

constexpr int most_namesakes = 2000;
constexpr std::size_t nearest_count = 5;

struct SplitName {
  std::string scope, name;
};

// "A::b" and "a.b" alike; a leading "~" or an operator stays with the name.
SplitName split_name(std::string_view written) {
  std::size_t cut = written.find("operator");
  std::size_t end = cut == std::string_view::npos ? written.size() : cut;
  std::size_t at = written.substr(0, end).find_last_of(".:#\\/");
  if (at == std::string_view::npos) return {"", std::string(written)};
  return {std::string(written.substr(0, at)), std::string(written.substr(at + 1))};
}

bool in_file(std::string_view path, std::string_view wanted) {
  if (wanted.empty() || path == wanted) return true;
  while (wanted.starts_with("./")) wanted.remove_prefix(2);
  return path == wanted || (path.ends_with(wanted) && path[path.size() - wanted.size() - 1] == '/');
}

bool is_main_kind(std::string_view kind) {
  for (std::string_view one :
       {"variable", "constant", "field", "property", "enum_member", "namespace", "module"})
    if (kind == one) return false;
  return true;
}

Element element_of(const store::Row& row) {
  Element out;
  out.id = row.integer(0);
  out.qualified = row.text(1);
  out.name = row.text(2);
  out.kind = row.text(3);
  out.path = row.text(4);
  out.visibility = row.text(5);
  out.signature = row.text(6);
  out.declaration = row.integer(7) != 0;
  out.line = static_cast<int>(row.integer(8));
  out.end_line = static_cast<int>(row.integer(9));
  return out;
}

// Edit distance, given up beyond `limit`.
std::size_t distance(std::string_view a, std::string_view b, std::size_t limit) {
  if (a.size() > b.size() + limit || b.size() > a.size() + limit) return limit + 1;
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    std::size_t best = row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      std::size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
      best = std::min(best, row[j]);
    }
    if (best > limit) return limit + 1;
  }
  return row[b.size()];
}

CallRow call_of(const store::Row& row) {
  CallRow out;
  out.other_id = row.integer(0);
  out.name = row.text(1);
  out.path = row.text(2);
  out.line = static_cast<int>(row.integer(3));
  out.call_path = row.text(4);
  out.call_line = static_cast<int>(row.integer(5));
  out.tier = row.text(6);
  out.rule = row.text(7);
  out.candidates = static_cast<int>(row.integer(8));
  out.external = row.text(9);
  return out;
}

int tier_order(std::string_view tier) {
  if (tier == "proved" || tier == "inferred") return 0;
  return tier == "possible" ? 1 : tier == "external" ? 2 : 3;
}

void sort_rows(std::vector<CallRow>& rows) {
  std::ranges::stable_sort(rows, [](const CallRow& a, const CallRow& b) {
    return std::tuple(tier_order(a.tier), std::string_view(a.call_path), a.call_line) <
           std::tuple(tier_order(b.tier), std::string_view(b.call_path), b.call_line);
  });
}

}  // namespace

base::Result<std::vector<Element>> find_elements(store::Connection& index, const ElementFilter& filter) {
  SplitName wanted = split_name(filter.name);
  std::vector<Element> main_ones;
  std::vector<Element> others;
  MIRA_TRY(index.each(
      "SELECT e.element_id, e.qualified_name, e.name, e.kind, f.path, e.visibility, e.signature, "
      "e.is_declaration,"
      " e.name_line, e.end_line, EXISTS(SELECT 1 FROM call_graph g WHERE g.callee_id = e.element_id)"
      " FROM code_elements e JOIN repository_files f USING(file_id)"
      " WHERE e.name = ? ORDER BY f.path, e.name_line LIMIT ?",
      [&](const store::Row& row) {
        Element one = element_of(row);
        if (!is_in_scope(one.qualified, wanted.scope) || !in_file(one.path, filter.file)) return;
        if (!filter.kind.empty() && one.kind != filter.kind) return;
        bool called = row.integer(10) != 0;  // a variable that is called is asked for like a function
        (called || is_main_kind(one.kind) ? main_ones : others).push_back(std::move(one));
      },
      wanted.name, most_namesakes));
  return main_ones.empty() ? others : main_ones;
}

base::Result<std::vector<Element>> with_twins(store::Connection& index, std::vector<Element> elements) {
  std::vector<Element> twins;
  for (const Element& one : elements) {
    if (one.visibility == "file") continue;  // nobody elsewhere means it
    MIRA_TRY(index.each(
        "SELECT e.element_id, e.qualified_name, e.name, e.kind, f.path, e.visibility, e.signature, "
        "e.is_declaration, e.name_line, e.end_line FROM code_elements e JOIN repository_files f "
        "USING(file_id)"
        " WHERE e.name = ?1 AND e.qualified_name = ?2 AND e.is_declaration <> ?3 AND e.visibility <> 'file' "
        "AND"
        " f.language IN ('c', 'cpp') AND f.path <> ?4 ORDER BY f.path, e.name_line LIMIT ?5",
        [&](const store::Row& row) {
          auto same = [&](const Element& other) { return other.id == row.integer(0); };
          if (std::ranges::none_of(elements, same) && std::ranges::none_of(twins, same))
            twins.push_back(element_of(row));
        },
        one.name, one.qualified, one.declaration ? 1 : 0, one.path, most_namesakes));
  }
  for (Element& one : twins) elements.push_back(std::move(one));
  return elements;
}

bool are_one_thing(const std::vector<Element>& elements) {
  std::set<std::pair<std::string_view, std::string_view>> defined;  // path, qualified name
  std::set<std::string_view> names;
  for (const Element& one : elements) {
    names.insert(one.qualified);
    if (!one.declaration) defined.insert({one.path, one.qualified});
  }
  return names.size() <= 1 && defined.size() <= 1;
}

base::Result<std::vector<std::string>> nearest_names(store::Connection& index, std::string_view name) {
  std::string wanted = base::to_lower(split_name(name).name);
  std::size_t limit = std::max<std::size_t>(2, wanted.size() / 3);
  std::vector<std::pair<std::size_t, std::string>> ranked;
  MIRA_TRY(index.each("SELECT DISTINCT name FROM code_elements", [&](const store::Row& row) {
    std::string lower = base::to_lower(row.text(0));
    std::size_t far = distance(lower, wanted, limit);
    bool part = wanted.size() >= 4 && lower.size() >= 4 &&
                (lower.find(wanted) != std::string::npos || wanted.find(lower) != std::string::npos);
    if (far > limit && part)
      far = limit + 1;
    else if (far > limit)
      return;
    ranked.emplace_back(far, std::string(row.text(0)));
  }));
  std::ranges::sort(ranked);
  std::vector<std::string> out;
  for (auto& [far, found] : ranked)
    if (out.size() < nearest_count) out.push_back(std::move(found));
  return out;
}

base::Result<std::vector<Element>> with_constructors(store::Connection& index,
                                                     std::vector<Element> elements) {
  std::vector<Element> made;
  for (const Element& one : elements) {
    if (one.kind != "class" && one.kind != "struct") continue;
    MIRA_TRY(index.each(
        "SELECT e.element_id, e.qualified_name, e.name, e.kind, f.path, e.visibility, e.signature, "
        "e.is_declaration,"
        " e.name_line, e.end_line FROM code_elements c JOIN code_elements e ON e.file_id = c.file_id AND"
        " e.parent_id = c.element_id JOIN repository_files f ON f.file_id = e.file_id"
        " WHERE c.element_id = ? AND (e.kind = 'constructor' OR e.name IN ('__init__', '__construct', "
        "'initialize'))",
        [&](const store::Row& row) { made.push_back(element_of(row)); }, one.id));
  }
  for (Element& one : made) elements.push_back(std::move(one));
  return elements;
}

base::Result<std::vector<CallRow>> callers_of(store::Connection& index,
                                              const std::vector<Element>& elements) {
  std::vector<CallRow> out;
  for (const Element& one : elements)
    MIRA_TRY(index.each(
        "SELECT ifnull(g.caller_id, 0), ifnull(e.qualified_name, '<module>'), f.path, ifnull(e.name_line, "
        "0), f.path,"
        " g.line, g.tier, g.rule, g.candidates, g.external FROM call_graph g JOIN repository_files f "
        "USING(file_id)"
        " LEFT JOIN code_elements e ON e.element_id = g.caller_id WHERE g.callee_id = ?",
        [&](const store::Row& row) { out.push_back(call_of(row)); }, one.id));
  sort_rows(out);
  return out;
}

base::Result<std::vector<CallRow>> callees_of(store::Connection& index,
                                              const std::vector<Element>& elements) {
  std::vector<CallRow> out;
  for (const Element& one : elements)
    MIRA_TRY(index.each(
        "SELECT ifnull(g.callee_id, 0), ifnull(e.qualified_name, g.callee_name), ifnull(cf.path, ''),"
        " ifnull(e.name_line, 0), f.path, g.line, g.tier, g.rule, g.candidates, g.external"
        " FROM call_graph g JOIN repository_files f ON f.file_id = g.file_id"
        " LEFT JOIN code_elements e ON e.element_id = g.callee_id"
        " LEFT JOIN repository_files cf ON cf.file_id = e.file_id WHERE g.caller_id = ?",
        [&](const store::Row& row) { out.push_back(call_of(row)); }, one.id));
  sort_rows(out);
  return out;
}

base::Result<std::int64_t> open_calls(store::Connection& index, std::string_view name) {
  auto count = MIRA_TRY(index.integer("SELECT count(*) FROM call_graph WHERE open_name = ?", name));
  return count.value_or(0);
}

}  // namespace mira::code

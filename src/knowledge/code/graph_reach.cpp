#include "knowledge/code/graph_reach.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "knowledge/code/actions.h"
#include "knowledge/code/search_path.h"
#include "platform/base/text.h"

namespace mira::code {
namespace {

using contracts::Json;
using contracts::Reply;

// One level of callers while it grows: each symbol once, by the best way to it.
struct Level {
  std::vector<Reached> elements;
  std::unordered_map<std::int64_t, std::size_t> places;
};

base::Status callers_level(store::Connection& index, const Reached& of,
                           std::unordered_set<std::int64_t>& seen, Level& level,
                           std::vector<std::string>& module_files) {
  return index.each(
      "SELECT ifnull(g.caller_id, 0), e.qualified_name, e.name, e.kind, f.path, e.visibility, e.name_line,"
      " max(g.tier = 'proved') FROM call_graph g JOIN repository_files f USING(file_id)"
      " LEFT JOIN code_elements e ON e.element_id = g.caller_id"
      " WHERE g.callee_id = ? AND g.tier IN ('proved', 'inferred')"
      " GROUP BY ifnull(g.caller_id, 0), f.path ORDER BY f.path, e.name_line",
      [&](const store::Row& row) {
        std::int64_t id = row.integer(0);
        if (id == 0) {
          module_files.emplace_back(row.text(4));
          return;
        }
        bool proved = row.integer(7) == 1 && of.tier != "inferred";
        if (auto here = level.places.find(id); here != level.places.end()) {
          if (proved) level.elements[here->second].tier = "proved";
          return;
        }
        if (!seen.insert(id).second) return;
        Reached one;
        one.id = id;
        one.qualified = row.text(1);
        one.name = row.text(2);
        one.kind = row.text(3);
        one.path = row.text(4);
        one.visibility = row.text(5);
        one.line = static_cast<int>(row.integer(6));
        one.tier = proved ? "proved" : "inferred";
        level.places.emplace(id, level.elements.size());
        level.elements.push_back(std::move(one));
      },
      of.id);
}

Json reached_json(const Reached& one) {
  Json out = element_json(one);
  out["tier"] = one.tier;
  return out;
}

Json level_json(const std::vector<Reached>& level, int depth, std::size_t limit) {
  Json list = Json::array();
  for (const Reached& one : level)
    if (list.size() < limit) list.push_back(reached_json(one));
  return {{"depth", depth}, {"total", level.size()}, {"callers", std::move(list)}};
}

void add_summary(Reply& reply, const Reach& reached, std::size_t limit) {
  std::unordered_set<std::string_view> files;
  std::size_t exposed = 0;
  Json tests = Json::array(), surface = Json::array();
  std::size_t test_count = 0;
  for (const auto& level : reached.levels)
    for (const Reached& one : level) {
      files.insert(one.path);
      if (path_traits(one.path).test) {
        ++test_count;
        if (tests.size() < limit) tests.push_back(reached_json(one));
      } else if (one.visibility == "public") {
        ++exposed;
        if (surface.size() < limit) surface.push_back(reached_json(one));
      }
    }
  for (const std::string& path : reached.module_files) files.insert(path);
  reply.data["files"] = files.size();
  reply.data["public"] = exposed;
  reply.data["public_symbols"] = std::move(surface);
  reply.data["tests"] = {{"total", test_count}, {"callers", std::move(tests)}};
  reply.data["module_files"] = Json::array();
  for (const std::string& path : reached.module_files)
    if (reply.data["module_files"].size() < limit)
      reply.data["module_files"].push_back(base::display_line(path));
}

}  // namespace

base::Result<Reach> reach(store::Connection& index, const std::vector<Element>& from, int depth) {
  Reach out;
  std::unordered_set<std::int64_t> seen;
  for (const Element& one : from) seen.insert(one.id);
  std::vector<Reached> level;
  level.reserve(from.size());
  for (const Element& one : from) level.push_back({one, "proved"});
  while (!level.empty() && std::ssize(out.levels) < depth && !out.cut) {
    Level next;
    for (const Reached& one : level) {
      MIRA_TRY(callers_level(index, one, seen, next, out.module_files));
      if (seen.size() > reached_limit) {
        out.cut = true;
        break;
      }
    }
    if (next.elements.empty()) break;
    out.levels.push_back(next.elements);
    level = std::move(next.elements);
  }
  std::ranges::sort(out.module_files);
  auto twice = std::ranges::unique(out.module_files);
  out.module_files.erase(twice.begin(), twice.end());
  return out;
}

void add_reach(Reply& reply, const Reach& reached, std::size_t limit) {
  reply.data["levels"] = Json::array();
  std::size_t total = 0;
  for (std::size_t i = 0; i < reached.levels.size(); ++i) {
    total += reached.levels[i].size();
    reply.data["levels"].push_back(level_json(reached.levels[i], static_cast<int>(i) + 1, limit));
    if (reached.levels[i].size() > limit)
      reply.notes.push_back(fmt::format("depth {}: {} more are not shown, --limit shows them", i + 1,
                                        reached.levels[i].size() - limit));
  }
  reply.data["total"] = total;
  if (reached.cut)
    reply.notes.push_back(fmt::format("ended after {} symbols: more are reached", reached_limit));
  add_summary(reply, reached, limit);
}

std::string render_reach(const Json& data) {
  std::string out = fmt::format("{} symbols in {} files are reached, {} of them tests, {} public\n",
                                data.at("total").get<int>(), data.at("files").get<int>(),
                                data.at("tests").at("total").get<int>(), data.at("public").get<int>());
  for (const Json& level : data.at("levels")) {
    out += fmt::format("depth {}: {}\n", level.at("depth").get<int>(), level.at("total").get<int>());
    for (const Json& one : level.at("callers"))
      out += fmt::format("  {}  {}:{}{}\n", base::display_line(one.at("name").get_ref<const std::string&>()),
                         one.at("file").get_ref<const std::string&>(), one.at("line").get<int>(),
                         one.at("tier") == "inferred" ? "  [inferred]" : "");
  }
  for (const Json& one : data.at("tests").at("callers"))
    out += fmt::format("test {}  {}:{}\n", base::display_line(one.at("name").get_ref<const std::string&>()),
                       one.at("file").get_ref<const std::string&>(), one.at("line").get<int>());
  for (const Json& file : data.at("module_files"))
    out += fmt::format("top-level code of {}\n", file.get_ref<const std::string&>());
  return out;
}

}  // namespace mira::code

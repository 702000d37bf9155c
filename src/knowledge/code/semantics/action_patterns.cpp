// patterns: which design patterns the code shows, with members and roles.
#include <fmt/format.h>

#include <map>

#include "knowledge/code/semantics/actions.h"
#include "knowledge/code/semantics/patterns.h"
#include "platform/base/text.h"

namespace mira::semantics {
namespace {

using contracts::Call;
using contracts::Json;
using contracts::ParamKind;
using contracts::Reply;

struct Found {
  std::int64_t id = 0;
  std::string type, path, name, evidence;
  std::int64_t line = 0;
};

const PatternKind* kind_named(std::string_view name) {
  for (const PatternKind& one : pattern_kinds())
    if (one.name == name) return &one;
  return nullptr;
}

base::Result<Json> members_of(store::Connection& index, std::int64_t id) {
  Json out = Json::array();
  MIRA_TRY(index.each(
      "SELECT role, path, name, line FROM design_pattern_members WHERE pattern_id = ? ORDER BY ordinal",
      [&](const store::Row& row) {
        out.push_back({{"role", std::string(row.text(0))},
                       {"name", base::repair_utf8(row.text(2))},
                       {"file", base::display_line(row.text(1))},
                       {"line", row.integer(3)}});
      },
      id));
  return out;
}

// Fits the symbol when it is the pattern's own name or one of its members'.
base::Result<bool> names_symbol(store::Connection& index, const Found& one, const std::string& symbol) {
  auto ends_so = [&](std::string_view name) {
    return name == symbol ||
           (name.ends_with(symbol) && name.size() > symbol.size() &&
            (name[name.size() - symbol.size() - 1] == '.' || name[name.size() - symbol.size() - 1] == ':'));
  };
  if (symbol.empty() || ends_so(one.name)) return true;
  bool member = false;
  MIRA_TRY(index.each(
      "SELECT name FROM design_pattern_members WHERE pattern_id = ?",
      [&](const store::Row& row) { member |= ends_so(row.text(0)); }, one.id));
  return member;
}

base::Result<std::vector<Found>> asked(Call& call) {
  std::string type = argument(call.arguments, "type"), path = argument(call.arguments, "path");
  std::string symbol = argument(call.arguments, "symbol");
  bool all = call.arguments.at("all").get<bool>() || !type.empty();
  std::vector<Found> rows, out;
  store::Connection& index = call.session->index;
  MIRA_TRY(
      index.each("SELECT pattern_id, pattern_type, path, pattern_name, line, evidence FROM design_patterns"
                 " ORDER BY path, line, pattern_type, pattern_name, ordinal",
                 [&](const store::Row& row) {
                   const PatternKind* kind = kind_named(row.text(1));
                   if (!type.empty() ? row.text(1) != type : !all && (kind == nullptr || !kind->by_default))
                     return;
                   if (!is_path(row.text(2), path)) return;
                   rows.push_back({row.integer(0), std::string(row.text(1)), std::string(row.text(2)),
                                   std::string(row.text(3)), std::string(row.text(5)), row.integer(4)});
                 }));
  for (Found& one : rows)
    if (MIRA_TRY(names_symbol(index, one, symbol))) out.push_back(std::move(one));
  return out;
}

base::Result<Reply> handle(Call& call) {
  std::size_t start = MIRA_TRY(page_start(call.arguments));
  auto limit = call.arguments.at("limit").get<std::size_t>();
  call.session->index.set_deadline(call.deadline);
  std::vector<Found> found = MIRA_TRY(asked(call));
  Reply reply;
  std::map<std::string, std::int64_t> counts;
  for (const Found& one : found) ++counts[one.type];
  reply.data["counts"] = Json::object();
  for (const auto& [type, count] : counts) reply.data["counts"][type] = count;
  reply.data["total"] = found.size();
  reply.data["patterns"] = Json::array();
  std::size_t end = std::min(found.size(), start + limit);
  for (std::size_t i = start; i < end; ++i) {
    const Found& one = found[i];
    const PatternKind* kind = kind_named(one.type);
    reply.data["patterns"].push_back({{"type", one.type},
                                      {"name", base::repair_utf8(one.name)},
                                      {"file", base::display_line(one.path)},
                                      {"line", one.line},
                                      {"proven", kind != nullptr && kind->by_default},
                                      {"members", MIRA_TRY(members_of(call.session->index, one.id))},
                                      {"evidence", Json::parse(one.evidence, nullptr, false)}});
  }
  if (end < found.size()) reply.cursor = std::to_string(end);
  return reply;
}

std::string render(const Reply& reply, const contracts::Style&) {
  std::string out;
  for (const Json& one : reply.data.at("patterns")) {
    out += fmt::format("{}:{}  {}  {}{}\n", one.at("file").get_ref<const std::string&>(),
                       one.at("line").get<int>(), one.at("type").get_ref<const std::string&>(),
                       base::display_line(one.at("name").get_ref<const std::string&>()),
                       one.at("proven").get<bool>() ? "" : "  (a rule that is not proven)");
    for (const Json& member : one.at("members"))
      out += fmt::format("    {}: {}  {}:{}\n", member.at("role").get_ref<const std::string&>(),
                         base::display_line(member.at("name").get_ref<const std::string&>()),
                         member.at("file").get_ref<const std::string&>(), member.at("line").get<int>());
  }
  return out.empty() ? "No pattern that a rule can see.\n" : out;
}

}  // namespace

contracts::Action patterns_action() {
  contracts::Action action;
  action.name = "patterns";
  action.group = "code";
  action.summary = "Design patterns that the structure of the code shows";
  action.description =
      "Each with its members, their roles and the lines that show it. A pattern with a missing role is not "
      "told, nor is "
      "one whose rule was not precise enough on labelled places of real packages, unless it is asked for by "
      "--type or "
      "--all. Tests, examples, vendored and generated code are left out.";
  std::vector<std::string> types;
  for (const PatternKind& one : pattern_kinds()) types.emplace_back(one.name);
  action.params = {{.name = "symbol",
                    .kind = ParamKind::text,
                    .help = "Only patterns that this type or function is part of",
                    .positional = true},
                   {.name = "type", .kind = ParamKind::choice, .help = "Only this pattern", .choices = types},
                   {.name = "path", .kind = ParamKind::text, .help = "Only in this file or folder"},
                   {.name = "all",
                    .kind = ParamKind::boolean,
                    .help = "Rules that are not proven too",
                    .fallback = false}};
  for (contracts::Param& one : page_params(30)) action.params.push_back(std::move(one));
  action.examples = {{"mira patterns", "what can be seen in the whole project"},
                     {"mira patterns --type observer", "subjects and how they notify"},
                     {"mira patterns HttpClient --json", "what one type is part of"}};
  action.data_shape =
      R"j({"counts":{"builder":1},"total":1,"patterns":[{"type":"builder","name":"QueryBuilder","file":"q.py","line":3,)j"
      R"j("proven":true,"members":[{"role":"step","name":"QueryBuilder.where","file":"q.py","line":9}],)j"
      R"j("evidence":[{"path":"q.py","line":9,"says":"a step gives the builder back"}]}]})j";
  action.handle = handle;
  action.render = render;
  return action;
}

}  // namespace mira::semantics

// quality: places that may deserve work, each with the number that made it.
#include <fmt/format.h>

#include "knowledge/code/semantics/actions.h"
#include "platform/base/text.h"

namespace mira::semantics {
namespace {

using contracts::Call;
using contracts::Json;
using contracts::ParamKind;
using contracts::Reply;

Json issue_json(const store::Row& row) {
  return {{"type", std::string(row.text(2))},
          {"severity", std::string(row.text(3))},
          {"element", row.text(1).empty() ? Json() : Json(base::repair_utf8(row.text(1)))},
          {"file", base::display_line(row.text(0))},
          {"start_line", row.integer(6)},
          {"end_line", row.integer(7)},
          {"measure", row.integer(4)},
          {"message", base::repair_utf8(row.text(5))},
          {"fix", base::repair_utf8(row.text(8))}};
}

base::Result<Reply> handle(Call& call) {
  std::size_t start = MIRA_TRY(page_start(call.arguments));
  auto limit = call.arguments.at("limit").get<std::size_t>();
  std::string type = argument(call.arguments, "type"), path = argument(call.arguments, "path");
  store::Connection& index = call.session->index;
  index.set_deadline(call.deadline);
  Reply reply;
  Json counts = Json::object(), issues = Json::array();
  std::size_t total = 0;
  MIRA_TRY(index.each(
      "SELECT path, element, issue_type, severity, measure, message, start_line, end_line, suggested_fix"
      " FROM code_quality_issues WHERE resolved_ms IS NULL"
      " ORDER BY severity = 'info', issue_type, measure DESC, path, element",
      [&](const store::Row& row) {
        if (!is_path(row.text(0), path)) return;
        std::string kind(row.text(2));
        counts[kind] = counts.value(kind, 0) + 1;
        if (!type.empty() && kind != type) return;
        if (total >= start && total < start + limit) issues.push_back(issue_json(row));
        ++total;
      }));
  auto resolved =
      MIRA_TRY(index.integer("SELECT count(*) FROM code_quality_issues WHERE resolved_ms IS NOT NULL"));
  reply.data = {{"counts", std::move(counts)},
                {"total", total},
                {"resolved", resolved.value_or(0)},
                {"issues", std::move(issues)}};
  if (start + limit < total) reply.cursor = std::to_string(start + limit);
  return reply;
}

std::string render(const Reply& reply, const contracts::Style&) {
  std::string out;
  for (const auto& [type, count] : reply.data.at("counts").items())
    out += fmt::format("{:<14} {:>6}\n", type, count.get<std::int64_t>());
  if (!out.empty()) out += '\n';
  for (const Json& one : reply.data.at("issues")) {
    out += fmt::format("{}:{}  {}", one.at("file").get_ref<const std::string&>(),
                       one.at("start_line").get<int>(), one.at("type").get_ref<const std::string&>());
    if (!one.at("element").is_null())
      out += "  " + base::display_line(one.at("element").get_ref<const std::string&>());
    out += "  " + base::display_line(one.at("message").get_ref<const std::string&>()) + "\n";
  }
  return out.empty() ? "Nothing that a rule can see.\n" : out;
}

}  // namespace

contracts::Action quality_action() {
  contracts::Action action;
  action.name = "quality";
  action.group = "code";
  action.summary = "Places in the code that may deserve work, with the number that says so";
  action.description =
      "complexity: over 10 ways through a function; length: over 60 lines; cycle: files that import each "
      "other; duplication: 50 or more tokens as in another function; dead_code: "
      "nothing calls or names it and no other file can see it; missing_docs and missing_tests: exported, and "
      "without. A "
      "comment `mira: ignore TYPE` before a function takes an issue back. Numbers, no grades.";
  action.params = {
      {.name = "path", .kind = ParamKind::text, .help = "Only this file or folder", .positional = true},
      {.name = "type",
       .kind = ParamKind::choice,
       .help = "Only this kind",
       .choices = {"complexity", "length", "duplication", "dead_code", "cycle", "missing_docs",
                   "missing_tests"}}};
  for (contracts::Param& one : page_params(30)) action.params.push_back(std::move(one));
  action.examples = {{"mira quality", "the counts, and the worst first"},
                     {"mira quality src/net --type dead_code", "what could be removed there"}};
  action.data_shape =
      R"j({"counts":{"complexity":3},"total":3,"resolved":0,"issues":[{"type":"complexity","severity":"warning","element":"f",)j"
      R"j("file":"a.c","start_line":3,"end_line":90,"measure":24,"message":"24 ways through it, ...","fix":"..."}]})j";
  action.handle = handle;
  action.render = render;
  return action;
}

}  // namespace mira::semantics

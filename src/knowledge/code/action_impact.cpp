// impact: what a change of a symbol can reach, against the direction of calls, level by
// level, over proved and inferred edges only.
#include <fmt/format.h>

#include "knowledge/code/actions.h"
#include "knowledge/code/graph_reach.h"
#include "platform/base/text.h"

namespace mira::code {
namespace {

using contracts::Call;
using contracts::Json;
using contracts::Reply;

base::Result<Reply> handle(Call& call) {
  bool ambiguous = false;
  std::vector<Element> elements = MIRA_TRY(asked_elements(call, ambiguous));
  if (ambiguous) return candidates_reply(call.arguments.at("symbol").get<std::string>(), elements);
  auto limit = call.arguments.at("limit").get<std::size_t>();
  std::vector<Element> asked = MIRA_TRY(with_constructors(call.session->index, elements));
  Reach reached = MIRA_TRY(reach(call.session->index, asked, call.arguments.at("depth").get<int>()));
  Reply reply;
  reply.data["symbol"] = element_json(elements.front());
  add_reach(reply, reached, limit);
  return reply;
}

std::string render(const Reply& reply, const contracts::Style&) {
  const Json& data = reply.data;
  if (data.contains("ambiguous")) return render_candidates(data);
  return render_reach(data);
}

}  // namespace

contracts::Action impact_action() {
  contracts::Action action;
  action.name = "impact";
  action.group = "code";
  action.summary = "What a change of a symbol can reach";
  action.description =
      "Callers of the symbol, their callers and so on, by depth, over proved and inferred calls only; with "
      "the tests "
      "and the public symbols among them. What a limit cut off is said with its count.";
  action.params = symbol_params(10);
  std::erase_if(action.params, [](const contracts::Param& one) { return one.name == "cursor"; });
  action.params.push_back({.name = "depth",
                           .kind = contracts::ParamKind::integer,
                           .help = "Levels of callers to follow",
                           .fallback = 3,
                           .minimum = 1,
                           .maximum = 50});
  action.examples = {{"mira impact parse_header", "three levels of callers"},
                     {"mira impact Table::Open --depth 10 --json", "everything within ten calls"}};
  action.data_shape =
      R"j({"symbol":{...},"levels":[{"depth":1,"total":2,"callers":[{"name":"g","kind":"function","file":"b.c","line":9,"tier":"proved"}]}],)j"
      R"j("total":2,"files":1,"public":2,"public_symbols":[{...}],"tests":{"total":0,"callers":[]},"module_files":[]})j";
  action.handle = handle;
  action.render = render;
  return action;
}

}  // namespace mira::code

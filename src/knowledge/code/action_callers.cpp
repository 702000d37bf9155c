// callers and callees: the call sites at one end of a symbol. What is proved or inferred
// is the answer; what is only possible is told apart, with counts.
#include <fmt/format.h>

#include <algorithm>

#include "knowledge/code/actions.h"
#include "platform/base/text.h"

namespace mira::code {
namespace {

using contracts::Action;
using contracts::Call;
using contracts::Json;
using contracts::Reply;
using contracts::Style;

constexpr std::size_t possible_told = 5;

Json row_json(const CallRow& row) {
  Json out{{"name", base::repair_utf8(row.name)}, {"tier", row.tier}, {"rule", row.rule}};
  if (!row.path.empty()) {
    out["file"] = base::display_line(row.path);
    out["line"] = row.line > 0 ? Json(row.line) : Json(nullptr);
  }
  if (row.call_path != row.path) out["call_file"] = base::display_line(row.call_path);
  out["call_line"] = row.call_line;
  if (row.candidates > 1) out["candidates"] = row.candidates;
  return out;
}

struct Rows {
  std::vector<CallRow> sure, possible, external, open;
};

Rows by_tier(std::vector<CallRow> rows) {
  Rows out;
  for (CallRow& row : rows) {
    std::vector<CallRow>& list = row.tier == "possible"     ? out.possible
                                 : row.tier == "external"   ? out.external
                                 : row.tier == "unresolved" ? out.open
                                                            : out.sure;
    list.push_back(std::move(row));
  }
  return out;
}

void add_page(Reply& reply, const char* key, const std::vector<CallRow>& rows, std::size_t start,
              std::size_t limit) {
  reply.data[key] = Json::array();
  std::size_t end = std::min(rows.size(), start + limit);
  for (std::size_t i = start; i < end; ++i) reply.data[key].push_back(row_json(rows[i]));
  reply.data["total"] = rows.size();
  if (end < rows.size()) reply.cursor = std::to_string(end);
}

void add_possible(Reply& reply, const char* key, const std::vector<CallRow>& rows) {
  Json list = Json::array();
  for (std::size_t i = 0; i < rows.size() && i < possible_told; ++i) list.push_back(row_json(rows[i]));
  reply.data["possible"] = {{"total", rows.size()}, {key, std::move(list)}};
}

base::Result<Reply> handle_callers(Call& call) {
  bool ambiguous = false;
  std::vector<Element> elements = MIRA_TRY(asked_elements(call, ambiguous));
  if (ambiguous) return candidates_reply(call.arguments.at("symbol").get<std::string>(), elements);
  std::size_t start = MIRA_TRY(page_start(call.arguments));
  store::Connection& index = call.session->index;
  std::vector<Element> asked = MIRA_TRY(with_constructors(index, elements));
  Rows rows = by_tier(MIRA_TRY(callers_of(index, asked)));
  std::int64_t open = MIRA_TRY(open_calls(index, elements.front().name));
  Reply reply;
  reply.data["symbol"] = element_json(elements.front());
  add_page(reply, "callers", rows.sure, start, call.arguments.at("limit").get<std::size_t>());
  add_possible(reply, "callers", rows.possible);
  reply.data["unresolved"] = open;
  if (open > 0)
    reply.notes.push_back(
        fmt::format("{} more calls of a `{}` could not be resolved: they may or may not mean this one", open,
                    base::display_line(elements.front().name)));
  return reply;
}

// Names that lead out or stay open, each once, with its number of call sites.
Json counted(const std::vector<CallRow>& rows, bool external) {
  std::vector<std::pair<std::string, int>> counts;
  for (const CallRow& row : rows) {
    std::string name =
        external ? row.external.substr(row.external.find(':') + 1) + " (" + row.name + ")" : row.name;
    auto at = std::ranges::find_if(counts, [&](const auto& one) { return one.first == name; });
    if (at == counts.end())
      counts.emplace_back(std::move(name), 1);
    else
      ++at->second;
  }
  Json list = Json::array();
  for (const auto& [name, count] : counts)
    if (list.size() < possible_told) list.push_back({{"name", base::repair_utf8(name)}, {"calls", count}});
  return {{"total", rows.size()}, {"names", std::move(list)}};
}

base::Result<Reply> handle_callees(Call& call) {
  bool ambiguous = false;
  std::vector<Element> elements = MIRA_TRY(asked_elements(call, ambiguous));
  if (ambiguous) return candidates_reply(call.arguments.at("symbol").get<std::string>(), elements);
  std::size_t start = MIRA_TRY(page_start(call.arguments));
  Rows rows = by_tier(MIRA_TRY(callees_of(call.session->index, elements)));
  Reply reply;
  reply.data["symbol"] = element_json(elements.front());
  add_page(reply, "callees", rows.sure, start, call.arguments.at("limit").get<std::size_t>());
  add_possible(reply, "callees", rows.possible);
  reply.data["external"] = counted(rows.external, true);
  reply.data["unresolved"] = counted(rows.open, false);
  return reply;
}

std::string row_text(const Json& row, bool site_elsewhere) {
  std::string place;
  if (row.contains("file")) {
    place = row.at("file").get<std::string>();
    bool site_here = !site_elsewhere || row.at("line").is_null();
    place += fmt::format(":{}", site_here ? row.at("call_line").get<int>() : row.at("line").get<int>());
  }
  return fmt::format("{}  {}  [{}, {}]{}\n", base::display_line(row.at("name").get_ref<const std::string&>()),
                     place, row.at("tier").get_ref<const std::string&>(),
                     row.at("rule").get_ref<const std::string&>(),
                     site_elsewhere ? fmt::format(" called at line {}", row.at("call_line").get<int>()) : "");
}

std::string render_calls(const Reply& reply, const char* key, bool site_elsewhere) {
  const Json& data = reply.data;
  if (data.contains("ambiguous")) return render_candidates(data);
  const Json& symbol = data.at("symbol");
  std::string out =
      fmt::format("{} {}  {}:{}\n", symbol.at("kind").get_ref<const std::string&>(),
                  base::display_line(symbol.at("name").get_ref<const std::string&>()),
                  symbol.at("file").get_ref<const std::string&>(), symbol.at("line").get<int>());
  out += fmt::format("{} call sites\n", data.at("total").get<int>());
  for (const Json& row : data.at(key)) out += "  " + row_text(row, site_elsewhere);
  const Json& possible = data.at("possible");
  if (possible.at("total").get<int>() > 0) {
    out += fmt::format("possible, not counted: {}\n", possible.at("total").get<int>());
    for (const Json& row : possible.at(key)) out += "  " + row_text(row, site_elsewhere);
  }
  if (data.contains("external"))
    for (const char* part : {"external", "unresolved"})
      if (data.at(part).at("total").get<int>() > 0) {
        out += fmt::format("{}: {}", part, data.at(part).at("total").get<int>());
        for (const Json& one : data.at(part).at("names"))
          out += "  " + base::display_line(one.at("name").get_ref<const std::string&>());
        out += '\n';
      }
  return out;
}

}  // namespace

Action callers_action() {
  Action action;
  action.name = "callers";
  action.group = "code";
  action.summary = "Who calls a symbol";
  action.description =
      "Call sites that lead to a function, method or class, each with how it was found. Proved and inferred "
      "calls are "
      "the answer; possible ones (same name only, overrides) are told apart and not counted. An unknown name "
      "is an "
      "error with the nearest names; a name that means several things is answered with the candidates.";
  action.params = symbol_params(20);
  action.examples = {{"mira callers parse_header", "call sites of a function"},
                     {"mira callers DBImpl::Get --json", "of one method, as JSON"},
                     {"mira callers init --file src/net.c", "of the `init` of one file"}};
  action.data_shape =
      R"j({"symbol":{"name":"f","kind":"function","file":"a.c","line":3},"callers":[{"name":"g","file":"b.c","line":9,)j"
      R"j("call_line":12,"tier":"proved","rule":"include"}],"total":1,"possible":{"total":0,"callers":[]},"unresolved":0}
// or, when the name means several things: {"ambiguous":true,"name":"f","candidates":[...],"total":2})j";
  action.handle = handle_callers;
  action.render = [](const Reply& reply, const Style&) { return render_calls(reply, "callers", false); };
  return action;
}

Action callees_action() {
  Action action;
  action.name = "callees";
  action.group = "code";
  action.summary = "What a symbol calls";
  action.description =
      "Call sites inside a function or method and what they lead to. Calls that leave the project and calls "
      "that could "
      "not be resolved are counted by name.";
  action.params = symbol_params(20);
  action.examples = {{"mira callees main", "what main calls"},
                     {"mira callees Flask.run --json", "of a method, as JSON"}};
  action.data_shape =
      R"j({"symbol":{...},"callees":[{"name":"f","file":"a.c","line":3,"call_file":"b.c","call_line":12,)j"
      R"j("tier":"proved","rule":"include"}],"total":1,"possible":{"total":0,"callees":[]},)j"
      R"j("external":{"total":2,"names":[{"name":"std (printf)","calls":2}]},"unresolved":{"total":0,"names":[]}})j";
  action.handle = handle_callees;
  action.render = [](const Reply& reply, const Style&) { return render_calls(reply, "callees", true); };
  return action;
}

}  // namespace mira::code

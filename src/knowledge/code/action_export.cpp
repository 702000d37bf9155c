// graph export: the whole graph (or symbols, or imports) as lines for other programs, in a fixed order.
#include <fmt/format.h>

#include "knowledge/code/actions.h"
#include "platform/base/text.h"

namespace mira::code {
namespace {

using contracts::Call;
using contracts::Json;
using contracts::Reply;

// A field of a TSV line: blanks that would end it become spaces.
std::string field(std::string_view bytes) {
  std::string out = base::is_valid_utf8(bytes) ? std::string(bytes) : base::repair_utf8(bytes);
  for (char& c : out)
    if (c == '\t' || c == '\n' || c == '\r') c = ' ';
  return out;
}

struct ExportedCall {
  std::string caller_file, caller_name, callee_file, callee_name, tier, rule;
  std::int64_t caller_line, callee_line, call_line;
};

template <class F>
base::Status each_call(store::Connection& index, F take) {
  return index.each(
      "SELECT f.path, ifnull(a.name_line, 1), ifnull(a.qualified_name, '<module>'), cf.path, b.name_line,"
      " b.qualified_name, g.line, g.tier, g.rule FROM call_graph g JOIN repository_files f ON f.file_id = "
      "g.file_id"
      " JOIN code_elements b ON b.element_id = g.callee_id JOIN repository_files cf ON cf.file_id = b.file_id"
      " LEFT JOIN code_elements a ON a.element_id = g.caller_id"
      " ORDER BY f.path, g.line, g.callee_name, cf.path, b.name_line, g.tier",
      [&](const store::Row& row) {
        take(ExportedCall{field(row.text(0)), field(row.text(2)), field(row.text(3)), field(row.text(5)),
                          std::string(row.text(7)), std::string(row.text(8)), row.integer(1), row.integer(4),
                          row.integer(6)});
      });
}

base::Result<Reply> export_calls(store::Connection& index, bool tsv) {
  Reply reply;
  reply.data["calls"] = Json::array();
  std::int64_t count = 0;
  if (tsv)
    reply.raw =
        "# caller_file\tcaller_line\tcaller_name\tcallee_file\tcallee_line\tcallee_name\tcall_line\ttier\n";
  MIRA_TRY(each_call(index, [&](const ExportedCall& one) {
    ++count;
    if (tsv) {
      fmt::format_to(std::back_inserter(reply.raw), "{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\n", one.caller_file,
                     one.caller_line, one.caller_name, one.callee_file, one.callee_line, one.callee_name,
                     one.call_line, one.tier);
    } else {
      reply.data["calls"].push_back({{"caller_file", one.caller_file},
                                     {"caller_line", one.caller_line},
                                     {"caller_name", one.caller_name},
                                     {"callee_file", one.callee_file},
                                     {"callee_line", one.callee_line},
                                     {"callee_name", one.callee_name},
                                     {"call_line", one.call_line},
                                     {"tier", one.tier},
                                     {"rule", one.rule}});
    }
  }));
  reply.data["total"] = count;
  return reply;
}

base::Result<Reply> export_symbols(store::Connection& index, bool tsv) {
  Reply reply;
  reply.data["symbols"] = Json::array();
  std::int64_t count = 0;
  if (tsv) reply.raw = "# file\tline\tend_line\tname\tkind\n";
  MIRA_TRY(
      index.each("SELECT f.path, e.name_line, e.end_line, e.qualified_name, e.kind FROM code_elements e"
                 " JOIN repository_files f USING(file_id) ORDER BY f.path, e.name_line, e.symbol_index",
                 [&](const store::Row& row) {
                   ++count;
                   std::string path = field(row.text(0));
                   std::string name = field(row.text(3));
                   if (tsv)
                     fmt::format_to(std::back_inserter(reply.raw), "{}\t{}\t{}\t{}\t{}\n", path,
                                    row.integer(1), row.integer(2), name, row.text(4));
                   else
                     reply.data["symbols"].push_back({{"file", path},
                                                      {"line", row.integer(1)},
                                                      {"end_line", row.integer(2)},
                                                      {"name", name},
                                                      {"kind", row.text(4)}});
                 }));
  reply.data["total"] = count;
  return reply;
}

base::Result<Reply> export_imports(store::Connection& index, bool tsv) {
  Reply reply;
  reply.data["imports"] = Json::array();
  if (tsv) reply.raw = "# file\tline\tname\tkind\titems\ttarget_file\n";
  std::int64_t count = 0;
  MIRA_TRY(index.each(
      "SELECT f.path, d.line, d.name, d.kind, d.items, d.target_path FROM external_dependencies d"
      " JOIN repository_files f USING(file_id) ORDER BY f.path, d.line, d.name, d.target_path",
      [&](const store::Row& row) {
        ++count;
        std::string path = field(row.text(0)), name = field(row.text(2)), items = field(row.text(4));
        std::string target = field(row.text(5));
        if (tsv)
          fmt::format_to(std::back_inserter(reply.raw), "{}\t{}\t{}\t{}\t{}\t{}\n", path, row.integer(1),
                         name, row.text(3), items, target);
        else
          reply.data["imports"].push_back({{"file", path},
                                           {"line", row.integer(1)},
                                           {"name", name},
                                           {"kind", row.text(3)},
                                           {"items", items},
                                           {"target_file", target}});
      }));
  reply.data["total"] = count;
  return reply;
}

base::Result<Reply> handle(Call& call) {
  call.session->index.set_deadline(call.deadline);
  bool tsv = call.arguments.at("format").get<std::string>() == "tsv";
  auto what = call.arguments.at("what").get<std::string>();
  if (what == "symbols") return export_symbols(call.session->index, tsv);
  if (what == "imports") return export_imports(call.session->index, tsv);
  return export_calls(call.session->index, tsv);
}

}  // namespace

contracts::Action graph_export_action() {
  contracts::Action action;
  action.name = "graph export";
  action.group = "code";
  action.summary = "Write the call graph, the symbols or the imports for other programs";
  action.description =
      "One call site a line, with the definition at each end, the line of the call and the tier; several "
      "candidates of "
      "one site are several lines. Calls that leave the project are left out. Code outside any function is "
      "<module>.";
  action.params = {{.name = "what",
                    .kind = contracts::ParamKind::choice,
                    .help = "What to write",
                    .fallback = "calls",
                    .choices = {"calls", "symbols", "imports"}},
                   {.name = "format",
                    .kind = contracts::ParamKind::choice,
                    .help = "How to write it",
                    .fallback = "tsv",
                    .choices = {"tsv", "json"}}};
  action.examples = {{"mira graph export", "all call edges as tab-separated lines"},
                     {"mira graph export --what symbols --format json", "all symbols as JSON"}};
  action.data_shape =
      R"j({"calls":[{"caller_file":"a.c","caller_line":3,"caller_name":"f","callee_file":"b.c","callee_line":9,)j"
      R"j("callee_name":"g","call_line":4,"tier":"proved","rule":"include"}],"total":1}
// --what symbols: {"symbols":[{"file":"a.c","line":3,"end_line":8,"name":"f","kind":"function"}],"total":1})j";
  action.handle = handle;
  action.render = [](const Reply& reply, const contracts::Style&) { return reply.data.dump(2) + "\n"; };
  return action;
}

}  // namespace mira::code

// affected: what a patch changes, symbol by symbol, and what that can reach. The texts
// before are made by taking the patch off the files as they are, so no program is run.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "knowledge/code/action_affected.h"
#include "knowledge/code/actions.h"
#include "knowledge/code/graph_reach.h"
#include "knowledge/code/patch_symbols.h"
#include "platform/base/limits.h"
#include "platform/base/text.h"
#include "platform/workspace/read_file.h"

namespace mira::code {
namespace {

using contracts::Call;
using contracts::Json;
using contracts::ParamKind;
using contracts::Reply;

constexpr int default_limit = 20, most_shown = 1000;

struct Changes {
  std::vector<SymbolChange> symbols;
  Json files = Json::array();
  std::vector<std::string> of_another_tree;
};

base::Status add_file(contracts::Session& session, const FilePatch& patch, const ParseTexts& parse,
                      Changes& changes) {
  const std::string& path = patch.new_path.empty() ? patch.old_path : patch.new_path;
  std::string now;
  if (!patch.new_path.empty()) {
    auto read = workspace::read_file(session.project.root, path, limits::file_bytes);
    if (!read) {
      changes.of_another_tree.push_back(base::display_line(path));
      return {};
    }
    now = std::move(read->bytes);
  }
  std::optional<std::string> before = text_before(patch, now);
  if (!before) {
    changes.of_another_tree.push_back(base::display_line(path));
    return {};
  }
  std::string_view state = patch.old_path.empty() ? "added" : patch.new_path.empty() ? "deleted" : "modified";
  changes.files.push_back({{"path", base::display_line(path)}, {"change", state}});
  std::vector<SymbolChange> found = MIRA_TRY(changed_symbols(path, *before, now, parse));
  std::ranges::move(found, std::back_inserter(changes.symbols));
  return {};
}

base::Result<std::vector<Element>> elements_of(store::Connection& index, const SymbolChange& change) {
  std::vector<Element> all =
      MIRA_TRY(find_elements(index, {.name = change.qualified, .file = change.path, .kind = change.kind}));
  std::erase_if(all, [&](const Element& one) { return one.qualified != change.qualified; });
  return all;
}

Json change_json(const SymbolChange& change) {
  return {{"name", base::repair_utf8(change.qualified)},
          {"kind", change.kind},
          {"file", base::display_line(change.path)},
          {"line", change.line == 0 ? Json(nullptr) : Json(change.line)},
          {"change", change.what},
          {"breaks", change.breaks},
          {"before", change.before.empty() ? Json(nullptr) : Json(base::repair_utf8(change.before))},
          {"after", change.after.empty() ? Json(nullptr) : Json(base::repair_utf8(change.after))}};
}

base::Status add_callers(store::Connection& index, const SymbolChange& change,
                         const std::vector<Element>& elements, std::size_t limit, Json& out) {
  if (change.what == "removed") {
    std::string_view name = change.qualified;
    name = name.substr(std::min(name.find_last_of(".:") + 1, name.size()));
    out["open_calls"] = MIRA_TRY(open_calls(index, name));
    return {};
  }
  if (!change.breaks) return {};
  Json sites = Json::array();
  std::size_t total = 0;
  for (const CallRow& row : MIRA_TRY(callers_of(index, elements))) {
    if (row.tier != "proved" && row.tier != "inferred") continue;
    if (++total > limit) continue;
    sites.push_back({{"caller", base::repair_utf8(row.name)},
                     {"file", base::display_line(row.call_path)},
                     {"line", row.call_line},
                     {"tier", row.tier}});
  }
  out["call_sites"] = {{"total", total}, {"sites", std::move(sites)}};
  return {};
}

base::Result<Reply> handle(Call& call, const ParseTexts& parse) {
  const std::string& text = call.arguments.at("patch").get_ref<const std::string&>();
  std::vector<FilePatch> patches = read_patch(text);
  if (patches.empty())
    return base::fail(base::ErrorCode::usage, "this is no patch: it names no file",
                      "`git diff | mira affected --stdin` gives one");
  contracts::Session& session = *call.session;
  auto limit = call.arguments.at("limit").get<std::size_t>();
  Changes changes;
  for (const FilePatch& patch : patches) MIRA_TRY(add_file(session, patch, parse, changes));
  Reply reply;
  reply.data["files_changed"] = std::move(changes.files);
  reply.data["symbols"] = Json::array();
  std::vector<Element> from;
  for (const SymbolChange& change : changes.symbols) {
    std::vector<Element> elements = MIRA_TRY(elements_of(session.index, change));
    Json one = change_json(change);
    MIRA_TRY(add_callers(session.index, change, elements, limit, one));
    reply.data["symbols"].push_back(std::move(one));
    if (change.what != "added") std::ranges::move(elements, std::back_inserter(from));
  }
  if (!changes.of_another_tree.empty())
    reply.notes.push_back(fmt::format("left out, the patch did not lead to these files as they are now: {}",
                                      base::join(changes.of_another_tree, ", ")));
  std::vector<Element> asked = MIRA_TRY(with_constructors(session.index, std::move(from)));
  add_reach(reply, MIRA_TRY(reach(session.index, asked, call.arguments.at("depth").get<int>())), limit);
  return reply;
}

std::string render(const Reply& reply, const contracts::Style&) {
  std::string out;
  for (const Json& one : reply.data.at("symbols")) {
    out += fmt::format("{}{}  {} {}  {}", one.at("change").get_ref<const std::string&>(),
                       one.at("breaks").get<bool>() ? ", breaks callers" : "",
                       one.at("kind").get_ref<const std::string&>(),
                       base::display_line(one.at("name").get_ref<const std::string&>()),
                       one.at("file").get_ref<const std::string&>());
    if (!one.at("line").is_null()) out += fmt::format(":{}", one.at("line").get<int>());
    out += '\n';
    if (one.at("breaks").get<bool>() && !one.at("before").is_null() && !one.at("after").is_null())
      out += fmt::format("  was {}\n  is  {}\n", base::display_line(one.at("before").get<std::string>()),
                         base::display_line(one.at("after").get<std::string>()));
    if (one.contains("open_calls") && one.at("open_calls").get<int>() > 0)
      out +=
          fmt::format("  {} calls of this name are left without a target\n", one.at("open_calls").get<int>());
    if (!one.contains("call_sites")) continue;
    for (const Json& site : one.at("call_sites").at("sites"))
      out +=
          fmt::format("  called by {} at {}:{}\n", base::display_line(site.at("caller").get<std::string>()),
                      site.at("file").get_ref<const std::string&>(), site.at("line").get<int>());
  }
  return out + render_reach(reply.data);
}

}  // namespace

contracts::Action affected_action(const ParseTexts& parse) {
  contracts::Action action;
  action.name = "affected";
  action.group = "code";
  action.summary = "What a patch changes and what that can reach";
  action.description =
      "Reads a unified diff that led to the files as they are now (`git diff`, `git diff --staged`, `git "
      "diff "
      "A..HEAD`): the symbols it adds, removes and changes, signatures that break callers with the calls to "
      "look at, then the callers of what changed by depth, with tests and public symbols.";
  action.params = {{.name = "patch",
                    .kind = ParamKind::text,
                    .help = "A unified diff",
                    .required = true,
                    .positional = true,
                    .reads_stdin = true},
                   {.name = "depth",
                    .kind = ParamKind::integer,
                    .help = "Levels of callers to follow",
                    .fallback = 3,
                    .minimum = 1,
                    .maximum = 50},
                   {.name = "limit",
                    .kind = ParamKind::integer,
                    .help = "Most symbols of each list",
                    .fallback = default_limit,
                    .minimum = 1,
                    .maximum = most_shown}};
  action.examples = {{"mira affected --stdin < change.patch", "what a patch that was applied changed"},
                     {"git diff | mira affected --stdin", "what the uncommitted work changes"},
                     {"git diff main.. | mira affected --stdin --json", "what this branch changes"}};
  action.data_shape =
      R"j({"files_changed":[{"path":"a.c","change":"modified"}],"symbols":[{"name":"f","kind":"function","file":"a.c",)j"
      R"j("line":3,"change":"signature","breaks":true,"before":"int f(int a)","after":"int f(int a, int b)",)j"
      R"j("call_sites":{"total":1,"sites":[{"caller":"g","file":"b.c","line":9,"tier":"proved"}]}}],)j"
      R"j("levels":[],"total":0,"files":0,"public":0,"tests":{"total":0,"callers":[]},"module_files":[]})j";
  action.handle = [parse](Call& call) { return handle(call, parse); };
  action.render = render;
  return action;
}

}  // namespace mira::code

// affected: what a change does, symbol by symbol, and what that can reach. The texts before
// and after come from the feature that knows versions; of a patch the text before is made
// by taking it off the files as they are, so any unified diff will do.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "knowledge/code/action_affected.h"
#include "knowledge/code/actions.h"
#include "knowledge/code/graph_reach.h"
#include "knowledge/code/patch_symbols.h"
#include "knowledge/code/versions.h"
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

struct Compared {
  std::vector<SymbolChange> symbols;
  Json files = Json::array();
  std::vector<std::string> of_another_tree;
  std::string what;
  std::vector<std::string> notes;
};

base::Status add_texts(const std::string& old_path, const std::string& path, std::string_view before,
                       std::string_view now, const ParseTexts& parse, Compared& changes) {
  std::string_view state = old_path.empty() ? "added" : path.empty() ? "deleted" : "modified";
  const std::string& shown = path.empty() ? old_path : path;
  Json file = {{"path", base::display_line(shown)}, {"change", state}};
  if (!old_path.empty() && !path.empty() && old_path != path) {
    file["change"] = "renamed";
    file["old_path"] = base::display_line(old_path);
  }
  changes.files.push_back(std::move(file));
  std::vector<SymbolChange> found = MIRA_TRY(changed_symbols(shown, before, now, parse));
  std::ranges::move(found, std::back_inserter(changes.symbols));
  return {};
}

base::Status add_patch(contracts::Session& session, const FilePatch& patch, const ParseTexts& parse,
                       Compared& changes) {
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
  return add_texts(patch.old_path, patch.new_path, *before, now, parse, changes);
}

base::Result<Compared> changes_of_patch(Call& call, const std::string& text, const ParseTexts& parse) {
  std::vector<FilePatch> patches = read_patch(text);
  if (patches.empty())
    return base::fail(base::ErrorCode::usage, "this is no patch: it names no file",
                      "`git diff | mira affected --stdin` gives one");
  Compared changes;
  for (const FilePatch& patch : patches) MIRA_TRY(add_patch(*call.session, patch, parse, changes));
  changes.what = "a patch";
  return changes;
}

base::Result<Compared> changes_of_versions(Call& call, const ParseTexts& parse,
                                           contracts::Changes* versions) {
  if (versions == nullptr)
    return base::fail(base::ErrorCode::unavailable, "this program was built without the history of versions",
                      "give a patch: `git diff | mira affected --stdin`");
  const Json& range = call.arguments.at("range");
  bool staged = call.arguments.at("staged").get<bool>();
  if (staged && range.is_string())
    return base::fail(base::ErrorCode::usage, "--staged and --range ask for two different changes",
                      "give one of them");
  auto kind = staged              ? contracts::ChangeKind::staged
              : range.is_string() ? contracts::ChangeKind::range
                                  : contracts::ChangeKind::working_tree;
  std::string text = range.is_string() ? range.get<std::string>() : std::string();
  contracts::ChangedFiles read = MIRA_TRY(versions->read(*call.session, kind, text, call.deadline));
  Compared changes;
  for (const contracts::ChangedFile& file : read.files)
    MIRA_TRY(
        add_texts(file.old_path, file.path, file.before.value_or(""), file.now.value_or(""), parse, changes));
  changes.what = std::move(read.what);
  changes.notes = std::move(read.notes);
  if (kind == contracts::ChangeKind::range)
    changes.notes.emplace_back("callers are those of the files as they are now, not of the range's end");
  return changes;
}

base::Result<Compared> asked_changes(Call& call, const ParseTexts& parse, contracts::Changes* versions) {
  const Json& patch = call.arguments.at("patch");
  if (!patch.is_string()) return changes_of_versions(call, parse, versions);
  if (call.arguments.at("staged").get<bool>() || call.arguments.at("range").is_string())
    return base::fail(base::ErrorCode::usage, "a patch and --staged or --range ask for two different changes",
                      "give one of them");
  return changes_of_patch(call, patch.get_ref<const std::string&>(), parse);
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

base::Result<Reply> handle(Call& call, const ParseTexts& parse, contracts::Changes* versions) {
  contracts::Session& session = *call.session;
  auto limit = call.arguments.at("limit").get<std::size_t>();
  Compared changes = MIRA_TRY(asked_changes(call, parse, versions));
  Reply reply;
  reply.notes = std::move(changes.notes);
  reply.data["compared"] = changes.what;
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

// Of a change that calls may not survive: whether there are any.
std::string_view breaks_in_words(const Json& change) {
  if (!change.at("breaks").get<bool>()) return "";
  std::int64_t calls = change.value("open_calls", std::int64_t{0});
  if (change.contains("call_sites")) calls += change.at("call_sites").at("total").get<std::int64_t>();
  return calls > 0 ? ", breaks callers" : ", nothing here calls it";
}

std::string render(const Reply& reply, const contracts::Style&) {
  std::string out = fmt::format("{}: {} files, {} symbols changed\n",
                                reply.data.at("compared").get_ref<const std::string&>(),
                                reply.data.at("files_changed").size(), reply.data.at("symbols").size());
  for (const Json& one : reply.data.at("symbols")) {
    out += fmt::format("{}{}  {} {}  {}", one.at("change").get_ref<const std::string&>(),
                       breaks_in_words(one), one.at("kind").get_ref<const std::string&>(),
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

contracts::Action affected_action(const ParseTexts& parse, std::shared_ptr<contracts::Changes> versions) {
  contracts::Action action;
  action.name = "affected";
  action.group = "code";
  action.summary = "What a change does to the symbols, and what that can reach";
  action.description =
      "Compares texts before and after symbol by symbol: what is added, removed, changed in its body or "
      "its signature, signatures that break callers with the calls to look at, then the callers of what "
      "changed by depth, with tests and public symbols. Takes the uncommitted work; or what is staged, a "
      "range of commits, or a unified diff that led to the files as they are now.";
  action.params = {{.name = "patch",
                    .kind = ParamKind::text,
                    .help = "A unified diff; default: the uncommitted work",
                    .positional = true,
                    .reads_stdin = true},
                   {.name = "staged",
                    .kind = ParamKind::boolean,
                    .help = "What the next commit would take",
                    .fallback = false},
                   {.name = "range",
                    .kind = ParamKind::text,
                    .help = "Commits A..B, or A for A..HEAD: ids, branches, tags, HEAD~3"},
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
  action.examples = {{"mira affected", "what the uncommitted work changes"},
                     {"mira affected --staged", "what the next commit changes"},
                     {"mira affected --range main..HEAD --json", "what this branch changes"},
                     {"mira affected --stdin < change.patch", "what a patch that was applied changed"}};
  action.data_shape =
      R"j({"compared":"the working tree against HEAD","files_changed":[{"path":"a.c","change":"modified"}],"symbols":[{"name":"f","kind":"function","file":"a.c",)j"
      R"j("line":3,"change":"signature","breaks":true,"before":"int f(int a)","after":"int f(int a, int b)",)j"
      R"j("call_sites":{"total":1,"sites":[{"caller":"g","file":"b.c","line":9,"tier":"proved"}]}}],)j"
      R"j("levels":[],"total":0,"files":0,"public":0,"public_symbols":[],"tests":{"total":0,"callers":[]},"module_files":[]})j";
  action.handle = [parse, versions = std::move(versions)](Call& call) {
    return handle(call, parse, versions.get());
  };
  action.render = render;
  return action;
}

void compare_versions(contracts::Feature& code, std::shared_ptr<contracts::Changes> changes) {
  auto action = std::ranges::find(code.actions, "affected", &contracts::Action::name);
  if (action != code.actions.end()) *action = affected_action(parse_in_workers, std::move(changes));
}

}  // namespace mira::code

// clusters: the domains of a project, as groups of files.
#include <fmt/format.h>

#include <algorithm>

#include "knowledge/code/semantics/actions.h"
#include "platform/base/text.h"

namespace mira::semantics {
namespace {

using contracts::Call;
using contracts::Json;
using contracts::ParamKind;
using contracts::Reply;

constexpr std::size_t files_of_a_listed_cluster = 5, words_of_a_cluster_shown = 8;

struct Row {
  std::int64_t id = 0;
  std::string name, words;
  std::int64_t calls = 0, imports = 0, cohesion = 0, files = 0;
};

base::Result<std::vector<Row>> clusters(store::Connection& index) {
  std::vector<Row> out;
  MIRA_TRY(index.each(
      "SELECT c.cluster_id, c.name, c.words, c.calls, c.imports, c.cohesion, count(m.path) AS files FROM"
      " domain_clusters c JOIN domain_cluster_members m USING(cluster_id) GROUP BY c.cluster_id"
      " ORDER BY files DESC, c.name",
      [&](const store::Row& row) {
        out.push_back({row.integer(0), std::string(row.text(1)), std::string(row.text(2)), row.integer(3),
                       row.integer(4), row.integer(5), row.integer(6)});
      }));
  return out;
}

// Those that an argument means: a cluster's name or one of its words, or a file's path or its end.
base::Result<std::vector<Row>> asked(store::Connection& index, std::vector<Row> all,
                                     const std::string& which) {
  if (which.empty()) return all;
  std::vector<Row> out;
  for (const Row& one : all)
    if (one.name == which) out.push_back(one);
  if (!out.empty()) return out;
  std::vector<std::int64_t> holding;
  MIRA_TRY(index.each("SELECT cluster_id, path FROM domain_cluster_members", [&](const store::Row& row) {
    if (is_path(row.text(1), which)) holding.push_back(row.integer(0));
  }));
  std::string word = base::to_lower(which);
  for (const Row& one : all) {
    std::vector<std::string_view> words = base::split(one.words, ' ');
    if (std::ranges::find(holding, one.id) != holding.end() || std::ranges::find(words, word) != words.end())
      out.push_back(one);
  }
  return out;
}

base::Result<Json> cluster_json(store::Connection& index, const Row& one, std::size_t most_files) {
  Json words = Json::array(), files = Json::array();
  for (std::string_view word : base::split(one.words, ' ')) {
    if (words.size() == words_of_a_cluster_shown) break;
    if (!word.empty()) words.push_back(base::repair_utf8(word));
  }
  MIRA_TRY(index.each(
      "SELECT path FROM domain_cluster_members WHERE cluster_id = ? ORDER BY path LIMIT ?",
      [&](const store::Row& row) { files.push_back(base::display_line(row.text(0))); }, one.id,
      static_cast<std::int64_t>(most_files)));
  return Json{{"name", base::repair_utf8(one.name)},
              {"words", std::move(words)},
              {"files", one.files},
              {"cohesion", static_cast<double>(one.cohesion) / 1000.0},
              {"calls", one.calls},
              {"imports", one.imports},
              {"members", std::move(files)}};
}

base::Result<Reply> handle(Call& call) {
  std::size_t start = MIRA_TRY(page_start(call.arguments));
  auto limit = call.arguments.at("limit").get<std::size_t>();
  std::string which = argument(call.arguments, "which");
  store::Connection& index = call.session->index;
  index.set_deadline(call.deadline);
  std::vector<Row> all = MIRA_TRY(clusters(index));
  std::vector<Row> found = MIRA_TRY(asked(index, std::move(all), which));
  if (found.empty() && !which.empty())
    return base::fail(base::ErrorCode::not_found,
                      fmt::format("no domain of this project is named `{}`, has that word or holds that file",
                                  base::display_line(which)),
                      "`mira clusters` lists them; tests, examples and vendored files are in none");
  Reply reply;
  reply.data = {{"total", found.size()}, {"clusters", Json::array()}};
  std::size_t end = std::min(found.size(), start + limit);
  std::size_t most_files = found.size() == 1 ? limit * files_of_a_listed_cluster : files_of_a_listed_cluster;
  for (std::size_t i = start; i < end; ++i)
    reply.data["clusters"].push_back(MIRA_TRY(cluster_json(index, found[i], most_files)));
  if (end < found.size()) reply.cursor = std::to_string(end);
  return reply;
}

std::string render(const Reply& reply, const contracts::Style&) {
  std::string out;
  for (const Json& one : reply.data.at("clusters")) {
    out += fmt::format("{}  ({} files, cohesion {:.2f}, {} calls and {} imports inside)\n",
                       base::display_line(one.at("name").get_ref<const std::string&>()),
                       one.at("files").get<std::int64_t>(), one.at("cohesion").get<double>(),
                       one.at("calls").get<std::int64_t>(), one.at("imports").get<std::int64_t>());
    for (const Json& file : one.at("members")) out += "    " + file.get_ref<const std::string&>() + "\n";
    if (one.at("members").size() < one.at("files").get<std::size_t>())
      out += fmt::format("    and {} more\n", one.at("files").get<std::size_t>() - one.at("members").size());
  }
  return out.empty() ? "No files belong together more than with the rest.\n" : out;
}

}  // namespace

contracts::Action clusters_action() {
  contracts::Action action;
  action.name = "clusters";
  action.group = "code";
  action.summary = "The domains of the project: files that belong together, named by their words";
  action.description =
      "Communities of one graph: proved and inferred calls, imports, folders and shared words tie two files. "
      "cohesion: how much of its files' ties stays inside. The same files always give the same domains. "
      "Tests, examples, vendored and generated files are in none.";
  action.params = {{.name = "which",
                    .kind = ParamKind::text,
                    .help = "A domain's name, one of its words, or a file",
                    .positional = true}};
  for (contracts::Param& one : page_params(20)) action.params.push_back(std::move(one));
  action.examples = {{"mira clusters", "the parts the project falls into"},
                     {"mira clusters src/auth/session.py", "what that file belongs to"}};
  action.data_shape =
      R"j({"total":1,"clusters":[{"name":"session login","words":["session","login"],"files":4,"cohesion":0.71,)j"
      R"j("calls":12,"imports":5,"members":["auth/login.py"]}]})j";
  action.handle = handle;
  action.render = render;
  return action;
}

}  // namespace mira::semantics

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "knowledge/git/action_parts.h"
#include "knowledge/git/actions.h"
#include "knowledge/git/history_range.h"
#include "knowledge/git/why_action.h"
#include "platform/base/text.h"

namespace mira::git {
namespace {

using contracts::Action;
using contracts::Call;
using contracts::Json;
using contracts::Reply;

constexpr std::int64_t searched_for_symbol = 10'000;  // commits by words that a symbol's are held against

bool is_one_word(std::string_view text) {
  return !text.empty() && text.find_first_of(" \t\n\"") == std::string_view::npos;
}

base::Result<CommitFilter> filter_of(Call& call) {
  std::int64_t now = call.session->clock.now_ms();
  CommitFilter out;
  out.author = text_of(call.arguments, "author");
  out.since_ms = MIRA_TRY(parse_since(text_of(call.arguments, "since"), now));
  std::string until = text_of(call.arguments, "until");
  if (!until.empty()) out.until_ms = MIRA_TRY(parse_since(until, now));
  out.path = normal_path(text_of(call.arguments, "path"));
  out.limit = call.arguments.at("limit").get<int>();
  return out;
}

bool passes(const FoundCommit& commit, const CommitFilter& filter) {
  std::string who = base::to_lower(commit.author + " " + commit.email);
  return commit.author_time_ms >= filter.since_ms && commit.author_time_ms < filter.until_ms &&
         who.find(base::to_lower(filter.author)) != std::string::npos;
}

// A symbol's commits, newest first.
base::Result<Json> commits_of_symbol(Call& call, const WhyPlace& place, const CommitFilter& filter,
                                     std::vector<std::string>& notes) {
  store::Connection& index = call.session->index;
  Json out = Json::array();
  for (const LineChange& change : MIRA_TRY(commits_of_place(call, place, notes))) {
    auto commit = MIRA_TRY(commit_by_id(index, change.commit));
    if (!commit || !passes(*commit, filter)) continue;
    out.push_back(MIRA_TRY(line_change_json(index, change, {place.symbol})));
    if (out.size() == static_cast<std::size_t>(filter.limit)) break;
  }
  return out;
}

// Commits about the words that also touched the symbol.
base::Result<std::vector<FoundCommit>> within_symbol(Call& call, const contracts::SymbolLookup& symbols,
                                                     const std::string& name, CommitFilter filter,
                                                     std::vector<std::string>& notes) {
  auto place = MIRA_TRY(symbol_place(*call.session, symbols, name, filter.path));
  if (!place) {
    return base::fail(base::ErrorCode::not_found,
                      "No symbol \"" + base::display_line(name) + "\" is defined here.",
                      "`mira symbols` lists names.");
  }
  std::unordered_set<std::string> touched;
  for (const LineChange& change : MIRA_TRY(commits_of_place(call, *place, notes)))
    touched.insert(change.commit);
  auto limit = static_cast<std::size_t>(filter.limit);
  filter.limit = searched_for_symbol;
  auto found = MIRA_TRY(commits_with_words(call.session->index, text_of(call.arguments, "query"), filter));
  std::erase_if(found, [&](const FoundCommit& commit) { return !touched.contains(commit.hash); });
  if (found.size() > limit) found.resize(limit);
  return found;
}

struct Answer {
  std::string meaning = "words";
  std::vector<FoundCommit> found;
  Json of_symbol = nullptr;
};

base::Result<Answer> answer(Call& call, const contracts::SymbolLookup& symbols, CommitMeaning* meaning,
                            const std::string& query, std::vector<std::string>& notes) {
  store::Connection& index = call.session->index;
  CommitFilter filter = MIRA_TRY(filter_of(call));
  Answer out;
  std::string symbol = text_of(call.arguments, "symbol");
  if (!symbol.empty()) {
    out.found = MIRA_TRY(within_symbol(call, symbols, symbol, filter, notes));
    return out;
  }
  if (auto file = MIRA_TRY(file_identity(index, normal_path(query)))) {
    out.meaning = "file";
    out.found = MIRA_TRY(commits_of_file(index, *file, filter));
    return out;
  }
  if (auto commit = MIRA_TRY(commit_by_id(index, query))) {
    out.meaning = "commit";
    out.found = {*commit};
    return out;
  }
  std::optional<WhyPlace> place;
  if (is_one_word(query)) place = MIRA_TRY(symbol_place(*call.session, symbols, query, filter.path));
  if (place) {
    out.meaning = "symbol";
    out.of_symbol = MIRA_TRY(commits_of_symbol(call, *place, filter, notes));
    return out;
  }
  out.found = MIRA_TRY(commits_about(meaning, *call.session, query, filter, call.deadline, notes));
  return out;
}

base::Result<Reply> history(Models& models, const contracts::SymbolLookup& symbols, CommitMeaning* meaning,
                            Call& call) {
  contracts::Session& session = *call.session;
  auto archive = MIRA_TRY(models.archive(session));
  MIRA_TRY(need_history(session, *archive));
  std::string query = text_of(call.arguments, "query");
  Reply reply;
  Answer found = MIRA_TRY(answer(call, symbols, meaning, query, reply.notes));
  reply.data = {{"query", query}, {"meaning", found.meaning}, {"commits", Json::array()}};
  if (found.of_symbol.is_array()) reply.data["commits"] = std::move(found.of_symbol);
  for (const FoundCommit& commit : found.found) reply.data["commits"].push_back(commit_json(commit));
  return reply;
}

std::string render_history(const Reply& reply, const contracts::Style&) {
  std::string out;
  for (const Json& commit : reply.data.at("commits")) {
    out += fmt::format("{}  {}  {}  {}", commit.at("commit").get<std::string>().substr(0, 12),
                       commit.at("date").get<std::string>(),
                       base::display_line(commit.at("author").get<std::string>()),
                       base::display_line(commit.at("subject").get<std::string>()));
    bool of_lines = commit.contains("lines_added");
    const char* added = of_lines ? "lines_added" : "insertions";
    const char* removed = of_lines ? "lines_removed" : "deletions";
    if (commit.at(added).is_number() && commit.at(removed).is_number()) {
      out += fmt::format("  +{} -{}", commit.at(added).get<std::int64_t>(),
                         commit.at(removed).get<std::int64_t>());
    }
    out += '\n';
  }
  return out.empty() ? "No commit matches.\n" : out;
}

}  // namespace

Action history_action(const std::shared_ptr<Models>& models, const contracts::SymbolLookup& symbols,
                      const std::shared_ptr<CommitMeaning>& meaning) {
  Action action;
  action.name = "history";
  action.group = "git";
  action.summary = "Commits of a file or a symbol, or commits about something";
  action.description =
      "With the path of a file: its commits, newest first, followed through renames. With the start of a "
      "commit id: that commit. With the name of a symbol: the commits that changed it, through renames and "
      "moves "
      "between files. With other words: the commits whose messages are about them, best first.";
  action.params = {
      {.name = "query",
       .help = "a path, a commit id, a symbol, or words",
       .required = true,
       .positional = true},
      {.name = "author", .help = "part of a name or mail"},
      {.name = "since", .help = "a day (2024-05-31) or an age (90d, 12w, 6m, 2y)"},
      {.name = "until", .help = "a day or an age: commits before it"},
      {.name = "path", .help = "a file or folder that the commits touched, or that the symbol is in"},
      {.name = "symbol", .help = "only commits about the words that changed this symbol"},
      limit_param(20)};
  action.examples = {
      {"mira history src/server.c --limit 5", "the last five changes of a file"},
      {"mira history Server::stop", "the changes of a function, wherever it stood"},
      {"mira history \"slow shutdown\" --since 1y --path src", "commits of the last year about it"}};
  action.data_shape =
      R"({"query": "src/a.c", "meaning": "file" | "commit" | "symbol" | "words", "commits": [{"commit": "<id>", "subject": "...",
 "author": "Ada", "email": "ada@example.org", "time_ms": 1704110400000, "date": "2024-01-01", "files": 3,
 "insertions": 12 or null, "deletions": 3 or null, "path": "the file's name then" or null, "change": "M" or null}]}
 (of a symbol also lines_added, lines_removed, moved_from, reason, references: as `mira why`))";
  action.handle = [models, symbols, meaning](Call& call) {
    return history(*models, symbols, meaning.get(), call);
  };
  action.render = render_history;
  return action;
}

}  // namespace mira::git

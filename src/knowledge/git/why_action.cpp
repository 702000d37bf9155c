#include "knowledge/git/why_action.h"

#include <fmt/format.h>

#include <algorithm>

#include "knowledge/git/action_parts.h"
#include "knowledge/git/actions.h"
#include "knowledge/git/line_places.h"
#include "knowledge/git/message_parts.h"
#include "knowledge/git/worktree.h"
#include "platform/base/text.h"

namespace mira::git {
namespace {

using base::ErrorCode;
using contracts::Action;
using contracts::Call;
using contracts::Json;
using contracts::Reply;

constexpr std::size_t places_named = 5;

bool is_one_thing(const std::vector<contracts::SymbolPlace>& places) {
  return std::ranges::all_of(places, [&](const contracts::SymbolPlace& place) {
    return place.path == places.front().path && place.name == places.front().name;
  });
}

base::Result<WhyPlace> asked_place(Call& call, const contracts::SymbolLookup& symbols) {
  std::string text = text_of(call.arguments, "place");
  LinePlace lines = parse_place(normal_path(text));
  if (lines.first > 0) return WhyPlace{lines.path, lines.first, lines.last, ""};
  std::string file = normal_path(text_of(call.arguments, "file"));
  auto found = MIRA_TRY(symbol_place(*call.session, symbols, text, file));
  if (found) return *found;
  return base::fail(ErrorCode::not_found, "No symbol \"" + base::display_line(text) + "\" is defined here.",
                    "Give FILE:LINE, FILE:FIRST-LAST, or a name that `mira symbols` knows.");
}

// What a reader of the line would search the message for.
std::vector<std::string> names_of(const WhyPlace& place) {
  if (place.symbol.empty()) return {};
  std::size_t cut = place.symbol.find_last_of(".:#");
  return {cut == std::string::npos ? place.symbol : place.symbol.substr(cut + 1)};
}

base::Result<Reply> why(Models& models, const contracts::SymbolLookup& symbols, Call& call) {
  contracts::Session& session = *call.session;
  auto archive = MIRA_TRY(models.archive(session));
  MIRA_TRY(need_history(session, *archive));
  WhyPlace place = MIRA_TRY(asked_place(call, symbols));
  Reply reply;
  std::vector<LineChange> changes = MIRA_TRY(commits_of_place(call, place, reply.notes));
  std::size_t limit = limit_of(call.arguments);
  reply.data = {
      {"path", shown(place.path)}, {"first_line", place.first},
      {"last_line", place.last},   {"symbol", place.symbol.empty() ? Json(nullptr) : Json(place.symbol)},
      {"total", changes.size()},   {"commits", Json::array()}};
  if (changes.size() > limit) {
    // The one that made it, and then the newest.
    std::rotate(changes.begin() + static_cast<std::ptrdiff_t>(limit) - 1, changes.end() - 1, changes.end());
    reply.notes.push_back(
        fmt::format("{} commits touched it; the first and the last {} are told.", changes.size(), limit - 1));
    changes.resize(limit);
  }
  std::ranges::reverse(changes);
  std::vector<std::string> names = names_of(place);
  for (const LineChange& change : changes) {
    reply.data["commits"].push_back(MIRA_TRY(line_change_json(session.index, change, names)));
  }
  return reply;
}

std::string what_it_did(const Json& commit) {
  if (commit.at("moved_from").is_string()) {
    return "moved from " + base::display_line(commit.at("moved_from").get<std::string>());
  }
  return fmt::format("+{} -{}", commit.at("lines_added").get<std::int64_t>(),
                     commit.at("lines_removed").get<std::int64_t>());
}

std::string render_why(const Reply& reply, const contracts::Style&) {
  std::string out;
  for (const Json& commit : reply.data.at("commits")) {
    out += fmt::format("{}  {}  {}  {}  ({})\n", commit.at("commit").get<std::string>().substr(0, 12),
                       commit.at("date").get<std::string>(),
                       base::display_line(commit.at("author").get<std::string>()),
                       base::display_line(commit.at("subject").get<std::string>()), what_it_did(commit));
    if (commit.at("reason").is_string()) {
      out += "              " + base::display_line(commit.at("reason").get<std::string>()) + "\n";
    }
  }
  return out.empty() ? "No commit tells.\n" : out;
}

}  // namespace

base::Result<std::optional<WhyPlace>> symbol_place(contracts::Session& session,
                                                   const contracts::SymbolLookup& symbols,
                                                   const std::string& name, const std::string& file) {
  if (symbols == nullptr) return std::optional<WhyPlace>();
  auto places = MIRA_TRY(symbols(session, name, file));
  if (places.empty()) return std::optional<WhyPlace>();
  if (!is_one_thing(places)) {
    base::Error error{ErrorCode::usage,
                      fmt::format("\"{}\" means {} things.", base::display_line(name), places.size()),
                      "Name the file too (--file), or give FILE:FIRST-LAST."};
    for (const auto& place : places) {
      if (error.next.size() == places_named) break;
      error.next.push_back(fmt::format("{}:{}-{}", place.path, place.first_line, place.last_line));
    }
    return std::unexpected(error);
  }
  WhyPlace out{places.front().path, places.front().first_line, places.front().last_line, places.front().name};
  for (const auto& place : places) {  // overloads and build variants: all of them
    out.first = std::min<std::int64_t>(out.first, place.first_line);
    out.last = std::max<std::int64_t>(out.last, place.last_line);
  }
  return out;
}

base::Result<std::vector<LineChange>> commits_of_place(Call& call, const WhyPlace& place,
                                                       std::vector<std::string>& notes) {
  contracts::Session& session = *call.session;
  OwnedLines owned = MIRA_TRY(owned_lines(session, place.path, call.deadline));
  auto lines = static_cast<std::int64_t>(line_count(owned.runs));
  if (place.first > lines) {
    return base::fail(ErrorCode::usage,
                      fmt::format("{} has {} lines at HEAD.", base::display_line(place.path), lines),
                      "Give lines that are there; what is not committed has no history.");
  }
  auto on_disk = MIRA_TRY(local_changes(session.index));
  if (std::ranges::find(on_disk, place.path, &LocalChange::path) != on_disk.end()) {
    notes.push_back("The file on disk differs from HEAD; the lines are counted at HEAD.");
  }
  Repository repository = MIRA_TRY(read_repository(session.project));
  std::string tip = repository.tip;
  Shadow shadow = MIRA_TRY(Shadow::open(session.project, std::move(repository)));
  return line_history(session, shadow, tip, place.path, std::max<std::int64_t>(1, place.first),
                      std::min(place.last, lines), call.deadline);
}

base::Result<Json> line_change_json(store::Connection& index, const LineChange& change,
                                    const std::vector<std::string>& names) {
  auto commit = MIRA_TRY(commit_by_id(index, change.commit));
  FoundCommit known = commit.value_or(FoundCommit{});
  if (!commit) known.hash = change.commit;
  Json out = commit_json(known);
  MessagePart part = part_that_matters(known.subject, known.body, names);
  out["path"] = shown(change.path);
  out["lines_added"] = change.added;
  out["lines_removed"] = change.removed;
  out["moved_from"] = change.moved ? Json(shown(change.moved_from)) : Json(nullptr);
  out["reason"] = part.sentence.empty() ? Json(nullptr) : Json(part.sentence);
  out["references"] = part.references;
  return out;
}

Action why_action(const std::shared_ptr<Models>& models, const contracts::SymbolLookup& symbols) {
  Action action;
  action.name = "why";
  action.group = "git";
  action.summary = "Why lines or a symbol are as they are: the commits that made them";
  action.description =
      "Lists the commits that made and changed some lines or a symbol, oldest first, through renames and "
      "moves "
      "between files, each with the sentence of its message that gives the reason and what it refers to.";
  action.params = {{.name = "place",
                    .help = "FILE:LINE, FILE:FIRST-LAST, or the name of a symbol",
                    .required = true,
                    .positional = true},
                   {.name = "file", .help = "the file that the symbol is in, or the end of its path"},
                   limit_param(12)};
  action.examples = {{"mira why src/server.c:120", "the commits behind one line"},
                     {"mira why Server::stop", "the commits behind a function"}};
  action.data_shape =
      R"({"path": "src/a.c", "first_line": 10, "last_line": 42, "symbol": "run" or null, "total": 7, "commits": [
 {"commit": "<id>", "subject": "...", "author": "Ada", "email": "ada@example.org", "time_ms": 1704110400000, "date": "2024-01-01",
 "files": 3, "insertions": 12 or null, "deletions": 3 or null, "change": null, "path": "the file's name then", "lines_added": 4,
 "lines_removed": 1, "moved_from": "src/b.c" or null, "reason": "a sentence of its message" or null, "references": ["#12"]}]})";
  action.handle = [models, symbols](Call& call) { return why(*models, symbols, call); };
  action.render = render_why;
  return action;
}

}  // namespace mira::git

// symbols: what a name, a pattern or a file holds. languages: what Mira reads, and how deep.
#include <fmt/format.h>

#include <map>

#include "knowledge/code/actions.h"
#include "knowledge/code/languages.h"
#include "knowledge/code/search_symbols.h"
#include "knowledge/code/told_apart.h"
#include "platform/base/text.h"

namespace mira::code {
namespace {

using contracts::Action;
using contracts::Call;
using contracts::Json;
using contracts::ParamKind;
using contracts::Reply;

// The last part of a name as a GLOB, and the scope before it.
struct NamePattern {
  std::string scope, glob;
  bool exact = true;
};

NamePattern pattern_of(std::string_view written) {
  std::size_t at = written.find_last_of(".:#");
  NamePattern out;
  if (at != std::string_view::npos) out.scope = written.substr(0, at);
  std::string_view name = at == std::string_view::npos ? written : written.substr(at + 1);
  for (char c : name) {
    if (c == '[') {
      out.glob += "[[]";
      continue;
    }
    if (c == '*' || c == '?') out.exact = false;
    out.glob += c;
  }
  return out;
}

bool fits(const Element& one, const NamePattern& pattern, std::string_view file, std::string_view kind) {
  if (!is_in_scope(one.qualified, pattern.scope)) return false;
  if (!kind.empty() && one.kind != kind) return false;
  return file.empty() || one.path == file || one.path.ends_with("/" + std::string(file));
}

Element row_element(const store::Row& row) {
  Element one;
  one.qualified = row.text(0);
  one.name = row.text(1);
  one.kind = row.text(2);
  one.path = row.text(3);
  one.signature = row.text(4);
  one.visibility = row.text(5);
  one.line = static_cast<int>(row.integer(6));
  one.end_line = static_cast<int>(row.integer(7));
  return one;
}

base::Result<std::vector<Element>> matching(store::Connection& index, const NamePattern& pattern,
                                            std::string_view file, std::string_view kind) {
  std::vector<Element> out;
  auto take = [&](const store::Row& row) {
    Element one = row_element(row);
    if (fits(one, pattern, file, kind)) out.push_back(std::move(one));
  };
  if (pattern.glob.empty())
    MIRA_TRY(index.each(
        "SELECT e.qualified_name, e.name, e.kind, f.path, e.signature, e.visibility, e.name_line, e.end_line"
        " FROM code_elements e JOIN repository_files f USING(file_id) ORDER BY f.path, e.name_line",
        take));
  else if (pattern.exact)
    MIRA_TRY(index.each(
        "SELECT e.qualified_name, e.name, e.kind, f.path, e.signature, e.visibility, e.name_line, e.end_line"
        " FROM code_elements e JOIN repository_files f USING(file_id) WHERE e.name = ? ORDER BY f.path, "
        "e.name_line",
        take, pattern.glob));
  else
    MIRA_TRY(index.each(
        "SELECT e.qualified_name, e.name, e.kind, f.path, e.signature, e.visibility, e.name_line, e.end_line"
        " FROM code_elements e JOIN repository_files f USING(file_id) WHERE e.name GLOB ? ORDER BY f.path, "
        "e.name_line",
        take, pattern.glob));
  return out;
}

std::string text_argument(const Json& arguments, const char* name) {
  return arguments.at(name).is_string() ? arguments.at(name).get<std::string>() : std::string();
}

base::Result<Reply> handle_symbols(Call& call) {
  std::string name = text_argument(call.arguments, "name");
  std::string file = text_argument(call.arguments, "file");
  std::size_t start = MIRA_TRY(page_start(call.arguments));
  auto limit = call.arguments.at("limit").get<std::size_t>();
  store::Connection& index = call.session->index;
  index.set_deadline(call.deadline);
  NamePattern pattern = pattern_of(name);
  std::vector<Element> found =
      MIRA_TRY(matching(index, pattern, file, text_argument(call.arguments, "kind")));
  keep_told_apart(found, text_argument(call.arguments, "beside"), {});
  if (found.empty()) {
    base::Error error{.code = base::ErrorCode::not_found, .message = "no symbol fits what was asked"};
    if (!name.empty() && pattern.exact) error.next = MIRA_TRY(nearest_names(index, name));
    error.hint = error.next.empty()
                     ? "patterns take * and ?, --file takes a path or its end"
                     : "did you mean one of: " + base::display_line(base::join(error.next, ", "));
    return std::unexpected(std::move(error));
  }
  Reply reply;
  reply.data["symbols"] = Json::array();
  std::size_t end = std::min(found.size(), start + limit);
  for (std::size_t i = start; i < end; ++i) {
    Json one = element_json(found[i]);
    one["end_line"] = found[i].end_line;
    one["signature"] = base::repair_utf8(found[i].signature);
    one["visibility"] = found[i].visibility;
    reply.data["symbols"].push_back(std::move(one));
  }
  reply.data["total"] = found.size();
  if (end < found.size()) reply.cursor = std::to_string(end);
  return reply;
}

std::string render_symbols(const Reply& reply, const contracts::Style&) {
  std::string out;
  for (const Json& one : reply.data.at("symbols"))
    out += fmt::format("{}:{}  {}  {}\n", one.at("file").get_ref<const std::string&>(),
                       one.at("line").get<int>(), one.at("kind").get_ref<const std::string&>(),
                       base::display_line(one.at("name").get_ref<const std::string&>()));
  return out;
}

std::string_view depth_name(Depth depth) {
  switch (depth) {
    case Depth::full:
      return "calls";
    case Depth::elements:
      return "symbols";
    case Depth::text:
      return "text";
  }
  return "text";
}

base::Result<Reply> handle_languages(Call& call) {
  std::map<std::string, std::int64_t> counts;
  MIRA_TRY(call.session->index.each(
      "SELECT language, count(*) FROM repository_files GROUP BY language",
      [&](const store::Row& row) { counts[std::string(row.text(0))] = row.integer(1); }));
  Reply reply;
  reply.data["languages"] = Json::array();
  for (const Language& one : languages()) {
    Json extensions = Json::array();
    for (std::string_view extension : one.extensions) extensions.push_back(extension);
    reply.data["languages"].push_back({{"name", one.name},
                                       {"title", one.title},
                                       {"depth", depth_name(one.depth)},
                                       {"extensions", std::move(extensions)},
                                       {"files", counts[std::string(one.name)]}});
  }
  reply.data["other_files"] = counts[""];
  return reply;
}

std::string render_languages(const Reply& reply, const contracts::Style&) {
  std::string out;
  for (const Json& one : reply.data.at("languages"))
    out += fmt::format("{:<14} {:<8} {:>6} files\n", one.at("title").get_ref<const std::string&>(),
                       one.at("depth").get_ref<const std::string&>(), one.at("files").get<std::int64_t>());
  return out;
}

}  // namespace

Action symbols_action() {
  Action action;
  action.name = "symbols";
  action.group = "code";
  action.summary = "List symbols by name, pattern, kind or file";
  action.description =
      "Functions, methods, types, variables and the like, with their places and signatures. A name may be "
      "qualified and "
      "may hold * and ?; an unknown name is an error with the nearest ones.";
  action.params = {{.name = "name", .kind = ParamKind::text, .help = "Name or pattern", .positional = true},
                   {.name = "kind", .kind = ParamKind::text, .help = "Only this kind: function, class, ..."},
                   {.name = "file", .kind = ParamKind::text, .help = "Only in this file (path or its end)"},
                   {.name = "beside",
                    .kind = ParamKind::text,
                    .help = "The text that the name stands in: a class it names tells namesakes apart"},
                   {.name = "limit",
                    .kind = ParamKind::integer,
                    .help = "Most rows of a page",
                    .fallback = 50,
                    .minimum = 1,
                    .maximum = 10'000},
                   {.name = "cursor", .kind = ParamKind::text, .help = "Where the next page starts"}};
  action.examples = {{"mira symbols 'parse_*'", "everything that starts so"},
                     {"mira symbols --file src/main.c --kind function", "the functions of a file"}};
  action.data_shape =
      R"j({"symbols":[{"name":"A::f","kind":"method","file":"a.cc","line":3,"end_line":9,"signature":"int A::f(int x)",)j"
      R"j("visibility":"public"}],"total":1})j";
  action.handle = handle_symbols;
  action.render = render_symbols;
  return action;
}

Action languages_action() {
  Action action;
  action.name = "languages";
  action.group = "code";
  action.summary = "Languages Mira reads, how deep, and how many files of each are here";
  action.description =
      "calls: symbols, types and the call graph; symbols: definitions and imports; text: search only. Files "
      "of no known "
      "language are searched as text.";
  action.examples = {{"mira languages", "the table"}};
  action.data_shape =
      R"j({"languages":[{"name":"cpp","title":"C++","depth":"calls","extensions":["cc"],"files":12}],"other_files":3})j";
  action.needs = contracts::Needs::project;
  action.handle = handle_languages;
  action.render = render_languages;
  return action;
}

}  // namespace mira::code

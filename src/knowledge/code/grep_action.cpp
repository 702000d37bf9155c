// grep: lines by text or regular expression, with the symbol each stands in.
#include <fmt/format.h>

#include "knowledge/code/actions.h"
#include "knowledge/code/search_lines.h"
#include "knowledge/code/search_text.h"
#include "platform/base/text.h"

namespace mira::code {
namespace {

using contracts::Call;
using contracts::Json;
using contracts::ParamKind;
using contracts::Reply;

constexpr int default_limit = 50, most_results = 2000;

LineQuery asked_query(const Json& arguments) {
  LineQuery query = line_query(arguments.at("pattern").get_ref<const std::string&>());
  if (arguments.at("literal").get<bool>()) query.kind = PatternKind::literal;
  if (arguments.at("ignore-case").get<bool>()) query.letter_case = LetterCase::ignored;
  return query;
}

Json hit_json(LineReader& reader, const LineHit& hit) {
  auto shown = reader.read(hit.path, hit.line, hit.line, 1);
  return {{"path", base::display_line(hit.path)},
          {"line", hit.line},
          {"column", hit.column},
          {"text", shown ? Json(shown->text) : Json(nullptr)},
          {"symbol", hit.symbol.empty() ? Json(nullptr) : Json(base::repair_utf8(hit.symbol))}};
}

void add_notes(const LineAnswer& answer, Reply& reply) {
  auto shown = static_cast<std::int64_t>(answer.hits.size());
  if (answer.matches > shown)
    reply.notes.push_back(fmt::format("{}{} more lines match and are not shown, --limit shows more",
                                      answer.counted_all ? "" : "at least ", answer.matches - shown));
  if (!answer.unreadable.empty())
    reply.notes.push_back(
        fmt::format("could not be read: {}", base::display_line(base::join(answer.unreadable, ", "))));
  if (answer.matches == 0)
    reply.notes.push_back(fmt::format("no line matches in the {} files that were read", answer.files_read));
}

base::Result<Reply> handle(Call& call) {
  LineQuery query = asked_query(call.arguments);
  if (query.pattern.empty())
    return base::fail(base::ErrorCode::usage, "the pattern is empty", "name a text or a regular expression");
  auto limit = call.arguments.at("limit").get<std::size_t>();
  LineAnswer answer = MIRA_TRY(find_lines(*call.session, query, limit, call.deadline));
  Reply reply;
  LineReader reader(*call.session);
  reply.data["results"] = Json::array();
  for (const LineHit& hit : answer.hits) reply.data["results"].push_back(hit_json(reader, hit));
  reply.data["matches"] = answer.matches;
  reply.data["files_read"] = answer.files_read;
  add_notes(answer, reply);
  return reply;
}

std::string render(const Reply& reply, const contracts::Style& style) {
  std::string_view bold = style.colour ? "\x1b[1m" : "", plain = style.colour ? "\x1b[0m" : "";
  std::string out;
  for (const Json& hit : reply.data.at("results")) {
    std::string text = hit.at("text").is_null() ? "" : hit.at("text").get<std::string>();
    out += fmt::format("{}{}:{}{}: {}", bold, hit.at("path").get_ref<const std::string&>(),
                       hit.at("line").get<int>(), plain, base::display_line(base::trim(text)));
    if (!hit.at("symbol").is_null())
      out += fmt::format("  ({})", base::display_line(hit.at("symbol").get_ref<const std::string&>()));
    out += '\n';
  }
  return out;
}

}  // namespace

contracts::Action grep_action() {
  contracts::Action action;
  action.name = "grep";
  action.group = "code";
  action.summary = "Find lines by text or regular expression";
  action.description =
      "Lines of the project's files that fit a regular expression (RE2 syntax, within one line), with the "
      "symbol around each. Filters before or behind the pattern: path:PART (or a glob), lang:NAME, sym:PART "
      "(only inside definitions of such a name). Files are read as they are now; ignored, binary and secret "
      "files are left out.";
  action.params = {
      {.name = "pattern",
       .kind = ParamKind::text,
       .help = "Regular expression, with filters before or behind it",
       .required = true,
       .positional = true},
      {.name = "literal",
       .kind = ParamKind::boolean,
       .help = "The pattern is text, not an expression",
       .fallback = false},
      {.name = "ignore-case",
       .kind = ParamKind::boolean,
       .help = "Capital and small letters are the same",
       .fallback = false},
      {.name = "limit",
       .kind = ParamKind::integer,
       .help = "Most lines",
       .fallback = default_limit,
       .minimum = 1,
       .maximum = most_results},
  };
  action.examples = {
      {"mira grep \"retry(_\\w+)?\\(\"", "calls and definitions of retry functions"},
      {"mira grep --literal \"a[i]++\" --json", "a text with signs that expressions give a meaning"},
      {"mira grep \"path:src/net lang:c sym:connect errno\"", "only in such definitions"},
  };
  action.data_shape =
      R"({"results":[{"path":"src/a.c","line":10,"column":3,"text":"  retry(x);","symbol":"run"}],  // by path
   "matches":1,"files_read":120})";
  action.handle = handle;
  action.render = render;
  return action;
}

}  // namespace mira::code

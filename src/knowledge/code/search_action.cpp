#include "knowledge/code/search_action.h"

#include <fmt/format.h>

#include <cmath>

#include "knowledge/code/search.h"
#include "knowledge/code/search_text.h"
#include "platform/base/text.h"

namespace mira::code {
namespace {

using contracts::Call;
using contracts::Json;
using contracts::ParamKind;
using contracts::Reply;

constexpr int default_limit = 10, most_results = 1000;
constexpr std::size_t results_with_snippet = 20;
constexpr int snippet_lines = 3;
constexpr double score_digits = 1000.0;  // scores are shown to three digits

Json result_json(const SearchHit& hit) {
  return {{"path", base::display_line(hit.path)},
          {"start_line", hit.start_line},
          {"end_line", hit.end_line},
          {"symbol", hit.symbol.empty() ? Json(nullptr) : Json(base::repair_utf8(hit.symbol))},
          {"kind", hit.kind.empty() ? Json(nullptr) : Json(hit.kind)},
          {"score", std::round(hit.score * score_digits) / score_digits},
          {"why", base::repair_utf8(hit.why)}};
}

void add_snippets(Call& call, const TypedQuery& query, const std::vector<SearchHit>& hits, ShownTexts& texts,
                  Reply& reply) {
  LineReader reader(*call.session, texts);
  std::vector<std::string> words;
  words.reserve(query.words.size());
  for (const QueryWord& word : query.words) words.push_back(word.text);
  std::vector<std::string> gone;
  for (std::size_t i = 0; i < hits.size() && i < results_with_snippet; ++i) {
    const SearchHit& hit = hits[i];
    auto lines = reader.telling_lines(hit.path, hit.start_line, hit.end_line, words, snippet_lines);
    reply.data["results"][i]["snippet"] = lines ? Json(*lines) : Json(nullptr);
    if (!lines) gone.push_back(base::display_line(hit.path));
  }
  if (!gone.empty()) {
    reply.notes.push_back(fmt::format("could not be read just now: {}", base::join(gone, ", ")));
  }
}

void add_notes(const TypedQuery& query, const SearchAnswer& answer, Reply& reply) {
  for (const std::string& symbol : answer.not_defined) {
    reply.notes.push_back(fmt::format("nothing here defines `{}`; the results only share its words", symbol));
  }
  if (!answer.hits.empty()) return;
  bool empty = query.words.empty() && query.paths.empty();
  reply.notes.push_back(empty ? "the query holds no word to look for"
                              : "no file of this project holds any of the query's words");
}

base::Result<Reply> handle(MeaningSearch& meaning, const contracts::TouchedFiles& history, ShownTexts& texts,
                           Call& call) {
  const auto& text = call.arguments.at("query").get_ref<const std::string&>();
  TypedQuery query = type_query(text);
  SearchOptions options;
  options.limit = call.arguments.at("limit").get<int>();
  call.session->index.set_deadline(call.deadline);
  options.touched = MIRA_TRY(touched_under(*call.session, history, query));
  Reply reply;
  Closeness close = close_to(meaning, *call.session, query, text, call.deadline, reply.notes);
  options.close = &close;
  SearchAnswer answer = MIRA_TRY(search(call.session->index, query, options));
  reply.data["results"] = Json::array();
  for (const SearchHit& hit : answer.hits) reply.data["results"].push_back(result_json(hit));
  add_snippets(call, query, answer.hits, texts, reply);
  add_notes(query, answer, reply);
  return reply;
}

std::string render(const Reply& reply, const contracts::Style& style) {
  std::string_view bold = style.colour ? "\x1b[1m" : "", plain = style.colour ? "\x1b[0m" : "";
  std::string out;
  for (const Json& result : reply.data.at("results")) {
    out += fmt::format("{}{}:{}-{}{}", bold, result.at("path").get_ref<const std::string&>(),
                       result.at("start_line").get<int>(), result.at("end_line").get<int>(), plain);
    if (!result.at("symbol").is_null()) {
      out += fmt::format("  {}", base::display_line(result.at("symbol").get_ref<const std::string&>()));
    }
    out += '\n';
    if (!result.contains("snippet") || !result.at("snippet").is_string()) continue;
    for (std::string_view line : base::split(result.at("snippet").get_ref<const std::string&>(), '\n')) {
      if (!line.empty()) out += fmt::format("    {}\n", base::display_line(line));
    }
  }
  return out;
}

}  // namespace

contracts::Action search_action(std::shared_ptr<MeaningSearch> meaning, contracts::TouchedFiles history) {
  contracts::Action action;
  action.name = "search";
  action.group = "code";
  action.summary = "Find code by symbol, path, error text or description";
  action.description =
      "Ranks chunks of the project (mostly one definition each) for a query: a symbol (`DBImpl::Get`, "
      "`parse_header`), a "
      "path (`src/main.c:42`), an error message, or words that describe what the code does. Tests, examples, "
      "vendored and "
      "generated files rank lower unless the query asks for them. Filters inside the query: path:PART, "
      "lang:NAME, "
      "sym:PART. Finding nothing is an answer, not a failure.";
  action.params = {
      {.name = "query",
       .kind = ParamKind::text,
       .help = "What to look for",
       .required = true,
       .positional = true,
       .reads_stdin = true},
      {.name = "limit",
       .kind = ParamKind::integer,
       .help = "Most results",
       .fallback = default_limit,
       .minimum = 1,
       .maximum = most_results},
  };
  action.examples = {
      {"mira search parse_header", "the definition of a symbol, then where its words stand"},
      {"mira search \"where are connections pooled\" --limit 5 --json", "five places for a description"},
      {"mira search \"retry path:src/net lang:go\"", "only Go files below src/net"},
      {"mira search --stdin --json < issue.txt", "the places an issue text is about"},
  };
  action.data_shape =
      R"({"results":[{"path":"src/a.c","start_line":10,"end_line":42,"symbol":"run",  // or null
   "kind":"function","score":12.3,"why":"defines `run`","snippet":"int run(void) {"}]}  // best first)";
  action.needs = contracts::Needs::fresh;
  action.batch = true;
  action.handle = [meaning = std::move(meaning), history = std::move(history),
                   texts = std::make_shared<ShownTexts>()](Call& call) {
    return handle(*meaning, history, *texts, call);
  };
  action.render = render;
  return action;
}

}  // namespace mira::code

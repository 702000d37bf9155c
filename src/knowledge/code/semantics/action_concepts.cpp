// concepts: all code about a matter. related: what is about the same things as a symbol.
#include <fmt/format.h>

#include <cmath>
#include <set>

#include "knowledge/code/semantics/actions.h"
#include "knowledge/code/semantics/concept_queries.h"
#include "knowledge/code/semantics/refine.h"
#include "platform/base/text.h"

namespace mira::semantics {
namespace {

using contracts::Call;
using contracts::Json;
using contracts::ParamKind;
using contracts::Reply;

constexpr std::size_t words_shown = 4, nearest_told = 5, types_told = 8;

Json words_json(const std::vector<WordEvidence>& words) {
  Json out = Json::array();
  for (std::size_t i = 0; i < words.size() && i < words_shown; ++i)
    out.push_back({{"word", base::repair_utf8(words[i].word)}, {"in", words[i].in}});
  return out;
}

// A model's certainty is its own word, so it is never told as a number.
void tell_purpose(const Purpose& purpose, Json& out) {
  bool is_said = purpose.source == "model";
  out["purpose"] = purpose.text;
  out["purpose_from"] = purpose.source;
  out["purpose_confidence"] = is_said ? Json() : Json(purpose.confidence);
  if (!is_said) return;
  out["purpose_model"] = purpose.model;
  out["purpose_certainty"] = purpose.certainty;
}

base::Result<Json> about_json(Purposes& purposes, const AboutElement& one) {
  Json out{{"name", base::repair_utf8(one.name)},
           {"kind", one.kind},
           {"file", base::display_line(one.path)},
           {"line", one.line},
           {"strength", std::round(one.strength * 1000) / 1000},
           {"words", words_json(one.words)}};
  tell_purpose(MIRA_TRY(purposes.of(one.id)), out);
  return out;
}

// Concepts of the project that begin like a word nobody here uses.
base::Result<std::vector<std::string>> nearest_concepts(store::Connection& index, std::string_view word) {
  constexpr std::size_t start_bytes = 3;
  std::vector<std::string> out;
  std::string start(word.substr(0, start_bytes));
  MIRA_TRY(index.each(
      "SELECT name FROM concepts WHERE substr(name, 1, length(?1)) = ?1 ORDER BY elements DESC, name LIMIT "
      "?2",
      [&](const store::Row& row) { out.emplace_back(row.text(0)); }, start,
      static_cast<std::int64_t>(nearest_told)));
  return out;
}

base::Result<Reply> unknown_concept(store::Connection& index, const AskedConcepts& asked,
                                    const std::string& word) {
  base::Error error{.code = base::ErrorCode::not_found,
                    .message = fmt::format("nothing in this project is named or documented as `{}`",
                                           base::display_line(word))};
  if (!asked.unknown.empty()) error.next = MIRA_TRY(nearest_concepts(index, asked.unknown.front()));
  error.hint = error.next.empty()
                   ? "`mira concepts` lists what the project is about"
                   : "concepts that begin so: " + base::display_line(base::join(error.next, ", "));
  return std::unexpected(std::move(error));
}

base::Result<Reply> list_concepts(Call& call, std::size_t start, std::size_t limit) {
  Reply reply;
  Json& concepts = reply.data["concepts"] = Json::array();
  MIRA_TRY(call.session->index.each(
      "SELECT name, elements, files FROM concepts WHERE elements > 0 ORDER BY elements DESC, name"
      " LIMIT ? OFFSET ?",
      [&](const store::Row& row) {
        concepts.push_back({{"name", base::repair_utf8(row.text(0))},
                            {"elements", row.integer(1)},
                            {"files", row.integer(2)}});
      },
      static_cast<std::int64_t>(limit), static_cast<std::int64_t>(start)));
  auto total = MIRA_TRY(call.session->index.integer("SELECT count(*) FROM concepts WHERE elements > 0"));
  reply.data["total"] = total.value_or(0);
  if (start + limit < static_cast<std::size_t>(total.value_or(0)))
    reply.cursor = std::to_string(start + limit);
  return reply;
}

Json asked_json(const AskedConcepts& asked) {
  Json out = Json::array();
  for (const AskedConcept& one : asked.concepts)
    out.push_back(
        {{"word", base::repair_utf8(one.name)}, {"elements", one.elements}, {"beside", one.beside}});
  return out;
}

base::Result<Reply> handle_concepts(Call& call) {
  std::size_t start = MIRA_TRY(page_start(call.arguments));
  auto limit = call.arguments.at("limit").get<std::size_t>();
  std::string word = argument(call.arguments, "word"), path = argument(call.arguments, "path");
  store::Connection& index = call.session->index;
  index.set_deadline(call.deadline);
  if (word.empty()) return list_concepts(call, start, limit);
  AskedConcepts asked = MIRA_TRY(asked_concepts(index, word));
  std::vector<AboutElement> found = MIRA_TRY(elements_about(index, asked));
  std::erase_if(found, [&](const AboutElement& one) { return !is_path(one.path, path); });
  if (found.empty()) return unknown_concept(index, asked, word);
  Reply reply;
  std::set<std::string> files;
  for (const AboutElement& one : found) files.insert(one.path);
  reply.data = {{"concept", base::repair_utf8(word)},
                {"words", asked_json(asked)},
                {"total", found.size()},
                {"files", files.size()},
                {"symbols", Json::array()}};
  std::size_t end = std::min(found.size(), start + limit);
  Purposes purposes(*call.session);
  for (std::size_t i = start; i < end; ++i)
    reply.data["symbols"].push_back(MIRA_TRY(about_json(purposes, found[i])));
  if (end < found.size()) reply.cursor = std::to_string(end);
  for (const std::string& one : asked.unknown)
    reply.notes.push_back(fmt::format("`{}` is no word of this project", base::display_line(one)));
  return reply;
}

std::string words_line(const Json& words) {
  std::string out;
  for (const Json& one : words)
    out += fmt::format("{}{} ({})", out.empty() ? "" : ", ",
                       base::display_line(one.at("word").get_ref<const std::string&>()),
                       one.at("in").get_ref<const std::string&>());
  return out;
}

// What stands behind a purpose that the code's own words do not say.
std::string whose(const Json& one) {
  if (one.at("purpose_from") == "name") return "  (a reading of its name)";
  if (one.at("purpose_from") != "model") return "";
  return fmt::format("  (the word of {}, certainty {})",
                     base::display_line(one.at("purpose_model").get_ref<const std::string&>()),
                     one.at("purpose_certainty").get_ref<const std::string&>());
}

std::string render_about(const Json& rows) {
  std::string out;
  for (const Json& one : rows) {
    out += fmt::format("{}:{}  {} {}  {:.2f}  {}\n", one.at("file").get_ref<const std::string&>(),
                       one.at("line").get<int>(), one.at("kind").get_ref<const std::string&>(),
                       base::display_line(one.at("name").get_ref<const std::string&>()),
                       one.at("strength").get<double>(), words_line(one.at("words")));
    if (one.at("purpose_from") != "name")
      out += "    " + base::display_line(one.at("purpose").get_ref<const std::string&>()) + whose(one) + "\n";
  }
  return out;
}

std::string render_concepts(const Reply& reply, const contracts::Style&) {
  std::string out;
  if (auto concepts = reply.data.find("concepts"); concepts != reply.data.end()) {
    for (const Json& one : *concepts)
      out += fmt::format("{:<24} {:>6} symbols {:>5} files\n",
                         base::display_line(one.at("name").get_ref<const std::string&>()),
                         one.at("elements").get<std::int64_t>(), one.at("files").get<std::int64_t>());
    return out.empty() ? "No function or type has words of its own.\n" : out;
  }
  return render_about(reply.data.at("symbols"));
}

// Types of the project that a signature names, where a name can mean one type only.
base::Result<Json> used_types(store::Connection& index, const code::Element& element) {
  Json out = Json::array();
  std::set<std::string, std::less<>> seen{element.name};
  for (std::string_view word : base::words(element.signature)) {
    if (out.size() == types_told || !seen.emplace(word).second) continue;
    std::vector<Json> types;
    MIRA_TRY(index.each(
        "SELECT e.qualified_name, e.kind, f.path, e.name_line FROM code_elements e JOIN repository_files f"
        " USING(file_id) WHERE e.name = ? AND e.is_declaration = 0 AND e.kind IN ('class', 'struct', 'union',"
        " 'enum', 'interface', 'trait', 'type') LIMIT 2",
        [&](const store::Row& row) {
          types.push_back({{"name", base::repair_utf8(row.text(0))},
                           {"kind", std::string(row.text(1))},
                           {"file", base::display_line(row.text(2))},
                           {"line", row.integer(3)}});
        },
        std::string(word)));
    if (types.size() == 1) out.push_back(std::move(types.front()));
  }
  return out;
}

base::Result<Reply> handle_related(Call& call) {
  bool ambiguous = false;
  std::vector<code::Element> elements = MIRA_TRY(code::asked_elements(call, ambiguous));
  if (ambiguous) return code::candidates_reply(argument(call.arguments, "symbol"), elements);
  store::Connection& index = call.session->index;
  const code::Element* one = &elements.front();
  for (const code::Element& other : elements)
    if (one->declaration && !other.declaration) one = &other;
  Purposes purposes(*call.session);
  Reply reply;
  reply.data = code::element_json(*one);
  tell_purpose(MIRA_TRY(purposes.of(one->id)), reply.data);
  ClusterOfFile cluster = MIRA_TRY(cluster_of(index, one->path));
  reply.data["cluster"] = cluster.id == 0 ? Json() : Json(base::repair_utf8(cluster.name));
  reply.data["uses_types"] = MIRA_TRY(used_types(index, *one));
  reply.data["similar"] = Json::array();
  auto limit = call.arguments.at("limit").get<std::size_t>();
  for (const AboutElement& like : MIRA_TRY(elements_like(index, one->id, limit)))
    reply.data["similar"].push_back(MIRA_TRY(about_json(purposes, like)));
  return reply;
}

std::string render_related(const Reply& reply, const contracts::Style&) {
  if (reply.data.contains("candidates")) return code::render_candidates(reply.data);
  const Json& data = reply.data;
  std::string out =
      fmt::format("{}:{}  {} {}\n    {}{}\n", data.at("file").get_ref<const std::string&>(),
                  data.at("line").get<int>(), data.at("kind").get_ref<const std::string&>(),
                  base::display_line(data.at("name").get_ref<const std::string&>()),
                  base::display_line(data.at("purpose").get_ref<const std::string&>()), whose(data));
  if (!data.at("cluster").is_null())
    out += "    in " + base::display_line(data.at("cluster").get_ref<const std::string&>()) + "\n";
  for (const Json& type : data.at("uses_types"))
    out +=
        fmt::format("    uses {}  {}:{}\n", base::display_line(type.at("name").get_ref<const std::string&>()),
                    type.at("file").get_ref<const std::string&>(), type.at("line").get<int>());
  return out + render_about(data.at("similar"));
}

}  // namespace

contracts::Action concepts_action() {
  contracts::Action action;
  action.name = "concepts";
  action.group = "code";
  action.summary = "All code about a matter: authentication, retry, parsing";
  action.description =
      "Functions and types whose name, documentation, scope, file or called packages speak of it, forms of a "
      "word taken together. Words of the same matter (login for authentication) widen the answer, count less "
      "and are named. Without a word: what the project is about. Tests, examples, vendored and generated "
      "code "
      "are left out.";
  action.params = {
      {.name = "word", .kind = ParamKind::text, .help = "A word, or several", .positional = true},
      {.name = "path", .kind = ParamKind::text, .help = "Only in this file or folder"}};
  for (contracts::Param& one : page_params(20)) action.params.push_back(std::move(one));
  action.examples = {{"mira concepts", "what the project is about"},
                     {"mira concepts authentication", "the code that deals with it"}};
  action.data_shape =
      R"j({"concept":"authentication","words":[{"word":"login","elements":4,"beside":true}],"total":4,"files":2,)j"
      R"j("symbols":[{"name":"login_user","kind":"function","file":"auth.py","line":3,"strength":0.32,)j"
      R"j("words":[{"word":"login","in":"name, doc"}],"purpose":"Opens a session.","purpose_from":"doc",)j"
      R"j("purpose_confidence":0.9}]} or {"concepts":[{"name":"session","elements":9,"files":3}],"total":80})j";
  action.handle = handle_concepts;
  action.render = render_concepts;
  return action;
}

contracts::Action related_action() {
  contracts::Action action;
  action.name = "related";
  action.group = "code";
  action.summary = "What a symbol is for, and what else is about the same things";
  action.description =
      "Its purpose (from its documentation, the word of a model where `refine` asked one, or a reading of "
      "its "
      "name, and it says which), the domain its file "
      "belongs to, the types its signature uses, and the symbols that share most of its words, with the "
      "words. "
      "Who calls it: `callers`.";
  action.params = code::symbol_params(10);
  std::erase_if(action.params, [](const contracts::Param& one) { return one.name == "cursor"; });
  action.examples = {{"mira related Session.close", "what else closes or keeps sessions"}};
  action.data_shape =
      R"j({"name":"login_user","kind":"function","file":"auth.py","line":3,"purpose":"Opens a session.",)j"
      R"j("purpose_from":"doc","purpose_confidence":0.9,"cluster":"session login","uses_types":[{"name":"User",)j"
      R"j("kind":"class","file":"user.py","line":1}],"similar":[{"name":"logout_user","strength":0.41,)j"
      R"j("words":[{"word":"session","in":"doc"}]}]} or {"ambiguous":true,"candidates":[]})j";
  action.handle = handle_related;
  action.render = render_related;
  return action;
}

}  // namespace mira::semantics

#include "knowledge/code/actions.h"

#include <fmt/format.h>

#include <charconv>

#include "platform/base/text.h"

namespace mira::code {

using contracts::Json;
using contracts::ParamKind;
using contracts::Reply;

namespace {

constexpr std::size_t candidates_told = 30;

std::string argument(const Json& arguments, const char* name) {
  auto at = arguments.find(name);
  return at != arguments.end() && at->is_string() ? at->get<std::string>() : std::string();
}

}  // namespace

Json element_json(const Element& element) {
  return {{"name", base::repair_utf8(element.qualified)},
          {"kind", element.kind},
          {"file", base::display_line(element.path)},
          {"line", element.line}};
}

base::Result<std::vector<Element>> asked_elements(contracts::Call& call, bool& ambiguous) {
  ElementFilter filter{.name = argument(call.arguments, "symbol"),
                       .file = argument(call.arguments, "file"),
                       .kind = argument(call.arguments, "kind")};
  call.session->index.set_deadline(call.deadline);
  std::vector<Element> elements = MIRA_TRY(find_elements(call.session->index, filter));
  ambiguous = elements.size() > 1 && !are_one_thing(elements);
  if (!elements.empty() && !ambiguous && !filter.file.empty())
    return with_twins(call.session->index, std::move(elements));
  if (!elements.empty()) return elements;
  base::Error error{.code = base::ErrorCode::not_found,
                    .message = fmt::format("no symbol `{}` in this project", base::display_line(filter.name)),
                    .next = MIRA_TRY(nearest_names(call.session->index, filter.name))};
  if (!filter.file.empty()) error.message += fmt::format(" in a file `{}`", base::display_line(filter.file));
  error.hint = error.next.empty()
                   ? "`mira search` finds code by words"
                   : "did you mean one of: " + base::display_line(base::join(error.next, ", "));
  return std::unexpected(std::move(error));
}

Reply candidates_reply(std::string_view name, const std::vector<Element>& candidates) {
  Reply reply;
  reply.data = {{"ambiguous", true}, {"name", base::repair_utf8(name)}, {"total", candidates.size()}};
  reply.data["candidates"] = Json::array();
  for (std::size_t i = 0; i < candidates.size() && i < candidates_told; ++i)
    reply.data["candidates"].push_back(element_json(candidates[i]));
  reply.notes.push_back(
      fmt::format("`{}` means {} different things here: name one by its qualified name or --file",
                  base::display_line(name), candidates.size()));
  return reply;
}

std::string render_candidates(const Json& data) {
  std::string out;
  for (const Json& one : data.at("candidates"))
    out += fmt::format("{}:{}  {} {}\n", one.at("file").get_ref<const std::string&>(),
                       one.at("line").get<int>(), one.at("kind").get_ref<const std::string&>(),
                       base::display_line(one.at("name").get_ref<const std::string&>()));
  return out;
}

std::vector<contracts::Param> page_params(std::int64_t default_limit) {
  return {{.name = "limit",
           .kind = ParamKind::integer,
           .help = "Most rows of a page",
           .fallback = default_limit,
           .minimum = 1,
           .maximum = 10'000},
          {.name = "cursor",
           .kind = ParamKind::text,
           .help = "Where the next page starts, as the last reply said"}};
}

std::vector<contracts::Param> symbol_params(std::int64_t default_limit) {
  std::vector<contracts::Param> out{
      {.name = "symbol",
       .kind = ParamKind::text,
       .help = "Name of the symbol, as far qualified as needed: get, DBImpl::Get, app.Flask.run",
       .required = true,
       .positional = true},
      {.name = "file", .kind = ParamKind::text, .help = "Only a symbol of this file (path or its end)"}};
  for (contracts::Param& one : page_params(default_limit)) out.push_back(std::move(one));
  return out;
}

base::Result<std::size_t> page_start(const Json& arguments) {
  std::string cursor = argument(arguments, "cursor");
  if (cursor.empty()) return std::size_t{0};
  std::size_t start = 0;
  auto [end, error] = std::from_chars(cursor.data(), cursor.data() + cursor.size(), start);
  if (error != std::errc() || end != cursor.data() + cursor.size())
    return base::fail(base::ErrorCode::usage, "the cursor is not one that a reply gave",
                      "leave --cursor out to start at the first page");
  return start;
}

}  // namespace mira::code

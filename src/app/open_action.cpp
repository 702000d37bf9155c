#include <fmt/format.h>

#include <charconv>

#include "app/actions.h"
#include "app/local_host.h"
#include "platform/base/limits.h"
#include "platform/base/text.h"
#include "platform/guard/foreign_text.h"
#include "platform/guard/secrets.h"
#include "platform/workspace/read_file.h"

namespace mira::app {
namespace {

using base::ErrorCode;
using base::Result;
using contracts::Call;
using contracts::Json;
using contracts::Reply;

constexpr int page_lines = 400;

// What an id names: lines of a file (0: from the start, to the end).
struct Wanted {
  std::string path;
  int first = 0, last = 0;
  std::string symbol = {};  // the definition that the lines are, "" for a plain file
};

int number_from(std::string_view text) {
  int number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? number : 0;
}

// "src/a.c:10-42@1a2b3c4d5e6f (uncommitted)", "src/a.c:10" or "src/a.c".
Wanted read_citation(std::string_view id) {
  if (std::size_t remark = id.find(" ("); remark != std::string_view::npos) id = id.substr(0, remark);
  std::size_t colon = id.rfind(':');
  if (colon == std::string_view::npos) return {.path = std::string(id)};
  std::string_view lines = id.substr(colon + 1);
  lines = lines.substr(0, lines.find('@'));
  std::size_t dash = lines.find('-');
  int first = number_from(lines.substr(0, dash));
  int last = dash == std::string_view::npos ? first : number_from(lines.substr(dash + 1));
  if (first <= 0 || last < first) return {.path = std::string(id)};
  return {.path = std::string(id.substr(0, colon)), .first = first, .last = last};
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    bool escape = text[i] == '%' && i + 2 < text.size();
    int high = escape ? hex_digit(text[i + 1]) : -1, low = escape ? hex_digit(text[i + 2]) : -1;
    if (high < 0 || low < 0) {
      out += text[i];
      continue;
    }
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

// Runs another action in this one's session.
Result<Reply> ask(Call& call, std::string_view name, const Json& arguments) {
  const contracts::Action* action = call.registry.find(name);
  if (action == nullptr)
    return base::fail(ErrorCode::not_found, fmt::format("this program has no \"{}\"", name));
  Call inner = call;
  inner.arguments = MIRA_TRY(contracts::check_arguments(*action, arguments));
  return action->handle(inner);
}

// Of a definition and its declarations, the definition.
const Json* the_definition(const Json& symbols) {
  const Json* found = nullptr;
  for (const Json& symbol : symbols) {
    bool has_body = symbol["end_line"].get<int>() > symbol["line"].get<int>();
    if (has_body && found != nullptr) return nullptr;
    if (has_body) found = &symbol;
  }
  return symbols.size() == 1 ? &symbols[0] : found;
}

Result<Wanted> find_symbol(Call& call, const std::string& name) {
  Reply reply = MIRA_TRY(ask(call, "symbols", {{"name", name}}));
  const Json& symbols = reply.data["symbols"];
  const Json* symbol = the_definition(symbols);
  if (symbol == nullptr) {
    base::Error error{ErrorCode::not_found,
                      fmt::format("\"{}\" is not the name of one definition", base::display_line(name)),
                      "open one of its places",
                      {}};
    for (const Json& one : symbols)
      error.next.push_back(fmt::format("{}:{}-{}", one["file"].get<std::string>(), one["line"].get<int>(),
                                       one["end_line"].get<int>()));
    return std::unexpected(std::move(error));
  }
  return Wanted{(*symbol)["file"].get<std::string>(), (*symbol)["line"].get<int>(),
                (*symbol)["end_line"].get<int>(), (*symbol)["name"].get<std::string>()};
}

Result<Wanted> find_wanted(Call& call, const std::string& id) {
  constexpr std::string_view file = "mira://file/", symbol = "mira://symbol/";
  if (id.starts_with(symbol)) return find_symbol(call, percent_decoded(id.substr(symbol.size())));
  if (id.starts_with(file)) return read_citation(percent_decoded(id.substr(file.size())));
  if (id.find("://") != std::string::npos)
    return base::fail(ErrorCode::usage, "this URI is not one of Mira's",
                      "use mira://file/PATH, mira://symbol/NAME, a path or a citation");
  return read_citation(id);
}

Result<std::string> read_text(contracts::Session& session, const std::string& path) {
  if (guard::is_secret_file(path))
    return base::fail(ErrorCode::unavailable, "this file holds credentials by its name: it is not shown");
  auto file = MIRA_TRY(workspace::read_file(session.project.root, path, limits::file_bytes));
  if (workspace::looks_binary(file.bytes))
    return base::fail(ErrorCode::unavailable, base::display_line(path) + " is not text");
  return guard::neutralise(guard::mask_secrets(base::repair_utf8(file.bytes)));
}

Result<Reply> handle(Call& call) {
  Wanted wanted = MIRA_TRY(find_wanted(call, call.arguments["id"].get<std::string>()));
  if (wanted.path.empty())
    return base::fail(ErrorCode::usage, "nothing is named that could be opened",
                      "give a path, a citation or a mira:// URI");
  std::string text = MIRA_TRY(read_text(*call.session, wanted.path));
  auto lines = base::split(text, '\n');
  if (!lines.empty() && lines.back().empty()) lines.pop_back();
  int total = static_cast<int>(lines.size());
  int first = std::max(1, wanted.first), last = wanted.last > 0 ? std::min(wanted.last, total) : total;
  if (call.arguments["cursor"].is_string())
    first = std::max(first, number_from(call.arguments["cursor"].get<std::string>()));
  int shown = std::min(last, first + page_lines - 1);
  std::string part;
  for (int line = first; line <= shown; ++line)
    part += std::string(base::truncate_utf8(lines[static_cast<std::size_t>(line) - 1], limits::line_bytes)) +
            "\n";
  Json piece{{"path", base::display_line(wanted.path)},
             {"start_line", first},
             {"end_line", shown},
             {"total_lines", total},
             {"symbol", wanted.symbol.empty() ? Json() : Json(wanted.symbol)},
             {"trust", contracts::trust_name(contracts::Trust::project)},
             {"text", std::move(part)}};
  Reply reply{.data = {{"pieces", Json::array({std::move(piece)})}}};
  if (shown < last) reply.cursor = std::to_string(shown + 1);
  return reply;
}

std::string render(const Reply& reply, const contracts::Style&) {
  const Json& piece = reply.data["pieces"][0];
  std::string out =
      fmt::format("{}:{}-{} of {} lines\n", piece["path"].get<std::string>(), piece["start_line"].get<int>(),
                  piece["end_line"].get<int>(), piece["total_lines"].get<int>());
  return out + piece["text"].get<std::string>();
}

}  // namespace

contracts::Action open_action() {
  return {
      .name = "open",
      .group = "context",
      .summary = "The text behind a citation, a path or a mira:// URI",
      .description =
          "Reads the file as it is on disk now, with secrets masked. Long texts come in pages of 400 "
          "lines.",
      .params = {{.name = "id",
                  .help = "src/a.c:10-42 as citations say it, a path, mira://file/PATH or mira://symbol/NAME",
                  .required = true,
                  .positional = true},
                 {.name = "cursor", .help = "Where the next page starts, as the last reply said"}},
      .examples = {{"mira open src/server.c:10-42", "the lines of a citation"},
                   {"mira open mira://symbol/parse_header", "a definition by name"}},
      .data_shape =
          R"({"pieces": [{"path": "src/a.c", "start_line": 10, "end_line": 42, "total_lines": 900, "symbol": null,
  "trust": "project", "text": "..."}]})",
      .needs = contracts::Needs::fresh,
      .handle = handle,
      .render = render,
  };
}

}  // namespace mira::app

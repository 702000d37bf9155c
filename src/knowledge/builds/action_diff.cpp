#include <fmt/format.h>

#include <fstream>
#include <unordered_map>

#include "knowledge/builds/action_build.h"
#include "knowledge/builds/log_lines.h"
#include "knowledge/builds/message_template.h"
#include "knowledge/builds/recall.h"
#include "knowledge/builds/run_build.h"
#include "platform/base/text.h"
#include "platform/guard/foreign_text.h"

namespace mira::builds {
namespace {

using base::ErrorCode;
using base::Result;
using contracts::Action;
using contracts::Call;
using contracts::Json;
using contracts::ParamKind;
using contracts::Reply;

constexpr std::size_t shown_line_bytes = 500;

// Calls line(template, text, number) for each line of a kept log.
template <class OnLine>
void each_line(const std::filesystem::path& file, OnLine&& on_line) {
  std::ifstream in(file, std::ios::binary);
  LogLines lines;
  const auto visit = [&](const Line& line) {
    if (!line.text.empty()) on_line(template_with_names(line.text.substr(0, 4096)), line.text, line.number);
  };
  std::string buffer(256 << 10, '\0');
  while (in.read(buffer.data(), static_cast<std::streamsize>(buffer.size())) || in.gcount() > 0)
    lines.feed(std::string_view(buffer).substr(0, static_cast<std::size_t>(in.gcount())), visit);
  lines.finish(visit);
}

using Templates = std::unordered_map<std::string, std::int64_t>;
Templates templates_of(const std::filesystem::path& file) {
  Templates out;
  each_line(file, [&](std::string key, std::string_view, std::int64_t) { ++out[std::move(key)]; });
  return out;
}

// Lines of `file` whose template the other log has not (as often).
Json lines_without(const std::filesystem::path& file, Templates other, std::size_t limit,
                   std::int64_t& count) {
  Json out = Json::array();
  each_line(file, [&](const std::string& key, std::string_view text, std::int64_t number) {
    if (const auto at = other.find(key); at != other.end() && at->second-- > 0) return;
    if (++count <= static_cast<std::int64_t>(limit))
      out.push_back(
          {{"line", number}, {"text", guard::neutralise(base::truncate_utf8(text, shown_line_bytes))}});
  });
  return out;
}

Result<RunRow> red_run(Call& call) {
  if (const Json& given = call.arguments.at("run"); given.is_number_integer()) {
    auto run = MIRA_TRY(find_run(*call.session, given.get<std::int64_t>()));
    if (run) return *std::move(run);
    return base::fail(ErrorCode::not_found,
                      fmt::format("No run {} is known in this project.", given.get<std::int64_t>()),
                      "mira build runs lists them.");
  }
  for (RunRow& run : MIRA_TRY(recent_runs(*call.session, 100))) {
    if (run.state == "failed") return std::move(run);
  }
  return base::fail(ErrorCode::not_found, "No failed run is known in this project.",
                    "mira build run -- COMMAND");
}

Result<Reply> diff(Call& call) {
  const RunRow red = MIRA_TRY(red_run(call));
  const auto green = MIRA_TRY(last_green(*call.session, red));
  if (!green)
    return base::fail(ErrorCode::not_found,
                      "This command was never green before that run, so there is nothing to compare with.",
                      "mira build failing tells its errors.");
  const auto folder = builds_folder(*call.session);
  const auto limit = static_cast<std::size_t>(call.arguments.at("limit").get<std::int64_t>());
  std::int64_t fresh = 0, missing = 0;
  Json added = lines_without(folder / red.log_file, templates_of(folder / green->log_file), limit, fresh);
  Json gone = lines_without(folder / green->log_file, templates_of(folder / red.log_file), limit, missing);
  return Reply{.data = {{"red_run", red.run_id},
                        {"green_run", green->run_id},
                        {"new_count", fresh},
                        {"missing_count", missing},
                        {"new", added},
                        {"missing", gone}}};
}

std::string render(const Reply& reply, const contracts::Style&) {
  const Json& data = reply.data;
  std::string out =
      fmt::format("run {} against run {}, the last green one\n", data.at("red_run").get<std::int64_t>(),
                  data.at("green_run").get<std::int64_t>());
  for (const auto& [field, mark] : {std::pair{"new", '+'}, std::pair{"missing", '-'}}) {
    for (const Json& line : data.at(field))
      out += fmt::format("{} {:>6}  {}\n", mark, line.at("line").get<std::int64_t>(),
                         line.at("text").get<std::string>());
    const std::int64_t left = data.at(std::string(field) + "_count").get<std::int64_t>() -
                              static_cast<std::int64_t>(data.at(field).size());
    if (left > 0) out += fmt::format("{} and {} more lines\n", mark, left);
  }
  return out;
}

}  // namespace

Action build_diff_action() {
  Action action;
  action.name = "build diff";
  action.group = "builds";
  action.summary = "Lines of a failed run's log that the last green run did not have";
  action.description =
      "Compares the kept logs of a failed run and of the last green run of the same command, line by line, "
      "with numbers, paths, times and hashes masked.";
  action.params = {{.name = "run",
                    .kind = ParamKind::integer,
                    .help = "a failed run; default: the last one",
                    .positional = true,
                    .minimum = 1},
                   {.name = "limit",
                    .kind = ParamKind::integer,
                    .help = "lines of each side at most",
                    .fallback = 60,
                    .minimum = 1,
                    .maximum = 100'000}};
  action.examples = {{"mira build diff", "the last failed run"}};
  action.data_shape =
      R"({"red_run": 17, "green_run": 16, "new_count": 2, "missing_count": 0, "new": [{"line": 12, "text": "..."}], "missing": []})";
  action.needs = contracts::Needs::project;
  action.handle = diff;
  action.render = render;
  return action;
}

}  // namespace mira::builds

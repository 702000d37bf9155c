#include "knowledge/builds/json_lines.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ranges>

#include "knowledge/builds/report.h"
#include "knowledge/builds/report_json.h"

namespace mira::builds {
namespace {

using nlohmann::json;

constexpr std::size_t most_held_bytes = 8 << 20;

std::string text_of(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// Most lines of JSON are of other programs: only what may be of these tools is parsed.
bool may_be(std::string_view line) {
  if (line.size() < 8 || (line[0] != '{' && line[0] != '[')) return false;
  if (line.back() != '}' && line.back() != ']') return false;
  for (const std::string_view word :
       {"\"Action\":", "\"message\":", "\"reason\":", "\"rendered\":", "\"runs\":"}) {
    if (line.contains(word)) return true;
  }
  return false;
}

// {"Action":"output","Package":"p","Test":"TestA","Output":"--- FAIL: TestA (0.00s)\n"}, and since 1.24
// {"ImportPath":"p","Action":"build-output","Output":"..."}
std::optional<JsonLine> go_event(const json& event) {
  const std::string action = text_of(event, "Action");
  const std::string package = text_of(event, "Package"), import = text_of(event, "ImportPath");
  if (action.empty() || (package.empty() && import.empty())) return std::nullopt;
  JsonLine out{.text = text_of(event, "Output"), .stream = package.empty() ? import : package};
  const bool over = action == "pass" || action == "fail" || action == "skip" || action == "build-fail";
  out.ends_stream = over && !event.contains("Test");
  return out;
}

// {"$message_type":"diagnostic","rendered":"error[E0425]: ..."}, or within {"reason":"compiler-message"}
std::optional<JsonLine> rust_message(const json& event) {
  const bool cargo = event.contains("reason") && event.contains("package_id");
  const auto message = event.find("message");
  const json& told = cargo && message != event.end() && message->is_object() ? *message : event;
  std::string text = text_of(told, "rendered");
  if (text.empty() && !cargo && text_of(event, "reason") != "build-finished") return std::nullopt;
  JsonLine out;
  strip_escapes(text, out.text);
  return out;
}

// What is a finding of a tool; the tests of a runner are told by its text too, and left to it.
std::optional<JsonLine> finding(std::string_view line, const json& document) {
  auto report = document.is_object() && !document.contains("runs") ? read_json_report(json::array({document}))
                                                                   : read_report(line);
  if (!report || report->records.empty() ||
      std::ranges::any_of(report->records, [](const Record& one) { return !one.test.empty(); }))
    return std::nullopt;
  return JsonLine{.found = std::move(report->records)};
}

}  // namespace

std::optional<JsonLine> read_json_line(std::string_view line) {
  if (!may_be(line)) return std::nullopt;
  const auto document = bounded_json(line);
  if (!document) return std::nullopt;
  if (document->is_object()) {
    if (auto read = go_event(*document)) return read;
    if (auto read = rust_message(*document)) return read;
  }
  return finding(line, *document);
}

void JsonStreams::add(const JsonLine& one, const Line& line, const OnLine& on_line) {
  Stream& stream = streams_[one.stream];
  std::string_view rest = one.text;
  held_bytes_ += rest.size();
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    if (!stream.open) stream.lines.push_back({.text = {}, .line = line});
    stream.lines.back().text += rest.substr(0, end);
    stream.open = end == rest.size();
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  if (one.stream.empty() || one.ends_stream)
    return end(std::move(streams_.extract(one.stream).mapped()), on_line);
  if (held_bytes_ > most_held_bytes) finish(on_line);
}

void JsonStreams::end(Stream&& stream, const OnLine& on_line) {
  for (Held& one : stream.lines) {
    held_bytes_ -= std::min(held_bytes_, one.text.size());
    one.line.text = one.text;
    on_line(one.line);
  }
}

void JsonStreams::finish(const OnLine& on_line) {
  for (Stream& stream : std::views::values(streams_)) end(std::move(stream), on_line);
  streams_.clear();
  held_bytes_ = 0;
}

}  // namespace mira::builds

#include "knowledge/builds/report.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "knowledge/builds/report_json.h"
#include "knowledge/builds/report_xml.h"
#include "platform/base/text.h"

namespace mira::builds {
namespace {

using nlohmann::json;

const json& at(const json& from, const char* name) {
  static const json nothing;
  if (!from.is_object()) return nothing;
  const auto found = from.find(name);
  return found == from.end() ? nothing : *found;
}
const json& first(const json& list) {
  static const json nothing;
  return list.is_array() && !list.empty() ? list.front() : nothing;
}
std::string text(const json& value) {
  return value.is_string() ? value.get<std::string>() : std::string();
}
int number(const json& value) {
  if (!value.is_number_integer()) return 0;
  const auto wide = value.get<std::int64_t>();
  return wide > 0 && wide < INT32_MAX ? static_cast<int>(wide) : 0;
}

std::string path_of_uri(std::string uri) {
  for (const std::string_view scheme : {"file://", "file:"}) {
    if (uri.starts_with(scheme)) return uri.substr(scheme.size());
  }
  return uri;
}

struct SarifPlace {
  std::string file;
  int line, column, end_line, end_column;
};
SarifPlace sarif_place(const json& location) {
  const json& physical = at(location, "physicalLocation");
  const json& region = at(physical, "region");
  return {path_of_uri(text(at(at(physical, "artifactLocation"), "uri"))), number(at(region, "startLine")),
          number(at(region, "startColumn")), number(at(region, "endLine")), number(at(region, "endColumn"))};
}

void add_sarif_result(const json& result, const std::string& tool, std::vector<Record>& out) {
  const std::string level = text(at(result, "level"));
  if (level == "none" || level == "note") return;
  const SarifPlace place = sarif_place(first(at(result, "locations")));
  Record record{.tool = tool,
                .severity = level == "error" ? Severity::error : Severity::warning,
                .code = text(at(result, "ruleId")),
                .message = text(at(at(result, "message"), "text")),
                .file = place.file,
                .line = place.line,
                .column = place.column,
                .end_line = place.end_line,
                .end_column = place.end_column};
  for (const json& related : at(result, "relatedLocations")) {
    const SarifPlace other = sarif_place(related);
    if (record.notes.size() < most_notes)
      record.notes.push_back(
          {text(at(at(related, "message"), "text")), other.file, other.line, other.column});
  }
  out.push_back(std::move(record));
}

std::optional<Report> sarif(const json& document) {
  const json& runs = at(document, "runs");
  if (!runs.is_array()) return std::nullopt;
  Report out{.format = "sarif"};
  for (const json& run : runs) {
    const std::string tool = base::to_lower(text(at(at(at(run, "tool"), "driver"), "name")));
    for (const json& result : at(run, "results"))
      add_sarif_result(result, tool.empty() ? "sarif" : tool, out.records);
    for (const json& invocation : at(run, "invocations"))
      out.says_failed = out.says_failed || at(invocation, "executionSuccessful") == json(false);
  }
  return out;
}

// [{"filePath": "...", "messages": [{"ruleId", "severity": 2, "message", "line", "column"}]}]
void add_eslint_file(const json& file, std::vector<Record>& out) {
  for (const json& message : at(file, "messages")) {
    const bool error = number(at(message, "severity")) == 2 || at(message, "fatal") == json(true);
    out.push_back({.tool = "eslint",
                   .severity = error ? Severity::error : Severity::warning,
                   .code = text(at(message, "ruleId")),
                   .message = text(at(message, "message")),
                   .file = text(at(file, "filePath")),
                   .line = number(at(message, "line")),
                   .column = number(at(message, "column")),
                   .end_line = number(at(message, "endLine")),
                   .end_column = number(at(message, "endColumn"))});
  }
}

// [{"kind": "error", "message", "option", "locations": [{"caret": {...}}], "children": [...]}]
void add_gcc_diagnostic(const json& one, std::vector<Record>& out) {
  const json& caret = at(first(at(one, "locations")), "caret");
  const std::string kind = text(at(one, "kind"));
  const Note place{text(at(one, "message")), text(at(caret, "file")), number(at(caret, "line")),
                   number(at(caret, "column"))};
  if (kind == "note") {
    if (!out.empty() && out.back().notes.size() < most_notes) out.back().notes.push_back(place);
    return;
  }
  Record record{.tool = "gcc",
                .severity = kind == "warning" ? Severity::warning : Severity::error,
                .code = text(at(one, "option")),
                .message = place.message,
                .file = place.file,
                .line = place.line,
                .column = place.column};
  for (const json& child : at(one, "children")) {
    const json& where = at(first(at(child, "locations")), "caret");
    if (record.notes.size() < most_notes)
      record.notes.push_back({text(at(child, "message")), text(at(where, "file")), number(at(where, "line")),
                              number(at(where, "column"))});
  }
  out.push_back(std::move(record));
}

std::optional<Report> list(const json& document) {
  const json& head = first(document);
  const bool eslint = at(head, "messages").is_array() && at(head, "filePath").is_string();
  const bool gcc = at(head, "kind").is_string() && at(head, "locations").is_array();
  if (!eslint && !gcc) return std::nullopt;
  Report out{.format = eslint ? "eslint" : "gcc"};
  for (const json& one : document)
    eslint ? add_eslint_file(one, out.records) : add_gcc_diagnostic(one, out.records);
  return out;
}

}  // namespace

bool may_be_report(std::string_view beginning) {
  if (beginning.starts_with("\xef\xbb\xbf")) beginning.remove_prefix(3);
  const std::size_t first_byte = beginning.find_first_not_of(" \t\r\n");
  if (first_byte == std::string_view::npos) return false;
  const std::string_view start = beginning.substr(first_byte, 256);
  if (start.starts_with("<?xml") || start.starts_with("<checkstyle") || start.starts_with("<testsuite"))
    return true;
  return start.starts_with("{\"") || start.starts_with("{\n") || start.starts_with("{\r\n") ||
         start.starts_with("[{") || start.starts_with("[\n");
}

std::optional<Report> read_report(std::string_view bytes) {
  const std::size_t start = bytes.find_first_of("<{[");
  if (start == std::string_view::npos || bytes.size() > most_report_bytes) return std::nullopt;
  if (bytes[start] == '<') return read_xml_report(bytes.substr(start));
  const auto document = bounded_json(bytes.substr(start));
  if (!document) return std::nullopt;
  auto report = document->is_array() ? list(*document) : sarif(*document);
  return report ? report : read_json_report(*document);
}

}  // namespace mira::builds

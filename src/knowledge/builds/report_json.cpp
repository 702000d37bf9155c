#include "knowledge/builds/report_json.h"

#include <array>
#include <nlohmann/json.hpp>

#include "knowledge/builds/scan.h"
#include "knowledge/builds/shapes.h"
#include "platform/base/limits.h"

namespace mira::builds {
namespace {

using nlohmann::json;

// "location.row" below `from`; null where a step is missing.
const json& at(const json& from, std::string_view path) {
  static const json nothing;
  const json* here = &from;
  while (!path.empty()) {
    const std::size_t dot = path.find('.');
    const auto next = here->is_object() ? here->find(path.substr(0, dot)) : here->end();
    if (!here->is_object() || next == here->end()) return nothing;
    here = &*next;
    path = dot == std::string_view::npos ? std::string_view{} : path.substr(dot + 1);
  }
  return *here;
}
std::string text(const json& value) {
  if (value.is_number_integer()) return std::to_string(value.get<std::int64_t>());
  return value.is_string() ? value.get<std::string>() : std::string();
}
int number(const json& value) {
  if (!value.is_number_integer()) return 0;
  const auto wide = value.get<std::int64_t>();
  return wide > 0 && wide < INT32_MAX ? static_cast<int>(wide) : 0;
}

// What a format calls its fields; "" where it has none.
struct Findings {
  std::string_view tool;
  std::string_view list;   // path to the array; "": the document itself
  std::string_view inner;  // each of its elements is a file that holds this list of findings; "": none
  std::string_view file;   // of the file element where there is one, else of the finding
  std::string_view message, line, column, end_line, end_column, code, severity;
  std::string_view code_prefix = "";
  int first = 1;  // number of the first line and column
};
constexpr auto formats = std::to_array<Findings>({
    {"pylint", "", "", "path", "message", "line", "column", "endLine", "endColumn", "message-id", "type"},
    {"shellcheck", "", "", "file", "message", "line", "column", "endLine", "endColumn", "code", "level",
     "SC"},
    {"shellcheck", "comments", "", "file", "message", "line", "column", "endLine", "endColumn", "code",
     "level", "SC"},
    {"ruff", "", "", "filename", "message", "location.row", "location.column", "end_location.row",
     "end_location.column", "code", ""},
    {"stylelint", "", "warnings", "source", "text", "line", "column", "endLine", "endColumn", "rule",
     "severity"},
    {"rubocop", "files", "offenses", "path", "message", "location.start_line", "location.start_column",
     "location.last_line", "location.last_column", "cop_name", "severity"},
    {"pyright", "generalDiagnostics", "", "file", "message", "range.start.line", "range.start.character",
     "range.end.line", "range.end.character", "rule", "severity", "", 0},
    {"terraform", "diagnostics", "", "range.filename", "summary", "range.start.line", "range.start.column",
     "range.end.line", "range.end.column", "", "severity"},
});

// Whether `code` is hadolint's: the same fields as shellcheck's, its own rules.
bool is_hadolint(std::string_view code) {
  return code.starts_with("DL");
}

// mypy's lines have the fields of shellcheck's and a hint; its columns begin with 0.
void make_mypy(const json& one, Record& record) {
  record.tool = "mypy";
  record.severity = text(at(one, "severity")) == "error" ? Severity::error : Severity::warning;
  ++record.column;
}

Severity severity_of(const std::string& word) {
  if (word.empty()) return Severity::error;
  if (word == "fatal" || word == "F") return Severity::error;
  const auto said = severity_of_word(word);
  return said ? said->severity : Severity::warning;
}

bool fits(const Findings& format, const json& finding, const json& file) {
  return at(finding, format.message).is_string() && !at(finding, format.line).is_null() &&
         (at(format.inner.empty() ? finding : file, format.file).is_string());
}

Record finding_of(const Findings& format, const json& one, const json& file) {
  const int shift = 1 - format.first;
  Record record{.tool = std::string(format.tool),
                .severity = severity_of(text(at(one, format.severity))),
                .code = text(at(one, format.code)),
                .message = text(at(one, format.message)),
                .file = text(at(format.inner.empty() ? one : file, format.file)),
                .line = number(at(one, format.line)) + shift,
                .column = number(at(one, format.column)) + shift,
                .end_line = number(at(one, format.end_line)),
                .end_column = number(at(one, format.end_column))};
  if (is_hadolint(record.code)) record.tool = "hadolint";
  if (format.tool == "shellcheck" && one.contains("hint")) make_mypy(one, record);
  if (!format.code_prefix.empty() && !record.code.empty() && is_digit(record.code[0]))
    record.code = std::string(format.code_prefix) + record.code;
  if (const std::string detail = text(at(one, "detail")); !detail.empty()) record.message += "\n" + detail;
  return record;
}

std::optional<Report> findings(const Findings& format, const json& document) {
  const json& list = at(document, format.list);
  if (!list.is_array() || (list.empty() && format.list.empty())) return std::nullopt;
  Report out{.format = format.tool};
  for (const json& element : list) {
    if (format.inner.empty()) {
      if (!fits(format, element, element)) return std::nullopt;
      out.records.push_back(finding_of(format, element, element));
      continue;
    }
    const json& inner = at(element, format.inner);
    if (!inner.is_array() || !at(element, format.file).is_string()) return std::nullopt;
    for (const json& one : inner) {
      if (fits(format, one, element)) out.records.push_back(finding_of(format, one, element));
    }
  }
  return out;
}

// The first line of a stack that is a place: "at Object.<anonymous> (/p/a.test.js:3:5)", "./a_spec.rb:3:in
// ..."
void place_by_stack(std::string_view stack, Record& record) {
  while (!stack.empty() && record.line == 0) {
    std::string_view line = stack.substr(0, stack.find('\n'));
    stack.remove_prefix(std::min(line.size() + 1, stack.size()));
    take_spaces(line);
    if (const std::size_t open = line.rfind('('); line.ends_with(')') && open != std::string_view::npos)
      line = line.substr(open + 1, line.size() - open - 2);
    else
      take(line, "at ");
    take(line, "file://");
    auto place = whole_place(line);
    if (!place) place = colon_place(line);
    if (!place || place->file.find(' ') != std::string_view::npos || place->file.starts_with("node:") ||
        place->file.find("node_modules/") != std::string_view::npos ||
        place->file.find('.') == std::string_view::npos)
      continue;
    record.file = place->file;
    record.line = place->line;
    record.column = place->column;
  }
}

std::string joined(const json& list) {
  std::string out;
  if (!list.is_array()) return text(list);
  for (const json& one : list) out += (out.empty() ? "" : "\n") + text(one);
  return out;
}

// {"testResults": [{"name": file, "assertionResults": [{"fullName", "status", "failureMessages"}]}]}
std::optional<Report> jest(const json& document) {
  const json& files = at(document, "testResults");
  if (!files.is_array() || !at(document, "numFailedTests").is_number_integer()) return std::nullopt;
  Report out{.format = "jest"};
  for (const json& file : files) {
    const json& tests = at(file, "assertionResults");
    bool told = false;
    for (const json& test : tests.is_array() ? tests : json::array()) {
      if (text(at(test, "status")) != "failed") continue;
      const std::string said = joined(at(test, "failureMessages"));
      Record record{.tool = "jest",
                    .message = said.substr(0, said.find("\n    at ")),
                    .file = text(at(file, "name")),
                    .test = text(at(test, "fullName"))};
      place_by_stack(said, record);
      out.records.push_back(std::move(record));
      told = true;
    }
    if (told || text(at(file, "status")) != "failed") continue;
    out.records.push_back(
        {.tool = "jest", .message = text(at(file, "message")), .file = text(at(file, "name"))});
  }
  out.failed = number(at(document, "numFailedTests"));
  return out;
}

// {"stats": {"failures": 2}, "failures": [{"fullTitle", "file", "err": {"message", "stack"}}]}
std::optional<Report> mocha(const json& document) {
  const json& failures = at(document, "failures");
  if (!failures.is_array() || !at(document, "stats.failures").is_number_integer()) return std::nullopt;
  Report out{.format = "mocha"};
  for (const json& test : failures) {
    Record record{.tool = "mocha",
                  .message = text(at(test, "err.message")),
                  .file = text(at(test, "file")),
                  .test = text(at(test, "fullTitle"))};
    record.expected = text(at(test, "err.expected"));
    record.actual = text(at(test, "err.actual"));
    place_by_stack(text(at(test, "err.stack")), record);
    out.records.push_back(std::move(record));
  }
  out.failed = number(at(document, "stats.failures"));
  return out;
}

// {"examples": [{"full_description", "status", "file_path", "line_number", "exception"}], "summary": {...}}
std::optional<Report> rspec(const json& document) {
  const json& examples = at(document, "examples");
  if (!examples.is_array() || !at(document, "summary.failure_count").is_number_integer()) return std::nullopt;
  Report out{.format = "rspec"};
  for (const json& test : examples) {
    if (text(at(test, "status")) != "failed") continue;
    Record record{.tool = "rspec",
                  .code = text(at(test, "exception.class")),
                  .message = text(at(test, "exception.message")),
                  .test = text(at(test, "full_description"))};
    place_by_stack(joined(at(test, "exception.backtrace")), record);
    if (record.line == 0) {
      record.file = text(at(test, "file_path"));
      record.line = number(at(test, "line_number"));
    }
    out.records.push_back(std::move(record));
  }
  out.failed = number(at(document, "summary.failure_count"));
  return out;
}

}  // namespace

std::optional<json> bounded_json(std::string_view bytes) {
  bool too_deep = false;
  const auto watch = [&](int depth, json::parse_event_t, json&) {
    too_deep = too_deep || depth > limits::json_depth;
    return !too_deep;
  };
  json read = json::parse(bytes, watch, false);
  if (too_deep || read.is_discarded()) return std::nullopt;
  return read;
}

std::optional<Report> read_json_report(const json& document) {
  for (const Findings& format : formats) {
    if (auto report = findings(format, document)) return report;
  }
  for (const auto read : {jest, mocha, rspec}) {
    if (auto report = read(document)) return report;
  }
  return std::nullopt;
}

}  // namespace mira::builds

#include "fuzz/targets.h"

#include <cstdio>
#include <cstdlib>
#include <map>

#include "knowledge/builds/parsers.h"
#include "knowledge/builds/read_for_tests.h"
#include "knowledge/builds/report.h"

namespace mira::fuzz {
namespace {

using builds::Diagnoser;
using builds::Record;
using builds::Toolset;

void hold(bool promise, const char* what) {
  if (promise) return;
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

std::shared_ptr<const Toolset> tools_of(std::string_view parser) {
  static std::map<std::string, std::shared_ptr<const Toolset>, std::less<>> made;
  auto known = made.find(parser);
  if (known != made.end()) return known->second;
  std::vector<builds::Definition> chosen;
  for (builds::Definition& one : builds::definitions()) {
    if (parser.empty() || one.name == parser) chosen.push_back(std::move(one));
  }
  hold(!chosen.empty(), "there is a parser of that name");
  return made.emplace(parser, std::make_shared<const Toolset>(std::move(chosen))).first->second;
}

struct Outcome {
  std::string text;
  builds::Verdict verdict;
};

Outcome read(std::string_view parser, std::string_view bytes, std::size_t cut) {
  Outcome out;
  Diagnoser diagnoser(
      [&](Record&& record) {
        hold(!record.tool.empty(), "a record has a tool");
        hold(record.line >= 0 && record.column >= 0, "places count from 1");
        hold(record.log_begin <= record.log_end && record.log_end <= bytes.size(),
             "a record lies in its log");
        std::string json;
        builds::write_json(record, json);
        hold(json.find('\x1b') == std::string::npos, "no escape leaves");
        out.text += builds::shown(record);
      },
      tools_of(parser));
  diagnoser.feed(bytes.substr(0, cut));
  diagnoser.feed(bytes.substr(cut));
  out.verdict = diagnoser.finish({.exit_code = 1});
  if (out.verdict.unparsed) out.text += builds::shown(*out.verdict.unparsed);
  return out;
}

}  // namespace

void read_log(std::string_view parser, std::string_view bytes) {
  const Outcome whole = read(parser, bytes, bytes.size());
  hold(whole.verdict.failed && whole.verdict.errors >= 1, "a failed run has an error");
  const std::size_t cut = bytes.empty() ? 0 : static_cast<unsigned char>(bytes[0]) * 7919U % bytes.size();
  hold(read(parser, bytes, cut).text == whole.text, "the same records wherever the bytes are cut");
}

void read_report(std::string_view bytes) {
  const auto report = builds::read_report(bytes);
  if (!report) return;
  Diagnoser diagnoser([](Record&&) {}, builds::shared_tools());
  const auto verdict = diagnoser.finish({.exit_code = 1}, builds::OwnReport{.report = *report});
  hold(verdict.failed && verdict.errors >= 1, "a failed run has an error");
  std::string json;
  for (const Record& record : report->records) builds::write_json(record, json);
  hold(json.find('\x1b') == std::string::npos, "no escape leaves");
}

}  // namespace mira::fuzz

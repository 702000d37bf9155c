// For this folder's tests: a log in, its records out as lines that a person reads:
// "error gcc src/a.c:3:5 -Wfoo | message", notes below, indented by two.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "knowledge/builds/diagnoser.h"

namespace mira::builds {

inline std::string one_line(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n')
      out += "\\n";
    else
      out += c;
  }
  return out;
}

inline std::string shown(const Record& record) {
  std::string out(severity_name(record.severity));
  out += " " + record.tool;
  if (!record.file.empty()) out += " " + place_of(record);
  if (!record.code.empty()) out += " " + record.code;
  out += " | " + one_line(record.message) + "\n";
  for (const Note& note : record.notes) {
    Record place;
    place.file = note.file;
    place.line = note.line;
    place.column = note.column;
    out += "  " + place_of(place) + " | " + one_line(note.message) + "\n";
  }
  return out;
}

struct Read {
  std::vector<Record> records;
  Verdict verdict;
  std::string text;  // of all records
};

inline std::shared_ptr<const Toolset> shared_tools() {
  static const std::shared_ptr<const Toolset> tools = Toolset::make();
  return tools;
}

// The log in pieces of `chunk` bytes (0: whole).
inline Read read(std::string_view log, const Ending& ending = {}, std::size_t chunk = 0) {
  Read out;
  Diagnoser diagnoser([&](Record&& record) { out.records.push_back(std::move(record)); }, shared_tools());
  if (chunk == 0) chunk = log.size();
  for (std::string_view left = log; !left.empty(); left.remove_prefix(std::min(chunk, left.size())))
    diagnoser.feed(left.substr(0, chunk));
  out.verdict = diagnoser.finish(ending);
  for (const Record& record : out.records) out.text += shown(record);
  if (out.verdict.unparsed) out.text += shown(*out.verdict.unparsed);
  return out;
}

// Two pieces, cut at `cut`.
inline Read read_cut(std::string_view log, std::size_t cut) {
  Read out;
  Diagnoser diagnoser([&](Record&& record) { out.records.push_back(std::move(record)); }, shared_tools());
  diagnoser.feed(log.substr(0, cut));
  diagnoser.feed(log.substr(cut));
  out.verdict = diagnoser.finish({});
  for (const Record& record : out.records) out.text += shown(record);
  if (out.verdict.unparsed) out.text += shown(*out.verdict.unparsed);
  return out;
}

}  // namespace mira::builds

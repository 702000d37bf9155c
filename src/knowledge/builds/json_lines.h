// Tools that write a line of JSON for each thing they say (go test -json, cargo and rustc, mypy, ruff, gcc's
// list, SARIF), among other lines of a log: either the tool's own text stands in it, which is then read as if
// it had been printed, or a finding does. What several Go packages say at once is put apart again by package.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "knowledge/builds/log_lines.h"
#include "knowledge/builds/record.h"

namespace mira::builds {

struct JsonLine {
  std::string text;           // the tool's own words, with their line ends; "" when it carries none
  std::string stream;         // what they are part of: a Go package; "": of nothing
  bool ends_stream = false;   // and that is over
  std::vector<Record> found;  // or findings
};
// nullopt: no line of these tools.
std::optional<JsonLine> read_json_line(std::string_view line);

// Puts the texts of streams together and gives out whole lines, each with the place in the log it came from.
class JsonStreams {
 public:
  using OnLine = std::function<void(const Line&)>;
  void add(const JsonLine& one, const Line& line, const OnLine& on_line);
  void finish(const OnLine& on_line);  // the log ended: what is held comes

 private:
  struct Held {
    std::string text;
    Line line;
  };
  struct Stream {
    std::vector<Held> lines;
    bool open = false;  // the last line has no end yet
  };
  void end(Stream&& stream, const OnLine& on_line);

  std::map<std::string, Stream> streams_;
  std::size_t held_bytes_ = 0;
};

}  // namespace mira::builds

// A reader of one tool's (or one shape's) lines. The keywords are what the log is
// searched for, in one pass for all parsers; a line that holds one is offered to
// start(). The parser that took the last line is asked first for the next one.
// Examples are logs with the records they give: documentation and test in one.
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "knowledge/builds/collector.h"
#include "knowledge/builds/log_lines.h"

namespace mira::builds {

enum class Took {
  yes,   // the line is this parser's; it is asked first for the next one
  pass,  // not its line, but it is asked first for the next one too
  no,
};

// What is read beside the line itself: the lines before it.
class Recent {
 public:
  static constexpr std::size_t kept = 40;
  void add(const Line& line);
  // The line `back` lines before the current one (1: the last one); "" when there is none.
  std::string_view before(std::size_t back) const;
  std::vector<std::string_view> last(std::size_t count) const;  // oldest first, the newest included

 private:
  std::vector<std::string> lines_ = std::vector<std::string>(kept);
  std::size_t count_ = 0;
};

class Parser {
 public:
  Parser(Collector& out, const Recent& recent) : out_(out), recent_(recent) {}
  virtual ~Parser() = default;
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;

  virtual bool start(const Line& line) = 0;
  virtual Took follow(const Line&) { return Took::no; }
  virtual void finish() {}  // the log ended

 protected:
  Collector& out_;
  const Recent& recent_;
};

struct Example {
  std::string_view log;
  std::string_view records;  // a line each: "error gcc src/a.c:3:5 -Wfoo | message", notes below, indented
};

struct Definition {
  std::string_view name;                   // of the parser
  std::string_view tools;                  // that it reads, for people
  std::vector<std::string_view> keywords;  // lower case
  std::unique_ptr<Parser> (*make)(Collector&, const Recent&);
  std::vector<Example> examples;
};

template <class P>
std::unique_ptr<Parser> make_parser(Collector& out, const Recent& recent) {
  return std::make_unique<P>(out, recent);
}

// All parsers; the earlier one is offered a line first.
std::vector<Definition> definitions();

}  // namespace mira::builds

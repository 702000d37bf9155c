// From the bytes of a log to records: cleaned lines, one scan of each for the
// keywords of all parsers, and the parsers' small state machines. The same bytes give
// the same records wherever the chunks were cut; memory does not grow with the log.
// finish() is the one place where a run is judged (reconcile.h): nothing is said of
// a run before.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "knowledge/builds/parser.h"
#include "knowledge/builds/reconcile.h"
#include "platform/guard/keyword_scan.h"

namespace mira::builds {

// All parsers' definitions and the automaton of their keywords: made once, shared by readers.
class Toolset {
 public:
  Toolset();
  static std::shared_ptr<const Toolset> make() { return std::make_shared<const Toolset>(); }

 private:
  friend class Diagnoser;
  std::vector<Definition> parsers_;
  std::vector<std::uint64_t> parsers_of_;  // by keyword: bits of parsers
  guard::KeywordScan keywords_;
};

class Diagnoser {
 public:
  explicit Diagnoser(Collector::OnRecord on_record, std::shared_ptr<const Toolset> tools = Toolset::make());

  void feed(std::string_view chunk);
  // The log is over. `ending`: what is known of the process that wrote it.
  Verdict finish(const Ending& ending);

 private:
  void on_line(const Line& line);
  void offer(const Line& line, std::uint64_t parsers);
  void watch_for_failure(const Line& line);

  std::shared_ptr<const Toolset> tools_;
  LogLines lines_;
  Recent recent_;
  Collector collector_;
  std::vector<std::unique_ptr<Parser>> parsers_;
  Parser* active_ = nullptr;
  std::uint64_t scanned_ = 0;  // parsers whose keywords the current line holds
  // The first line that speaks of a failure and that no parser took, with what led to it.
  std::vector<std::string> suspicious_;
  std::int64_t suspicious_line_ = 0;
  int after_suspicious_ = 0;
};

}  // namespace mira::builds

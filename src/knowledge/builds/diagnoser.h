// From the bytes of a log to records: cleaned lines, one scan of each for the
// keywords of all parsers, and the parsers' small state machines. The same bytes give
// the same records wherever the chunks were cut; memory does not grow with the log.
// finish() is the one place where a run is judged (reconcile.h): nothing is said of
// a run before.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "knowledge/builds/json_lines.h"
#include "knowledge/builds/parser.h"
#include "knowledge/builds/reconcile.h"
#include "knowledge/builds/report.h"
#include "platform/guard/keyword_scan.h"

namespace mira::builds {

// All parsers' definitions and the automaton of their keywords: made once, shared by readers.
class Toolset {
 public:
  Toolset() : Toolset(definitions()) {}
  explicit Toolset(std::vector<Definition> parsers);  // some of them: for tests
  static std::shared_ptr<const Toolset> make() { return std::make_shared<const Toolset>(); }

 private:
  friend class Diagnoser;
  std::vector<Definition> parsers_;
  std::vector<std::uint64_t> parsers_of_;  // by keyword: bits of parsers
  guard::KeywordScan keywords_;
};

// A report that the tool wrote for machines, beside its text or alone.
struct OwnReport {
  Report report;
  std::string tool;  // of its records; "": each keeps its own
};

class Diagnoser {
 public:
  explicit Diagnoser(Collector::OnRecord on_record, std::shared_ptr<const Toolset> tools = Toolset::make());

  void feed(std::string_view chunk);
  // Before the first feed(): a report will come with finish(), so what the text tells is noted.
  void expect_report() { expects_report_ = true; }
  // The log is over. `ending`: what is known of the process that wrote it. Failures of the report that
  // the text did not tell become records.
  Verdict finish(const Ending& ending, std::optional<OwnReport> own = std::nullopt);

 private:
  void on_line(const Line& line);    // of the log
  void read_line(const Line& line);  // of a tool: the log's own, or one that stood in JSON
  bool unwrapped(const Line& line);
  void offer(const Line& line, std::uint64_t parsers);
  void watch_for_failure(const Line& line);
  void note_told(const Record& record);
  bool is_told(const Record& record) const;
  void add_report(OwnReport own);

  std::shared_ptr<const Toolset> tools_;
  LogLines lines_;
  JsonStreams json_;
  Recent recent_;
  Collector collector_;
  std::vector<std::unique_ptr<Parser>> parsers_;
  Parser* active_ = nullptr;
  bool expects_report_ = false;
  std::vector<std::string> told_tests_;
  std::set<std::string> told_places_;
  std::uint64_t scanned_ = 0;  // parsers whose keywords the current line holds
  // The first line that speaks of a failure and that no parser took, with what led to it.
  std::vector<std::string> suspicious_;
  std::int64_t suspicious_line_ = 0;
  int after_suspicious_ = 0;
};

}  // namespace mira::builds

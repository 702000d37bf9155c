// Records on their way out: in the order they began, each given out once its parser
// is done with it (or has not touched it for a while), so that a log of any length
// is held to a few hundred records. Also what is needed to lose nothing: how many
// were given out by tool, what the tools' own summaries say, and lines that tell of
// a failure ("make: *** Error 1") without saying which.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <unordered_set>
#include <vector>

#include "knowledge/builds/log_lines.h"
#include "knowledge/builds/record.h"
#include "knowledge/builds/scan.h"

namespace mira::builds {

// What a tool says of its own run. -1: it does not say.
struct Count {
  std::string tool;
  std::int64_t errors = -1, warnings = -1, tests_failed = -1;
  bool failed = false;
  std::int64_t log_line = 0;
};

struct Tally {
  std::int64_t errors = 0, warnings = 0, tests_failed = 0;
};

using Ticket = std::uint64_t;  // of a record that may still grow; 0: none

class Collector {
 public:
  using OnRecord = std::function<void(Record&&)>;
  explicit Collector(OnRecord on_record) : on_record_(std::move(on_record)) {}

  Ticket begin(Record&& record, const Line& line);
  // Null once it was given out. Asking keeps it for a while longer.
  Record* find(Ticket ticket);
  Record* find(Ticket ticket, const Line& line);  // and its bytes now reach to the end of this line
  void close(Ticket ticket);
  void drop(Ticket ticket);             // it was none
  void hold(Ticket ticket, bool held);  // waits (to a limit) for its tool to be known
  std::vector<Ticket> held() const;
  bool holds_any() const { return held_count_ > 0; }

  void count(Count count);
  // A difference between what is said and what was read, for the verdict.
  void differs(std::string what);
  // A failure told without its cause. `target`: what failed, to be found among the places of errors.
  void consequence(Record record, const Line& line, std::string_view target, int depth = 0);

  void line_done(const Line& line);
  void finish();

  // Whether an error was read for a file of this name.
  bool knows_file(std::string_view file) const { return stems_.contains(stem_of(file)); }
  std::uint64_t errors_begun() const { return errors_begun_; }
  const std::map<std::string, Tally>& tallies() const { return tallies_; }
  const std::vector<Count>& counts() const { return counts_; }
  const std::vector<std::string>& differences() const { return differences_; }
  std::int64_t records_out() const { return records_out_; }

 private:
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  struct Pending {
    Record record;
    std::int64_t touched = 0;  // line
    bool closed = false, held = false, dropped = false;
  };
  Pending* at(Ticket ticket);
  void give_out_front();
  void give_out(Record&& record);
  Tally& tally_of(const std::string& tool);
  void note_stem(std::string_view file);
  void settle(std::int64_t line);
  bool is_explained(std::string_view target, int depth);

  OnRecord on_record_;
  std::deque<Pending> pending_;
  Ticket first_ = 1;  // of pending_.front()
  std::size_t held_count_ = 0;
  std::int64_t line_ = 0, records_out_ = 0;
  std::uint64_t errors_begun_ = 0, errors_explained_ = 0;
  std::unordered_set<std::string, TextHash, std::equal_to<>> stems_;
  std::string last_stem_;    // many errors of one file follow each other
  std::vector<int> depths_;  // of consequences since the last one that was as shallow
  std::map<std::string, Tally> tallies_;
  std::pair<const std::string, Tally>* last_tally_ = nullptr;
  std::vector<Count> counts_;
  std::vector<std::string> differences_;
  std::unordered_set<std::string> tests_;
};

}  // namespace mira::builds

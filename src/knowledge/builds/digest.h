// A run told in few words and whole: the distinct errors with their places and
// messages, first cause first, then what follows from them, then the counts and
// where the rest lies. Holds a bounded number of distinct records however many come.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "knowledge/builds/reconcile.h"
#include "knowledge/builds/record.h"

namespace mira::builds {

class Digest {
 public:
  void add(const Record& record);
  void judged(const Verdict& verdict);

  std::string text() const;  // for a terminal; secrets masked, controls visible
  const std::vector<std::string>& mismatches() const { return mismatches_; }
  bool failed() const { return failed_; }

 private:
  struct Distinct {
    Record record;
    std::int64_t times = 1;
  };
  std::string counts() const;

  std::vector<Distinct> errors_, warnings_;
  std::unordered_map<std::string, std::size_t> known_errors_, known_warnings_;
  std::string identity_;  // of the record that is added
  std::int64_t error_count_ = 0, warning_count_ = 0, not_kept_ = 0;
  bool failed_ = false;
  std::vector<std::string> reasons_, mismatches_;
};

// "src/a.c:3:5: error: message [code] (gcc)" with its notes below, as a person reads it.
std::string describe(const Record& record, std::int64_t times);

}  // namespace mira::builds

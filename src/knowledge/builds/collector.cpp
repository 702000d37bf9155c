#include "knowledge/builds/collector.h"

#include <algorithm>

namespace mira::builds {
namespace {

constexpr std::int64_t quiet_lines = 64;   // an open record that nobody touched for so long is done
constexpr std::int64_t held_lines = 4000;  // one that waits for its tool
constexpr std::size_t most_pending = 512;
constexpr std::size_t most_stems = 20'000;
constexpr std::size_t most_counts = 20'000;
constexpr std::size_t most_differences = 100;
constexpr std::size_t most_tests = 200'000;

void cut(std::string& text, std::size_t bytes) {
  if (text.size() > bytes) text.resize(bytes);
}

// How many counts stand before a line: a test that fails in two runs of one log fails twice.
std::ptrdiff_t runs_before(const std::vector<Count>& counts, std::int64_t line) {
  return std::ranges::lower_bound(counts, line, {}, &Count::log_line) - counts.begin();
}

}  // namespace

void Collector::note_stem(std::string_view file) {
  const std::string_view stem = stem_of(file);
  if (stem == last_stem_ || stems_.size() >= most_stems || file.empty()) return;
  last_stem_ = stem;
  if (!stems_.contains(stem)) stems_.emplace(stem);
}

Ticket Collector::begin(Record&& record, const Line& line) {
  if (record.severity == Severity::error) {
    ++errors_begun_;
    note_stem(record.file);
  }
  record.log_begin = line.begin;
  record.log_end = line.end;
  record.log_line = line.number;
  pending_.push_back({.record = std::move(record), .touched = line.number});
  if (pending_.size() > most_pending) {
    give_out_front();
  }
  return first_ + pending_.size() - 1;
}

Collector::Pending* Collector::at(Ticket ticket) {
  if (ticket < first_ || ticket - first_ >= pending_.size()) return nullptr;
  return &pending_[ticket - first_];
}

Record* Collector::find(Ticket ticket) {
  Pending* found = at(ticket);
  if (found == nullptr || found->dropped) return nullptr;
  found->touched = line_;
  return &found->record;
}

Record* Collector::find(Ticket ticket, const Line& line) {
  Record* found = find(ticket);
  if (found != nullptr) found->log_end = line.end;
  return found;
}

void Collector::close(Ticket ticket) {
  if (Pending* found = at(ticket)) found->closed = true;
}

void Collector::drop(Ticket ticket) {
  Pending* found = at(ticket);
  if (found == nullptr || found->dropped) return;
  found->dropped = found->closed = true;
  if (found->record.severity == Severity::error) --errors_begun_;
}

void Collector::hold(Ticket ticket, bool held) {
  Pending* found = at(ticket);
  if (found == nullptr || found->held == held) return;
  found->held = held;
  held_count_ += held ? 1 : -1;
}

std::vector<Ticket> Collector::held() const {
  std::vector<Ticket> out;
  for (std::size_t i = 0; i < pending_.size(); ++i) {
    if (pending_[i].held) out.push_back(first_ + i);
  }
  return out;
}

void Collector::count(Count count) {
  if (counts_.size() < most_counts) return counts_.push_back(std::move(count));
  // Very many runs in one log: the rest is added to what the tool said last.
  const auto known = std::ranges::find(counts_.rbegin(), counts_.rend(), count.tool, &Count::tool);
  if (known == counts_.rend()) return counts_.push_back(std::move(count));
  Count& last = *known;
  const auto add = [](std::int64_t& sum, std::int64_t more) {
    if (more >= 0) sum = std::max<std::int64_t>(sum, 0) + more;
  };
  add(last.errors, count.errors);
  add(last.warnings, count.warnings);
  add(last.tests_failed, count.tests_failed);
  last.failed = last.failed || count.failed;
}

void Collector::differs(std::string what) {
  if (differences_.size() < most_differences) differences_.push_back(std::move(what));
}

bool Collector::is_explained(std::string_view target, int depth) {
  const bool fresh = errors_begun_ > errors_explained_;
  errors_explained_ = errors_begun_;
  const bool deeper = std::ranges::any_of(depths_, [&](int other) { return other > depth; });
  std::erase_if(depths_, [&](int other) { return other > depth; });
  if (depths_.size() < 64) depths_.push_back(depth);
  return fresh || deeper || (!target.empty() && stems_.contains(stem_of(target)));
}

void Collector::consequence(Record record, const Line& line, std::string_view target, int depth) {
  if (is_explained(target, depth)) return;
  record.consequence = true;
  close(begin(std::move(record), line));
  errors_explained_ = errors_begun_;
}

void Collector::give_out_front() {
  Pending& front = pending_.front();
  if (front.held) --held_count_;
  if (!front.dropped) give_out(std::move(front.record));
  pending_.pop_front();
  ++first_;
}

Tally& Collector::tally_of(const std::string& tool) {
  if (last_tally_ == nullptr || last_tally_->first != tool) last_tally_ = &*tallies_.try_emplace(tool).first;
  return last_tally_->second;
}

void Collector::give_out(Record&& record) {
  cut(record.message, message_bytes);
  cut(record.snippet, snippet_bytes);
  record.log_end = std::max(record.log_end, record.log_begin);  // lines out of JSON come late
  Tally& tally = tally_of(record.tool);
  (record.severity == Severity::error ? tally.errors : tally.warnings) += 1;
  const bool failed_test = !record.test.empty() && record.severity == Severity::error;
  if (failed_test) {
    const std::string run = std::to_string(runs_before(counts_, record.log_line));
    if (tests_.size() >= most_tests || tests_.insert(record.tool + " " + run + " " + record.test).second)
      ++tally.tests_failed;
  }
  ++records_out_;
  on_record_(std::move(record));
}

void Collector::settle(std::int64_t line) {
  while (!pending_.empty()) {
    const Pending& front = pending_.front();
    const std::int64_t quiet = line - front.touched;
    const bool done = front.held ? quiet > held_lines : (front.closed || quiet > quiet_lines);
    if (!done) return;
    give_out_front();
  }
}

void Collector::line_done(const Line& line) {
  line_ = line.number;
  if (!pending_.empty()) settle(line.number);
}

void Collector::finish() {
  while (!pending_.empty()) give_out_front();
}

}  // namespace mira::builds

#include "knowledge/builds/reconcile.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "platform/process/spawn.h"

namespace mira::builds {
namespace {

void add_ending(const Ending& ending, Verdict& verdict) {
  const auto failed = [&](std::string reason) {
    verdict.failed = true;
    verdict.reasons.push_back(std::move(reason));
  };
  if (ending.not_started) return failed(ending.reason);
  if (ending.timed_out) failed("it was stopped: it took longer than it may");
  if (ending.silent) failed("it was stopped: it said nothing for longer than it may");
  if (ending.cancelled) failed("it was cancelled");
  const bool stopped = ending.timed_out || ending.silent || ending.cancelled;
  if (ending.signal != 0 && !stopped) failed("it was killed by " + process::signal_name(ending.signal));
  if (ending.exit_code.value_or(0) != 0) failed(fmt::format("exit code {}", *ending.exit_code));
}

struct Said {
  std::int64_t errors = -1, warnings = -1, tests_failed = -1, line = 0;
  bool told = false;  // that it failed: once, however many runs the log has
};

void add(std::int64_t& sum, std::int64_t more) {
  if (more >= 0) sum = std::max<std::int64_t>(sum, 0) + more;
}

void compare(const std::string& tool, std::string_view what, std::int64_t said, std::int64_t read,
             std::int64_t line, Verdict& verdict) {
  if (said < 0 || said == read) return;
  verdict.mismatches.push_back(fmt::format("{} says {} {}, {} were read (its word: line {} of the log)", tool,
                                           said, what, read, line));
}

void add_counts(const Collector& collector, Verdict& verdict) {
  std::map<std::string, Said> said;
  for (const Count& count : collector.counts()) {
    Said& sum = said[count.tool];
    add(sum.errors, count.errors);
    add(sum.warnings, count.warnings);
    add(sum.tests_failed, count.tests_failed);
    sum.line = count.log_line;
    if (count.failed || count.errors > 0 || count.tests_failed > 0) {
      verdict.failed = true;
      if (std::exchange(sum.told, true)) continue;
      verdict.reasons.push_back(
          fmt::format("{} says that it failed (line {} of the log)", count.tool, count.log_line));
    }
  }
  for (const auto& [tool, sum] : said) {
    // clang-tidy prints clang's count; its records carry its own name.
    const bool tidy = tool == "clang" && collector.tallies().contains("clang-tidy");
    if (tidy && !collector.tallies().contains("clang")) continue;
    const auto found = collector.tallies().find(tool);
    const Tally read = found == collector.tallies().end() ? Tally{} : found->second;
    compare(tool, "errors", sum.errors, read.errors, sum.line, verdict);
    compare(tool, "failed tests", sum.tests_failed, read.tests_failed, sum.line, verdict);
  }
}

std::string joined(const std::vector<std::string_view>& lines) {
  std::string out;
  for (const std::string_view line : lines) {
    out += line;
    out += '\n';
  }
  return out;
}

Record unparsed_failure(const Ending& ending, const LastWords& words, const Verdict& verdict) {
  Record record;
  record.tool = "mira";
  record.code = unparsed_code;
  const bool has_suspicion = !words.suspicious.empty();
  const auto& lines = has_suspicion ? words.suspicious : words.tail;
  std::string cause = verdict.reasons.empty() ? "the log speaks of a failure" : verdict.reasons.front();
  if (!ending.command.empty()) cause = ending.command + ": " + cause;
  if (verdict.warnings > 0)
    cause += fmt::format(" ({} warning{} were read, and no error)", verdict.warnings,
                         verdict.warnings == 1 ? "" : "s");
  record.message = cause + (lines.empty() ? " (nothing was printed)" : "") + "\n" + joined(lines);
  record.snippet = joined(lines);
  record.log_line =
      has_suspicion ? words.suspicious_line
                    : std::max<std::int64_t>(1, words.lines - static_cast<std::int64_t>(lines.size()) + 1);
  record.log_end = words.bytes;
  return record;
}

}  // namespace

Verdict judge(const Ending& ending, const Collector& collector, const LastWords& words) {
  Verdict verdict;
  add_ending(ending, verdict);
  add_counts(collector, verdict);
  verdict.mismatches.insert(verdict.mismatches.end(), collector.differences().begin(),
                            collector.differences().end());
  for (const auto& [tool, tally] : collector.tallies()) {
    verdict.errors += tally.errors;
    verdict.warnings += tally.warnings;
    verdict.tests_failed += tally.tests_failed;
  }
  // Without an exit code the log itself is all there is to go by.
  const bool known = ending.exit_code.has_value() || ending.signal != 0 || verdict.failed;
  if (!known && (verdict.errors > 0 || !words.suspicious.empty())) verdict.failed = true;
  if (verdict.failed && verdict.errors == 0) {
    verdict.unparsed = unparsed_failure(ending, words, verdict);
    verdict.errors = 1;
  }
  if (!verdict.failed && verdict.errors > 0)
    verdict.reasons.push_back(fmt::format("exit code 0, but {} errors were printed", verdict.errors));
  return verdict;
}

}  // namespace mira::builds

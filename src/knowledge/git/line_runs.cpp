#include "knowledge/git/line_runs.h"

#include <algorithm>

namespace mira::git {
namespace {

void put(std::string& out, std::uint32_t value) {
  while (value >= 0x80) {
    out += static_cast<char>(value | 0x80);
    value >>= 7;
  }
  out += static_cast<char>(value);
}

bool take(std::string_view& bytes, std::uint32_t& value) {
  value = 0;
  for (int shift = 0; shift < 35 && !bytes.empty(); shift += 7) {
    auto byte = static_cast<std::uint8_t>(bytes.front());
    bytes.remove_prefix(1);
    value |= static_cast<std::uint32_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

}  // namespace

void add_lines(LineRuns& runs, std::uint32_t lines, std::uint32_t commit, std::uint32_t origin) {
  if (lines == 0) return;
  if (!runs.empty() && runs.back().commit == commit && runs.back().origin == origin) {
    runs.back().lines += lines;
  } else {
    runs.push_back({lines, commit, origin});
  }
}

std::uint64_t line_count(const LineRuns& runs) {
  std::uint64_t lines = 0;
  for (const LineRun& run : runs) lines += run.lines;
  return lines;
}

const LineRun* run_at(const LineRuns& runs, std::uint32_t line) {
  if (line == 0) return nullptr;
  std::uint64_t end = 0;
  for (const LineRun& run : runs) {
    end += run.lines;
    if (line <= end) return &run;
  }
  return nullptr;
}

void RunCursor::copy(std::uint64_t lines, LineRuns& out) {
  while (lines > 0 && run_ < runs_->size()) {
    const LineRun& run = (*runs_)[run_];
    auto take = static_cast<std::uint32_t>(std::min<std::uint64_t>(lines, run.lines - used_));
    add_lines(out, take, run.commit, run.origin);
    skip(take);
    lines -= take;
  }
}

void RunCursor::skip(std::uint64_t lines) {
  while (lines > 0 && run_ < runs_->size()) {
    auto step = static_cast<std::uint32_t>(std::min<std::uint64_t>(lines, (*runs_)[run_].lines - used_));
    used_ += step;
    line_ += step;
    lines -= step;
    if (used_ < (*runs_)[run_].lines) continue;
    ++run_;
    used_ = 0;
  }
}

std::string encode_runs(const LineRuns& runs) {
  std::string out;
  for (const LineRun& run : runs) {
    put(out, run.lines);
    put(out, run.commit);
    put(out, run.origin == run.commit ? 0 : run.origin);
  }
  return out;
}

bool decode_runs(std::string_view bytes, LineRuns& runs) {
  runs.clear();
  while (!bytes.empty()) {
    LineRun run;
    if (!take(bytes, run.lines) || !take(bytes, run.commit) || !take(bytes, run.origin)) return false;
    if (run.origin == 0) run.origin = run.commit;
    if (run.lines == 0) return false;
    runs.push_back(run);
  }
  return true;
}

}  // namespace mira::git

#include "knowledge/memory/told.h"

#include <algorithm>
#include <set>

#include "platform/base/hash.h"
#include "platform/base/text.h"

namespace mira::memory {
namespace {

using base::Result;
using base::Status;

// Without the marks of a list, a quote or a number of a message.
std::string_view bare(std::string_view line) {
  line = base::trim(line);
  while (!line.empty() && std::string_view("->*|").contains(line.front())) line = base::trim(line.substr(1));
  if (line.starts_with('[')) {
    std::size_t close = line.find(']');
    if (close != std::string_view::npos && close < 12) line = base::trim(line.substr(close + 1));
  }
  return line;
}

std::int64_t hash_of(std::string_view line) {
  return static_cast<std::int64_t>(base::hash64(line));
}

Result<bool> was_told(store::Connection& main, std::int64_t hash) {
  return MIRA_TRY(main.integer("SELECT 1 FROM memory_told WHERE line_hash = ?", hash)).has_value();
}

}  // namespace

bool Echo::holds(std::size_t byte) const {
  return std::ranges::any_of(lines,
                             [&](const auto& line) { return byte >= line.first && byte < line.second; });
}

Status note_told(contracts::Session& session, const std::vector<std::string>& texts,
                 base::Deadline deadline) {
  std::set<std::int64_t> fresh;
  for (const std::string& text : texts) {
    for (std::string_view line : base::split(text, '\n')) {
      line = bare(line);
      if (line.size() < least_line_bytes) continue;
      if (!MIRA_TRY(was_told(session.main, hash_of(line)))) fresh.insert(hash_of(line));
    }
  }
  if (fresh.empty()) return {};
  std::int64_t now_ms = session.clock.now_ms();
  return session.main_writer.submit(
      [fresh, now_ms](store::Connection& main) -> Status {
        for (std::int64_t hash : fresh)
          MIRA_TRY(
              main.run("INSERT INTO memory_told(line_hash, told_ms) VALUES (?, ?) ON CONFLICT DO NOTHING",
                       hash, now_ms));
        return {};
      },
      deadline);
}

Result<Echo> echo_in(store::Connection& main, std::string_view content) {
  Echo out;
  std::size_t told = 0, all = 0, at = 0;
  for (std::string_view line : base::split(content, '\n')) {
    std::string_view words = bare(line);
    if (words.size() >= least_line_bytes) {
      all += words.size();
      if (MIRA_TRY(was_told(main, hash_of(words)))) {
        told += words.size();
        out.lines.emplace_back(at, at + line.size());
      }
    }
    at += line.size() + 1;
  }
  out.whole = all > 0 && told * 2 > all;
  return out;
}

}  // namespace mira::memory

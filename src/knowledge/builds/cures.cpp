#include "knowledge/builds/cures.h"

#include <fmt/format.h>

#include <ctime>

#include "platform/base/text.h"
#include "platform/guard/foreign_text.h"
#include "platform/tokens/tokens.h"

namespace mira::builds {
namespace {

// Cures seen once are told until enough is known, and while at least this share helps.
constexpr std::int64_t judged_after = 10;
constexpr double least_share = 0.3;

}  // namespace

base::Result<std::optional<KnownCure>> sharp_cure(contracts::Session& session,
                                                  const std::string& error_hash) {
  std::optional<KnownCure> cure;
  for (KnownCure& known : MIRA_TRY(resolutions_of(session, error_hash, 1))) {
    if (cure || known.state == "failed" || known.hunks.empty()) continue;
    cure = std::move(known);
  }
  if (!cure || cure->state == "verified" || cure->state == "confirmed") return cure;
  const Told told = MIRA_TRY(told_so_far(session));
  const bool helps = told.known < judged_after ||
                     static_cast<double>(told.cured) >= least_share * static_cast<double>(told.known);
  if (!cure->hunks[0].own_place || !helps) return std::optional<KnownCure>();
  return cure;
}

std::string short_time(std::int64_t milliseconds) {
  const std::time_t seconds = milliseconds / 1000;
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02} UTC", parts.tm_year + 1900, parts.tm_mon + 1,
                     parts.tm_mday, parts.tm_hour, parts.tm_min);
}

std::string short_length(std::int64_t milliseconds) {
  if (milliseconds < 60'000) return fmt::format("{:.1f} s", static_cast<double>(milliseconds) / 1000);
  if (milliseconds < 7'200'000) return fmt::format("{} min", milliseconds / 60'000);
  return fmt::format("{} h", milliseconds / 3'600'000);
}

std::string show_hunk(const Hunk& hunk) {
  return fmt::format("@@ {}:{}\n{}", base::display_line(hunk.path), hunk.old_start,
                     guard::neutralise(hunk.body));
}

std::string tell_cure(const Record& record, const KnownCure& cure) {
  const std::string first(record.message.substr(0, record.message.find('\n')));
  std::string head =
      fmt::format("{}: {}\n", place_of(record).empty() ? record.tool : base::display_line(place_of(record)),
                  base::display_line(first.substr(0, 200)));
  head += fmt::format(
      "This error was cured before ({} by run {}, {}{}; cured it {} of {} times) by this change:\n",
      cure.state, cure.green_run, short_time(cure.green_ms),
      cure.commit.empty() ? "" : ", at commit " + cure.commit.substr(0, 12), cure.cured,
      cure.cured + cure.returned);
  std::string body;
  const std::string hunk = show_hunk(cure.hunks[0].hunk);
  std::size_t used = tokens::count(head) + 12;
  for (std::string_view line : base::split(hunk, '\n')) {
    line = base::truncate_utf8(line, 300);
    used += tokens::count(line) + 1;
    if (used > cure_tokens)
      return head + body + fmt::format("(cut; whole: mira build explain {})\n", cure.error_id);
    if (!line.empty()) body += std::string(line) + "\n";
  }
  return head + body;
}

}  // namespace mira::builds

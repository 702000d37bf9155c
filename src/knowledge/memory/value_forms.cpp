#include "knowledge/memory/value_forms.h"

#include <re2/re2.h>

#include "knowledge/memory/known_tools.h"
#include "platform/base/text.h"

namespace mira::memory {
namespace {

bool is_whole(std::string_view text, const RE2& pattern) {
  return RE2::FullMatch(re2::StringPiece(text.data(), text.size()), pattern);
}

}  // namespace

std::string with_singular_days(std::string value) {
  static const RE2 day(R"(\b((?:mon|tues|wednes|thurs|fri|satur|sun)day)s\b)");
  RE2::GlobalReplace(&value, day, R"(\1)");
  return value;
}

bool is_day(std::string_view value) {
  static const RE2 pattern(
      R"((?:every |each )?(?:mon|tues|wednes|thurs|fri|satur|sun)day(?: (?:morning|afternoon|evening|night)s?)?)");
  return is_whole(value, pattern);
}
bool is_time(std::string_view value) {
  static const RE2 pattern(R"((?:noon|midnight|\d{1,2}(?::\d\d)? ?(?:am|pm)?|\d{1,2} o'clock)(?: \w{2,4})?)");
  return is_whole(value, pattern);
}
bool is_rhythm(std::string_view value) {
  static const RE2 pattern(
      R"((?:every |each ).*|daily|weekly|monthly|nightly|hourly|quarterly|(?:once|twice|\w+ times) (?:a|per) .*)");
  return is_whole(value, pattern);
}

bool is_address(std::string_view value) {
  static const RE2 pattern(
      R"((?:port )?:?\d{2,5}|(?:https?|wss?|ssh|tcp)://\S+|[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:/\S*)?|localhost(?::\d+)?|[a-z]{2}-[a-z]+-\d)");
  return is_whole(value, pattern);
}

bool passes(std::string_view subject, std::string_view value) {
  static const RE2 states(
      R"((?:not|now|too|very|really|so|still|quite|pretty|just|also|already|currently|always|never|all|about|getting|going|being|back|almost|nearly|in (?:a )?(?:bad|good|progress|review|place)|out of|up to date|a (?:mess|bit|little|problem|pain)|because|that|to|how|what|when|why|where|if)\b.*|(?:broken|slow|fast|failing|flaky|fine|good|bad|great|wrong|missing|working|done|ready|stuck|empty|ok|okay|red|green|down|up|right|correct|unclear|clear|huge|big|small|long|short|green again|complete|finished|over|gone|late|sure|better|worse|different|the same|similar|true|false|unused|outdated|old|new|important|happy|sorry)(?:[ ,].*)?|\w+ing\b.*)");
  static const RE2 talk(
      R"((?:.* )?(?:problem|question|error|issue|bug|idea|point|guess|concern|concerns|worry|understanding|mistake|fault|turn|failure|culprit|reason|cause|difference|solution|trick|thing|rest|next step|bad|answer|assumption|suspicion|hope|plan|aim|thought|thoughts|intention|impression|code|function|output|result|results|fix|patch|change|changes|attempt|try|exit code|message|log|example)|time|date|day|number|count|total|it|this|that|there|here|which|what|line|key|latter|former|commit|title|name)");
  return is_whole(value, states) || is_whole(subject, talk);
}

bool is_definite(const std::string& raw) {
  static const RE2 number(
      R"((?i)(?:about |around |at most |at least |up to |only |just )?(?:[$€£] ?)?(?:\d[\d.,:/x-]*|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|sixty|ninety|a hundred)\b)\s?[\w%°/-]*(?: [\w%/-]+){0,2})");
  static const RE2 date(
      R"((?i)(?:on )?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2}(?:\w\w)?(?:,? \d{4})?)");
  static const RE2 address(
      R"((?i)(?:at )?(?:port :?\d{2,5}|(?:https?|wss?|ssh|tcp)://\S+|[\w.-]+:\d{2,5}|\d+\.\d+\.\d+\.\d+|localhost))");
  static const RE2 quoted(R"([`"'][^`"']{1,60}[`"'])");
  static const RE2 name(R"([A-Z][\w.+#-]*(?: [A-Z][\w.+#-]*){0,2}(?: \d[\w.+-]*)?)");
  const std::string lower = base::to_lower(raw);
  for (const RE2* pattern : {&number, &date, &address, &quoted, &name}) {
    if (is_whole(raw, *pattern)) return true;
  }
  return is_day(with_singular_days(lower)) || is_time(lower) || is_rhythm(lower) || known_tool(lower) ||
         language_version(lower);
}

}  // namespace mira::memory

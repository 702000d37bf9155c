#include "knowledge/memory/cues.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>

#include "platform/base/text.h"

namespace mira::memory {
namespace {

// Compiled once; matching is const and safe from several threads.
struct Pattern {
  explicit Pattern(const char* text) : compiled(text, RE2::Quiet) {}
  bool in(std::string_view text) const {
    std::string_view cut = base::truncate_utf8(text, cue_bytes);
    return RE2::PartialMatch(re2::StringPiece(cut.data(), cut.size()), compiled);
  }
  RE2 compiled;
};

constexpr auto asking_words = [] {
  auto words = std::to_array<std::string_view>(
      {"across",        "aspect",       "aspects",       "brought", "can",       "chat",      "chats",
       "comprehensive", "conversation", "conversations", "could",   "different", "discuss",   "discussed",
       "discussing",    "discussion",   "discussions",   "earlier", "give",      "help",      "list",
       "mention",       "mentioned",    "mentions",      "order",   "overall",   "please",    "previous",
       "previously",    "said",         "say",           "session", "sessions",  "summarize", "summary",
       "tell",          "throughout",   "told",          "various", "walk",      "want"});
  std::ranges::sort(words);
  return words;
}();

}  // namespace

bool contains_question(std::string_view text) {
  return text.contains('?');
}

bool tells_when(std::string_view text) {
  static const Pattern pattern(
      R"((?i)\b(yesterday|today|tomorrow|ago|last (week|month|year|night|fri|sat|sun|mon|tues|wed|thurs|weekend|summer|spring|autumn|fall|winter)|next (week|month|year)|this (week|month|weekend|morning)|(january|february|march|april|june|july|august|september|october|november|december)|\d+ (days|weeks|months|years)|recently|just)\b)");
  return pattern.in(text);
}

bool acknowledges(std::string_view text) {
  static const Pattern pattern(
      R"((?i)^\W*(thanks|thank you|thx|sounds good|sounds great|sounds like|that sounds|that's great|that makes sense|got it|okay|ok|yeah|yes|yep|sure|great|perfect|awesome|absolutely|alright|cool|i think i'll|i'll go|i appreciate|good idea|nice)\b)");
  return pattern.in(text);
}

bool instructs(std::string_view text) {
  static const Pattern pattern(
      R"((?i)((^|[.!?]\s+)(please )?(always|never|from now on|whenever|going forward)\b)|\bwhen(ever)? i ask\b)");
  return pattern.in(text);
}

bool states_preference(std::string_view text) {
  static const Pattern pattern(
      R"((?i)\bi('d| would)?\s+(really\s+|usually\s+|generally\s+|always\s+)?(prefer|like to|love|hate|avoid)\b|\bmy preference\b|\bi('ve| have)? (decided|chose|chosen|switched)\b)");
  return pattern.in(text);
}

bool announces_change(std::string_view text) {
  static const Pattern pattern(
      R"((?i)\b(new(er)?|now|increased?|increasing|decreased?|adjust(ed|ing)?|reschedul\w+|extend(ed|ing)?|shortened|updat(ed|ing)|chang(ed|ing)|moved|switched|instead|no longer|recently|reached|improved|upgraded|renamed|postponed|raised|reduced|lowered|delayed|revised|actually|anymore|expanded|grown|managed to)\b)");
  return pattern.in(base::truncate_utf8(text, 600));
}

bool reschedules(std::string_view text) {
  static const Pattern pattern(
      R"((?i)\b(re-?scheduled?|rescheduling|postponed?|pushed back|brought forward|moved (the|my|our|it)|moving (the|my|our)|extended|shortened|delayed)\b)");
  return pattern.in(base::truncate_utf8(text, 600));
}

bool replaces_another(std::string_view text) {
  static const Pattern pattern(
      R"((?i)\b(switched|renamed|moved|migrated|replaced|changed)\b[^.!?]{0,80}\bto\b|\binstead of\b|\bno longer\b)");
  return pattern.in(base::truncate_utf8(text, 600));
}

bool asks_when(std::string_view question) {
  static const Pattern pattern(R"((?i)^\s*(when|how long|how many (days|weeks|months|years))\b)");
  return pattern.in(question);
}

bool asks_of_the_old(std::string_view question) {
  static const Pattern pattern(
      R"((?i)\b(used to|originally|formerly|previously|initially|at first|back then|in the beginning)\b|\b(did|had) (i|we|you)\b.*\b(before|earlier|first)\b|\b(old|previous|former|original|first) (one|value|name|day|choice)\b)");
  return pattern.in(question);
}

bool asks_for_a_value(std::string_view question) {
  static const Pattern asks(
      R"((?i)^\s*(what|what's|which|when|where|who|how (many|much|long|often|far|fast))\b)");
  static const Pattern of_many(
      R"((?i)\b(between|across|different|order|since|throughout|before|after|from .* to|total number)\b)");
  static const Pattern how_many(R"((?i)^\s*how many\b)");
  static const Pattern of_then(R"((?i)\b(did|have|had) (i|we)\b)");
  bool of_now = how_many.in(question) || !of_then.in(question);
  return asks.in(question) && !of_many.in(question) && of_now;
}

bool is_asking_word(std::string_view lower) {
  return std::ranges::binary_search(asking_words, lower);
}

}  // namespace mira::memory

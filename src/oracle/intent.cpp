#include <algorithm>
#include <array>
#include <optional>

#include "oracle/question.h"
#include "platform/base/text.h"

namespace mira::oracle {
namespace {

using contracts::Intent;

struct Cue {
  std::string_view word;
  Intent intent;
};

// What an imperative or a question word at the start asks for.
constexpr auto first_cues = std::to_array<Cue>({
    {"fix", Intent::fix},
    {"debug", Intent::fix},
    {"repair", Intent::fix},
    {"solve", Intent::fix},
    {"diagnose", Intent::fix},
    {"add", Intent::change},
    {"implement", Intent::change},
    {"refactor", Intent::change},
    {"rename", Intent::change},
    {"change", Intent::change},
    {"remove", Intent::change},
    {"delete", Intent::change},
    {"support", Intent::change},
    {"update", Intent::change},
    {"extend", Intent::change},
    {"replace", Intent::change},
    {"migrate", Intent::change},
    {"write", Intent::change},
    {"move", Intent::change},
    {"make", Intent::change},
    {"allow", Intent::change},
    {"create", Intent::change},
    {"improve", Intent::change},
    {"optimise", Intent::change},
    {"optimize", Intent::change},
    {"where", Intent::find},
    {"find", Intent::find},
    {"locate", Intent::find},
    {"search", Intent::find},
    {"list", Intent::find},
    {"who", Intent::who},
    {"whom", Intent::who},
    {"whose", Intent::who},
    {"when", Intent::history},
    {"explain", Intent::explain},
    {"describe", Intent::explain},
    {"understand", Intent::explain},
    {"summarise", Intent::explain},
    {"summarize", Intent::explain},
});

// What a word anywhere hints at. Of several, the first row wins.
constexpr auto inner_cues = std::to_array<Cue>({
    {"who", Intent::who},          {"owner", Intent::who},       {"owners", Intent::who},
    {"expert", Intent::who},       {"experts", Intent::who},     {"maintainer", Intent::who},
    {"reviewer", Intent::who},     {"history", Intent::history}, {"introduced", Intent::history},
    {"recently", Intent::history}, {"lately", Intent::history},  {"commits", Intent::history},
    {"changed", Intent::history},  {"bug", Intent::fix},         {"crash", Intent::fix},
    {"crashes", Intent::fix},      {"fails", Intent::fix},       {"failing", Intent::fix},
    {"failure", Intent::fix},      {"broken", Intent::fix},      {"regression", Intent::fix},
    {"segfault", Intent::fix},     {"leak", Intent::fix},        {"leaks", Intent::fix},
    {"wrong", Intent::fix},        {"fix", Intent::fix},         {"add", Intent::change},
    {"implement", Intent::change}, {"refactor", Intent::change}, {"rename", Intent::change},
    {"where", Intent::find},       {"find", Intent::find},       {"how", Intent::explain},
    {"what", Intent::explain},     {"why", Intent::explain},     {"does", Intent::explain},
    {"works", Intent::explain},
});

// Words that come before the one that says what is wanted.
constexpr auto openers = std::to_array<std::string_view>(
    {"please", "can",  "could", "would", "you", "i",    "we",     "want", "need", "to", "help",  "me", "us",
     "let",    "lets", "s",     "the",   "now", "just", "should", "do",   "how",  "hi", "hello", "hey"});

constexpr std::size_t words_read = 64;  // what is wanted is said at the start

template <class Table>
std::optional<Intent> look_up(const Table& table, std::string_view word) {
  auto found = std::ranges::find(table, word, &Cue::word);
  return found == table.end() ? std::nullopt : std::optional(found->intent);
}

std::vector<std::string> opening_words(std::string_view text) {
  std::vector<std::string> out;
  for (std::string_view word : base::words(base::truncate_utf8(text, 2000))) {
    if (out.size() == words_read) break;
    out.push_back(base::to_lower(word));
  }
  return out;
}

}  // namespace

Intent draw_intent(std::string_view text, bool has_errors) {
  if (has_errors) return Intent::fix;
  std::vector<std::string> words = opening_words(text);
  auto first = std::ranges::find_if(
      words, [](const std::string& w) { return std::ranges::find(openers, w) == openers.end(); });
  if (first != words.end()) {
    if (auto intent = look_up(first_cues, *first)) return *intent;
  }
  for (const Cue& cue : inner_cues) {
    if (std::ranges::find(words, cue.word) != words.end()) return cue.intent;
  }
  return Intent::general;
}

std::string_view intent_name(Intent intent) {
  switch (intent) {
    case Intent::general:
      return "general";
    case Intent::explain:
      return "explain";
    case Intent::find:
      return "find";
    case Intent::change:
      return "change";
    case Intent::fix:
      return "fix";
    case Intent::who:
      return "who";
    case Intent::history:
      return "history";
  }
  return "general";
}

}  // namespace mira::oracle

// What rules read from one message: how it is meant (intent, mood), how much it matters
// (salience), what it is about (topics, languages), and which error it holds. By cue
// phrases at the starts of clauses; in doubt it says "other" and "neutral". It is shown
// (`memories show`) and narrows a recall when asked to; it never ranks anything.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "contracts/error_reader.h"
#include "platform/store/connection.h"

namespace mira::memory {

inline constexpr int analysis_rules_version = 1;
inline constexpr std::size_t analysed_bytes = 4096;  // of a text; errors are looked for in more
inline constexpr std::size_t topics_of_a_text = 8;

enum class MessageIntent {
  question,
  request,
  report,
  decision,
  preference,
  correction,
  fact,
  acknowledgement,
  plan,
  other
};
std::string_view intent_name(MessageIntent intent);
const std::vector<std::string>& intent_names();

enum class Mood { neutral, satisfied, frustrated, confused, urgent };
std::string_view mood_name(Mood mood);

struct Analysis {
  MessageIntent intent = MessageIntent::other;
  Mood mood = Mood::neutral;
  double salience = 0;
  std::vector<std::string> topics;
  std::optional<contracts::ErrorFound> error;  // the first; errors before warnings
  std::string language, code_language;
  std::string request_words;           // of a request or correction of the user, see patterns.cpp
  int rules = analysis_rules_version;  // that read it
};

MessageIntent intent_of(std::string_view text);
Mood mood_of(std::string_view text);
std::vector<std::string> topics_of(std::string_view text);
std::string language_of(std::string_view text);       // ISO 639-1, "" when in doubt
std::string code_language_of(std::string_view text);  // "python", "" when none

// `role`: user, assistant, tool, system.
Analysis analyse(std::string_view role, std::string_view text, const contracts::ErrorReader& errors);

// Inside a transaction.
base::Status store_analysis(store::Connection& main, std::int64_t entry, const Analysis& analysis);
// Reads entries that were kept before there were analyses, the newest first, so many at most. Inside a
// transaction.
base::Status analyse_older(store::Connection& main, const contracts::ErrorReader& errors, int most);
base::Result<bool> has_older(store::Connection& main);  // some of those are left

// nullopt: it was not read yet, or it is an echo.
base::Result<std::optional<Analysis>> analysis_of(store::Connection& main, std::int64_t entry);

}  // namespace mira::memory

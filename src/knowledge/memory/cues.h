// Signs in a text of what kind of saying it is, by fixed phrases (English). A sign
// moves a rank or opens a rule; it never decides alone what is true.
#pragma once

#include <string_view>

namespace mira::memory {

inline constexpr std::size_t cue_bytes = 4096;  // of a text that are looked at

bool contains_question(std::string_view text);  // a question mark anywhere
bool tells_when(std::string_view text);         // "yesterday", "two weeks ago", "in May"
bool acknowledges(std::string_view text);       // begins with thanks or agreement: "sounds good", "got it"
bool instructs(std::string_view text);          // a standing order: "always ...", "when I ask ..."
bool states_preference(std::string_view text);  // "I prefer", "I have decided"
bool announces_change(std::string_view text);   // "now", "increased to", "rescheduled", "no longer"
bool reschedules(std::string_view text);        // "moved the call", "rescheduled": the old time is over
bool replaces_another(std::string_view text);   // names its change: "switched from A to B", "renamed"

bool asks_when(std::string_view question);  // "when", "how long"
// How it was at first: "what did we use before", "which one was it originally".
bool asks_of_the_old(std::string_view question);
bool asks_for_a_value(std::string_view question);  // of one thing as it is now: "what is", "how many"
// True for a word of asking itself ("summarize", "conversation", "mentioned"), not of what is asked.
bool is_asking_word(std::string_view lower);

}  // namespace mira::memory

// What each sign is worth in recall, in one table. Chosen once on three long
// conversations between people and twenty with an assistant, by a listwise loss and
// then by coordinate ascent; one set for every conversation. The numbers mean nothing
// by themselves: an arm's best document gets the arm's weight.
#pragma once

#include "knowledge/memory/arms.h"

namespace mira::memory::weights {

// among people, with a program
inline constexpr Weight turn{0.0F, 2.4F};
inline constexpr Weight window{2.4F, 0.64F};
inline constexpr Weight family{2.32F, 2.32F};
inline constexpr Weight conversation{2.09F, 2.09F};
inline constexpr Weight reply{2.87F, 0.0F};   // scaled by the best reply
inline constexpr Weight dates{3.0F, 3.0F};    // chosen on three conversations that have times
inline constexpr Weight meaning{5.8F, 5.8F};  // see meaning.h
inline constexpr Weight meaning_near{0.7F, 0.0F};
inline constexpr Weight meaning_around{5.0F, 0.0F};
inline constexpr Weight cover{2.02F, 1.75F};  // share of the question's idf that it holds
inline constexpr Weight named_speaker{1.14F, 1.14F};
inline constexpr Weight asks{-1.22F, 0.0F};      // who asks does not tell
inline constexpr Weight tells_when{1.4F, 1.4F};  // for a question of when
inline constexpr Weight opening{0.79F, 0.0F};    // first of its conversation: what is new
inline constexpr Weight person{0.0F, 5.72F};     // long replies of programs bury what people said
inline constexpr Weight acknowledges{0.0F, -1.1F};
inline constexpr Weight instructs{0.0F, 1.92F};  // a standing order about what is asked
inline constexpr Weight prefers{0.0F, 0.66F};
inline constexpr Weight length{0.0F, -0.54F};  // times ln(1 + words), of what people say
inline constexpr Weight changes{0.0F, 2.0F};   // times cover, for a question of how something is now

// A later saying takes the place before an earlier one (see supersede.h) when it holds at least this share
// of the question's words that the earlier holds, its score is not further off than this, and this share of
// those words stands beside both values: less where it announces a change.
inline constexpr float replaces_share = 0.25F, replaces_reach = 4.0F;
inline constexpr float announced_support = 0.05F, silent_support = 0.6F;
inline constexpr float changed_support = 0.3F;  // where the earlier announces a change itself
// A later saying with less than this share of the words may be of another subject: then so many stand beside
// both values.
inline constexpr float same_subject_share = 0.5F;
inline constexpr int words_of_a_subject = 2;
// Of several successors the one is taken that fits best: near in rank, and announcing a change.
inline constexpr float successor_fade = 1.0F, announced_worth = 0.5F;
// That both values count what the question counts speaks for them as much as this share of words.
inline constexpr float unit_support = 0.4F;
inline constexpr std::size_t replaces_among = 3, successors_among = 30;  // of the best

// Asked whether something ever was (see whether.h): worth of a saying that tells of something done, and of
// one that denies, times the share of the question that it denies.
inline constexpr float tells_of_doing = 1.0F, denies = 4.0F;
inline constexpr std::size_t tellings_among = 50;

// What happened is told on its day or in so many days after it; then it counts less from the first day on.
inline constexpr float told_within_days = 14, told_later = 0.5F;

// Logistic: is the answer there? Fitted on twenty conversations, classes balanced.
inline constexpr double known_share = 2.038, best_cover = 1.335, stands_out = -1.068, best_score = 0.217,
                        offset = 0.146;
inline constexpr std::size_t looked_at = 5;  // best documents that cover and standing out are taken from

}  // namespace mira::memory::weights

// Of a question whether something ever was ("have I met Bryan?") both sides belong to
// the answer: who says that it never was, and who tells of it. The words of the question
// stand in the denial; what tells of the thing often has only some of them, below
// requests and plans that have more. So among the best, what denies what is asked and what
// tells of something done count more. Nothing is added and nothing is dropped.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "knowledge/memory/supersede.h"

namespace mira::memory {

bool asks_whether(std::string_view question);  // of the person: "have I met", "do we use"
bool tells_of_doing(std::string_view text);    // "I met", "we've been using", "I just attended"; no denial
std::string denied_part(
    std::string_view text);  // what follows each "I've never", "we don't", to the sentence's end

// `ranked` best first, and so again.
base::Status weigh_tellings(store::Connection& main, const Snapshot& snapshot, const Lexical& lexical,
                            const std::vector<std::string>& stems, WordReader& reader,
                            std::vector<Ranked>& ranked);

}  // namespace mira::memory

// The arm "dates" of recall: what was said at a moment that the question names ("last
// spring", 2024-05-02, "in March"), or soon after it, since people tell of a thing on its
// day or some days later. Relative moments are read against the time of the question.
#pragma once

#include "knowledge/memory/arms.h"

namespace mira::memory {

// All scores are 0 when the question names no moment or nothing was said near it.
Arm dates_arm(const Snapshot& snapshot, std::string_view question, std::int64_t now_ms);

// The question names a moment that is over: it asks how things were then, not how they are.
bool asks_of_then(std::string_view question, std::int64_t now_ms);

}  // namespace mira::memory

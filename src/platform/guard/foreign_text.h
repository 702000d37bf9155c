// What others wrote (code, commit messages, logs, tool output) on its way to a
// terminal, a page or an agent: shown as data, never as control, and flagged when it
// reads as if it told a model what to do. The flag is a warning for the reader and a
// reason to quote harder; it is never a proof that other text is harmless, so
// foreign text stays in fields of its own with or without it.
#pragma once

#include <string>
#include <string_view>

namespace mira::guard {

// Valid UTF-8 in which control, bidi and tag characters stand as visible escapes;
// newlines and tabs are kept.
std::string neutralise(std::string_view text);

// True when text speaks to a model: "ignore previous instructions", chat template
// marks, orders to hide something from the user. Invisible characters, look-alike
// letters and comment marks between the words do not hide it.
bool reads_as_instruction(std::string_view text);

}  // namespace mira::guard

// Foreign text on its way into an answer. Code, commit messages and guidelines are
// written by others, and an answer is read by agents that follow orders. So what is
// quoted has its secrets masked and its control, bidi and tag characters made
// visible, stands inside a fence that it cannot close, and is flagged when it reads
// like an order to an agent. Flagging is by phrases: a hint, never a filter.
#pragma once

#include <string>
#include <string_view>

namespace mira::oracle {

std::string quotable_text(std::string_view bytes);  // several lines, as many as before
std::string quotable_line(std::string_view bytes);  // one line
// A run of backticks or tildes longer than any in the text.
std::string fence_for(std::string_view text);

}  // namespace mira::oracle

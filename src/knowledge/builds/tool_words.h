// The words that tools' messages are made of. A message is the tool's own sentence with
// the user's names in it; many tools do not quote the names, so what is no word of any
// tool is taken for one. The list was drawn from the message catalogues of thirteen
// tools and holds what at least three of them say, so no tool's jargon is in it.
#pragma once

#include <string_view>

namespace mira::builds {

// All in lower case.
bool is_tool_word(std::string_view word);      // "undeclared", "argument"
bool is_grammar_word(std::string_view word);   // "the", "is": says nothing of the kind
bool is_language_word(std::string_view word);  // "else", "debugger": a keyword of some language

}  // namespace mira::builds

// A message without what differs between two tellings of it. With names: the same
// problem, whatever the machine, the line or the way of quoting; names of the project
// stay, for a missing `foo` is another problem than a missing `bar`. Without names:
// the tool's own sentence alone, which is the kind of the problem where the tool
// gives no code. Both are pure functions of the text: no state, nothing learned.
#pragma once

#include <string>
#include <string_view>

namespace mira::builds {

// Numbers, addresses, hashes, temporary names and the folders of paths masked; names kept.
std::string template_with_names(std::string_view message);
// The first line's words: names, values and code masked ("<x>", a list of them once), words that say
// nothing of the kind left out, numbers of a word made one ("fields", "field"), suggestions cut.
std::string template_without_names(std::string_view message);

}  // namespace mira::builds

// Arrays and objects of JSON text, counted before a parser builds anything: a reply of
// "[[[[..." must not cost a stack. The text need not be valid.
#pragma once

#include <string_view>

namespace mira::base {

// True where more than `most` arrays and objects stand in each other.
bool json_nests_deeper_than(std::string_view text, int most);

}  // namespace mira::base

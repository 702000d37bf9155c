// What a value in a statement looks like (see statements.h): a day, a time, an address, something definite,
// or a state that passes and is no fact. Values are lower case where it is not said otherwise.
#pragma once

#include <string>
#include <string_view>

namespace mira::memory {

// "fridays" is "friday", in any text.
std::string with_singular_days(std::string value);

bool is_day(std::string_view value);      // "friday", "every monday mornings"
bool is_time(std::string_view value);     // "noon", "4:30 pm"
bool is_rhythm(std::string_view value);   // "every two weeks", "nightly", "twice a day"
bool is_address(std::string_view value);  // where something runs: a port, a host, an URL, a region

// A state that passes, or a matter of talk: "our build is broken", "my problem is that it hangs".
bool passes(std::string_view subject, std::string_view value);

// A number with what it counts, a moment, a tool, something quoted, or a name. `raw`: as it was written.
bool is_definite(const std::string& raw);

}  // namespace mira::memory

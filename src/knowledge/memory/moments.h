// When something was or shall be: moments as people write them ("3 May 2023", "last
// Tuesday", "two weeks ago", "in spring") read against the time they were written.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mira::memory {

// Unix milliseconds of an ISO 8601 time ("2023-05-08T13:56:00Z", "2023-05-08"); nullopt
// when the text is none.
std::optional<std::int64_t> read_iso_ms(std::string_view text);
// "8 May 2023".
std::string day_in_words(std::int64_t ms);

// A span of days, [from, to).
struct Span {
  std::int64_t from_ms = 0, to_ms = 0;
};
// Spans that a text names, absolute and relative to now_ms, in its order.
std::vector<Span> spans_named(std::string_view text, std::int64_t now_ms);

}  // namespace mira::memory

// What is kept of a commit message: repaired, its secrets masked, cut to size,
// and the words it can be found by.
#pragma once

#include <string>
#include <string_view>

namespace mira::git {

struct Message {
  std::string subject;  // the first paragraph on one line
  std::string body;
};

Message clean_message(std::string_view bytes);

// The text with the parts of its identifiers after it ("parseHTTPHeader" adds "parse http
// header"), so that a part is enough to find it.
std::string searchable(std::string_view text);

}  // namespace mira::git

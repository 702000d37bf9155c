// The part of a commit message that matters for a question: the sentence that gives
// a reason or names the thing asked about, and what it refers to. Trailers (signed
// off, reviewed) and quoted lists say nothing and are passed over.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mira::git {

struct MessagePart {
  std::string sentence;                 // of the body; empty: the subject says all there is
  std::vector<std::string> references;  // "#123", "CVE-2024-1234", as written, once each
};

// `names`: what the question is about (a symbol, words of a line); a sentence with one of them matters more.
MessagePart part_that_matters(std::string_view subject, std::string_view body,
                              const std::vector<std::string>& names);

}  // namespace mira::git

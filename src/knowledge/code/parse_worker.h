// The job of the worker process "parse": one request frame (language and bytes) in,
// the encoded facts out. The pool that runs it holds the wall clock and the memory
// cap; a file that kills the worker is the pool's finding, not this code's.
#pragma once

#include <string>
#include <string_view>

namespace mira::code {

std::string parse_request(std::string_view language, std::string_view bytes);
// Reply to a request: encode(extract(bytes, language)). A frame that is no request gives facts that failed.
std::string handle_parse(std::string_view frame);

}  // namespace mira::code

// What the fuzzers of the faces do with some bytes, and the test that replays their
// corpora without a fuzzer. They abort where a promise does not hold.
#pragma once

#include <string_view>

namespace mira::fuzz {

// Lines of MCP, as an agent writes them to standard input: every answer is one line of JSON.
void mcp_stdio(std::string_view bytes);
// The head of an HTTP request: nobody passes the gate without the right Host and token.
void http_head(std::string_view bytes);
// What an agent's hook writes to standard input: valid output or none, and nothing thrown, for every client.
void hook_stdin(std::string_view bytes);

}  // namespace mira::fuzz

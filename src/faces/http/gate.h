// Who may ask. Decided from the head of a request alone, before a byte of the body is
// read. A page that rebound its name to this machine is same-origin to the browser and
// may send no Origin at all: Host is the only header that names it, so Host is checked
// first and always.
#pragma once

#include <optional>
#include <string>

#include "faces/http/message.h"

namespace mira::http {

struct Gate {
  int port = 0;       // of the listener; 0: a unix socket, whose peer was checked already
  std::string token;  // what a client must know
  bool no_token = false;
  std::size_t most_body_bytes = 4 << 20;
};

// The refusal, or nothing when the body may be read. In this order: Host, Origin,
// Sec-Fetch-Site, size, token, content type. Two paths are asked without a token: /health, and /ws, whose
// first message carries it (a page cannot give a WebSocket a header).
std::optional<Response> refuse(const Head& head, const Gate& gate);

// {"ok":false,"error":{...}} with the status of the code.
Response error_response(int status, std::string_view code, std::string_view message,
                        std::string_view hint = {});

// Takes as long for any two texts of one length.
bool equal_in_constant_time(std::string_view a, std::string_view b);

}  // namespace mira::http

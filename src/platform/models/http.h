// One HTTP request by libcurl, its body handed over as it comes. What went wrong is
// told by kind, because what may be tried again depends on it: a connection that was
// never made cost nothing, one that was cut may have. Limits of ours: connect, first
// byte, silence, size, and the caller's deadline; cancelling closes the connection.
// Redirects are not followed: a key goes to its own host only.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "platform/base/deadline.h"

namespace mira::models {

struct HttpLimits {
  std::int64_t connect_ms = 10'000, first_byte_ms = 120'000, silence_ms = 60'000;
  std::size_t body_bytes = 10 << 20;
};

struct HttpRequest {
  std::string url;
  std::vector<std::string> headers;  // "Name: text"
  std::string body;                  // POST when not empty, else GET
  HttpLimits limits;
  std::string method = {};  // "": POST with a body, else GET
};

enum class HttpEnd {
  done,
  not_connected,  // no name, no port, no TLS: nothing was sent
  cut,            // the connection ended before the answer did
  silent,         // no byte came in time
  too_large,
  stopped,  // the receiver had enough
  timed_out,
  cancelled,
};

struct HttpReply {
  HttpEnd end = HttpEnd::done;
  int status = 0;                              // 0: none came
  std::map<std::string, std::string> headers;  // names in lower case
  std::string reason;                          // of every end but done; a part of a sentence
};

// Called with the status and each part of the body; false stops.
using OnBody = std::function<bool(int status, std::string_view bytes)>;

HttpReply exchange(const HttpRequest& request, const OnBody& on_body, base::Deadline deadline);

// "https://api.openai.com/v1" -> "api.openai.com", with the port where one is named; "" when it is no
// http(s) address, or one that holds a user or a password.
std::string host_of(std::string_view url);
// True for the names and addresses of this machine.
bool is_loopback(std::string_view host);

}  // namespace mira::models

// What a server gives to a client to bring back (requestState, session and task ids).
// A client may change what it brings, so it is sealed: an HMAC over the text, whom it
// was given to, for which method and arguments, and until when. The key is made when
// the process starts and never leaves it, so nothing sealed by another process opens.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "faces/mcp/message.h"
#include "platform/base/result.h"

namespace mira::mcp {

// 32 hex digits that nobody can guess. Where the system gives no random bytes: unavailable.
base::Result<std::string> random_name();

class Seal {
 public:
  Seal();
  // For tests.
  explicit Seal(std::array<unsigned char, 32> key) : key_(key), ready_(true) {}

  // `bound` names what it is good for: method and arguments. Printable ASCII.
  std::string close(const Json& content, std::string_view bound, std::int64_t now_ms) const;
  // usage: not made here, for something else, or too old.
  base::Result<Json> open(std::string_view sealed, std::string_view bound, std::int64_t now_ms) const;

 private:
  std::string tag(std::string_view text, std::string_view bound) const;

  std::array<unsigned char, 32> key_{};
  bool ready_ = false;  // without random bytes nothing opens
};

}  // namespace mira::mcp

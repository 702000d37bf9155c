// One thing that was said in a conversation with an agent. A turn arrives twice, from
// the hook at the end of the turn and from the transcript; its id is made from its
// words, so that it is kept once.
#pragma once

#include <string>
#include <string_view>

#include "platform/base/hash.h"
#include "platform/base/text.h"

namespace mira::clients {

struct Turn {
  std::string session;
  std::string folder;  // working folder of the conversation
  std::string role;    // "user" or "assistant"
  std::string text;    // secrets masked
  std::string time;    // ISO 8601, "" when not told
  std::string model;
};

// `text` with its secrets masked.
inline std::string turn_id(std::string_view role, std::string_view text) {
  return base::content_hash(std::string(role) + "\n" + std::string(base::trim(text)));
}

}  // namespace mira::clients

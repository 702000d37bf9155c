// What a function or type is for, in one line: the first sentence of its documentation;
// without one, the words of its name and the rarest of what it calls, which is a reading
// of names and says so.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "platform/store/connection.h"

namespace mira::semantics {

struct Purpose {
  std::string text;                        // one line, at most 160 bytes
  std::string_view source;                 // "doc", "name" or "model" (refine.h)
  double confidence = 0;                   // of a reading of names below one half
  std::string model = {}, certainty = {};  // of a model: which, and how sure it says it is
};

// "Opens the log. Fails when ..." -> "Opens the log."; "" when it says nothing.
std::string first_sentence(std::string_view doc);
base::Result<Purpose> purpose_of(store::Connection& index, std::int64_t element_id);

}  // namespace mira::semantics

// Whether a model's words are the JSON that was asked for. Checked always, whatever the
// host promises: size, depth, UTF-8, then the schema. The error is a sentence that the
// model can be told, so that one repair may be asked for.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

#include "platform/base/result.h"

namespace mira::models {

inline constexpr std::size_t structured_bytes = 1 << 20;
inline constexpr int structured_depth = 64;

// The value. unavailable: it is no JSON, too deep, too long, or not what the schema says.
// failed: the schema itself is not one.
base::Result<nlohmann::json> check_structured(std::string_view text, const nlohmann::json& schema);

}  // namespace mira::models

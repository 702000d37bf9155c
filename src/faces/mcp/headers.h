// The headers that a request of 2026-07-28 repeats of its body, so that what stands between
// can route it without reading it: they must say the same, or somebody is being deceived.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "faces/mcp/offer.h"

namespace mira::mcp {

// The value of a header by its name in lower case.
using HeaderLookup = std::function<std::optional<std::string>(std::string_view name)>;

// Mcp-Method, Mcp-Name, MCP-Protocol-Version and Mcp-Param-* against the body.
std::optional<Fault> check_headers(const Incoming& request, const Offer& offer, const HeaderLookup& header);

// "=?base64?...?=" decoded, other text trimmed of blanks as it is; nothing where the base64 is broken.
std::optional<std::string> decode_header(std::string_view value);

}  // namespace mira::mcp

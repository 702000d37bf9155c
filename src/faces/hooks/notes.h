// What kept hooks from answering, for `mira doctor`: a hook itself says nothing, so
// without these a store that is locked or full would go unseen. One line each in a
// file that is only appended to and never grows past a bound.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "contracts/feature.h"

namespace mira::hooks {

// Appends one note; what cannot be written is lost.
void note_fault(const std::filesystem::path& folder, std::string_view client, std::string_view event,
                std::string_view message, std::int64_t now_ms);

// What the notes of the last seven days and the turns that wait say. `folder` is the hooks' own.
contracts::Finding hooks_health(const std::filesystem::path& folder, std::int64_t now_ms);

}  // namespace mira::hooks

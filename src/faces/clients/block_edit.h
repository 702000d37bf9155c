// A block of ours in a file of instructions that a person writes (CLAUDE.md, AGENTS.md): between two marks,
// at the end of the file or wherever its owner has moved it since. Everything outside the marks stays byte
// for byte.
#pragma once

#include <string>
#include <string_view>

#include "platform/base/result.h"

namespace mira::clients {

// The text with the block, put in or brought up to date. `body`: whole lines.
// failed: a mark without its other one, or several blocks, stand there.
base::Result<std::string> set_block(std::string_view text, std::string_view body);
// The text without the block and the blank line before it.
base::Result<std::string> remove_block(std::string_view text);

}  // namespace mira::clients

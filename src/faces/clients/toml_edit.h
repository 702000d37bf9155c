// Edits of TOML configuration (Codex): one table of our own, appended as text and cut
// out as text; every other byte stays. The file is parsed before and after, so an edit
// never makes a broken file, nor touches one.
#pragma once

#include <string>
#include <string_view>

#include "platform/base/result.h"

namespace mira::clients {

// Appends "[header]\nbody", or puts it in the place of the table of that header. The same text
// changes nothing. failed: not TOML, or the table stands there in another form.
base::Result<std::string> set_table(std::string_view text, std::string_view header, std::string_view body);
// Cuts the table out; text without it comes back as it is.
base::Result<std::string> remove_table(std::string_view text, std::string_view header);

}  // namespace mira::clients

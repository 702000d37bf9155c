// One change in the text of one file, put in or taken out.
#pragma once

#include <string>

#include "faces/clients/client.h"

namespace mira::clients {

// failed: the text does not parse, or an entry of another origin stands at its place.
base::Result<std::string> put_in(const Change& change, std::string_view text);
base::Result<std::string> take_out(const Change& change, std::string_view text);

}  // namespace mira::clients

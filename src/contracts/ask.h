// One feature asks what another one knows: by the name of a registered action, in the
// session it has, never by an #include. A program without that feature answers
// not_found, and the asking feature does without.
#pragma once

#include "contracts/action.h"

namespace mira::contracts {

// The data of the action's reply. Runs in the caller's session, as fresh as that is. not_found: no such
// action here; usage: the arguments do not fit it; else whatever the action says.
base::Result<Json> ask(const Call& call, std::string_view action, const Json& arguments);

}  // namespace mira::contracts

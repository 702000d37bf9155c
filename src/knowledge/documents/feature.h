// Documents of a project: files that the user adds, read in a sandboxed process, in
// pieces that are cited by heading, slide or sheet.
#pragma once

#include "contracts/feature.h"

namespace mira::documents {

contracts::Feature feature();

}  // namespace mira::documents

// The project itself: its row among the projects this user works on, and what its
// guideline files (CLAUDE.md, AGENTS.md, GEMINI.md, Cursor rules and their imports)
// tell agents. Guidelines are kept in index.db and not with the precious data,
// because they are made again from files of the project at any time.
#pragma once

#include "contracts/feature.h"

namespace mira::projects {

contracts::Feature feature();

}  // namespace mira::projects

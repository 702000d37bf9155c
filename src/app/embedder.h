// The embedding model that this program finds: MIRA_HOME/models, models/ beside the
// program, or share/mira/models where it was installed. Looked for once and opened at
// the first text, so that who asks nothing by meaning pays nothing.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "contracts/embedder.h"

namespace mira::app {

// The first *.embed file by name of the first folder that has one; nullopt: there is none.
std::optional<std::filesystem::path> find_model_file();

// nullptr: there is no model file. One that cannot be read fails at every text and says why.
std::shared_ptr<contracts::Embedder> local_embedder();

}  // namespace mira::app

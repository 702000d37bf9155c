// The embedding model that this program finds: MIRA_HOME/models, models/ beside the
// program, or share/mira/models where it was installed. Looked for once and opened at
// the first text, so that who asks nothing by meaning pays nothing.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "contracts/embedder.h"
#include "platform/models/catalog.h"

namespace mira::app {

// The first *.embed file by name of the first folder that has one; nullopt: there is none.
std::optional<std::filesystem::path> find_model_file();

// nullptr: there is no model file. One that cannot be read fails at every text and says why.
std::shared_ptr<contracts::Embedder> local_embedder();

// The model at a host that the user's models.json names for embedding; nullopt: none.
std::optional<models::EmbeddingRow> remote_embedding_model();
// The model that embeds here: the one of a host that the user's models.json names, else the local one.
std::shared_ptr<contracts::Embedder> find_embedder();

}  // namespace mira::app

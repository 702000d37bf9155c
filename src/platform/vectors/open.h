// Where vectors are kept: in a Qdrant server that MIRA_QDRANT_URL names, else in a folder of this machine.
#pragma once

#include <filesystem>
#include <memory>

#include "platform/vectors/index.h"

namespace mira::vectors {

struct Place {
  std::filesystem::path folder;
  std::string whose;  // of this machine's: a project's id, "person"
};

// False: there is nothing to open yet, and nothing was embedded.
bool has_index(const Place& place);
base::Result<std::unique_ptr<Index>> open_index(const Place& place, std::int64_t now_ms);

}  // namespace mira::vectors

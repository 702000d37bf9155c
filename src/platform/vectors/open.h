// Where vectors are kept: in a Qdrant server that MIRA_QDRANT_URL names, else in a folder of this machine.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "platform/vectors/index.h"

namespace mira::vectors {

struct Place {
  std::filesystem::path folder;
  std::string whose;  // of this machine's: a project's id, "person"
};

// False: there is nothing to open yet, and nothing was embedded.
bool has_index(const Place& place);
base::Result<std::unique_ptr<Index>> open_index(const Place& place, std::int64_t now_ms);

struct Server {
  std::string host, version, doubt;  // doubt: why it may not work; "" when it was tested
};
// nullopt: vectors are kept on this machine. Errors as a query of the server's would have.
base::Result<std::optional<Server>> ask_server();

}  // namespace mira::vectors

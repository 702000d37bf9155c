// Contents of objects by id, many with one git child.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "knowledge/git/shadow.h"

namespace mira::git {

// By hex id. Missing objects and those over `limit_bytes` are left out.
base::Result<std::unordered_map<std::string, std::string>> read_blobs(const Shadow& shadow,
                                                                      const std::vector<std::string>& ids,
                                                                      std::int64_t limit_bytes,
                                                                      base::Deadline deadline);

}  // namespace mira::git

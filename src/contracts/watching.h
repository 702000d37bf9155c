// Following a project: its index is brought up to date whenever files change, without
// being asked. The assembly offers it, a face that lives long (a server) starts it.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "contracts/action.h"

namespace mira::contracts {

// Following goes on while this lives; its end waits for the update that runs.
class Followed {
 public:
  virtual ~Followed() = default;
};

class Watching {
 public:
  virtual ~Watching() = default;
  // Follows the project that holds `path` ("": the working folder) on a thread of its own. `told` is called
  // on that thread after each update, with {"event","changed","took_ms",...} as `mira index --watch` prints
  // it.
  virtual base::Result<std::unique_ptr<Followed>> follow(const std::string& path,
                                                         std::function<void(const Json&)> told) = 0;
};

}  // namespace mira::contracts

// How a hook asks what Mira knows: registered actions by name, against the index as
// it is, never waiting for one. An action that this program does not have, an unknown
// name or a store that cannot be read are all the same here: nothing to say. What kept
// a store from answering is kept for `mira doctor`.
#pragma once

#include <optional>

#include "contracts/host.h"

namespace mira::hooks {

class Ask {
 public:
  // `project`: a path inside it.
  // `fault` is set when a store cannot be used; it outlives this.
  Ask(contracts::Host& host, std::string project, base::Deadline deadline, std::optional<base::Error>& fault)
      : host_(host), project_(std::move(project)), deadline_(deadline), fault_(fault) {}

  // The action's data, or nothing.
  std::optional<contracts::Json> operator()(std::string_view action, const contracts::Json& arguments) const;
  // The same for an action that writes.
  bool tell(std::string_view action, const contracts::Json& arguments) const {
    return (*this)(action, arguments).has_value();
  }
  bool has(std::string_view action) const { return host_.registry().find(action) != nullptr; }
  bool late() const { return deadline_.expired(); }

 private:
  contracts::Host& host_;
  std::string project_;
  base::Deadline deadline_;
  std::optional<base::Error>& fault_;
};

}  // namespace mira::hooks

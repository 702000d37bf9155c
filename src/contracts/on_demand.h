// An indexer whose part most questions need nothing of: it is brought up to date by the
// first index, by `mira index`, and for the actions it names. An Indexer says so by
// deriving from this as well.
#pragma once

#include <span>
#include <string_view>

namespace mira::contracts {

class OnDemand {
 public:
  virtual ~OnDemand() = default;
  virtual std::span<const std::string_view> wanted_by() const = 0;  // names of actions
};

}  // namespace mira::contracts

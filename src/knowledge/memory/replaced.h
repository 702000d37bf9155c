// Facts that were replaced, where sayings are recalled: what says the old one stands
// behind what says the new one, and is marked. Only where the question is about the very
// fact; the list is not sorted by date.
#pragma once

#include "knowledge/memory/recall.h"

namespace mira::memory {

// The saying that replaced what an entry says, and why; the last of a chain.
struct ReplacedBy {
  std::int64_t entry = 0;
  std::string reason;  // "said to have changed"
};
base::Result<std::optional<ReplacedBy>> replaced_by(store::Connection& main, std::int64_t entry);

// Puts the successor of each found saying before it; one that was not found is brought in when `may_add`, in
// place of the last. Call inside a read transaction.
base::Status put_replaced_behind(store::Connection& main, const RecallQuestion& question, bool may_add,
                                 WordReader& reader, std::vector<Recalled>& found);

}  // namespace mira::memory

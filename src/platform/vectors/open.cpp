#include "platform/vectors/open.h"

#include "platform/vectors/local.h"

namespace mira::vectors {

bool has_index(const Place& place) {
  return LocalIndex::exists(place.folder);
}

base::Result<std::unique_ptr<Index>> open_index(const Place& place, std::int64_t now_ms) {
  return MIRA_TRY(LocalIndex::open(place.folder, now_ms));
}

}  // namespace mira::vectors

#include "platform/vectors/open.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>

#include "platform/base/hash.h"
#include "platform/vectors/local.h"
#include "platform/vectors/qdrant.h"

namespace mira::vectors {
namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// Two machines may share a server: what each calls "person" or a project is its own.
std::string tenant_of(const Place& place) {
  char machine[256] = {};
  if (::gethostname(machine, sizeof(machine) - 1) != 0) machine[0] = '\0';
  return fmt::format("{}-{:016x}", place.whose,
                     base::hash64(std::string(machine) + "\n" + place.folder.string()));
}

base::Result<QdrantOptions> qdrant_options(const Place& place) {
  QdrantOptions out{.base = variable("MIRA_QDRANT_URL"), .key = variable("MIRA_QDRANT_API_KEY")};
  while (out.base.ends_with('/')) out.base.pop_back();
  std::string host = models::host_of(out.base);
  if (host.empty())
    return base::fail(base::ErrorCode::usage, "MIRA_QDRANT_URL is no http or https address",
                      "give it like http://localhost:6333");
  bool is_open = out.base.starts_with("http://") && !models::is_loopback(host);
  if (is_open && !out.key.empty())
    return base::fail(base::ErrorCode::usage, "the key of Qdrant would go to " + host + " over plain http",
                      "use https, or take MIRA_QDRANT_API_KEY away if the server needs none");
  out.tenant = tenant_of(place);
  return out;
}

}  // namespace

bool has_index(const Place& place) {
  return !variable("MIRA_QDRANT_URL").empty() || LocalIndex::exists(place.folder);
}

base::Result<std::unique_ptr<Index>> open_index(const Place& place, std::int64_t now_ms) {
  if (!variable("MIRA_QDRANT_URL").empty())
    return std::make_unique<QdrantIndex>(MIRA_TRY(qdrant_options(place)));
  return MIRA_TRY(LocalIndex::open(place.folder, now_ms));
}

base::Result<std::optional<Server>> ask_server() {
  if (variable("MIRA_QDRANT_URL").empty()) return std::nullopt;
  QdrantOptions options = MIRA_TRY(qdrant_options({}));
  options.answer_ms = 3000;
  Server out{.host = models::host_of(options.base)};
  QdrantIndex index(std::move(options));
  out.version = MIRA_TRY(index.version());
  if (QdrantIndex::is_newer_than_tested(out.version)) out.doubt = newer_than_tested(out.version, out.host);
  return out;
}

}  // namespace mira::vectors

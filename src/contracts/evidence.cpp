#include "contracts/evidence.h"

#include <fmt/format.h>

namespace mira::contracts {

std::string_view tier_name(Tier tier) {
  switch (tier) {
    case Tier::proved:
      return "proved";
    case Tier::inferred:
      return "inferred";
    case Tier::possible:
      return "possible";
  }
  return "possible";
}

std::string_view trust_name(Trust trust) {
  switch (trust) {
    case Trust::foreign:
      return "foreign";
    case Trust::project:
      return "project";
    case Trust::user:
      return "user";
  }
  return "foreign";
}

std::string citation(const Place& place) {
  std::string commit = place.commit.substr(0, 12);
  if (place.path.empty()) return commit.empty() ? "" : "commit " + commit;
  std::string out = place.path;
  if (place.start_line > 0) {
    out += place.end_line > place.start_line ? fmt::format(":{}-{}", place.start_line, place.end_line)
                                             : fmt::format(":{}", place.start_line);
  }
  if (place.uncommitted) return out + " (uncommitted)";
  return commit.empty() ? out : out + "@" + commit;
}

}  // namespace mira::contracts

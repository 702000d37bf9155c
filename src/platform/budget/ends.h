// When models end. The catalogue knows some dates; a host that lists its models may name them itself, and
// what it said last is kept and laid over the catalogue, so an alias moves on in time and the person is
// told before. Asks no host: `models check` does, and hands over what it was told.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "platform/models/catalog.h"
#include "platform/models/provider.h"
#include "platform/store/connection.h"

namespace mira::budget {

// The rows of the program, of the user's models.json over them, and the ends that hosts told.
base::Result<models::Catalog> known_catalog(store::Connection& main);
// Takes the place of what this host said before. Inside a transaction.
base::Status keep_ends(store::Connection& main, const std::string& host,
                       std::span<const models::Provider::Listed> listed, std::int64_t now_ms);

// A model that work asks for and that has ended or will within `ends_soon_ms`.
struct Ending {
  std::string model, until;          // YYYY-MM-DD
  std::int64_t days = 0;             // from now, rounded up; 0 or less: it has ended
  std::vector<std::string> aliases;  // that ask it
  std::string successor;             // which answers after it; "": none is known
};
inline constexpr std::int64_t ends_soon_ms = std::int64_t{60} * 86'400'000;
std::vector<Ending> endings(const models::Catalog& catalog, const std::string& host, std::int64_t now_ms);

}  // namespace mira::budget

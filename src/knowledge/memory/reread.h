// When the rules that read facts change, what was said is read again, oldest
// first and some entries at each write, so that no write waits for all of them.
// What the rules now find is learned as if it were new; a candidate that they
// find no more is withdrawn, and what it had replaced holds again. What the
// user confirmed, withdrew or asked to remember stays as the user left it.
#pragma once

#include <set>

#include "knowledge/memory/facts.h"

namespace mira::memory {

// Marks which entries came before these rules; those that come now are read as they come. Before an entry is
// written, inside its transaction.
base::Status begin_reading(store::Connection& main);
// Reads at most `most` entries; the scopes whose facts changed. Inside a
// transaction.
base::Result<std::set<std::int64_t>> reread_older(store::Connection& main, std::int64_t now_ms, int most);

}  // namespace mira::memory

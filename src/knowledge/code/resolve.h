// Call resolution of one file: each call site becomes an edge to what it calls, an
// edge that leads out of the project, or an open site with the reason. A pure
// function of the file's facts and of what its Reader reads, so an index grown by
// edits is equal to a fresh one. resolve_pending() runs it for every file that waits.
#pragma once

#include "knowledge/code/resolve_evaluate.h"
#include "platform/base/progress.h"

namespace mira::code {

// Another resolver resolves everything again.
inline constexpr int resolver_version = 8;

struct CallEdge {
  std::int32_t caller = no_symbol;
  SymbolRef callee = {};      // empty: unresolved or external
  std::string callee_name;    // as written, with its receiver
  std::string external = {};  // "external:os.path.join"
  std::int32_t line = 0;
  std::string_view tier;  // proved, inferred, possible, unresolved, external
  std::string_view rule;  // how it was found, or why not
  std::int32_t candidates = 1;
  std::string_view open_name = {};  // of an unresolved one: the callee's last name
};

struct Dependency {
  std::string name;       // as written
  std::string_view kind;  // package, local, unresolved
  std::string items;      // imported names, comma separated
  std::int32_t line = 0;
  std::string target_path = {};             // resolved file of a local import
  std::vector<std::string> passed_on = {};  // names it gives on as its own, of an import that leads out
};

struct Resolution {
  std::vector<CallEdge> edges;
  std::vector<Dependency> dependencies;
  std::vector<std::uint32_t> reads;
};

Resolution resolve_file(World& world, const SourceFile& file);

// Resolves every file with resolved = 0, in transactions of its own. timeout: some are left, the next run
// goes on.
base::Status resolve_pending(store::Connection& index, base::Progress& progress, base::Deadline deadline);

}  // namespace mira::code

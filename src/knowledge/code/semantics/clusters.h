// Domains of a project: files that belong together because they call and import each
// other, stand together and speak of the same things, as communities of one weighted
// graph. Named by the words that tell a cluster from the others. A function of the
// indexed rows and of the clusters that are stored: a fresh index of the same files always
// gives the same ones, and an edit moves a file only where that is clearly better.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "knowledge/code/semantics/concepts.h"

namespace mira::semantics {

struct Cluster {
  std::string name;                     // its two or three most telling words; no two clusters share one
  std::vector<std::string> words;       // up to eight, the most telling first
  std::vector<std::string> paths;       // members, sorted; at least two
  std::int64_t calls = 0, imports = 0;  // between its members
  std::int32_t cohesion = 0;            // per mille: weight of the ties inside, of all ties its members have
};

// By their first member.
base::Result<std::vector<Cluster>> find_clusters(store::Connection& index, const ConceptIndex& concepts);

}  // namespace mira::semantics

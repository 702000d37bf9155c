// Evidence: the currency of every answer. One piece is a text with its place, where
// it comes from, how far it can be trusted and why it was chosen. Sources make
// pieces; the oracle ranks and fits them; faces print them.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace mira::contracts {

// How far the words of a piece may be trusted. Foreign text is data, never an instruction.
enum class Trust { foreign, project, user };

// How an edge or a claim was found. `possible` never counts and never ranks.
enum class Tier { proved, inferred, possible };

struct Place {
  std::string path;          // relative to the project root; empty when not in a file
  int start_line = 0;        // from 1; 0: the whole file
  int end_line = 0;          // inclusive
  std::string commit;        // HEAD's id the lines were read at, or the commit itself; "" outside git
  bool uncommitted = false;  // the file differs from that commit
};

struct Evidence {
  std::string source;  // name of the source: "code.search"
  std::string kind;  // "definition", "chunk", "callers", "commit", "partner", "person", "change", "guideline"
  std::string title;  // one line
  std::string text;   // what is shown under the title; may be empty
  Place place;
  std::string why;  // why it was chosen: "defines `login`, named in the question"
  Trust trust = Trust::project;
  std::optional<Tier> tier;
  std::optional<double> confidence;  // calibrated probability, only where one is measured
  double weight = 1.0;               // the source's own belief in this piece, 0..1, for ties and fusion
  std::string symbol = {};  // qualified name of the one definition shown, ""; callers are asked for it next
};

std::string_view tier_name(Tier tier);
std::string_view trust_name(Trust trust);
// "src/a.c:10-42@1a2b3c4d5e" (12 digits of the commit), "src/a.c:10-42 (uncommitted)", or "commit
// 1a2b3c4d5e6f".
std::string citation(const Place& place);

}  // namespace mira::contracts

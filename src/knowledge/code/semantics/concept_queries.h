// Questions to the concept index: what is about this, what is about the same things as
// that. A word nobody here uses finds nothing; words of the same group widen a question,
// count less, and are named in the evidence.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "platform/store/connection.h"

namespace mira::semantics {

struct AskedConcept {
  std::int64_t id = 0;
  std::string name;
  std::int64_t elements = 0;
  bool beside = false;   // of the same group as the word asked for
  std::size_t word = 0;  // which of the words asked for
};

struct AskedConcepts {
  std::vector<AskedConcept> concepts;
  std::size_t words = 0;             // asked for and worth looking up
  std::vector<std::string> unknown;  // neither they nor words beside them are concepts here
};

// The concepts that the words of a text name.
base::Result<AskedConcepts> asked_concepts(store::Connection& index, std::string_view text);

struct WordEvidence {
  std::string word;
  std::string in;  // "name, doc"
  double strength = 0;
};

struct AboutElement {
  std::int64_t id = 0;
  std::string name, kind, path;  // qualified
  int line = 0;
  double strength = 0;  // 0..1: how much of what it is about was asked for
  bool asked = true;    // by a word of the question; else only by words beside it
  std::vector<WordEvidence> words;
};

// Those with a word of the question first, then by strength. An element answers to every word asked for; when
// none does, to any.
base::Result<std::vector<AboutElement>> elements_about(store::Connection& index, const AskedConcepts& asked);

// Elements that are about the same things, best first: the cosine of what is known of both, with the words
// they share. Not the element itself.
base::Result<std::vector<AboutElement>> elements_like(store::Connection& index, std::int64_t element_id,
                                                      std::size_t limit);

struct ClusterOfFile {
  std::int64_t id = 0;
  std::string name;
  std::int64_t files = 0;
};
// id 0: the file is in none.
base::Result<ClusterOfFile> cluster_of(store::Connection& index, std::string_view path);

}  // namespace mira::semantics

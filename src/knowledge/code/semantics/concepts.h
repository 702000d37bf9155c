// What each function and type is about, in words of the project: the words of its name,
// its documentation, the scope and file it stands in and the packages it calls, forms of
// one word taken together, weighted by how rare they are here. Of each element the eight
// that say most are kept, with the fields they were read in. A function of the indexed
// rows alone: equal files give equal concepts. Tests, examples, vendored and generated
// code are left out.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "platform/store/connection.h"

namespace mira::semantics {

inline constexpr std::size_t most_concepts_of_an_element = 8;

// Where a word was read; a set of bits.
enum ConceptField : std::int32_t {
  in_name = 1,
  in_scope = 2,
  in_doc = 4,
  in_package = 8,
  in_path = 16,
};
// "name, doc"
std::string field_names(std::int32_t fields);

// An element's own texts.
struct ElementText {
  std::string_view name, scope, doc, path;
  std::vector<std::string> packages;  // that it calls into
};
struct ElementWord {
  std::string stem, word;  // the word as it is written
  double count = 0;        // occurrences, each weighted by its field
  std::int32_t fields = 0;
};
// By stem, each once.
std::vector<ElementWord> words_of(const ElementText& text);

struct FoundConcept {
  std::string stem, name;  // the form the project writes most often
  std::int64_t elements = 0, files = 0;
};

struct ConceptRow {
  std::int32_t place = 0;  // in ConceptIndex::concepts
  std::int64_t element_id = 0;
  std::int32_t strength = 0;  // per mille: its share of what the element is about
  std::int32_t fields = 0;
  auto operator<=>(const ConceptRow&) const = default;
};

// What a file is about: the sum of its elements.
struct FileConcepts {
  std::string path;
  std::vector<std::pair<std::int32_t, double>> words;  // place in concepts, strength; by place
};

struct ConceptIndex {
  std::vector<FoundConcept> concepts;  // by stem
  std::vector<ConceptRow> rows;        // by concept and element
  std::vector<FileConcepts> files;     // by path; every product file that was parsed
};

base::Result<ConceptIndex> find_concepts(store::Connection& index);

}  // namespace mira::semantics

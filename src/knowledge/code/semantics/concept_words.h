// Words as concepts. Forms of one word are one concept ("parse", "parser", "parsing");
// words that speak of one matter stand in groups ("authentication": login, session,
// token), which widen a question and are never stored as if the code had said them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mira::semantics {

// "parsers" -> "pars", "cookies" -> "cooki". A key, never shown. Lower case in.
std::string concept_stem(std::string_view word);
// False for numbers, single letters, words of every program ("get", "self", "value") and English stop words.
bool is_concept_word(std::string_view lower_case_word);

struct ConceptGroup {
  std::string_view name;
  std::vector<std::string_view> words;  // the name is one of them
};
// About a hundred, in order of name.
std::vector<ConceptGroup> concept_groups();
// The other words of the groups that hold a word of this stem, once each, in the order of the groups.
std::vector<std::string_view> words_beside(std::string_view stem);

}  // namespace mira::semantics

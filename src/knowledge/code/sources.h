// What the code feature tells the oracle: chunks found by search, definitions of
// symbols named in the question, who calls them and what they call, and the
// files and error places it names. A name that nothing defines yields nothing.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "contracts/source.h"
#include "knowledge/code/meaning.h"

namespace mira::code {

// Lines handed over of a symbol of this kind. Of a function all, up to a bound: the
// answer shows those that tell most. Of a class, a file and the like the head: their
// members are found by themselves, and would otherwise vanish in the whole.
constexpr int piece_lines(std::string_view kind) {
  return kind == "function" || kind == "method" || kind == "constructor" ? 600 : 60;
}

std::vector<std::unique_ptr<contracts::Source>> sources(std::shared_ptr<MeaningSearch> meaning);

// One maker a source, each in its own file; sources() calls them all.
std::unique_ptr<contracts::Source> search_source(std::shared_ptr<MeaningSearch> meaning);
std::unique_ptr<contracts::Source> definitions_source();
std::unique_ptr<contracts::Source> callers_source();
std::unique_ptr<contracts::Source> callees_source();
std::unique_ptr<contracts::Source> file_source();

}  // namespace mira::code

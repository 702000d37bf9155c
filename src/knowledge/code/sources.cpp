#include "knowledge/code/sources.h"

#include <utility>

namespace mira::code {

std::vector<std::unique_ptr<contracts::Source>> sources(std::shared_ptr<MeaningSearch> meaning) {
  std::vector<std::unique_ptr<contracts::Source>> all;
  all.push_back(search_source(std::move(meaning)));
  all.push_back(definitions_source());
  all.push_back(file_source());
  all.push_back(callers_source());
  all.push_back(callees_source());
  return all;
}

}  // namespace mira::code

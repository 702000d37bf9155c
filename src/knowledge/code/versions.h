// What the history offers to the code feature: versions for `affected` to compare, without
// which it can only be given a patch, and for search the files that were worked on under
// words like the query's.
#pragma once

#include <memory>

#include "contracts/changes.h"
#include "contracts/feature.h"
#include "contracts/touched.h"
#include "knowledge/code/meaning.h"

namespace mira::code {

// `code` is what feature() made.
void compare_versions(contracts::Feature& code, std::shared_ptr<contracts::Changes> changes);
void search_with_history(contracts::Feature& code, const std::shared_ptr<MeaningSearch>& meaning,
                         const contracts::TouchedFiles& history);

}  // namespace mira::code

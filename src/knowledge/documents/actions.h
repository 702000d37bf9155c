// The verbs of documents; feature.cpp registers them.
#pragma once

#include <memory>

#include "contracts/action.h"
#include "knowledge/documents/library.h"

namespace mira::documents {

contracts::Action add_action(const std::shared_ptr<Library>& library);
contracts::Action list_action(const std::shared_ptr<Library>& library);
contracts::Action search_action(const std::shared_ptr<Library>& library);
contracts::Action remove_action();

}  // namespace mira::documents

// memory.said: what was said about the question, in this project or by this user.
#pragma once

#include <memory>

#include "contracts/source.h"
#include "knowledge/memory/meaning.h"
#include "knowledge/memory/recall.h"

namespace mira::memory {

std::unique_ptr<contracts::Source> said_source(std::shared_ptr<Recall> recall,
                                               std::shared_ptr<Meaning> meaning);
// memory.facts: confirmed facts that bear on the question, and standing rules for work on the code.
std::unique_ptr<contracts::Source> facts_source();
// memory.person: how the user wants to be answered, and what came back in work of this kind.
std::unique_ptr<contracts::Source> person_source();

}  // namespace mira::memory

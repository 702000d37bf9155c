// The walk of a question, whole: draw (question.h), gather (gather.h), rank
// (rank.h), fit (fit.h), render (render.h). `mira context` is this walk as an
// action; a hook will be the same walk with a shorter deadline. The oracle sees
// contracts::Source only, so it knows no feature and a new one needs no change here.
#pragma once

#include <string>
#include <vector>

#include "contracts/action.h"
#include "contracts/source.h"
#include "oracle/gather.h"

namespace mira::oracle {

// The action `context`. The sources and the factory must outlive the action, and
// so the registry that holds it. A source that ignores its deadline is left behind
// on its thread; that thread is joined when the action is destroyed.
contracts::Action context_action(std::vector<contracts::Source*> sources, SessionFactory& sessions);

}  // namespace mira::oracle

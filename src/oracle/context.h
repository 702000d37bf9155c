// The walk of a question, whole: draw (question.h), gather (gather.h), rank
// (rank.h), fit (fit.h), render (render.h). `mira context` is this walk as an
// action; a hook is the same walk with a shorter deadline. The oracle sees
// contracts::Source only, so it knows no feature and a new one needs no change here.
#pragma once

#include <string>
#include <vector>

#include "contracts/action.h"
#include "contracts/source.h"
#include "oracle/gather.h"
#include "oracle/render.h"

namespace mira::oracle {

struct Answer {
  contracts::Question question;
  Pack pack;
  std::vector<std::string> notes;  // sentences for the user
};

// usage: an empty question. Nothing else fails: a source that does is named in the pack.
base::Result<Answer> answer(contracts::Session& session, std::string_view question_bytes, int budget_tokens,
                            const std::vector<contracts::Source*>& sources, SessionFactory& sessions,
                            base::Deadline deadline, Stragglers& stragglers);

// The action `context`. The sources and the factory must outlive the action, and
// so the registry that holds it. A source that ignores its deadline is left behind
// on its thread; that thread is joined when the action is destroyed.
contracts::Action context_action(std::vector<contracts::Source*> sources, SessionFactory& sessions);

}  // namespace mira::oracle

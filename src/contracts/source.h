// A source of evidence. The oracle runs all sources side by side (one thread each,
// each with its own Session), holds each to a deadline, and names the late ones.
#pragma once

#include <string_view>
#include <vector>

#include "contracts/evidence.h"
#include "contracts/question.h"
#include "contracts/session.h"

namespace mira::contracts {

enum class Stage {
  first,   // answers from the question itself
  second,  // answers from the places the first stage found (question.focus)
};

class Source {
 public:
  virtual ~Source() = default;
  virtual std::string_view name() const = 0;  // "git.cochange"
  virtual Stage stage() const = 0;
  // Adds what this source knows of the moment to the question (changed files, last
  // errors). Called before the first stage, one source after the other; must be fast.
  virtual base::Status prepare(Session&, Question&, base::Deadline) { return {}; }
  // Best first. An empty list is an answer; an error is named to the user.
  virtual base::Result<std::vector<Evidence>> gather(Session&, const Question&, base::Deadline) = 0;
};

}  // namespace mira::contracts

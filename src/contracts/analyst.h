// The port of judgement: a text to a model, an answer in a form back. A feature is given a way to open one
// and never knows which model it is, what it costs or whether it was asked before; whoever made it masks,
// reserves, settles and keeps. What comes back has the form asked for and is foreign text all the same.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "contracts/action.h"

namespace mira::contracts {

struct Judging {
  std::string version;       // "purpose/1": of the rules and the form together
  std::string instructions;  // change with the version only; never foreign text
  Json form;                 // JSON Schema: an object, all properties required, no others
  int most_tokens = 1024;    // of an answer, thinking included
};

struct Judgement {
  Json answer;
  std::string model;
  std::int64_t tokens = 0;                // in and out
  std::optional<std::int64_t> cost_nano;  // of making it, whenever that was; nullopt: no price is known
  bool was_kept = false;                  // nothing was asked: the same text had an answer already
};

class Analyst {
 public:
  virtual ~Analyst() = default;
  // unavailable: the model gave nothing in this form; another text may fare better. Any other error holds for
  // the next text too: over_budget, provider, timeout, interrupted.
  virtual base::Result<Judgement> judge(const std::string& text, base::Deadline deadline) = 0;
};

// unavailable: no model is configured; the hint says how to. The session must outlive what is made.
using OpenAnalyst = std::function<base::Result<std::unique_ptr<Analyst>>(Session&, Judging)>;

}  // namespace mira::contracts

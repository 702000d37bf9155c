// What a feature keeps vectors of, beside the words of it. Embedding is never done while
// somebody waits for an answer: the assembly does it in slices in the background, and for
// `mira embed`. With no model, or no vectors yet, a feature answers as it does without.
#pragma once

#include "contracts/embedder.h"
#include "contracts/session.h"

namespace mira::contracts {

struct EmbedReport {
  std::int64_t embedded = 0, reused = 0, removed = 0;  // reused: the same text was embedded before
  std::int64_t present = 0;                            // had a vector of this model before
  std::int64_t waiting = 0;                            // not reached before the deadline
  std::int64_t refused = 0;                            // texts that the model does not take
};

struct EmbedState {
  std::int64_t texts = 0, embedded = 0;  // embedded: by the model that is here now
};

class Embeds {
 public:
  virtual ~Embeds() = default;
  virtual std::string_view collection() const = 0;  // "code", "conversation"
  virtual std::string_view unit() const = 0;        // "messages"
  virtual Embedder* embedder() const = 0;           // nullptr: there is no model
  // A number that is another one when texts may have come, changed or gone. Cheap.
  virtual base::Result<std::int64_t> version(Session& session) = 0;
  // Cheap: counts. Without a model nothing is embedded.
  virtual base::Result<EmbedState> state(Session& session) = 0;
  // Embeds what has no vector of this model yet, most useful first; what is done is kept when the deadline
  // ends it. Vectors of what is gone go; those of another model when this one has all. Needs a model.
  virtual base::Result<EmbedReport> bring_up_to_date(Session& session, base::Progress& progress,
                                                     base::Deadline deadline) = 0;
};

}  // namespace mira::contracts

// Memory by meaning: a vector for each message, in vectors.db beside mira.db, filtered
// by scope. It only ever adds arms to recall; with no model, or no vectors yet, recall
// is what it is without them. Vectors go with what they are of.
#pragma once

#include <memory>
#include <mutex>
#include <optional>

#include "contracts/embedder.h"
#include "contracts/feature.h"
#include "contracts/session.h"
#include "knowledge/memory/arms.h"
#include "platform/base/progress.h"
#include "platform/vectors/local.h"

namespace mira::memory {

struct EmbedReport {
  std::int64_t embedded = 0, reused = 0, removed = 0,
               present = 0;  // reused: the same text was embedded before
  std::int64_t waiting = 0;  // not reached before the deadline
};

class Meaning {
 public:
  // No embedder: everything below says nothing.
  explicit Meaning(std::shared_ptr<contracts::Embedder> embedder) : embedder_(std::move(embedder)) {}

  // The messages of these scopes by closeness to the question; nullopt: nothing to compare with.
  base::Result<std::optional<vectors::Neighbours>> near(const contracts::Session& session,
                                                        const std::string& question,
                                                        const std::vector<std::int64_t>& scopes,
                                                        base::Deadline deadline);
  // Of every model, whether one is there or not.
  base::Status forget(const contracts::Session& session, const std::vector<std::int64_t>& entries);

  // Embeds messages that have no vector of this model yet, what people said first, then the newest; what
  // is done is kept when the deadline ends it. Vectors of messages that are gone go; those of another
  // model when this one has all. Call with a model only.
  base::Result<EmbedReport> bring_up_to_date(contracts::Session& session, base::Progress& progress,
                                             base::Deadline deadline);
  contracts::Embedder* embedder() const { return embedder_.get(); }

 private:
  base::Result<vectors::LocalIndex*> index(const contracts::Session& session);
  vectors::Space space() const;

  std::shared_ptr<contracts::Embedder> embedder_;
  std::mutex mutex_;  // of index_
  std::unique_ptr<vectors::LocalIndex> index_;
};

// The feature (feature.h) with a model. Null: the same as without one.
contracts::Feature feature_with(std::shared_ptr<contracts::Embedder> embedder);

// "meaning" (the text), "meaning near" (its neighbours), "meaning around" (the best of its conversation).
std::vector<Arm> meaning_arms(const vectors::Neighbours& near, const Snapshot& snapshot);

}  // namespace mira::memory

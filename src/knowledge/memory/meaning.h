// Memory by meaning: a vector for each message, in vectors.db beside mira.db, filtered
// by scope. It only ever adds arms to recall; with no model, or no vectors yet, recall
// is what it is without them. Vectors go with what they are of.
#pragma once

#include <memory>
#include <optional>

#include "contracts/error_reader.h"
#include "contracts/feature.h"
#include "knowledge/memory/arms.h"
#include "meaning/embedded_texts.h"

namespace mira::memory {

class Meaning : public meaning::EmbeddedTexts {
 public:
  using EmbeddedTexts::EmbeddedTexts;

  // The messages of these scopes by closeness to the question; nullopt: nothing to compare with.
  base::Result<std::optional<vectors::Neighbours>> near(const contracts::Session& session,
                                                        const std::string& question,
                                                        const std::vector<std::int64_t>& scopes,
                                                        base::Deadline deadline);
  // Of every model, whether one is there or not.
  base::Status forget(const contracts::Session& session, const std::vector<std::int64_t>& entries);

  std::string_view collection() const override { return "conversation"; }
  std::string_view unit() const override { return "messages"; }
  base::Result<std::int64_t> version(contracts::Session& session) override;

 protected:
  vectors::Place place(const contracts::Session& session) const override;
  base::Result<std::int64_t> count(const contracts::Session& session) override;
  // What people said comes first, then the newest.
  base::Result<std::vector<vectors::Waiting>> texts(const contracts::Session& session) override;
};

// The feature (feature.h) with a model, and with a reader of the errors in what was said; without one none
// are seen.
contracts::Feature feature_with(const std::shared_ptr<Meaning>& meaning,
                                const contracts::ErrorReader& errors = {});

// "meaning" (the text), "meaning near" (its neighbours), "meaning around" (the best of its conversation).
std::vector<Arm> meaning_arms(const vectors::Neighbours& near, const Snapshot& snapshot);

}  // namespace mira::memory

// Code by meaning: a vector for each chunk's passage (meaning_passage.h), in vectors.db
// beside index.db. It only ever adds to what words find; with no model, or fewer than half
// of the passages embedded, search is what it is without it.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>

#include "contracts/feature.h"
#include "meaning/embedded_texts.h"

namespace mira::code {

// How far above the mean of all chunks a chunk's closeness stands, 1 being four deviations; never below 0.
using Closeness = std::unordered_map<std::int64_t, double>;  // by chunk_id

struct TypedQuery;

class MeaningSearch : public meaning::EmbeddedTexts {
 public:
  using EmbeddedTexts::EmbeddedTexts;

  // The chunks that are closest to what is asked; empty: nothing to compare with.
  base::Result<Closeness> near(const contracts::Session& session, std::string_view question,
                               base::Deadline deadline);

  std::string_view collection() const override { return "code"; }
  std::string_view unit() const override { return "chunks"; }
  base::Result<std::int64_t> version(contracts::Session& session) override;

 protected:
  vectors::Place place(const contracts::Session& session) const override;
  base::Result<std::int64_t> count(const contracts::Session& session) override;
  // Sources that others call come first; tests, examples and what is generated or vendored last.
  base::Result<std::vector<vectors::Waiting>> texts(const contracts::Session& session) override;
};

// For a search: only a text is asked by meaning, a symbol or a path is a name. A model that fails costs its
// own part of the answer; a note says so.
Closeness close_to(MeaningSearch& meaning, const contracts::Session& session, const TypedQuery& query,
                   std::string_view text, base::Deadline deadline, std::vector<std::string>& notes);

// The feature (feature.h) with a model.
contracts::Feature feature_with(const std::shared_ptr<MeaningSearch>& meaning);

}  // namespace mira::code

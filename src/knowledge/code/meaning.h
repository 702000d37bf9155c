// Code by meaning: a vector for each chunk's passage (meaning_passage.h), in vectors.db
// beside index.db. It only ever adds to what words find; with no model, or fewer than half
// of the passages embedded, search is what it is without it.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "contracts/embeds.h"
#include "contracts/feature.h"
#include "platform/vectors/open.h"

namespace mira::code {

// How far above the mean of all chunks a chunk's closeness stands, 1 being four deviations; never below 0.
using Closeness = std::unordered_map<std::int64_t, double>;  // by chunk_id

struct TypedQuery;

class MeaningSearch : public contracts::Embeds {
 public:
  // No embedder: everything below says nothing.
  explicit MeaningSearch(std::shared_ptr<contracts::Embedder> embedder) : embedder_(std::move(embedder)) {}

  // The chunks that are closest to what is asked; empty: nothing to compare with.
  base::Result<Closeness> near(const contracts::Session& session, std::string_view question,
                               base::Deadline deadline);

  std::string_view collection() const override { return "code"; }
  std::string_view unit() const override { return "chunks"; }
  contracts::Embedder* embedder() const override { return embedder_.get(); }
  base::Result<std::int64_t> version(contracts::Session& session) override;
  base::Result<contracts::EmbedState> state(contracts::Session& session) override;
  // Sources that others call come first; tests, examples and what is generated or vendored last.
  base::Result<contracts::EmbedReport> bring_up_to_date(contracts::Session& session, base::Progress& progress,
                                                        base::Deadline deadline) override;

 private:
  base::Result<vectors::Index*> index(const contracts::Session& session);
  vectors::Space space() const;

  std::shared_ptr<contracts::Embedder> embedder_;
  std::mutex mutex_;                                                // of indexes_
  std::map<std::string, std::unique_ptr<vectors::Index>> indexes_;  // by project id
};

// For a search: only a text is asked by meaning, a symbol or a path is a name. A model that fails costs its
// own part of the answer; a note says so.
Closeness close_to(MeaningSearch& meaning, const contracts::Session& session, const TypedQuery& query,
                   std::string_view text, base::Deadline deadline, std::vector<std::string>& notes);

// The feature (feature.h) with a model.
contracts::Feature feature_with(const std::shared_ptr<MeaningSearch>& meaning);

}  // namespace mira::code

// What every feature that keeps vectors of its texts does alike: the index of vectors that belongs to
// a session, how far embedding is, bringing it up to date, and asking what is near. A feature says
// where its vectors are, what its texts are, and what an answer means.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "contracts/embeds.h"
#include "platform/vectors/fill.h"
#include "platform/vectors/open.h"

namespace mira::meaning {

class EmbeddedTexts : public contracts::Embeds {
 public:
  // No embedder: nothing is embedded, and nothing is near.
  explicit EmbeddedTexts(std::shared_ptr<contracts::Embedder> embedder) : embedder_(std::move(embedder)) {}

  contracts::Embedder* embedder() const override { return embedder_.get(); }
  base::Result<contracts::EmbedState> state(contracts::Session& session) override;
  base::Result<contracts::EmbedReport> bring_up_to_date(contracts::Session& session, base::Progress& progress,
                                                        base::Deadline deadline) override;

 protected:
  struct Question {
    std::string_view text;
    std::size_t compared = 200;  // nearest texts that an answer knows of
    vectors::Filter filter = {};
    std::int64_t needed = 0;  // texts that must have a vector; fewer answer at random
  };
  // The texts nearest to a question; nothing: there is nothing to compare with. A long question is cut by
  // the feature.
  base::Result<std::optional<vectors::Neighbours>> nearest(const contracts::Session& session,
                                                           const Question& question, base::Deadline deadline);
  // nullptr: nothing was embedded yet.
  base::Result<vectors::Index*> existing(const contracts::Session& session);

  virtual vectors::Place place(const contracts::Session& session) const = 0;
  virtual base::Result<std::int64_t> count(const contracts::Session& session) = 0;
  // All that should have a vector, most useful first.
  virtual base::Result<std::vector<vectors::Waiting>> texts(const contracts::Session& session) = 0;

 private:
  base::Result<vectors::Index*> index(const contracts::Session& session);
  vectors::Space space() const;

  std::shared_ptr<contracts::Embedder> embedder_;
  std::mutex mutex_;                                                // of indexes_
  std::map<std::string, std::unique_ptr<vectors::Index>> indexes_;  // by whose they are
};

}  // namespace mira::meaning

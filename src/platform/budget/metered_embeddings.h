// Vectors from a host, as metered as answers are (metered_client.h): each batch is priced,
// reserved at its worst case against every cap, sent, settled by what was really used, and
// is a row of the ledger. Secrets are masked before text leaves.
#pragma once

#include "platform/budget/metered_client.h"

namespace mira::budget {

struct EmbeddingRequest {
  std::string model;
  std::size_t dimensions = 0;
  std::vector<std::string> texts;
  bool background = false;
};

struct Embedded {
  std::vector<std::vector<float>> vectors;  // in the order of the texts, of unit length
  models::Bill bill;
};

// The catalogue and the host that embeds. unavailable: none is configured.
base::Result<Connected> find_embedding_model();

class MeteredEmbeddings {
 public:
  MeteredEmbeddings(Connected connected, Ground ground, models::RetryPolicy policy = {});
  // over_budget: a cap would be passed. provider: the host failed. usage: it does not take one of the texts.
  base::Result<Embedded> embed(const EmbeddingRequest& request, base::Deadline deadline);

 private:
  std::optional<models::Price> price_of(const std::string& model) const;

  models::Catalog catalog_;
  models::Provider provider_;
  Ground ground_;
  Ledger ledger_;
};

}  // namespace mira::budget

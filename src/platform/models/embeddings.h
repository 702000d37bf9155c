// The embeddings endpoint as pure functions: texts to a request, an answer to vectors.
// What a host says is checked: as many vectors as texts, each once, of the dimensions asked
// for, finite and with a direction; they come out at unit length.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "platform/base/result.h"
#include "platform/models/money.h"

namespace mira::models {

struct EmbeddingPrompt {
  std::string model;
  std::size_t dimensions = 0;      // 0: whatever the model has
  std::vector<std::string> texts;  // none is empty
  bool is_openai = false;          // the vendor's own host: half the bytes may be asked for
  bool sends_dimensions = true;    // false: the host does not know the field
};

struct ReceivedVectors {
  std::vector<std::vector<float>> vectors;  // in the order of the texts
  bool has_usage = false;
  Usage usage;
};

nlohmann::json embeddings_body(const EmbeddingPrompt& prompt);
// provider: the answer is not what was asked for; the message says in what.
base::Result<ReceivedVectors> take_embeddings(std::string_view body, const EmbeddingPrompt& prompt);

}  // namespace mira::models

// A model of meaning that a test can foretell: texts with words of one row mean the same, what no row has
// means nothing in particular.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "contracts/embedder.h"

namespace mira::support {

class Thesaurus : public contracts::Embedder {
 public:
  using Rows = std::vector<std::vector<std::string_view>>;

  explicit Thesaurus(Rows rows, std::string name = "thesaurus@1")
      : rows_(std::move(rows)), name_(std::move(name)) {}
  const std::string& model() override { return name_; }
  std::size_t dimensions() override { return rows_.size() + 1; }
  base::Result<std::vector<float>> of_question(const contracts::Session&, std::string_view text,
                                               base::Deadline) override {
    ++questions;
    if (broken) return base::fail(base::ErrorCode::failed, "the model is ill");
    return vector_of(text);
  }
  base::Result<std::vector<std::vector<float>>> of_passages(const contracts::Session&,
                                                            std::span<const std::string> texts,
                                                            base::Deadline) override {
    std::vector<std::vector<float>> out;
    for (const std::string& text : texts) {
      embedded.push_back(text);
      out.push_back(vector_of(text));
    }
    return out;
  }

  std::vector<std::string> embedded;  // passages, in the order they came
  int questions = 0;
  bool broken = false;

 private:
  std::vector<float> vector_of(std::string_view text) const {
    std::vector<float> out(rows_.size() + 1);
    out.back() = 0.3F;
    for (std::size_t row = 0; row < rows_.size(); ++row)
      for (std::string_view word : rows_[row])
        if (text.contains(word)) out[row] += 1;
    return out;
  }

  Rows rows_;
  std::string name_;
};

}  // namespace mira::support

// The file of an embedding model, mapped into memory and read in place: nothing is
// parsed at start but a short record, so a process that asks one question pays for
// the pages it touches. scripts/make_embedder.py writes it; the record names the
// model, its sizes, its prefixes and the published file it was made from. The file
// is foreign: every size is checked against its length before a pointer is made.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/base/result.h"

namespace mira::embed {

// Weights of `outputs` rows of `inputs` numbers: (weight - zero[row]) * scale[row].
struct Matrix {
  const std::int8_t* weights = nullptr;
  const float* scale = nullptr;
  const std::int8_t* zero = nullptr;
  const float* bias = nullptr;
  std::size_t outputs = 0, inputs = 0;
};

struct Norm {
  const float* weight = nullptr;
  const float* bias = nullptr;
};

struct Table {  // rows of 8-bit numbers: (number - zero) * scale
  const std::uint8_t* rows = nullptr;
  float scale = 0;
  int zero = 0;
};

struct Layer {
  Matrix attention_in, attention_out, inner, outer;
  Norm attention_norm, outer_norm;
};

struct ModelRecord {
  std::string name, source, licence;  // source: SHA-256 of what it was made from
  std::size_t layers = 0, width = 0, heads = 0, inner = 0, positions = 0, words = 0;
  std::size_t most_tokens = 0;  // of one text, the two that enclose it included
  float norm_epsilon = 0;
  std::string question_prefix, passage_prefix;
};

class ModelFile {
 public:
  // not_found: no such file. unavailable: it is no model file, cut, or of a kind this program does not run.
  static base::Result<std::shared_ptr<const ModelFile>> open(const std::filesystem::path& path);
  ModelFile(const ModelFile&) = delete;
  ModelFile& operator=(const ModelFile&) = delete;
  ~ModelFile();

  const ModelRecord& record() const { return record_; }
  const Table& words() const { return words_; }
  const Table& positions() const { return positions_; }
  const Table& types() const { return types_; }
  const Norm& first_norm() const { return first_norm_; }
  std::span<const Layer> layers() const { return layers_; }
  // Number of a word of the vocabulary ("##ing" goes on inside a word); -1: it has none.
  std::int32_t number_of(std::string_view word) const;

 private:
  ModelFile() = default;
  base::Status read(std::string_view bytes);

  std::string_view bytes_;  // the mapping
  ModelRecord record_;
  Table words_, positions_, types_;
  Norm first_norm_;
  std::vector<Layer> layers_;
  std::string_view text_;                    // the words one after the other
  const std::uint32_t* starts_ = nullptr;    // of each word in text_, and the end
  const std::uint32_t* in_order_ = nullptr;  // numbers of the words by their bytes
};

}  // namespace mira::embed

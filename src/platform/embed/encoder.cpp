#include "platform/embed/encoder.h"

#include <cmath>

#include "platform/embed/wordpiece.h"

namespace mira::embed {
namespace {

// Rows of floats in and out of one matrix, and the integers in between.
class Product {
 public:
  Product(std::size_t rows, const Kernels& with) : rows_(rows), with_(with), scales_(rows), sums_(rows) {}

  void multiply(const float* in, const Matrix& matrix, std::vector<float>& out) {
    quantised_.resize(rows_ * matrix.inputs);
    products_.resize(rows_ * matrix.outputs);
    out.resize(rows_ * matrix.outputs);
    int limit = activation_limit(matrix.inputs);
    for (std::size_t row = 0; row < rows_; ++row) {
      scales_[row] = with_.quantise(in + row * matrix.inputs, matrix.inputs, limit,
                                    quantised_.data() + row * matrix.inputs, &sums_[row]);
    }
    with_.multiply(quantised_.data(), rows_, matrix.weights, matrix.outputs, matrix.inputs, products_.data());
    for (std::size_t row = 0; row < rows_; ++row) {
      with_.restore(products_.data() + row * matrix.outputs, scales_[row], sums_[row], matrix,
                    out.data() + row * matrix.outputs);
    }
  }

 private:
  std::size_t rows_;
  const Kernels& with_;
  std::vector<float> scales_;
  std::vector<std::int32_t> sums_;
  std::vector<std::int16_t> quantised_;
  std::vector<std::int32_t> products_;
};

void add_row(const Table& table, std::size_t row, std::size_t width, float* out) {
  const std::uint8_t* numbers = table.rows + row * width;
  for (std::size_t i = 0; i < width; ++i) out[i] += static_cast<float>(numbers[i] - table.zero) * table.scale;
}

std::vector<float> first_states(const ModelFile& model, std::span<const std::int32_t> numbers,
                                const Kernels& with) {
  std::size_t width = model.record().width;
  std::vector<float> out(numbers.size() * width);
  for (std::size_t t = 0; t < numbers.size(); ++t) {
    float* row = out.data() + t * width;
    add_row(model.words(), static_cast<std::size_t>(numbers[t]), width, row);
    add_row(model.positions(), t, width, row);
    add_row(model.types(), 0, width, row);
    with.normalise(row, nullptr, width, model.first_norm(), model.record().norm_epsilon);
  }
  return out;
}

void make_unit(std::vector<float>& vector) {
  double squares = 0;
  for (float x : vector) squares += static_cast<double>(x) * x;
  auto factor = static_cast<float>(1 / std::sqrt(std::max(squares, 1e-24)));
  for (float& x : vector) x *= factor;
}

std::vector<float> encode_text(const ModelFile& model, std::string_view prefix, std::string_view text) {
  std::vector<float> out(model.record().width);
  auto windows = tokenize(model, prefix, text, model.record().most_tokens, windows_of_a_text);
  if (windows.size() == 1) return encode(model, windows.front());
  for (const auto& window : windows) {
    std::vector<float> part = encode(model, window);
    for (std::size_t i = 0; i < out.size(); ++i) out[i] += part[i];
  }
  make_unit(out);
  return out;
}

}  // namespace

std::vector<float> encode(const ModelFile& model, std::span<const std::int32_t> numbers,
                          const Kernels& with) {
  const ModelRecord& record = model.record();
  std::size_t tokens = numbers.size(), width = record.width;
  std::vector<float> states = first_states(model, numbers, with);
  std::vector<float> mixed(tokens * width), wide, added, scratch(attention_scratch(tokens));
  Product product(tokens, with);
  for (const Layer& layer : model.layers()) {
    product.multiply(states.data(), layer.attention_in, wide);
    for (std::size_t head = 0; head < record.heads; ++head) {
      const float* query = wide.data() + head * (width / record.heads);
      with.attend(query, query + width, query + 2 * width, 3 * width, tokens,
                  mixed.data() + head * (width / record.heads), width, scratch.data());
    }
    product.multiply(mixed.data(), layer.attention_out, added);
    for (std::size_t t = 0; t < tokens; ++t)
      with.normalise(states.data() + t * width, added.data() + t * width, width, layer.attention_norm,
                     record.norm_epsilon);
    product.multiply(states.data(), layer.inner, wide);
    with.gelu(wide.data(), wide.size());
    product.multiply(wide.data(), layer.outer, added);
    for (std::size_t t = 0; t < tokens; ++t)
      with.normalise(states.data() + t * width, added.data() + t * width, width, layer.outer_norm,
                     record.norm_epsilon);
  }
  std::vector<float> out(width);
  for (std::size_t t = 0; t < tokens; ++t) {
    for (std::size_t i = 0; i < width; ++i) out[i] += states[t * width + i];
  }
  make_unit(out);
  return out;
}

std::vector<float> encode_question(const ModelFile& model, std::string_view text) {
  return encode_text(model, model.record().question_prefix, text);
}

std::vector<float> encode_passage(const ModelFile& model, std::string_view text) {
  return encode_text(model, model.record().passage_prefix, text);
}

}  // namespace mira::embed

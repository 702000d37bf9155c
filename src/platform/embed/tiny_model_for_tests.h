// A model file of a few words and random weights, so that the encoder is tested without
// a published model; and the same model in plain doubles, to hold the encoder against.
#pragma once

#include <cmath>
#include <fstream>
#include <numbers>
#include <random>
#include <string>
#include <vector>

#include "platform/base/result.h"

namespace mira::embed {

class TinyModel {
 public:
  static constexpr std::size_t width = 64, heads = 2, inner = 96, layers = 3, positions = 32, most = 16;
  const std::vector<std::string> words = {"[PAD]", "[UNK]", "[CLS]", "[SEP]", "a",      "cat",
                                          "##s",   "sat",   "on",    "mat",   "##ting", ".",
                                          ",",     "中",    "cafe",  "##e",   "q",      ":"};

  TinyModel() {
    add_table(words_, words.size());
    add_table(positions_, positions);
    add_table(types_, 2);
    add_norm(first_);
    for (Layer& layer : layers_) {
      add_matrix(layer.in, 3 * width, width);
      add_matrix(layer.out, width, width);
      add_norm(layer.first);
      add_matrix(layer.up, inner, width);
      add_matrix(layer.down, width, inner);
      add_norm(layer.second);
    }
    add_words();
  }

  std::string bytes(const std::string& changes_from = "", const std::string& to = "") const {
    std::string record =
        R"({"name":"tiny","source":"0123456789abcdef","licence":"none","layers":3,"width":64,"heads":2,"inner":96,)"
        R"("positions":32,"most_tokens":16,"norm_epsilon":1e-12,"question_prefix":"q: ","passage_prefix":"",)"
        R"("tokenizer":"wordpiece-lower","pooling":"mean","tables":{"word":{"scale":0.01,"zero":128},)"
        R"("position":{"scale":0.01,"zero":128},"token_type":{"scale":0.01,"zero":128}},"words":)" +
        std::to_string(words.size()) + R"(,"words_bytes":)" + std::to_string(word_bytes_) + "}";
    if (!changes_from.empty()) record.replace(record.find(changes_from), changes_from.size(), to);
    auto size = static_cast<std::uint32_t>(record.size());
    std::string out =
        "MIRAEMB2" + std::string(reinterpret_cast<const char*>(&size), 4) + std::string(4, '\0') + record;
    out.resize((out.size() + 63) / 64 * 64);
    return out + body_;
  }
  void write(const std::filesystem::path& file) const { std::ofstream(file, std::ios::binary) << bytes(); }

  // The same text through the same weights, step by step as the papers have it.
  std::vector<double> encode(const std::vector<std::int32_t>& numbers) const {
    std::vector<Row> states;
    for (std::size_t t = 0; t < numbers.size(); ++t) {
      Row row(width);
      for (std::size_t i = 0; i < width; ++i)
        row[i] = words_[static_cast<std::size_t>(numbers[t])][i] + positions_[t][i] + types_[0][i];
      states.push_back(normalised(row, first_));
    }
    for (const Layer& layer : layers_) {
      std::vector<Row> mixed = attention(states, layer);
      for (std::size_t t = 0; t < states.size(); ++t) {
        states[t] = normalised(sum(states[t], times(layer.out, mixed[t])), layer.first);
        Row wide = times(layer.up, states[t]);
        for (double& x : wide) x = x / 2 * (1 + std::erf(x / std::numbers::sqrt2));
        states[t] = normalised(sum(states[t], times(layer.down, wide)), layer.second);
      }
    }
    Row out(width);
    for (const Row& row : states) out = sum(out, row);
    double squares = 0;
    for (double x : out) squares += x * x;
    for (double& x : out) x /= std::sqrt(squares);
    return out;
  }

 private:
  using Row = std::vector<double>;
  struct Dense {
    std::vector<Row> rows;
    Row bias;
  };
  struct Pair {
    Row weight, bias;
  };
  struct Layer {
    Dense in, out, up, down;
    Pair first, second;
  };

  template <class T>
  void append(const std::vector<T>& values) {
    body_.resize((body_.size() + 63) / 64 * 64);
    body_.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
  }
  std::vector<float> floats(std::size_t count, float middle, float spread) {
    std::normal_distribution<float> normal(middle, spread);
    std::vector<float> out(count);
    for (float& x : out) x = normal(random_);
    append(out);
    return out;
  }
  void add_table(std::vector<Row>& table, std::size_t rows) {
    std::uniform_int_distribution<int> any(0, 255);
    std::vector<std::uint8_t> numbers(rows * width);
    for (auto& x : numbers) x = static_cast<std::uint8_t>(any(random_));
    append(numbers);
    for (std::size_t row = 0; row < rows; ++row) {
      table.emplace_back();
      for (std::size_t i = 0; i < width; ++i) table.back().push_back((numbers[row * width + i] - 128) * 0.01);
    }
  }
  void add_norm(Pair& norm) {
    auto weight = floats(width, 1, 0.1F), bias = floats(width, 0, 0.1F);
    norm = {Row(weight.begin(), weight.end()), Row(bias.begin(), bias.end())};
  }
  void add_matrix(Dense& dense, std::size_t outputs, std::size_t inputs) {
    std::uniform_int_distribution<int> any(-128, 127), few(-20, 20);
    std::vector<std::int8_t> weights(outputs * inputs), zeros(outputs);
    for (auto& x : weights) x = static_cast<std::int8_t>(any(random_));
    append(weights);
    auto scales = floats(outputs, 0.002F, 0.0003F);
    for (auto& x : zeros) x = static_cast<std::int8_t>(few(random_));
    append(zeros);
    auto bias = floats(outputs, 0, 0.1F);
    dense.bias.assign(bias.begin(), bias.end());
    for (std::size_t o = 0; o < outputs; ++o) {
      dense.rows.emplace_back();
      for (std::size_t i = 0; i < inputs; ++i)
        dense.rows.back().push_back((weights[o * inputs + i] - zeros[o]) * static_cast<double>(scales[o]));
    }
  }
  void add_words() {
    std::vector<std::uint32_t> starts{0}, order;
    std::vector<char> text;
    for (const std::string& word : words) {
      text.insert(text.end(), word.begin(), word.end());
      starts.push_back(static_cast<std::uint32_t>(text.size()));
      order.push_back(static_cast<std::uint32_t>(order.size()));
    }
    std::sort(order.begin(), order.end(), [&](auto a, auto b) { return words[a] < words[b]; });
    append(starts);
    append(order);
    append(text);
    word_bytes_ = text.size();
  }

  static Row sum(Row a, const Row& b) {
    for (std::size_t i = 0; i < a.size(); ++i) a[i] += b[i];
    return a;
  }
  static Row times(const Dense& dense, const Row& x) {
    Row out = dense.bias;
    for (std::size_t o = 0; o < out.size(); ++o)
      for (std::size_t i = 0; i < x.size(); ++i) out[o] += dense.rows[o][i] * x[i];
    return out;
  }
  static Row normalised(const Row& x, const Pair& norm) {
    double mean = 0, variance = 0;
    for (double v : x) mean += v / static_cast<double>(x.size());
    for (double v : x) variance += (v - mean) * (v - mean) / static_cast<double>(x.size());
    Row out;
    for (std::size_t i = 0; i < x.size(); ++i)
      out.push_back((x[i] - mean) / std::sqrt(variance + 1e-12) * norm.weight[i] + norm.bias[i]);
    return out;
  }
  static std::vector<Row> attention(const std::vector<Row>& states, const Layer& layer) {
    std::vector<Row> wide, out(states.size(), Row(width));
    for (const Row& row : states) wide.push_back(times(layer.in, row));
    constexpr std::size_t part = width / heads;
    for (std::size_t head = 0; head < heads; ++head) {
      for (std::size_t t = 0; t < states.size(); ++t) {
        Row shares;
        double total = 0;
        for (const Row& other : wide) {
          double score = 0;
          for (std::size_t d = 0; d < part; ++d)
            score += wide[t][head * part + d] * other[width + head * part + d];
          shares.push_back(std::exp(score / std::sqrt(static_cast<double>(part))));
          total += shares.back();
        }
        for (std::size_t s = 0; s < states.size(); ++s)
          for (std::size_t d = 0; d < part; ++d)
            out[t][head * part + d] += shares[s] / total * wide[s][2 * width + head * part + d];
      }
    }
    return out;
  }

  std::mt19937 random_{11};
  std::string body_;
  std::size_t word_bytes_ = 0;
  std::vector<Row> words_, positions_, types_;
  Pair first_;
  std::vector<Layer> layers_{layers};
};

}  // namespace mira::embed

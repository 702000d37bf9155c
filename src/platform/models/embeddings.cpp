#include "platform/models/embeddings.h"

#include <fmt/format.h>

#include <cmath>
#include <cstring>
#include <optional>

#include "platform/base/text.h"

namespace mira::models {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;
using nlohmann::json;

int digit_of(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+') return 62;
  return c == '/' ? 63 : -1;
}

// Little-endian floats in base64; nullopt: it is none.
std::optional<std::vector<float>> floats_of_base64(std::string_view text) {
  while (text.ends_with('=')) text.remove_suffix(1);
  std::string bytes;
  std::uint32_t held = 0;
  int bits = 0;
  for (char c : text) {
    int digit = digit_of(c);
    if (digit < 0) return std::nullopt;
    held = held << 6 | static_cast<std::uint32_t>(digit);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push_back(static_cast<char>(held >> bits & 0xFF));
  }
  if (bytes.size() % sizeof(float) != 0) return std::nullopt;
  std::vector<float> out(bytes.size() / sizeof(float));
  std::memcpy(out.data(), bytes.data(), bytes.size());
  return out;
}

std::optional<std::vector<float>> floats_of(const json& embedding) {
  if (embedding.is_string()) return floats_of_base64(embedding.get_ref<const std::string&>());
  if (!embedding.is_array()) return std::nullopt;
  std::vector<float> out;
  out.reserve(embedding.size());
  for (const json& number : embedding) {
    if (!number.is_number()) return std::nullopt;
    out.push_back(number.get<float>());
  }
  return out;
}

// False: not finite, or no direction.
bool make_unit(std::vector<float>& vector) {
  double squares = 0;
  for (float x : vector) squares += static_cast<double>(x) * x;
  if (!std::isfinite(squares) || squares <= 0) return false;
  auto factor = static_cast<float>(1 / std::sqrt(squares));
  for (float& x : vector) x *= factor;
  return true;
}

std::unexpected<base::Error> wrong(const std::string& what) {
  return fail(ErrorCode::provider, "the host's answer holds no vectors as they were asked for: " + what);
}

void take_usage(ReceivedVectors& received, const json& answer) {
  auto usage = answer.find("usage");
  if (usage == answer.end() || !usage->is_object()) return;
  for (const char* name : {"prompt_tokens", "total_tokens"}) {
    auto count = usage->find(name);
    if (count == usage->end() || !count->is_number_integer()) continue;
    received.usage.fresh = count->get<std::int64_t>();
    received.has_usage = true;
    return;
  }
}

}  // namespace

json embeddings_body(const EmbeddingPrompt& prompt) {
  json body{{"model", prompt.model}, {"input", prompt.texts}};
  body["encoding_format"] = prompt.is_openai ? "base64" : "float";
  if (prompt.dimensions > 0 && prompt.sends_dimensions) body["dimensions"] = prompt.dimensions;
  return body;
}

Result<ReceivedVectors> take_embeddings(std::string_view body, const EmbeddingPrompt& prompt) {
  json answer = json::parse(body, nullptr, false);
  if (!answer.is_object() || !answer.contains("data") || !answer["data"].is_array())
    return wrong("it has no list \"data\"");
  ReceivedVectors out{.vectors = std::vector<std::vector<float>>(prompt.texts.size())};
  if (answer["data"].size() != prompt.texts.size())
    return wrong(fmt::format("{} vectors for {} texts", answer["data"].size(), prompt.texts.size()));
  std::size_t place = 0;
  for (const json& row : answer["data"]) {
    std::size_t index = place++;
    if (row.is_object() && row.contains("index") && row["index"].is_number_unsigned())
      index = row["index"].get<std::size_t>();
    auto vector = row.is_object() && row.contains("embedding") ? floats_of(row["embedding"]) : std::nullopt;
    if (!vector || index >= out.vectors.size() || !out.vectors[index].empty())
      return wrong("a row without a vector of its own");
    if (prompt.dimensions > 0 && vector->size() != prompt.dimensions)
      return wrong(fmt::format("{} dimensions in place of {}", vector->size(), prompt.dimensions));
    if (!make_unit(*vector)) return wrong("a vector without a direction");
    out.vectors[index] = std::move(*vector);
  }
  take_usage(out, answer);
  return out;
}

}  // namespace mira::models

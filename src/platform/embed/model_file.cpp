#include "platform/embed/model_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>

namespace mira::embed {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;
using base::Status;
using Json = nlohmann::json;

constexpr std::string_view magic = "MIRAEMB2";
constexpr std::size_t alignment = 64, header_start = 16, most_header_bytes = 1 << 16;
constexpr std::size_t head_width = 32;  // the kernels are written for it

// Takes parts off the file in order; once one does not fit, all that follow are empty.
class Reader {
 public:
  Reader(std::string_view bytes, std::size_t at) : bytes_(bytes), at_(at) {}

  template <class T>
  const T* take(std::size_t count) {
    at_ = (at_ + alignment - 1) / alignment * alignment;
    std::size_t size = count * sizeof(T);
    if (failed_ || at_ > bytes_.size() || size > bytes_.size() - at_) {
      failed_ = true;
      return nullptr;
    }
    const char* start = bytes_.data() + at_;
    at_ += size;
    return reinterpret_cast<const T*>(start);
  }
  Matrix matrix(std::size_t outputs, std::size_t inputs) {
    Matrix out{.outputs = outputs, .inputs = inputs};
    out.weights = take<std::int8_t>(outputs * inputs);
    out.scale = take<float>(outputs);
    out.zero = take<std::int8_t>(outputs);
    out.bias = take<float>(outputs);
    return out;
  }
  Norm norm(std::size_t width) {
    Norm out;
    out.weight = take<float>(width);
    out.bias = take<float>(width);
    return out;
  }
  bool failed() const { return failed_; }
  std::size_t at() const { return at_; }

 private:
  std::string_view bytes_;
  std::size_t at_;
  bool failed_ = false;
};

ModelRecord record_of(const Json& json) {
  ModelRecord out;
  out.name = json.at("name");
  out.source = json.at("source");
  out.licence = json.at("licence");
  out.layers = json.at("layers");
  out.width = json.at("width");
  out.heads = json.at("heads");
  out.inner = json.at("inner");
  out.positions = json.at("positions");
  out.words = json.at("words");
  out.most_tokens = json.at("most_tokens");
  out.norm_epsilon = json.at("norm_epsilon");
  out.question_prefix = json.at("question_prefix");
  out.passage_prefix = json.at("passage_prefix");
  return out;
}

// Bounds that keep every product below in range, and what the kernels are written for.
bool is_runnable(const ModelRecord& r, const Json& json) {
  return r.layers >= 1 && r.layers <= 64 && r.heads >= 1 && r.heads <= 64 &&
         r.width == r.heads * head_width && r.inner >= 32 && r.inner <= 8192 && r.inner % 32 == 0 &&
         r.positions >= 8 && r.positions <= 8192 && r.most_tokens >= 8 && r.most_tokens <= r.positions &&
         r.words >= 8 && r.words <= 1'000'000 && json.at("tokenizer") == "wordpiece-lower" &&
         json.at("pooling") == "mean";
}

Table table_of(const Json& json, const std::uint8_t* rows) {
  return {rows, json.at("scale").get<float>(), json.at("zero").get<int>()};
}

}  // namespace

Status ModelFile::read(std::string_view bytes) {
  bytes_ = bytes;
  std::uint32_t header_bytes = 0;
  if (bytes.size() < header_start || !bytes.starts_with(magic))
    return fail(ErrorCode::unavailable, "it is not a model file of this version",
                "make it again: run ./bootstrap in Mira's sources");
  std::memcpy(&header_bytes, bytes.data() + magic.size(), sizeof(header_bytes));
  if (header_bytes > most_header_bytes || header_bytes > bytes.size() - header_start)
    return fail(ErrorCode::unavailable, "its record is cut");
  Json json = Json::parse(bytes.substr(header_start, header_bytes), nullptr, false);
  if (json.is_discarded()) return fail(ErrorCode::unavailable, "its record is no JSON");
  record_ = record_of(json);
  if (!is_runnable(record_, json))
    return fail(ErrorCode::unavailable, "its record describes a model that this program does not run");
  Reader reader(bytes, header_start + header_bytes);
  const Json& tables = json.at("tables");
  words_ = table_of(tables.at("word"), reader.take<std::uint8_t>(record_.words * record_.width));
  positions_ = table_of(tables.at("position"), reader.take<std::uint8_t>(record_.positions * record_.width));
  types_ = table_of(tables.at("token_type"), reader.take<std::uint8_t>(2 * record_.width));
  first_norm_ = reader.norm(record_.width);
  for (std::size_t i = 0; i < record_.layers; ++i) {
    Layer layer;
    layer.attention_in = reader.matrix(3 * record_.width, record_.width);
    layer.attention_out = reader.matrix(record_.width, record_.width);
    layer.attention_norm = reader.norm(record_.width);
    layer.inner = reader.matrix(record_.inner, record_.width);
    layer.outer = reader.matrix(record_.width, record_.inner);
    layer.outer_norm = reader.norm(record_.width);
    layers_.push_back(layer);
  }
  starts_ = reader.take<std::uint32_t>(record_.words + 1);
  in_order_ = reader.take<std::uint32_t>(record_.words);
  std::size_t text_bytes = json.at("words_bytes");
  const char* text = reader.take<char>(text_bytes);
  if (reader.failed() || reader.at() != bytes.size())
    return fail(ErrorCode::unavailable, "its length is not what its record says");
  text_ = {text, text_bytes};
  for (std::size_t i = 0; i < record_.words; ++i) {
    if (starts_[i] > starts_[i + 1] || in_order_[i] >= record_.words)
      return fail(ErrorCode::unavailable, "its vocabulary is damaged");
  }
  if (starts_[record_.words] != text_bytes) return fail(ErrorCode::unavailable, "its vocabulary is damaged");
  for (std::string_view mark : {"[UNK]", "[CLS]", "[SEP]"}) {
    if (number_of(mark) < 0) return fail(ErrorCode::unavailable, "its vocabulary lacks a mark of the model");
  }
  return {};
}

Result<std::shared_ptr<const ModelFile>> ModelFile::open(const std::filesystem::path& path) {
  int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return fail(ErrorCode::not_found, path.string() + " cannot be opened");
  struct stat status = {};
  void* mapped = MAP_FAILED;
  if (::fstat(file, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0)
    mapped = ::mmap(nullptr, static_cast<std::size_t>(status.st_size), PROT_READ, MAP_SHARED, file, 0);
  ::close(file);
  if (mapped == MAP_FAILED) return fail(ErrorCode::unavailable, path.string() + " cannot be mapped");
  std::shared_ptr<ModelFile> model(new ModelFile());
  model->bytes_ = {static_cast<const char*>(mapped), static_cast<std::size_t>(status.st_size)};
  Status read;
  try {
    read = model->read(model->bytes_);
  } catch (const Json::exception&) {
    read = fail(ErrorCode::unavailable, "its record lacks something");
  }
  if (!read)
    return fail(ErrorCode::unavailable, path.string() + ": " + read.error().message, read.error().hint);
  return model;
}

ModelFile::~ModelFile() {
  ::munmap(const_cast<char*>(bytes_.data()), bytes_.size());
}

std::int32_t ModelFile::number_of(std::string_view word) const {
  auto text_of = [&](std::uint32_t number) {
    return text_.substr(starts_[number], starts_[number + 1] - starts_[number]);
  };
  const std::uint32_t* end = in_order_ + record_.words;
  const std::uint32_t* found = std::lower_bound(
      in_order_, end, word, [&](std::uint32_t number, std::string_view w) { return text_of(number) < w; });
  return found != end && text_of(*found) == word ? static_cast<std::int32_t>(*found) : -1;
}

}  // namespace mira::embed

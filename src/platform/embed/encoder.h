// One text through the model: numbers of words in, one vector of unit length out. Mean
// over the words of the last layer, as the model was trained. One text at a time, on
// the caller's thread: so a vector never depends on what else is asked.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "platform/embed/kernels.h"
#include "platform/embed/model_file.h"

namespace mira::embed {

// numbers: at least one, each below record().words, at most record().positions of them.
std::vector<float> encode(const ModelFile& model, std::span<const std::int32_t> numbers,
                          const Kernels& with = kernels());

// A text of any length: the vectors of its windows (at most `windows`) added and made unit length.
inline constexpr std::size_t windows_of_a_text = 2;
std::vector<float> encode_question(const ModelFile& model, std::string_view text);
std::vector<float> encode_passage(const ModelFile& model, std::string_view text);

}  // namespace mira::embed

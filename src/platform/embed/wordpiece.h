// Text to the numbers of a model's words, as the reference tokenizer of BERT does:
// cleaned, ideographs apart, accents off, lower case, cut at white space and
// punctuation, each word into the longest pieces the vocabulary knows. Written here
// because the tokenizer of a common runtime drops Korean vowels and Indic marks.
// One thing is other on purpose: "[SEP]" in a text is text, never a mark of the model.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "platform/embed/model_file.h"

namespace mira::embed {

// Numbers of prefix and text with the two that enclose them. A text longer than `most` numbers is
// not cut off: its windows follow each other, each with the prefix, none longer than `most`; at
// most `windows` of them. Any bytes are a text; malformed UTF-8 is passed over. Never empty.
std::vector<std::vector<std::int32_t>> tokenize(const ModelFile& model, std::string_view prefix,
                                                std::string_view text, std::size_t most, std::size_t windows);

}  // namespace mira::embed

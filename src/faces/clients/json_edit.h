// Edits of JSON configuration that keep every other byte: order, comments, blanks,
// line ends. What is put in follows the indentation that is there.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "faces/clients/json_text.h"

namespace mira::clients {

using OrderedJson = nlohmann::ordered_json;

// Sets the value under the keys; objects on the way are made. An equal value changes nothing.
// failed: not JSON, or something on the way is no object. Empty text counts as "{}".
base::Result<std::string> set_member(std::string_view text, const std::vector<std::string>& keys,
                                     const OrderedJson& value);
// Takes the member away; parents that are empty then go too. Text without it comes back as it is.
base::Result<std::string> remove_member(std::string_view text, const std::vector<std::string>& keys);

using ElementTest = std::function<bool(std::string_view element_text)>;
// Makes the array under the keys hold `value` once: an element that passes `is_ours` is replaced,
// else it is appended.
base::Result<std::string> set_element(std::string_view text, const std::vector<std::string>& keys,
                                      const OrderedJson& value, const ElementTest& is_ours);
// Takes elements that pass away; an array that is empty then goes with its empty parents.
base::Result<std::string> remove_elements(std::string_view text, const std::vector<std::string>& keys,
                                          const ElementTest& is_ours);

}  // namespace mira::clients

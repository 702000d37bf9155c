// An answer as JSON data, and back: the text form is rendered from the data, so what
// a terminal shows and what --json says cannot differ.
#pragma once

#include <nlohmann/json.hpp>

#include "contracts/question.h"
#include "oracle/render.h"

namespace mira::oracle {

nlohmann::json pack_to_json(const Pack& pack, const contracts::Question& question);
// From data of pack_to_json only.
Pack pack_from_json(const nlohmann::json& data);
// What `data` holds, as a commented example for the reference.
std::string_view pack_shape();

}  // namespace mira::oracle

// What a model is told when a question is asked about a project: rules that change with
// a version only, then the evidence, then the question. The evidence is foreign text: it
// is quoted and fenced by the oracle, and the rules say that nothing in it is an order.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "oracle/render.h"
#include "platform/models/client.h"

namespace mira::ask {

models::Request request_for(std::string_view question, const oracle::Pack& pack);

// The numbers of the pieces that the answer cites, in order, once each; and those it
// cites although there is no such piece.
struct Citations {
  std::vector<std::size_t> cited, unknown;
};
Citations citations(std::string_view answer, std::size_t pieces);

// Tokens of evidence for what is left of the money: `share` of the nearer cap is spent, nullopt: no cap.
struct Preset {
  int tokens = 0;
  std::string note;  // why it is less than usual; may be empty
};
Preset preset_for(std::optional<double> share);

}  // namespace mira::ask

#include "platform/store/full_text.h"

namespace mira::store {

std::string match_expression(std::span<const std::string> words, Combine combine) {
  std::string expression;
  for (const std::string& word : words) {
    std::string quoted;
    for (char c : word) {
      if (c == '\0') continue;
      if (c == '"') quoted += '"';
      quoted += c;
    }
    if (quoted.empty()) continue;
    // A blank between phrases is FTS5's "and"; unlike AND, it forgives a word without any token.
    if (!expression.empty()) expression += combine == Combine::all ? " " : " OR ";
    expression += '"' + quoted + '"';
  }
  return expression;
}

}  // namespace mira::store

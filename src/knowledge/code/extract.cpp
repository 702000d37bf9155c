#include "knowledge/code/extract.h"

#include <tree_sitter/api.h>

#include <algorithm>
#include <memory>

#include "knowledge/code/extract_languages.h"
#include "knowledge/code/extract_tree.h"
#include "knowledge/code/extract_walk.h"
#include "platform/base/limits.h"

namespace mira::code {
namespace {

using Parser = std::unique_ptr<TSParser, decltype(&ts_parser_delete)>;
using Tree = std::unique_ptr<TSTree, decltype(&ts_tree_delete)>;

// Brackets nested deeper than any person writes make the parser slow beyond use.
constexpr int bracket_depth = 10'000;

bool nests_too_deep(std::string_view bytes) {
  int depth = 0;
  for (char byte : bytes) {
    if (byte == '(' || byte == '[' || byte == '{') {
      if (++depth > bracket_depth) return true;
    } else if (byte == ')' || byte == ']' || byte == '}') {
      depth -= depth > 0;
    }
  }
  return false;
}

Tree parse(const Extractor& extractor, std::string_view bytes) {
  Parser parser(ts_parser_new(), &ts_parser_delete);
  if (!ts_parser_set_language(parser.get(), extractor.grammar())) return Tree(nullptr, &ts_tree_delete);
  return Tree(
      ts_parser_parse_string(parser.get(), nullptr, bytes.data(), static_cast<std::uint32_t>(bytes.size())),
      &ts_tree_delete);
}

struct Attempt {
  Facts facts;
  std::size_t error_bytes = 0;
};

// Facts of `bytes`, by the tree of `parsed`: the same text, or the text with macros blanked.
Attempt attempt(const Extractor& extractor, std::string_view bytes, std::string_view parsed) {
  Attempt out;
  Tree tree = parse(extractor, parsed);
  if (!tree) {
    out.facts.state = ParseState::failed;
    return out;
  }
  SyntaxTree syntax(tree.get(), bytes);
  tree.reset();
  out.facts.error_nodes = syntax.error_nodes();
  Walk(syntax, out.facts, extractor).run();
  out.facts.state = out.facts.error_nodes > 0 || out.facts.cut ? ParseState::partial : ParseState::clean;
  out.error_bytes = syntax.error_bytes();
  return out;
}

bool is_better(const Attempt& one, const Attempt& other) {
  if (one.facts.error_nodes == 0 || other.facts.error_nodes == 0) {
    return one.facts.error_nodes < other.facts.error_nodes;
  }
  if (one.error_bytes != other.error_bytes) return one.error_bytes < other.error_bytes;
  return one.facts.error_nodes < other.facts.error_nodes;
}

}  // namespace

Facts extract(std::string_view bytes, std::string_view language) {
  Facts facts;
  const Extractor* extractor = find_extractor(language);
  if (extractor == nullptr) return facts;
  if (bytes.size() > static_cast<std::size_t>(limits::parsed_file_bytes)) {
    facts.state = ParseState::too_large;
    return facts;
  }
  if (nests_too_deep(bytes)) {
    facts.state = ParseState::failed;
    facts.cut = true;
    return facts;
  }
  Attempt first = attempt(*extractor, bytes, bytes);
  if (first.facts.error_nodes == 0 || !extractor->blank_macros) return std::move(first.facts);
  std::string blanked = extractor->blank_macros(bytes);
  if (blanked == bytes) return std::move(first.facts);
  Attempt again = attempt(*extractor, bytes, blanked);
  return is_better(again, first) ? std::move(again.facts) : std::move(first.facts);
}

}  // namespace mira::code

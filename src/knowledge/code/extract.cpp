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

// Facts of `bytes`, by the tree of `parsed`: the same text, or the text with macros blanked.
Facts facts_of(const Extractor& extractor, std::string_view bytes, std::string_view parsed) {
  Facts facts;
  Tree tree = parse(extractor, parsed);
  if (!tree) {
    facts.state = ParseState::failed;
    return facts;
  }
  SyntaxTree syntax(tree.get(), bytes);
  tree.reset();
  facts.error_nodes = syntax.error_nodes();
  Walk(syntax, facts, extractor).run();
  facts.state = facts.error_nodes > 0 || facts.cut ? ParseState::partial : ParseState::clean;
  return facts;
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
  facts = facts_of(*extractor, bytes, bytes);
  if (facts.error_nodes == 0 || !extractor->blank_macros) return facts;
  std::string blanked = extractor->blank_macros(bytes);
  if (blanked == bytes) return facts;
  Facts again = facts_of(*extractor, bytes, blanked);
  return again.error_nodes < facts.error_nodes ? again : facts;
}

}  // namespace mira::code

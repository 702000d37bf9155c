#include "knowledge/code/extract.h"

#include <tree_sitter/api.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "knowledge/code/extract_conditionals.h"
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

// The tree of `parsed` over `bytes`: the same text, or the text with macros blanked.
std::optional<SyntaxTree> parse(const Extractor& extractor, std::string_view bytes, std::string_view parsed) {
  Parser parser(ts_parser_new(), &ts_parser_delete);
  if (!ts_parser_set_language(parser.get(), extractor.grammar())) return std::nullopt;
  const char* text = parsed.data();  // NOLINT(bugprone-suspicious-stringview-data-usage): its size goes along
  Tree tree(ts_parser_parse_string(parser.get(), nullptr, text, static_cast<std::uint32_t>(parsed.size())),
            &ts_tree_delete);
  if (!tree) return std::nullopt;
  return SyntaxTree(tree.get(), names_of(extractor), bytes);
}

Facts facts_of(const Extractor& extractor, const SyntaxTree& syntax) {
  Facts facts;
  facts.error_nodes = syntax.error_nodes();
  Walk(syntax, facts, extractor).run();
  facts.state = facts.error_nodes > 0 || facts.cut ? ParseState::partial : ParseState::clean;
  return facts;
}

Facts failed(ParseState state, bool cut) {
  Facts facts;
  facts.state = state;
  facts.cut = cut;
  return facts;
}

bool is_better(const SyntaxTree& one, const SyntaxTree& other) {
  if (one.error_nodes() == 0) return true;
  if (one.error_bytes() != other.error_bytes()) return one.error_bytes() < other.error_bytes();
  return one.error_nodes() < other.error_nodes();
}

// Errors may come from what a preprocessor would take away: the text is parsed once more without it.
Facts read_again(const Extractor& extractor, std::string_view bytes, const SyntaxTree& first) {
  std::string blanked = extractor.blank_macros(bytes);
  if (blanked == bytes) return facts_of(extractor, first);
  std::optional<SyntaxTree> second = parse(extractor, bytes, blanked);
  return facts_of(extractor, second && is_better(*second, first) ? *second : first);
}

}  // namespace

Facts extract(std::string_view bytes, std::string_view language) {
  const Extractor* extractor = find_extractor(language);
  if (extractor == nullptr) return {};
  if (bytes.size() > static_cast<std::size_t>(limits::parsed_file_bytes)) {
    return failed(ParseState::too_large, false);
  }
  if (nests_too_deep(bytes)) return failed(ParseState::failed, true);
  std::optional<SyntaxTree> first = parse(*extractor, bytes, bytes);
  if (!first) return failed(ParseState::failed, false);
  if (extractor->blank_macros == nullptr) return facts_of(*extractor, *first);
  Facts facts;
  if (first->error_nodes() == 0) facts = facts_of(*extractor, *first);
  // The walk finds more: `class FOO_API T { }` is no error of the grammar, but is one of sense.
  if (first->error_nodes() != 0 || facts.error_nodes != 0) facts = read_again(*extractor, bytes, *first);
  mark_guards(facts, bytes);
  return facts;
}

}  // namespace mira::code

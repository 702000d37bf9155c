#include "knowledge/code/extract_languages.h"

#include "knowledge/code/extract_expression.h"
#include "knowledge/code/extract_javascript.h"
#include "knowledge/code/extract_macros.h"

extern "C" {
const TSLanguage* tree_sitter_c();
const TSLanguage* tree_sitter_cpp();
const TSLanguage* tree_sitter_python();
const TSLanguage* tree_sitter_javascript();
const TSLanguage* tree_sitter_typescript();
const TSLanguage* tree_sitter_tsx();
const TSLanguage* tree_sitter_go();
const TSLanguage* tree_sitter_java();
const TSLanguage* tree_sitter_rust();
const TSLanguage* tree_sitter_c_sharp();
const TSLanguage* tree_sitter_ruby();
const TSLanguage* tree_sitter_php();
const TSLanguage* tree_sitter_kotlin();
const TSLanguage* tree_sitter_bash();
const TSLanguage* tree_sitter_lua();
const TSLanguage* tree_sitter_swift();
const TSLanguage* tree_sitter_scala();
}

namespace mira::code {
namespace {

constexpr Extractor extractors[] = {
    {"c", tree_sitter_c, visit_c, c_expression, "::", nullptr, blank_attribute_macros},
    {"cpp", tree_sitter_cpp, visit_cpp, c_expression, "::", nullptr, blank_attribute_macros},
    {"python", tree_sitter_python, visit_python, python_expression, "."},
    {"javascript", tree_sitter_javascript, visit_javascript, javascript_expression, ".", finish_javascript},
    {"typescript", tree_sitter_typescript, visit_javascript, javascript_expression, ".", finish_javascript},
    {"tsx", tree_sitter_tsx, visit_javascript, javascript_expression, ".", finish_javascript},
    {"go", tree_sitter_go, visit_go, go_expression, "."},
    {"java", tree_sitter_java, visit_java, java_expression, "."},
    {"rust", tree_sitter_rust, visit_rust, rust_expression, "::"},
    {"csharp", tree_sitter_c_sharp, visit_csharp, csharp_expression, "."},
    {"ruby", tree_sitter_ruby, visit_ruby, ruby_expression, "::"},
    {"php", tree_sitter_php, visit_php, php_expression, "::"},
    {"kotlin", tree_sitter_kotlin, visit_kotlin, kotlin_expression, "."},
    {"bash", tree_sitter_bash, visit_bash, elements_expression, "."},
    {"lua", tree_sitter_lua, visit_lua, elements_expression, "."},
    {"swift", tree_sitter_swift, visit_swift, elements_expression, "."},
    {"scala", tree_sitter_scala, visit_scala, elements_expression, "."},
};

}  // namespace

const Extractor* find_extractor(std::string_view language) {
  for (const Extractor& row : extractors) {
    if (row.language == language) return &row;
  }
  return nullptr;
}

const GrammarNames& names_of(const Extractor& extractor) {
  static const std::vector<GrammarNames> all = [] {
    std::vector<GrammarNames> names;
    for (const Extractor& row : extractors) names.emplace_back(row.grammar());
    return names;
  }();
  return all[static_cast<std::size_t>(&extractor - extractors)];
}

}  // namespace mira::code

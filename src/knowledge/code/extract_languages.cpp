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
};

}  // namespace

const Extractor* find_extractor(std::string_view language) {
  for (const Extractor& row : extractors) {
    if (row.language == language) return &row;
  }
  return nullptr;
}

}  // namespace mira::code

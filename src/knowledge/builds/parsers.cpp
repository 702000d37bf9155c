#include "knowledge/builds/parsers.h"

namespace mira::builds {

std::vector<Definition> definitions() {
  std::vector<Definition> out;
  for (auto* const make :
       {annotations_definition, pytest_definition,     python_definition, sanitizer_definition,
        linker_definition,      rustc_definition,      spec_definition,   shapes_definition,
        framed_definition,      go_definition,         coded_definition,  paren_definition,
        rows_definition,        javascript_definition, cmake_definition,  ctest_definition,
        gtest_definition,       tap_definition,        java_definition,   other_definition,
        make_definition,        gcc_definition,        generic_definition})
    out.push_back(make());
  return out;
}

}  // namespace mira::builds

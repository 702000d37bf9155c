#include "knowledge/builds/parsers.h"

namespace mira::builds {

std::vector<Definition> definitions() {
  std::vector<Definition> out;
  out.push_back(pytest_definition());
  out.push_back(linker_definition());
  out.push_back(rustc_definition());
  out.push_back(go_definition());
  out.push_back(paren_definition());
  out.push_back(rows_definition());
  out.push_back(cmake_definition());
  out.push_back(ctest_definition());
  out.push_back(make_definition());
  out.push_back(gcc_definition());
  return out;
}

}  // namespace mira::builds

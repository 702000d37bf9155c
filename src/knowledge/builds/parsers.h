// The parsers, one function a file. Adding a tool is a file with a Definition and
// its line in parsers.cpp.
#pragma once

#include "knowledge/builds/parser.h"

namespace mira::builds {

Definition annotations_definition();
Definition gcc_definition();
Definition linker_definition();
Definition rustc_definition();
Definition go_definition();
Definition paren_definition();
Definition rows_definition();
Definition pytest_definition();
Definition make_definition();
Definition cmake_definition();
Definition ctest_definition();
Definition python_definition();
Definition coded_definition();
Definition javascript_definition();
Definition gtest_definition();
Definition sanitizer_definition();
Definition java_definition();
Definition tap_definition();
Definition other_definition();
Definition shapes_definition();
Definition framed_definition();
Definition spec_definition();
Definition generic_definition();

}  // namespace mira::builds

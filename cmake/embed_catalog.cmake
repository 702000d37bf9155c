# Turns models/catalog.json into a C++ source that returns its text. Compilers bound
# the length of one literal, so it is written line by line.
file(READ "${IN}" text)
string(REPLACE "\n" "\n)mira\" R\"mira(" text "${text}")
file(WRITE "${OUT}" "// Generated from catalog.json.
#include \"platform/models/catalog.h\"
namespace mira::models {
std::string_view built_in_catalog() { return R\"mira(${text})mira\"; }
}  // namespace mira::models
")

# Turns a text file into a C++ source that returns it: -DIN=file -DOUT=source
# -DNAMESPACE=git -DFUNCTION=order_trees. Compilers bound the length of one literal,
# so it is written line by line.
file(READ "${IN}" text)
get_filename_component(name "${IN}" NAME)
string(REPLACE "\n" "\n)mira\" R\"mira(" text "${text}")
file(WRITE "${OUT}" "// Generated from ${name}.
#include <string_view>
namespace mira::${NAMESPACE} {
std::string_view ${FUNCTION}() { return R\"mira(${text})mira\"; }
}  // namespace mira::${NAMESPACE}
")

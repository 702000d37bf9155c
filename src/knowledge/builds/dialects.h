// Who speaks in the form of gcc: many tools do, and the file's ending and the code say which.
#pragma once

#include <string_view>

namespace mira::builds {

// "" when code and file leave it open between gcc and clang; "generic" when nobody is known to speak of
// such a file.
std::string_view tool_of(std::string_view file, std::string_view code);
// "x86_64-linux-gnu-gcc-12.2" -> "gcc"; "" for what drives no compiler of the family.
std::string_view driver_of(std::string_view program);
// So many capitals and then one to five digits: "SC2086".
bool is_upper_code(std::string_view code, std::size_t letters);

}  // namespace mira::builds

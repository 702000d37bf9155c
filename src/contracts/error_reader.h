// Errors of tools inside a text that somebody said: a compiler's lines, a trace, a
// failed test. Builds know how to read them; who keeps what was said is given a
// reader and knows no tool.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace mira::contracts {

struct ErrorFound {
  std::string tool;      // "gcc"
  std::string severity;  // "error", "warning"
  std::string code;      // "E0308"; "" when the tool gives none
  std::string message;
  std::string file;  // "" when it names none
  int line = 0;
};

// In the order of the text; safe from several threads. Empty: nothing can be read.
using ErrorReader = std::function<std::vector<ErrorFound>(std::string_view text)>;

}  // namespace mira::contracts

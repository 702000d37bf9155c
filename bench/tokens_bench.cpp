// o200k tokens of texts: standard input holds texts with a NUL behind each, standard
// output gets one number a line. For benches that tell how long an answer is.
#include <iostream>
#include <string>

#include "platform/tokens/tokens.h"

int main() {
  std::string text;
  while (std::getline(std::cin, text, '\0')) std::cout << mira::tokens::count(text) << '\n';
}

// Tokens of standard input (o200k_base), as Mira counts them.
#include <cstdio>
#include <iostream>
#include <iterator>
#include <string>

#include "platform/tokens/tokens.h"

int main() {
  std::string text{std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()};
  std::printf("%zu\n", mira::tokens::count(text));
}

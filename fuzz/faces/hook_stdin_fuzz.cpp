#include <cstdint>

#include "fuzz/faces/targets.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  mira::fuzz::hook_stdin({reinterpret_cast<const char*>(data), size});
  return 0;
}

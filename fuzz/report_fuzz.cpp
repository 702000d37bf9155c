// libFuzzer's program for reports that tools write for machines.
#include <cstdint>

#include "fuzz/targets.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  mira::fuzz::read_report({reinterpret_cast<const char*>(data), size});
  return 0;
}

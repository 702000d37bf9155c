// libFuzzer target of the editors of agents' configuration: see config_edit_round_trip.h.
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "fuzz/config_edit_round_trip.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const std::string& fault :
       {mira::clients::json_round_trip_fault(text), mira::clients::toml_round_trip_fault(text),
        mira::clients::block_round_trip_fault(text)}) {
    if (fault.empty()) continue;
    std::fprintf(stderr, "%s\n", fault.c_str());
    std::abort();
  }
  return 0;
}

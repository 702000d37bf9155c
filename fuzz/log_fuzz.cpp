// libFuzzer's program for logs. MIRA_FUZZ_PARSER names the one parser that reads; without it all do.
// MIRA_FUZZ_SEEDS: a folder that gets the parser's examples before the first run.
#include <cstdint>
#include <cstdlib>
#include <fstream>

#include "fuzz/targets.h"
#include "knowledge/builds/parsers.h"

namespace {

std::string_view variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  const std::string folder(variable("MIRA_FUZZ_SEEDS"));
  if (folder.empty()) return 0;
  for (const mira::builds::Definition& parser : mira::builds::definitions()) {
    if (parser.name != variable("MIRA_FUZZ_PARSER")) continue;
    for (std::size_t i = 0; i < parser.examples.size(); ++i)
      std::ofstream(folder + "/example" + std::to_string(i)) << parser.examples[i].log;
  }
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::string parser(variable("MIRA_FUZZ_PARSER"));
  mira::fuzz::read_log(parser, {reinterpret_cast<const char*>(data), size});
  return 0;
}

// libFuzzer target of the readers of foreign logs and reports: nothing crashes, and the
// records do not depend on where the bytes are cut.
//   clang++-19 -std=gnu++23 -O1 -fsanitize=fuzzer,address,undefined -Isrc fuzz/build_log_fuzz.cpp \
//     src/knowledge/builds/{parse*,scan,log_lines,collector,reconcile,diagnoser,record,report*}.cpp \
//     src/platform/{base,guard}/*.cpp src/platform/process/spawn.cpp ... (tests left out)
#include <cstdint>
#include <cstdlib>

#include "knowledge/builds/read_for_tests.h"
#include "knowledge/builds/report.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto whole = mira::builds::read(bytes, {.exit_code = 1});
  const std::size_t cut = size == 0 ? 0 : data[0] % size;
  mira::builds::Read other;
  mira::builds::Diagnoser diagnoser(
      [&](mira::builds::Record&& record) { other.text += mira::builds::shown(record); },
      mira::builds::shared_tools());
  diagnoser.feed(bytes.substr(0, cut));
  diagnoser.feed(bytes.substr(cut));
  const auto verdict = diagnoser.finish({.exit_code = 1});
  if (verdict.unparsed) other.text += mira::builds::shown(*verdict.unparsed);
  if (other.text != whole.text) std::abort();
  (void)mira::builds::read_report(bytes);
  return 0;
}

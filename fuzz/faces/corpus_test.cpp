// Replays what the fuzzers kept, so that a fault once found stays found without a fuzzer.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "fuzz/faces/targets.h"

namespace mira {
namespace {

int replay(const char* corpus, void (*target)(std::string_view)) {
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(MIRA_SOURCE_DIR) /
                                                               "fuzz/faces/corpus" / corpus)) {
    std::ifstream in(entry.path(), std::ios::binary);
    std::ostringstream bytes;
    bytes << in.rdbuf();
    std::string whole = bytes.str();
    for (std::size_t cut = 0; cut <= whole.size(); cut += 1 + whole.size() / 64)
      target(std::string_view(whole).substr(0, cut));
    target(whole);
    ++count;
  }
  return count;
}

TEST(FacesCorpus, OfMcpLinesHolds) {
  EXPECT_GE(replay("mcp_stdio", fuzz::mcp_stdio), 10);
}

TEST(FacesCorpus, OfHttpHeadsHolds) {
  EXPECT_GE(replay("http_head", fuzz::http_head), 10);
}

TEST(FacesCorpus, OfHookInputsHolds) {
  EXPECT_GE(replay("hook_stdin", fuzz::hook_stdin), 10);
}

}  // namespace
}  // namespace mira

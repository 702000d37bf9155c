// Vectors end to end: what a server does by itself while nobody asks.
#include <gmock/gmock.h>

#include "tests/e2e/served.h"

namespace mira {
namespace {

// The model beside the program, where it was built with one.
class Background : public Serve {
 protected:
  json embedding_of(const std::string& collection) {
    for (const json& one : mira.run({"status", "--json"}).data()["embedding"])
      if (one["collection"] == collection) return one;
    return {};
  }
};

TEST_F(Background, AServerEmbedsByItselfWhatIsIndexed) {
  json now = embedding_of("code");
  if (now.is_null() || now["model"].is_null())
    GTEST_SKIP() << "there is no embedding model beside the program";
  for (int i = 0; i < 6000 && (now["texts"] == 0 || now["embedded"] != now["texts"]); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    now = embedding_of("code");
  }
  EXPECT_GT(now["texts"], 0);
  EXPECT_EQ(now["embedded"], now["texts"]);
}

}  // namespace
}  // namespace mira

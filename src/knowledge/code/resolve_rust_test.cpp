#include <gmock/gmock.h>

#include "knowledge/code/code_world.h"

namespace mira::code {
namespace {

using testing::Contains;

TEST(RustCalls, ThroughAGlobImportOfAModuleThatIsNotThereEnd) {
  CodeWorld world{{"src/lib.rs", "use self::gone::*;\npub fn cut() {}\npub fn run() { cut(); other(); }\n"}};
  EXPECT_THAT(world.calls(), Contains("run -> cut [proved]"));
}

}  // namespace
}  // namespace mira::code

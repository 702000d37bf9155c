#include "knowledge/memory/words.h"

#include <gmock/gmock.h>

namespace mira::memory {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> read(std::string_view text) {
  WordReader reader;
  return reader.read(text);
}

TEST(WordReader, StemsAndLeavesFillersOut) {
  EXPECT_THAT(read("We were running the tests"), ElementsAre("run", "test"));
}
TEST(WordReader, ANameCountsAsItselfAndAsItsParts) {
  EXPECT_THAT(read("fetchWeatherData()"), ElementsAre("fetchweatherdata", "fetch", "weather", "data"));
  EXPECT_THAT(read("open_session"), ElementsAre("open_sess", "open", "session"));
}
TEST(WordReader, FoldsCaseAndAccents) {
  EXPECT_EQ(read("Zürich"), read("zurich"));
  EXPECT_EQ(read("ÉCOLE"), read("école"));
}
TEST(WordReader, IdeographsBecomePairs) {
  EXPECT_THAT(read("日本語"), ElementsAre("日本", "本語"));
}
TEST(WordReader, NothingIsNothing) {
  EXPECT_THAT(read(""), IsEmpty());
  EXPECT_THAT(read(" \"'- the of ?! "), IsEmpty());
}
TEST(WordReader, ALongRunIsCut) {
  EXPECT_LE(read(std::string(100'000, 'x')).at(0).size(), longest_word_bytes);
}

}  // namespace
}  // namespace mira::memory

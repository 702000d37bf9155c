#include "platform/models/sse.h"

#include <gmock/gmock.h>

namespace mira::models {
namespace {

using testing::ElementsAre;

std::vector<std::string> events_of(std::string_view bytes, std::size_t part) {
  std::vector<std::string> out;
  SseReader reader;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(part, bytes.size())))
    EXPECT_TRUE(reader.feed(bytes.substr(0, part), [&](std::string_view data) { out.emplace_back(data); }));
  return out;
}

TEST(Sse, ReadsTheSameHoweverTheBytesAreCut) {
  std::string_view bytes =
      ": hello\nevent: a\ndata: one\n\ndata: two\r\ndata: lines\r\n\r\nid: 7\n\ndata:x\r\rdata: never "
      "ended\n";
  for (std::size_t part = 1; part <= bytes.size(); ++part)
    EXPECT_THAT(events_of(bytes, part), ElementsAre("one", "two\nlines", "x")) << part;
}

TEST(Sse, RefusesALineWithoutEnd) {
  SseReader reader;
  std::string bytes(1 << 18, 'x');
  int taken = 0;
  while (reader.feed(bytes, [](std::string_view) { FAIL(); })) ++taken;
  EXPECT_EQ(taken, 4);
}

TEST(Sse, RefusesAnEventWithoutEnd) {
  SseReader reader;
  std::string line = "data: " + std::string(1 << 16, 'x') + "\n";
  int taken = 0;
  while (taken < 100 && reader.feed(line, [](std::string_view) { FAIL(); })) ++taken;
  EXPECT_LT(taken, 100);
}

}  // namespace
}  // namespace mira::models

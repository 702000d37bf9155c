#include "knowledge/code/facts.h"

#include <gtest/gtest.h>

#include <random>

#include "knowledge/code/extract.h"

namespace mira::code {
namespace {

constexpr std::string_view sample = R"(
import os.path as p
class Dog(Animal):
    """A dog."""
    legs: int = 4
    @property
    def name(self, *, short=False) -> str:
        self.tail = Tail(1, key=wag)
        return self.tail.wag()
)";

TEST(Facts, ComeBackFromTheirBytesUnchanged) {
  Facts facts = extract(sample, "python");
  std::string bytes = encode(facts);
  auto again = decode(bytes);
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(encode(*again), bytes);
  ASSERT_EQ(again->symbols.size(), 3u);
  EXPECT_EQ(again->symbols[2].qualified, "Dog.name");
  EXPECT_EQ(again->symbols[2].decorators, std::vector<std::string>{"property"});
  EXPECT_EQ(again->symbols[2].parent, 0);
  ASSERT_EQ(again->imports.size(), 1u);
  EXPECT_EQ(again->imports[0].alias, "p");
}

TEST(Facts, OfEmptyFilesAreSmall) {
  EXPECT_LT(encode(Facts{}).size(), 16u);
}

TEST(Facts, CutAnywhereAreRefused) {
  std::string bytes = encode(extract(sample, "python"));
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(decode(std::string_view(bytes).substr(0, size)).has_value()) << size;
  }
}

TEST(Facts, WithAnyByteChangedAreRefusedOrWellFormed) {
  const std::string bytes = encode(extract(sample, "python"));
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (int flip : {0x01, 0x80, 0xff}) {
      std::string damaged = bytes;
      damaged[at] = static_cast<char>(damaged[at] ^ flip);
      auto facts = decode(damaged);
      if (!facts) continue;
      auto count = static_cast<std::int32_t>(facts->symbols.size());
      for (const CallSite& site : facts->calls) EXPECT_LT(site.caller, count);
    }
  }
}

TEST(Facts, OfRandomBytesAreRefused) {
  std::mt19937 random(7);
  for (int round = 0; round < 2000; ++round) {
    std::string bytes = "MFa1";
    for (int size = static_cast<int>(random() % 200); size > 0; --size) bytes += static_cast<char>(random());
    auto facts = decode(bytes);
    if (!facts) continue;
    EXPECT_TRUE(decode(encode(*facts)).has_value());
  }
}

TEST(Facts, ACountBeyondTheBytesAllocatesNothing) {
  std::string bytes = "MFa1";
  bytes += '\0';                                // state
  bytes += '\0';                                // package
  bytes += "\xff\xff\xff\xff\xff\xff\xff\x7f";  // symbols
  EXPECT_FALSE(decode(bytes).has_value());
}

TEST(Facts, KindsAndStatesHaveNames) {
  EXPECT_EQ(kind_name(SymbolKind::function), "function");
  EXPECT_EQ(kind_name(SymbolKind::struct_type), "struct");
  EXPECT_EQ(kind_name(SymbolKind::enum_member), "enum_member");
  EXPECT_EQ(parse_state_name(ParseState::clean), "clean");
  EXPECT_EQ(parse_state_name(ParseState::secret), "secret");
}

}  // namespace
}  // namespace mira::code

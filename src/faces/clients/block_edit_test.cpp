#include "faces/clients/block_edit.h"

#include <gmock/gmock.h>

namespace mira::clients {
namespace {

using testing::HasSubstr;

constexpr std::string_view body = "## Mira\nwords\n";
constexpr std::string_view block = "<!-- mira:begin -->\n## Mira\nwords\n<!-- mira:end -->\n";

TEST(BlockEdit, StandsAtTheEndAndLeavesTheRest) {
  EXPECT_EQ(*set_block("", body), block);
  EXPECT_EQ(*set_block("# Rules\n", body), "# Rules\n\n" + std::string(block));
  EXPECT_EQ(*set_block("# Rules", body), "# Rules\n\n" + std::string(block));
}

TEST(BlockEdit, TakesTheFilesLineEnds) {
  const std::string put = *set_block("# Rules\r\n", body);
  EXPECT_EQ(put, "# Rules\r\n\r\n<!-- mira:begin -->\r\n## Mira\r\nwords\r\n<!-- mira:end -->\r\n");
  EXPECT_EQ(*remove_block(put), "# Rules\r\n");
}

TEST(BlockEdit, TwiceChangesNothingAndANewTextTakesTheOldOnesPlace) {
  for (const std::string text : {"", "# Rules\n", "a\r\nb\r\n", "no end"}) {
    const std::string once = *set_block(text, body);
    EXPECT_EQ(*set_block(once, body), once) << text;
  }
  const std::string moved = std::string(block) + "# Rules\nbelow\n";
  EXPECT_EQ(*set_block(moved, "new\n"), "<!-- mira:begin -->\nnew\n<!-- mira:end -->\n# Rules\nbelow\n");
}

TEST(BlockEdit, GoesWithoutATrace) {
  for (const std::string text : {"", "# Rules\n", "a\r\nb\r\n", "# Rules\n\n", "\n", "a\r\nb\n"})
    EXPECT_EQ(*remove_block(*set_block(text, body)), text);
  EXPECT_EQ(*remove_block("nothing of ours\n"), "nothing of ours\n");
  EXPECT_EQ(*remove_block("# Rules\n\n" + std::string(block) + "below\n"), "# Rules\nbelow\n");
}

TEST(BlockEdit, MarksThatAreNoPairAreNotTouched) {
  for (const std::string text :
       {"<!-- mira:begin -->\n", "<!-- mira:end -->\n", "<!-- mira:end -->\n<!-- mira:begin -->\n",
        "<!-- mira:begin --><!-- mira:begin --><!-- mira:end -->"}) {
    EXPECT_THAT(set_block(text, body).error().message, HasSubstr("not one pair")) << text;
    EXPECT_FALSE(remove_block(text)) << text;
  }
}

}  // namespace
}  // namespace mira::clients

#include "faces/clients/toml_edit.h"

#include <gmock/gmock.h>

namespace mira::clients {
namespace {

using testing::HasSubstr;

constexpr const char* header = "mcp_servers.mira";
constexpr const char* body = "command = \"/bin/mira\"\nargs = [\"mcp\"]\n";
constexpr const char* block = "[mcp_servers.mira]\ncommand = \"/bin/mira\"\nargs = [\"mcp\"]\n";

std::string set(std::string_view text) {
  auto out = set_table(text, header, body);
  return out ? *out : "error: " + out.error().message;
}
std::string cut(std::string_view text) {
  auto out = remove_table(text, header);
  return out ? *out : "error: " + out.error().message;
}

TEST(TomlTable, IsAppendedAndEveryOtherByteStays) {
  std::string text = "# mine\nmodel = \"x\"  # best\n\n[mcp_servers.other]\ncommand = 'y'\n";
  EXPECT_EQ(set(text), text + "\n" + block);
  EXPECT_EQ(cut(set(text)), text);
}

TEST(TomlTable, TwiceChangesNothing) {
  std::string once = set("model = \"x\"\n");
  EXPECT_EQ(set(once), once);
}

TEST(TomlTable, IsReplacedWhereItStands) {
  EXPECT_EQ(set("[mcp_servers.mira]\ncommand = \"/old/mira\"\n\n# next\n[tui]\ntheme = \"dark\"\n"),
            std::string(block) + "\n# next\n[tui]\ntheme = \"dark\"\n");
}

TEST(TomlTable, IsCutFromTheMiddle) {
  EXPECT_EQ(cut(std::string("a = 1\n\n") + block + "\n# next\n[tui]\nb = 2\n"),
            "a = 1\n\n\n# next\n[tui]\nb = 2\n");
}

TEST(TomlTable, GoesWithItsOwnSubtablesNextToIt) {
  EXPECT_THAT(set("[mcp_servers.mira]\ncommand = \"/old/mira\"\n[mcp_servers.zed]\ncommand = \"z\"\n"),
              HasSubstr("[mcp_servers.zed]\ncommand = \"z\"\n"));
}

TEST(TomlTable, InAnEmptyFile) {
  EXPECT_EQ(set(""), block);
  EXPECT_EQ(cut(""), "");
}

TEST(TomlTable, WithoutANewlineAtTheEnd) {
  EXPECT_EQ(set("a = 1"), std::string("a = 1\n\n") + block);
}

TEST(TomlTable, HeadersInsideTextsAreNoHeaders) {
  std::string text = "s = \"\"\"\n[mcp_servers.mira]\n\"\"\"\n";
  EXPECT_EQ(set(text), text + "\n" + block);
  EXPECT_EQ(cut(text), text);
}

TEST(TomlTable, WhatIsNoTomlIsRefused) {
  EXPECT_THAT(set("a = = 1\n"), HasSubstr("error: line 1"));
  EXPECT_THAT(set("mcp_servers = { mira = { command = \"x\" } }\n"), HasSubstr("another form"));
}

TEST(TomlEdit, AFileWithCarriageReturnsIsGivenBackWhole) {
  const std::string text = "# mine\r\nmodel = \"m\"\r\n";
  const auto put = set_table(text, "mcp_servers.mira", "command = \"x\"\n");
  ASSERT_TRUE(put);
  const auto taken = remove_table(*put, "mcp_servers.mira");
  ASSERT_TRUE(taken) << taken.error().message;
  EXPECT_EQ(*taken, text);
}

}  // namespace
}  // namespace mira::clients

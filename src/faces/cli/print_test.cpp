#include "faces/cli/print.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

namespace mira::cli {
namespace {

using contracts::Action;
using contracts::Json;
using contracts::Reply;
using testing::HasSubstr;
using testing::Not;

std::string shown(Json data) {
  Reply reply;
  reply.data = std::move(data);
  return text_reply(Action{}, reply, {});
}

TEST(TextReply, WithoutARenderingObjectsAreNamesAndValues) {
  EXPECT_EQ(shown({{"name", "redis"}, {"files", 3}}), "files: 3\nname: redis\n");
}

TEST(TextReply, NestedValuesAreIndentedAndEmptyOnesSaidToBeNone) {
  EXPECT_EQ(shown({{"inner", {{"a", 1}}}, {"list", Json::array()}}), "inner:\n  a: 1\nlist: none\n");
}

TEST(TextReply, ItemsOfAListAreMarked) {
  EXPECT_EQ(shown(Json::array({"one", {{"a", 1}, {"b", 2}}})), "- one\n- a: 1\n  b: 2\n");
}

TEST(TextReply, WhatWouldSteerTheTerminalIsShownNotDone) {
  EXPECT_THAT(shown({{"name", "a\x1b[2Jb"}}), Not(HasSubstr("\x1b")));
}

TEST(TextReply, AnActionsOwnRenderingGoesFirst) {
  Action action;
  action.render = [](const Reply&, const contracts::Style&) { return std::string("mine"); };
  EXPECT_EQ(text_reply(action, {}, {}), "mine");
}

TEST(JsonReply, HoldsDataNotesAndCursorOnOneLine) {
  Reply reply;
  reply.data = {{"text", "two\nlines"}};
  reply.notes = {"the index is old"};
  reply.cursor = "next";
  std::string line = json_reply(reply);
  EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1);
  EXPECT_EQ(Json::parse(line), (Json{{"ok", true},
                                     {"data", {{"text", "two\nlines"}}},
                                     {"notes", {"the index is old"}},
                                     {"cursor", "next"}}));
}

TEST(JsonReply, WithoutMoreThereIsNoCursor) {
  EXPECT_FALSE(Json::parse(json_reply({})).contains("cursor"));
}

TEST(JsonReply, BytesThatAreNoTextStillGiveValidJson) {
  Reply reply;
  reply.data = {{"path", "caf\xe9"}};
  EXPECT_FALSE(Json::parse(json_reply(reply), nullptr, false).is_discarded());
}

base::Error unknown_name() {
  return {base::ErrorCode::not_found, "no symbol is named lgoin", "did you mean login?", {"login", "logout"}};
}

TEST(JsonError, NamesCodeMessageHintAndWhatToTry) {
  Json error = Json::parse(json_error(unknown_name()));
  EXPECT_EQ(error["ok"], false);
  EXPECT_EQ(error["error"]["code"], "not_found");
  EXPECT_EQ(error["error"]["next"], (Json{"login", "logout"}));
}

TEST(TextError, AHintThatNamesTheNextStepIsNotFollowedByIt) {
  EXPECT_EQ(text_error(unknown_name()), "mira: no symbol is named lgoin\n  did you mean login?\n");
}

TEST(TextError, NextStepsThatTheHintDoesNotNameAreListed) {
  base::Error error{base::ErrorCode::not_found, "no such file", "", {"src/a.c", "src/b.c"}};
  EXPECT_EQ(text_error(error), "mira: no such file\n  - src/a.c\n  - src/b.c\n");
}

TEST(Style, APipeGetsNoColourUnlessForced) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  ::unsetenv("FORCE_COLOR");
  EXPECT_FALSE(style_of(ends[1], false).colour);
  ::setenv("FORCE_COLOR", "1", 1);
  EXPECT_TRUE(style_of(ends[1], false).colour);
  EXPECT_FALSE(style_of(ends[1], true).colour) << "plain was asked for";
  ::unsetenv("FORCE_COLOR");
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST(WriteAll, SaysWhenTheReaderIsGone) {
  auto before = std::signal(SIGPIPE, SIG_IGN);
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  EXPECT_TRUE(write_all(ends[1], "hello"));
  ::close(ends[0]);
  EXPECT_FALSE(write_all(ends[1], "hello"));
  ::close(ends[1]);
  std::signal(SIGPIPE, before);
}

TEST(WriteAll, SaysWhenTheDiskIsFull) {
  int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
  ASSERT_GE(full, 0);
  EXPECT_FALSE(write_all(full, "hello"));
  ::close(full);
}

}  // namespace
}  // namespace mira::cli

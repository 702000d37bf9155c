#include "knowledge/code/search_action.h"

#include <gmock/gmock.h>

#include "knowledge/code/code_world.h"

namespace mira::code {
namespace {

using contracts::Json;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const CodeWorld::Files two_files = {{"src/net.py", "def retry(call):\n    # try again\n    return call()\n"},
                                    {"src/ui.py", "def draw():\n    pass\n"}};

Json results(CodeWorld& world, const Json& given) {
  auto reply = world.ask("search", given);
  EXPECT_TRUE(reply) << (reply ? "" : reply.error().message);
  return reply ? reply->data.at("results") : Json::array();
}

TEST(SearchAction, AResultSaysPlaceSymbolAndScore) {
  CodeWorld world(two_files);
  Json found = results(world, {{"query", "retry"}});
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(found[0]["path"], "src/net.py");
  EXPECT_EQ(found[0]["start_line"], 1);
  EXPECT_EQ(found[0]["end_line"], 3);
  EXPECT_EQ(found[0]["symbol"], "retry");
  EXPECT_GT(found[0]["score"].get<double>(), 0);
  EXPECT_THAT(found[0]["snippet"].get<std::string>(), HasSubstr("def retry(call):"));
}

TEST(SearchAction, TheLimitHolds) {
  CodeWorld::Files many;
  for (int i = 0; i < 30; ++i) many.push_back({fmt::format("f{}.py", i), "def same_word():\n    pass\n"});
  CodeWorld world(many);
  EXPECT_THAT(results(world, {{"query", "same word"}, {"limit", 7}}), SizeIs(7));
}

TEST(SearchAction, FindingNothingIsAnAnswerWithANote) {
  CodeWorld world(two_files);
  auto reply = world.ask("search", {{"query", "zebra crossing"}});
  ASSERT_TRUE(reply);
  EXPECT_THAT(reply->data["results"], IsEmpty());
  EXPECT_THAT(reply->notes, Contains(HasSubstr("no file of this project")));
}

TEST(SearchAction, AnUnknownSymbolIsNoted) {
  CodeWorld world(two_files);
  auto reply = world.ask("search", {{"query", "retry_forever"}});
  ASSERT_TRUE(reply);
  EXPECT_THAT(reply->notes, Contains(HasSubstr("nothing here defines `retry_forever`")));
}

TEST(SearchAction, AFileThatIsGoneIsNotedNotAnError) {
  CodeWorld world(two_files);
  world.remove("src/net.py");
  auto reply = world.ask("search", {{"query", "retry"}});
  ASSERT_TRUE(reply);
  EXPECT_THAT(reply->notes, Contains(HasSubstr("src/net.py")));
}

TEST(SearchAction, TheTextForPeopleShowsPlaceAndLines) {
  CodeWorld world(two_files);
  auto reply = world.ask("search", {{"query", "retry"}});
  ASSERT_TRUE(reply);
  std::string text = search_action(std::make_shared<MeaningSearch>(nullptr)).render(*reply, {});
  EXPECT_THAT(text, HasSubstr("src/net.py:1-3  retry\n    def retry(call):"));
}

TEST(SearchAction, SecretsAreMaskedInSnippets) {
  CodeWorld world(
      {{"deploy.py", "def deploy_key():\n    return \"ghp_0123456789abcdefghijklmnopqrstuvwxyzAB\"\n"}});
  std::string all = results(world, {{"query", "deploy key return"}}).dump();
  EXPECT_THAT(all, testing::Not(HasSubstr("ghp_0123456789")));
}

}  // namespace
}  // namespace mira::code

#include "oracle/context.h"

#include <gmock/gmock.h>

#include "oracle/test_world.h"
#include "platform/tokens/tokens.h"

namespace mira::oracle {
namespace {

using base::Deadline;
using contracts::Evidence;
using contracts::Question;
using contracts::Session;
using contracts::Stage;
using ::testing::HasSubstr;
using ::testing::SizeIs;

Evidence chunk(std::string path, int lines) {
  Evidence out{.kind = "chunk",
               .title = "function login",
               .place = {.path = std::move(path), .start_line = 1, .end_line = lines},
               .why = "holds the words"};
  for (int i = 0; i < lines; ++i) out.text += "    if (user == NULL) return login_failed(session);\n";
  return out;
}

class Context : public ::testing::Test {
 protected:
  base::Result<contracts::Reply> ask(const contracts::Action& action, const contracts::Json& arguments) {
    contracts::Json complete = {{"question", "fix the login bug"}, {"budget", 600}};
    complete.update(arguments);
    contracts::Call call{
        .arguments = complete, .session = &world.session(), .progress = progress, .registry = registry};
    return action.handle(call);
  }
  TemporaryFolder folder;
  WorldSession world{folder.path()};
  WorldFactory factory{folder.path()};
  LambdaSource search{"code.search", Stage::first,
                      [](Session&, const Question&, Deadline) -> LambdaSource::Pieces {
                        return std::vector{chunk("src/login.c", 12), chunk("src/session.c", 80)};
                      }};
  base::QuietProgress progress;
  contracts::Registry registry;
};

TEST_F(Context, AnswersWithCitedPiecesInsideTheBudget) {
  contracts::Action action = context_action({&search}, factory);
  auto reply = ask(action, contracts::Json::object());
  ASSERT_TRUE(reply.has_value());
  const contracts::Json& data = reply->data;
  ASSERT_THAT(data.at("pieces"), SizeIs(2));
  EXPECT_EQ(data["pieces"][0]["citation"], "src/login.c:1-12@1a2b3c4d5e6f");
  EXPECT_EQ(data["pieces"][0]["why"], "holds the words");
  EXPECT_GT(data["pieces"][1]["cut_lines"], 0);
  EXPECT_EQ(data["question"]["intent"], "fix");
  EXPECT_LE(data["tokens"]["used"], 600);
}

TEST_F(Context, TheTextFormHasTheTokensTheDataSays) {
  contracts::Action action = context_action({&search}, factory);
  auto reply = ask(action, {{"budget", 500}});
  ASSERT_TRUE(reply.has_value());
  std::string text = action.render(*reply, {});
  EXPECT_EQ(tokens::count(text), reply->data["tokens"]["used"].get<std::size_t>());
  EXPECT_THAT(text,
              HasSubstr("[1] src/login.c:1-12@1a2b3c4d5e6f function login (code.search: holds the words; "));
}

TEST_F(Context, TheTextFormSurvivesEveryField) {
  LambdaSource rich("git.cochange", Stage::second,
                    [](Session&, const Question&, Deadline) -> LambdaSource::Pieces {
                      Evidence piece{.kind = "partner",
                                     .title = "tests/login_test.c",
                                     .place = {.path = "tests/login_test.c"},
                                     .why = "changed with it"};
                      piece.tier = contracts::Tier::inferred;
                      piece.confidence = 0.62;
                      piece.trust = contracts::Trust::foreign;
                      return std::vector{piece};
                    });
  contracts::Action action = context_action({&search, &rich}, factory);
  auto reply = ask(action, contracts::Json::object());
  ASSERT_TRUE(reply.has_value());
  std::string text = action.render(*reply, {});
  EXPECT_EQ(tokens::count(text), reply->data["tokens"]["used"].get<std::size_t>());
  EXPECT_THAT(text, HasSubstr("(git.cochange: changed with it; inferred; 62% likely; foreign text; "));
}

TEST_F(Context, NamesWhatCouldNotLookAtTheMoment) {
  LambdaSource changes(
      "git.changes", Stage::first,
      [](Session&, const Question&, Deadline) -> LambdaSource::Pieces { return std::vector<Evidence>{}; },
      [](Question&) -> base::Status { return base::fail(base::ErrorCode::failed, "git is missing"); });
  contracts::Action action = context_action({&changes}, factory);
  auto reply = ask(action, contracts::Json::object());
  ASSERT_TRUE(reply.has_value());
  ASSERT_THAT(reply->notes, SizeIs(1));
  EXPECT_THAT(reply->notes[0], HasSubstr("git is missing"));
}

TEST_F(Context, AnEmptyQuestionIsAUsageError) {
  contracts::Action action = context_action({&search}, factory);
  auto reply = ask(action, {{"question", " \n\t"}});
  ASSERT_FALSE(reply.has_value());
  EXPECT_EQ(reply.error().code, base::ErrorCode::usage);
}

TEST_F(Context, HostileQuestionsGiveValidJson) {
  contracts::Action action = context_action({&search}, factory);
  auto reply = ask(action, {{"question", "\xff\xfe login \x1b[31m \xe2\x80\xae `\x80`"}});
  ASSERT_TRUE(reply.has_value());
  EXPECT_NO_THROW((void)reply->data.dump());
  EXPECT_EQ(action.render(*reply, {}).find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace mira::oracle

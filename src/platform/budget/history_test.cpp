// What the ledger says of requests that a scripted host answered, by every way to group them.
#include "platform/budget/history.h"

#include <gmock/gmock.h>

#include "platform/budget/world_for_tests.h"

namespace mira::budget {
namespace {

using models::Purpose;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::int64_t one_answer_nano = 100 * 1000 + 20 * 10'000;

class History : public testing::Test {
 protected:
  History()
      : world([](const support::ModelServer::Seen& seen, int) {
          if (seen.body.contains("refuse")) return support::status(400, R"({"error":{"message":"no"}})");
          return support::stream(support::responses_events({"ok"}));
        }) {}
  void ask(std::string text, Purpose purpose, std::string operation = "") {
    models::Request request = question(std::move(text));
    request.purpose = purpose;
    request.operation = std::move(operation);
    request.cacheable = purpose == Purpose::analysis ? models::Cacheable::always : models::Cacheable::no;
    (void)world.ask(request);
  }
  std::vector<std::string> told(GroupBy by) {
    Window all{0, world.clock.now_ms() + 1};
    auto sums = mira::budget::history(*world.main, all, by);
    EXPECT_TRUE(sums);
    std::vector<std::string> out;
    for (const Sum& sum : *sums)
      out.push_back(sum.name + " " + std::to_string(sum.requests) + "/" + std::to_string(sum.failed) + "/" +
                    std::to_string(sum.from_cache) + " " + std::to_string(sum.spent_nano / one_answer_nano));
    return out;
  }
  AskingWorld world;
};

TEST_F(History, IsByPurposeModelProjectOperationAndDay) {
  ask("one", Purpose::context, "notes");
  ask("two", Purpose::context, "notes");
  ask("three", Purpose::analysis, "survey");
  ask("three", Purpose::analysis, "survey");
  ask("refuse", Purpose::chat);
  std::string today = local_date(world.clock.now_ms());
  EXPECT_THAT(told(GroupBy::purpose), ElementsAre("context 2/0/0 2", "analysis 2/0/1 1", "chat 1/1/0 0"));
  EXPECT_THAT(told(GroupBy::operation), ElementsAre("notes 2/0/0 2", "survey 2/0/1 1", " 1/1/0 0"));
  EXPECT_THAT(told(GroupBy::model), ElementsAre("test-model 5/1/1 3"));
  EXPECT_THAT(told(GroupBy::project), ElementsAre("p1 5/1/1 3"));
  EXPECT_THAT(told(GroupBy::day), ElementsAre(today + " 5/1/1 3"));
  world.clock.advance_ms(86'400'000);
  ask("four", Purpose::chat);
  EXPECT_THAT(told(GroupBy::day),
              ElementsAre(local_date(world.clock.now_ms()) + " 1/0/0 1", today + " 5/1/1 3"));
}

TEST_F(History, HasANameForEachWayAndForNoOther) {
  struct Row {
    const char* name;
    std::optional<GroupBy> by;
  };
  for (const Row& row : {Row{"purpose", GroupBy::purpose},
                         {"model", GroupBy::model},
                         {"project", GroupBy::project},
                         {"operation", GroupBy::operation},
                         {"day", GroupBy::day},
                         {"", {}},
                         {"Day", {}},
                         {"month", {}}})
    EXPECT_EQ(group_named(row.name), row.by) << row.name;
}

TEST_F(History, AnOperationsCapCountsWhatItSpentAndIsShownBesideTheOthers) {
  world.cap(Scope::operation, 60'000'000, "notes");
  world.cap(Scope::operation, 100, "survey");
  ask("one", Purpose::context, "notes");
  ask("two", Purpose::analysis, "survey");
  auto all = standings(*world.main, {.project_id = "p1", .every_operation = true}, world.clock.now_ms());
  ASSERT_TRUE(all);
  std::vector<std::string> shown;
  for (const Standing& one : *all)
    shown.push_back(std::string(scope_name(one.cap.scope)) + " " + one.cap.subject + " " +
                    std::to_string(one.counted_nano / one_answer_nano));
  EXPECT_THAT(shown, ElementsAre("operation notes 1", "operation survey 0", "day  1", "month  1"));
  auto of_one = standings(*world.main, {.project_id = "p1", .operation = "notes"}, world.clock.now_ms());
  EXPECT_THAT(*of_one, SizeIs(3));
  EXPECT_THAT(*standings(*world.main, {.project_id = "p1"}, world.clock.now_ms()), SizeIs(2));
}

TEST_F(History, AnEmptySpanSaysNothing) {
  ask("one", Purpose::chat);
  EXPECT_THAT(*mira::budget::history(*world.main, {0, 1}, GroupBy::day), IsEmpty());
  EXPECT_EQ(total(*world.main, {0, 1})->requests, 0);
}

}  // namespace
}  // namespace mira::budget

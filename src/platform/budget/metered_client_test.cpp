#include "platform/budget/metered_client.h"

#include <gmock/gmock.h>

#include <thread>

#include "platform/budget/world_for_tests.h"

namespace mira::budget {
namespace {

using base::ErrorCode;
using models::Cacheable;
using nlohmann::json;
using support::ModelServer;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

ModelServer::Answers in_turn(std::vector<ModelServer::Script> scripts) {
  return [scripts = std::move(scripts)](const ModelServer::Seen&, int number) {
    return scripts[std::min<std::size_t>(static_cast<std::size_t>(number), scripts.size() - 1)];
  };
}

ModelServer::Script text(const std::string& words, support::Counted counted = {.input = 40, .output = 20}) {
  return support::stream(support::responses_events({words}, counted));
}

models::Request shaped() {
  models::Request out = question();
  out.output = models::OutputSchema{"shape",
                                    {{"type", "object"},
                                     {"properties", {{"n", {{"type", "integer"}}}}},
                                     {"required", {"n"}},
                                     {"additionalProperties", false}}};
  return out;
}

TEST(Metered, EachCallLeavesARowWithItsCost) {
  AskingWorld world(in_turn({text("ok", {.input = 40, .cached = 10, .output = 20, .reasoning = 5})}));
  auto answer = world.ask(question());
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(*answer->bill.cost_nano, 30'000 + 1'000 + 200'000);
  EXPECT_EQ(
      world.number("SELECT cost_nano FROM budget_tracking WHERE state = 'settled' AND reasoning_tokens = 5"
                   " AND project_id = 'p1' AND provider_request = 'req-7'"),
      231'000);
}

TEST(Metered, RefusesBeforeItCalls) {
  AskingWorld world(in_turn({text("ok")}));
  world.cap(Scope::request, 1);
  EXPECT_EQ(world.ask(question()).error().code, ErrorCode::over_budget);
  EXPECT_THAT(world.server.seen(), IsEmpty());
  EXPECT_EQ(world.number("SELECT count(*) FROM budget_tracking"), 0);
}

TEST(Metered, AFailureThatCostNothingIsARowThatCostsNothing) {
  AskingWorld world(in_turn({support::status(500, "{}")}));
  EXPECT_EQ(world.ask(question()).error().code, ErrorCode::provider);
  EXPECT_EQ(world.number("SELECT count(*) FROM budget_tracking WHERE state = 'failed' AND counted_nano = 0"),
            1);
}

TEST(Metered, ACutAnswerIsPaidForAndAskedOnceAgain) {
  ModelServer::Script cut = text("half of it");
  cut.only = cut.bytes.rfind("data: ");
  AskingWorld world(in_turn({cut, text("whole")}));
  auto answer = world.ask(question());
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->text, "whole");
  EXPECT_THAT(answer->notes, Contains(HasSubstr("cut and is paid for")));
  EXPECT_EQ(world.number("SELECT count(*) FROM budget_tracking WHERE state = 'settled'"), 2);
  EXPECT_EQ(world.number("SELECT count(*) FROM budget_tracking WHERE estimated = 1 AND counted_nano > 0"
                         " AND counted_nano <= reserved_nano"),
            1);
  AskingWorld always_cut(in_turn({cut}));
  EXPECT_FALSE(always_cut.ask(question()));
  EXPECT_THAT(always_cut.server.seen(), SizeIs(2));
}

TEST(Metered, WhatWasShownIsNotAskedAgain) {
  ModelServer::Script cut = text("half of it");
  cut.only = cut.bytes.rfind("data: ");
  AskingWorld world(in_turn({cut, text("whole")}));
  std::string shown;
  auto answer = world.client->ask(
      question(), [&](std::string_view part) { shown += part; }, base::Deadline::after_ms(60'000));
  EXPECT_FALSE(answer);
  EXPECT_EQ(shown, "half of it");
  EXPECT_THAT(world.server.seen(), SizeIs(1));
}

TEST(Metered, AUsageThatCannotBeIsCountedAtTheMost) {
  for (support::Counted counted :
       {support::Counted{.input = 1'000'000'000, .output = 1}, support::Counted{.input = 10, .output = 101},
        support::Counted{.input = -5, .output = 1},
        support::Counted{.input = 10, .cached = 11, .output = 1}}) {
    AskingWorld world(in_turn({text("ok", counted)}));
    auto answer = world.ask(question());
    ASSERT_TRUE(answer);
    EXPECT_TRUE(answer->bill.estimated);
    EXPECT_EQ(world.number(
                  "SELECT count(*) FROM budget_tracking WHERE estimated = 1 AND cost_nano = reserved_nano"),
              1);
  }
}

TEST(Metered, TextWithoutAUsageIsEstimated) {
  std::string events =
      support::event({{"type", "response.output_text.delta"}, {"delta", "ok"}}) +
      support::event({{"type", "response.completed"}, {"response", {{"status", "completed"}}}});
  AskingWorld world(in_turn({support::stream(events)}));
  EXPECT_TRUE(world.ask(question())->bill.estimated);
}

TEST(Metered, EqualQuestionsAreAskedOnceAndTheSavingIsKept) {
  AskingWorld world(in_turn({text("ok")}));
  models::Request request = question();
  request.cacheable = Cacheable::always;
  ASSERT_TRUE(world.ask(request));
  world.clock.advance_ms(std::int64_t{30} * 86'400'000);
  auto again = world.ask(request);
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->bill.from_cache);
  EXPECT_EQ(again->bill.avoided_nano, 240'000);
  EXPECT_THAT(world.server.seen(), SizeIs(1));
  EXPECT_EQ(world.number("SELECT avoided_nano FROM budget_tracking WHERE from_cache = 1 AND cost_nano = 0"),
            240'000);
}

TEST(Metered, OnlyWholeAnswersThatMayBeAreKept) {
  std::string cut_events = support::event({{"type", "response.output_text.delta"}, {"delta", "a"}}) +
                           support::event({{"type", "response.incomplete"},
                                           {"response",
                                            {{"status", "incomplete"},
                                             {"incomplete_details", {{"reason", "max_output_tokens"}}},
                                             {"usage", {{"input_tokens", 4}, {"output_tokens", 4}}}}}});
  AskingWorld world(in_turn({support::stream(cut_events)}));
  models::Request request = question();
  request.cacheable = Cacheable::always;
  EXPECT_EQ(world.ask(request)->finish, models::Finish::cut_by_length);
  ASSERT_TRUE(world.ask(request));
  EXPECT_THAT(world.server.seen(), SizeIs(2));
  EXPECT_EQ(world.number("SELECT count(*) FROM llm_cache"), 0);
  AskingWorld chat(in_turn({text("ok")}));
  ASSERT_TRUE(chat.ask(question()));
  EXPECT_EQ(chat.number("SELECT count(*) FROM llm_cache"), 0);
}

TEST(Metered, AMovedModelIsAskedAndNotServedFromTheOldOnesAnswers) {
  AskingWorld world(in_turn({text("old"), text("new")}));
  models::Request request = question();
  request.cacheable = Cacheable::always;
  ASSERT_TRUE(world.ask(request));
  json moved = world.server.configuration();
  moved["aliases"][1]["model"] = "test-model-2";
  moved["prices"].push_back(moved["prices"][0]);
  moved["prices"][1]["model"] = "test-model-2";
  world.client = world.client_for(moved);
  EXPECT_EQ(world.ask(request)->text, "new");
}

TEST(Metered, AnAliasMovesToItsSuccessorWhenItsModelIsGone) {
  auto answers = [](const ModelServer::Seen& seen, int) {
    if (seen.json()["model"] == "test-model")
      return support::status(404, R"({"error":{"code":"model_not_found"}})");
    return text("by another");
  };
  AskingWorld world(answers);
  json moved = world.server.configuration();
  moved["aliases"][1]["successors"] = {{{"model", "unpriced"}}, {{"model", "next"}}};
  moved["prices"].push_back(moved["prices"][0]);
  moved["prices"][1]["model"] = "next";
  world.client = world.client_for(moved);
  auto answer = world.ask(question());
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->model, "next");
  models::Request named = question();
  named.model = "test-model";
  EXPECT_FALSE(world.ask(named));  // a model that the person named never moves
}

TEST(Metered, AnEffortThatIsNotAllowedBecomesTheNextHigherAndIsSaid) {
  AskingWorld world(in_turn({text("ok")}));
  models::Request request = question();
  request.effort = "minimal";
  auto answer = world.ask(request);
  EXPECT_EQ(answer->effort, "low");
  EXPECT_THAT(answer->notes, Contains(HasSubstr("has no effort minimal; low was used")));
  EXPECT_EQ(world.server.seen()[0].json()["reasoning"]["effort"], "low");
}

TEST(Structured, IsRepairedOnceAndBothCallsAreCounted) {
  AskingWorld world(in_turn({text("sorry, 7"), text(R"({"n": 7})")}));
  auto answer = world.ask(shaped());
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->structured["n"], 7);
  EXPECT_EQ(world.number("SELECT count(*) FROM budget_tracking WHERE state = 'settled'"), 2);
  EXPECT_THAT(world.server.seen()[1].body, HasSubstr("not the JSON that was asked for"));
}

TEST(Structured, GivesUpClearlyAfterOneRepair) {
  AskingWorld world(in_turn({text(R"({"n": "seven"})")}));
  auto answer = world.ask(shaped());
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::unavailable);
  EXPECT_THAT(world.server.seen(), SizeIs(2));
}

TEST(Metered, MasksWhatLeavesAndWhatIsKept) {
  std::string secret =
      "ghp_"
      "R4nd0mT0k3nV4lu3F0rTh1sT3stXy12AbCdE";
  AskingWorld world(in_turn({text("you said " + secret)}));
  models::Request request = question("my token is " + secret);
  request.cacheable = Cacheable::always;
  auto answer = world.ask(request);
  EXPECT_THAT(world.server.seen()[0].body, testing::Not(HasSubstr(secret)));
  EXPECT_THAT(answer->text, testing::Not(HasSubstr(secret)));
  EXPECT_THAT(**world.main->text("SELECT answer FROM llm_cache"), testing::Not(HasSubstr(secret)));
}

TEST(Metered, TheBeginningOfAPromptIsTheSameForTheSameVersion) {
  AskingWorld world(in_turn({text("ok")}));
  ASSERT_TRUE(world.ask(question("one")));
  world.clock.advance_ms(86'400'000);
  ASSERT_TRUE(world.ask(question("two")));
  json first = world.server.seen()[0].json(), second = world.server.seen()[1].json();
  EXPECT_EQ(first["instructions"], second["instructions"]);
  first.erase("input");
  second.erase("input");
  EXPECT_EQ(first.dump(), second.dump());
}

TEST(Metered, ManyThreadsNeverPassACap) {
  AskingWorld world(in_turn({text("ok")}));
  world.cap(Scope::day, 6'000'000);  // a few worst cases
  std::vector<std::jthread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&] {
      store::Connection reader = std::move(*open_money(world.folder.path()));
      MeteredClient client(Connected{*models::Catalog::load(world.folder / "models.json"),
                                     {.base = world.server.base(), .host = world.server.host()}},
                           Ground{*world.writer, reader, world.clock, world.breaker, "p1"});
      for (int n = 0; n < 5; ++n) client.ask(question(), {}, base::Deadline::after_ms(60'000));
    });
  threads.clear();
  EXPECT_LE(world.number("SELECT sum(counted_nano) FROM budget_tracking"), 6'000'000);
  EXPECT_EQ(world.number("SELECT count(*) FROM budget_tracking WHERE state = 'reserved'"), 0);
}

}  // namespace
}  // namespace mira::budget

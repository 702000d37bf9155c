#include "oracle/gather.h"

#include <gmock/gmock.h>

#include <barrier>
#include <condition_variable>
#include <mutex>
#include <stdexcept>

#include "oracle/question.h"
#include "oracle/test_world.h"

namespace mira::oracle {
namespace {

using base::Deadline;
using contracts::Evidence;
using contracts::Question;
using contracts::Session;
using contracts::Stage;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Evidence chunk(std::string path, int start, int end) {
  return {.kind = "chunk",
          .title = path,
          .text = "text\n",
          .place = {.path = std::move(path), .start_line = start, .end_line = end}};
}

LambdaSource::Gather gives(std::vector<Evidence> pieces) {
  return [pieces](Session&, const Question&, Deadline) { return pieces; };
}

class Gather : public ::testing::Test {
 protected:
  std::vector<SourceAnswer> run(std::vector<contracts::Source*> sources,
                                Deadline deadline = Deadline::never()) {
    return gather(world.session(), question, sources, factory, deadline, stragglers);
  }
  TemporaryFolder folder;
  WorldSession world{folder.path()};
  WorldFactory factory{folder.path()};
  Question question = draw_question("how does replication work", 1000);
  Stragglers stragglers;
};

TEST_F(Gather, AsksEverySourceAndKeepsTheirOrder) {
  LambdaSource a("a", Stage::first, gives({chunk("x.c", 1, 2)})), b("b", Stage::second, gives({}));
  std::vector<SourceAnswer> answers = run({&a, &b});
  ASSERT_THAT(answers, SizeIs(2));
  EXPECT_EQ(answers[0].source, "a");
  EXPECT_THAT(answers[0].pieces, SizeIs(1));
  EXPECT_EQ(answers[1].state, AnswerState::answered);
}

TEST_F(Gather, MakesCitationsWhole) {
  question.changed_files = {"edited.c"};
  LambdaSource a("a", Stage::first, gives({chunk("x.c", 1, 2), chunk("edited.c", 1, 2)}));
  std::vector<Evidence> pieces = run({&a})[0].pieces;
  EXPECT_EQ(contracts::citation(pieces[0].place), "x.c:1-2@1a2b3c4d5e6f");
  EXPECT_EQ(contracts::citation(pieces[1].place), "edited.c:1-2 (uncommitted)");
  EXPECT_EQ(pieces[0].source, "a");
}

TEST_F(Gather, PreparesBeforeTheFirstStage) {
  std::vector<std::string> seen;
  LambdaSource asks("asks", Stage::first, [&](Session&, const Question& q, Deadline) -> LambdaSource::Pieces {
    seen = q.changed_files;
    return std::vector<Evidence>{};
  });
  LambdaSource knows("knows", Stage::second, gives({}), [](Question& q) -> base::Status {
    q.changed_files = {"edited.c"};
    return {};
  });
  run({&asks, &knows});
  EXPECT_THAT(seen, ElementsAre("edited.c"));
}

TEST_F(Gather, TheSecondStageLooksAroundWhatTheFirstFound) {
  std::vector<contracts::Focus> seen;
  Evidence best = chunk("best.c", 5, 9);
  best.symbol = "Replica::sync";
  LambdaSource finds("finds", Stage::first, gives({best, chunk("next.c", 1, 3)}));
  LambdaSource follows("follows", Stage::second,
                       [&](Session&, const Question& q, Deadline) -> LambdaSource::Pieces {
                         seen = q.focus;
                         return std::vector<Evidence>{};
                       });
  run({&finds, &follows});
  ASSERT_THAT(seen, SizeIs(2));
  EXPECT_EQ(seen[0].path, "best.c");
  EXPECT_EQ(seen[0].start_line, 5);
  EXPECT_EQ(seen[0].symbol, "Replica::sync");
  EXPECT_GT(seen[0].weight, seen[1].weight);
  EXPECT_EQ(seen[0].reason, "found by finds");
}

TEST_F(Gather, ANamedFileIsTheFirstPlaceToLook) {
  world.session().tree.files = {{.path = "src/named.c"}};
  question = draw_question("explain named.c", 1000);
  LambdaSource finds("finds", Stage::first, gives({chunk("best.c", 5, 9)}));
  run({&finds});
  ASSERT_THAT(question.focus, SizeIs(2));
  EXPECT_EQ(question.focus[0].path, "src/named.c");
  EXPECT_LT(question.focus[1].weight, question.focus[0].weight);
}

TEST_F(Gather, AFailingSourceIsNamedAndTheOthersAnswer) {
  LambdaSource bad("bad", Stage::first, [](Session&, const Question&, Deadline) -> LambdaSource::Pieces {
    return base::fail(base::ErrorCode::unavailable, "the index is damaged");
  });
  LambdaSource good("good", Stage::first, gives({chunk("x.c", 1, 2)}));
  std::vector<SourceAnswer> answers = run({&bad, &good});
  EXPECT_EQ(answers[0].state, AnswerState::failed);
  EXPECT_EQ(answers[0].reason, "the index is damaged");
  EXPECT_THAT(answers[1].pieces, SizeIs(1));
}

TEST_F(Gather, AnExceptionIsAFailureLikeAnother) {
  LambdaSource bad("bad", Stage::first, [](Session&, const Question&, Deadline) -> LambdaSource::Pieces {
    throw std::runtime_error("out of luck");
  });
  std::vector<SourceAnswer> answers = run({&bad});
  EXPECT_EQ(answers[0].state, AnswerState::failed);
  EXPECT_THAT(answers[0].reason, HasSubstr("out of luck"));
}

TEST_F(Gather, ASourceThatStopsAtItsDeadlineIsLate) {
  LambdaSource slow("slow", Stage::first, [](Session&, const Question&, Deadline) -> LambdaSource::Pieces {
    return base::fail(base::ErrorCode::timeout, "the query took too long");
  });
  EXPECT_EQ(run({&slow})[0].state, AnswerState::late);
}

// Each but the last waits for the last one, and there are more of them than lanes to begin with.
TEST_F(Gather, SourcesThatAllWaitDoNotKeepTheLastFromItsTurn) {
  std::mutex mutex;
  std::condition_variable asked;
  bool last_was_asked = false;
  auto waits = [&](Session&, const Question&, Deadline) -> LambdaSource::Pieces {
    std::unique_lock lock(mutex);
    asked.wait(lock, [&] { return last_was_asked; });
    return std::vector<Evidence>{chunk("late.c", 1, 2)};
  };
  std::vector<std::unique_ptr<LambdaSource>> made;
  for (std::size_t i = 0; i < most_first_lanes + 2; ++i)
    made.push_back(std::make_unique<LambdaSource>("waits", Stage::first, waits));
  made.push_back(std::make_unique<LambdaSource>(
      "last", Stage::first, [&](Session&, const Question&, Deadline) -> LambdaSource::Pieces {
        std::lock_guard lock(mutex);
        last_was_asked = true;
        asked.notify_all();
        return std::vector<Evidence>{};
      }));
  std::vector<contracts::Source*> sources;
  for (const auto& source : made) sources.push_back(source.get());
  EXPECT_THAT(run(sources), Each(testing::Field(&SourceAnswer::state, AnswerState::answered)));
}

// One lane is open, the second is refused, and none gets on until another was asked for and refused too.
TEST_F(Gather, ALaneThatCannotBeOpenedCostsNoAnswer) {
  factory.most = 1;
  auto waits = [&](Session&, const Question&, Deadline) -> LambdaSource::Pieces {
    while (factory.refused < 2) factory.refused.wait(1);
    return std::vector<Evidence>{};
  };
  LambdaSource a("a", Stage::first, waits), b("b", Stage::first, waits), c("c", Stage::first, waits);
  EXPECT_THAT(run({&a, &b, &c}), Each(testing::Field(&SourceAnswer::state, AnswerState::answered)));
}

// The source waits for a signal that is only given after the answer: it cannot be in time.
TEST_F(Gather, ASourceThatIgnoresItsDeadlineIsLeftBehind) {
  std::mutex mutex;
  std::condition_variable answered;
  bool over = false;
  LambdaSource stuck("stuck", Stage::first, [&](Session&, const Question&, Deadline) -> LambdaSource::Pieces {
    std::unique_lock lock(mutex);
    answered.wait(lock, [&] { return over; });
    return std::vector<Evidence>{chunk("late.c", 1, 2)};
  });
  LambdaSource good("good", Stage::first, gives({chunk("x.c", 1, 2)}));
  Stragglers left_behind;  // declared after what its thread uses
  std::vector<SourceAnswer> answers =
      gather(world.session(), question, {&stuck, &good}, factory, Deadline::after_ms(20), left_behind);
  EXPECT_EQ(answers[0].state, AnswerState::late);
  EXPECT_THAT(answers[0].pieces, IsEmpty());
  EXPECT_THAT(answers[1].pieces, SizeIs(1));
  std::lock_guard lock(mutex);
  over = true;
  answered.notify_all();
}

TEST_F(Gather, ALateSourceSeesThatItIsCancelled) {
  LambdaSource polite("polite", Stage::first,
                      [](Session&, const Question&, Deadline deadline) -> LambdaSource::Pieces {
                        while (!deadline.cancelled())
                          std::this_thread::sleep_for(std::chrono::milliseconds(1));
                        return std::vector<Evidence>{};
                      });
  Stragglers left_behind;
  EXPECT_EQ(
      gather(world.session(), question, {&polite}, factory, Deadline::after_ms(20), left_behind)[0].state,
      AnswerState::late);
}  // the stragglers are joined here: this test ends only if the source saw it

TEST_F(Gather, SourcesThatRunAtOnceHaveSessionsOfTheirOwnAndStagesShareThem) {
  std::vector<Session*> first(2), second(1);
  std::barrier both(2);
  LambdaSource::Gather a_at_once = [&](Session& session, const Question&, Deadline) -> LambdaSource::Pieces {
    first[0] = &session;
    both.arrive_and_wait();
    return std::vector<Evidence>{};
  };
  LambdaSource::Gather b_at_once = [&](Session& session, const Question&, Deadline) -> LambdaSource::Pieces {
    first[1] = &session;
    both.arrive_and_wait();
    return std::vector<Evidence>{};
  };
  LambdaSource::Gather later = [&](Session& session, const Question&, Deadline) -> LambdaSource::Pieces {
    second[0] = &session;
    return std::vector<Evidence>{};
  };
  LambdaSource a("a", Stage::first, a_at_once), b("b", Stage::first, b_at_once), c("c", Stage::second, later);
  run({&a, &b, &c});
  EXPECT_NE(first[0], first[1]);
  EXPECT_NE(first[0], &world.session());
  EXPECT_NE(first[1], &world.session());
  EXPECT_TRUE(second[0] == first[0] || second[0] == first[1]);
  EXPECT_EQ(factory.made, 2) << "the second stage takes over a session of the first";
}

TEST_F(Gather, WithoutASessionASourceFailsByName) {
  factory.refuse = true;
  LambdaSource a("a", Stage::first, gives({chunk("x.c", 1, 2)}));
  std::vector<SourceAnswer> answers = run({&a});
  EXPECT_EQ(answers[0].state, AnswerState::failed);
  EXPECT_EQ(answers[0].reason, "the store is away");
}

TEST_F(Gather, OneSourceCannotFloodTheAnswer) {
  Evidence huge = chunk("x.c", 1, 2);
  huge.text = std::string(max_piece_bytes + 100, 'x');
  LambdaSource a("a", Stage::first, gives(std::vector<Evidence>(max_source_pieces + 10, huge)));
  std::vector<Evidence> pieces = run({&a})[0].pieces;
  EXPECT_THAT(pieces, SizeIs(max_source_pieces));
  EXPECT_LE(pieces[0].text.size(), max_piece_bytes);
}

}  // namespace
}  // namespace mira::oracle

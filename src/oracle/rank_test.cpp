#include "oracle/rank.h"

#include <gmock/gmock.h>

#include "oracle/question.h"

namespace mira::oracle {
namespace {

using contracts::Evidence;
using contracts::Intent;
using ::testing::ElementsAre;
using ::testing::SizeIs;

Evidence lines_of(std::string path, int start, int end, std::string kind = "chunk") {
  Evidence out{.kind = std::move(kind),
               .title = "t",
               .place = {.path = std::move(path), .start_line = start, .end_line = end}};
  for (int i = start; i <= end; ++i) out.text += "line " + std::to_string(i) + "\n";
  return out;
}

SourceAnswer said(std::string source, std::vector<Evidence> pieces) {
  for (Evidence& piece : pieces) piece.source = source;
  return {.source = std::move(source), .pieces = std::move(pieces)};
}

Ranking ranked(const std::vector<SourceAnswer>& answers, std::string_view text = "replication backlog") {
  return rank(answers, draw_question(text, 1000));
}

TEST(Rank, KeepsTheOrderOfASource) {
  Ranking ranking = ranked({said("a", {lines_of("1", 1, 2), lines_of("2", 1, 2), lines_of("3", 1, 2)})});
  ASSERT_THAT(ranking.pieces, SizeIs(3));
  EXPECT_EQ(ranking.pieces[0].evidence.place.path, "1");
  EXPECT_EQ(ranking.pieces[2].evidence.place.path, "3");
}

TEST(Rank, WeighsKindsByWhatIsWanted) {
  std::vector<SourceAnswer> answers = {said("code.search", {lines_of("a.c", 1, 2)}),
                                       said("git.experts", {{.kind = "person", .title = "Ada"}})};
  EXPECT_EQ(ranked(answers, "who knows replication").pieces[0].evidence.kind, "person");
  EXPECT_EQ(ranked(answers, "where is replication").pieces[0].evidence.kind, "chunk");
}

TEST(Rank, AgreementAddsUp) {
  Ranking ranking = ranked({said("x", {lines_of("one.c", 1, 5), lines_of("both.c", 1, 5)}),
                            said("y", {lines_of("two.c", 1, 5), lines_of("both.c", 1, 5)})});
  EXPECT_EQ(ranking.pieces[0].evidence.place.path, "both.c");
  EXPECT_THAT(ranking.pieces[0].also, ElementsAre("y"));
  EXPECT_EQ(ranking.merged.at("y"), 1);
}

TEST(Rank, OverlappingLinesBecomeOnePiece) {
  Ranking ranking = ranked({said("x", {lines_of("a.c", 1, 10)}), said("y", {lines_of("a.c", 6, 15)})});
  ASSERT_THAT(ranking.pieces, SizeIs(1));
  EXPECT_EQ(ranking.pieces[0].evidence.text, lines_of("a.c", 1, 15).text);
  EXPECT_EQ(ranking.pieces[0].evidence.place.end_line, 15);
}

TEST(Rank, ALaterOverlapIsStitchedBeforeToo) {
  Ranking ranking =
      ranked({said("x", {lines_of("a.c", 6, 15, "definition")}), said("y", {lines_of("a.c", 1, 10)})});
  ASSERT_THAT(ranking.pieces, SizeIs(1));
  EXPECT_EQ(ranking.pieces[0].evidence.text, lines_of("a.c", 1, 15).text);
  EXPECT_EQ(ranking.pieces[0].evidence.kind, "definition");
}

TEST(Rank, APieceGivesWayToOneThatIsNotMuchLarger) {
  auto shown = [](int end) {
    return ranked({said("x", {lines_of("a.c", 5, 9)}), said("y", {lines_of("a.c", 1, end)})})
        .pieces.at(0)
        .evidence.place.end_line;
  };
  EXPECT_EQ(shown(12), 12);
  EXPECT_EQ(shown(400), 9);
}

TEST(Rank, ApartLinesStayApart) {
  EXPECT_THAT(ranked({said("x", {lines_of("a.c", 1, 10), lines_of("a.c", 11, 20)})}).pieces, SizeIs(2));
  EXPECT_THAT(ranked({said("x", {lines_of("a.c", 1, 10), lines_of("b.c", 1, 10)})}).pieces, SizeIs(2));
}

TEST(Rank, ListsAboutAPlaceAreNotItsLines) {
  Evidence callers = lines_of("a.c", 1, 10, "callers");
  EXPECT_THAT(ranked({said("x", {lines_of("a.c", 1, 10)}), said("y", {callers})}).pieces, SizeIs(2));
}

TEST(Rank, OneCommitIsOnePiece) {
  Evidence a{.kind = "commit", .title = "Fix login", .place = {.commit = "abc"}},
      b{.kind = "commit", .title = "Fix logout", .place = {.commit = "def"}};
  EXPECT_THAT(ranked({said("x", {a, b}), said("y", {b})}).pieces, SizeIs(2));
}

TEST(Rank, APossibleEdgeNeverOutranksAFoundOne) {
  Evidence guess = lines_of("a.c", 1, 2, "callers"), found = lines_of("b.c", 1, 2, "callers");
  guess.tier = contracts::Tier::possible;
  found.tier = contracts::Tier::inferred;
  Ranking ranking = ranked({said("x", {guess, found})});
  EXPECT_EQ(ranking.pieces[0].evidence.place.path, "b.c");
}

}  // namespace
}  // namespace mira::oracle

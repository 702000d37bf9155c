#include <gmock/gmock.h>

#include "knowledge/code/semantics/louvain.h"
#include "knowledge/code/semantics/semantic_world.h"

namespace mira::semantics {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

TEST(Louvain, CliquesWithABridgeAreTwo) {
  std::vector<WeightedEdge> edges;
  for (int i = 0; i < 4; ++i)
    for (int j = i + 1; j < 4; ++j) {
      edges.push_back({i, j, 1});
      edges.push_back({i + 4, j + 4, 1});
    }
  edges.push_back({3, 4, 1});
  EXPECT_THAT(communities(8, edges), ElementsAre(0, 0, 0, 0, 1, 1, 1, 1));
}

TEST(Louvain, ARingOfCliquesIsFoundThroughItsLevels) {
  std::vector<WeightedEdge> edges;
  constexpr int cliques = 6, size = 5;
  for (int c = 0; c < cliques; ++c) {
    for (int i = 0; i < size; ++i)
      for (int j = i + 1; j < size; ++j) edges.push_back({c * size + i, c * size + j, 1});
    edges.push_back({c * size, ((c + 1) % cliques) * size + 1, 0.5});
  }
  std::vector<std::int32_t> found = communities(cliques * size, edges);
  for (int c = 0; c < cliques; ++c)
    for (int i = 0; i < size; ++i) EXPECT_EQ(found[static_cast<std::size_t>(c * size + i)], c);
}

TEST(Louvain, WithoutEdgesEachIsAlone) {
  EXPECT_THAT(communities(3, {}), ElementsAre(0, 1, 2));
  EXPECT_THAT(communities(0, {}), IsEmpty());
}

// A ring has as many best divisions as places to cut it.
std::vector<WeightedEdge> ring(int nodes) {
  std::vector<WeightedEdge> edges;
  for (int i = 0; i < nodes; ++i) edges.push_back({i, (i + 1) % nodes, 1});
  return edges;
}

TEST(Louvain, StaysWithTheDivisionBeforeWhereOthersAreNoBetter) {
  std::vector<std::int32_t> turned = {0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 0, 0};
  EXPECT_EQ(communities(12, ring(12), turned), turned);
  std::vector<WeightedEdge> edited = ring(12);
  edited.push_back({3, 8, 0.25});  // one more thin tie
  EXPECT_EQ(communities(12, edited, turned), turned);
}

TEST(Louvain, ANodeThatWasInNoneJoinsWhereItsTiesAre) {
  std::vector<WeightedEdge> edges = ring(12);
  edges.push_back({12, 5, 1});
  std::vector<std::int32_t> before = {0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 0, 0, -1};
  std::vector<std::int32_t> found = communities(13, edges, before);
  EXPECT_EQ(found[12], found[5]);
  EXPECT_EQ(std::vector<std::int32_t>(found.begin(), found.begin() + 12),
            std::vector<std::int32_t>(before.begin(), before.begin() + 12));
}

TEST(Louvain, LeavesADivisionThatIsClearlyWorse) {
  std::vector<WeightedEdge> edges;
  for (int c = 0; c < 4; ++c)
    for (int i = 0; i < 5; ++i)
      for (int j = i + 1; j < 5; ++j) edges.push_back({c * 5 + i, c * 5 + j, 1});
  for (int c = 0; c < 4; ++c) edges.push_back({c * 5, (c * 5 + 6) % 20, 0.5});
  std::vector<std::int32_t> fresh = communities(20, edges);
  for (const auto& wrong :
       {std::vector<std::int32_t>(20, 0),
        std::vector<std::int32_t>{0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1, 2, 3, 4}})
    EXPECT_EQ(communities(20, edges, wrong), fresh);
  EXPECT_GT(modularity(20, edges, fresh), 0.6);
  EXPECT_NEAR(modularity(20, edges, std::vector<std::int32_t>(20, 0)), 0, 1e-9);
}

TEST(Louvain, WithNothingBeforeItIsTheSameAsWithout) {
  EXPECT_EQ(communities(12, ring(12), std::vector<std::int32_t>(12, -1)), communities(12, ring(12)));
  EXPECT_THAT(communities(0, {}, {}), IsEmpty());
}

TEST(Louvain, TheOrderOfEdgesDoesNotMatter) {
  std::vector<WeightedEdge> edges = {{0, 1, 2}, {1, 2, 1}, {2, 3, 2}, {3, 4, 1}, {4, 5, 2}, {5, 0, 0.25}};
  std::vector<std::int32_t> first = communities(6, edges);
  std::ranges::reverse(edges);
  EXPECT_EQ(communities(6, edges), first);
}

const SemanticWorld::Files two_domains = {
    {"billing/invoice.py",
     "from billing.tax import tax_of_invoice\n\n\ndef make_invoice(order):\n    return "
     "tax_of_invoice(order)\n"},
    {"billing/tax.py",
     "from billing.rates import tax_rate\n\n\ndef tax_of_invoice(invoice):\n    return tax_rate(invoice)\n"},
    {"billing/rates.py", "def tax_rate(country):\n    return country\n"},
    {"video/decoder.py",
     "from video.frames import next_frame\n\n\ndef decode_frame(stream):\n    return next_frame(stream)\n"},
    {"video/frames.py",
     "from video.codec import read_codec\n\n\ndef next_frame(stream):\n    return read_codec(stream)\n"},
    {"video/codec.py", "def read_codec(frame):\n    return frame\n"},
    {"tests/test_all.py",
     "from billing.invoice import make_invoice\n\n\ndef test_it():\n    make_invoice(1)\n"}};

// "name: member member" of every cluster.
std::vector<std::string> clusters(SemanticWorld& world) {
  std::vector<std::string> out;
  auto reply = world.run("clusters", {{"limit", 100}});
  EXPECT_TRUE(reply) << (reply ? "" : reply.error().message);
  if (!reply) return out;
  for (const auto& one : reply->data["clusters"])
    out.push_back(fmt::format("{}: {}", one["name"].get<std::string>(), one["members"].dump()));
  return out;
}

TEST(Clusters, FilesThatWorkTogetherAreADomainNamedByItsWords) {
  SemanticWorld world(two_domains);
  auto reply = world.run("clusters", contracts::Json::object());
  ASSERT_TRUE(reply);
  ASSERT_THAT(reply->data["clusters"], SizeIs(2));
  for (const auto& one : reply->data["clusters"]) {
    EXPECT_EQ(one["files"], 3);
    EXPECT_EQ(one["calls"], 2);
    EXPECT_EQ(one["imports"], 2);
    EXPECT_GT(one["cohesion"].get<double>(), 0.9);
    bool video = one["members"][0] == "video/codec.py";
    EXPECT_THAT(one["words"], Contains(video ? "frame" : "tax"));
    EXPECT_THAT(one["name"].get<std::string>(), HasSubstr(video ? "frame" : "tax"));
  }
}

TEST(Clusters, AreAskedByFileWordAndName) {
  SemanticWorld world(two_domains);
  auto by_file = world.run("clusters", {{"which", "video/codec.py"}});
  ASSERT_TRUE(by_file);
  ASSERT_THAT(by_file->data["clusters"], SizeIs(1));
  EXPECT_THAT(by_file->data["clusters"][0]["members"], Contains("video/decoder.py"));
  auto by_word = world.run("clusters", {{"which", "Tax"}});
  ASSERT_TRUE(by_word);
  ASSERT_THAT(by_word->data["clusters"], SizeIs(1));
  std::string name = by_word->data["clusters"][0]["name"];
  EXPECT_TRUE(world.run("clusters", {{"which", name}}));
  auto none = world.run("clusters", {{"which", "zebra"}});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, base::ErrorCode::not_found);
}

TEST(Clusters, TestsAreInNone) {
  SemanticWorld world(two_domains);
  EXPECT_FALSE(world.run("clusters", {{"which", "tests/test_all.py"}}));
}

TEST(Clusters, TwoRunsAndAnEditedIndexGiveTheSame) {
  SemanticWorld world(
      {{"billing/tax.py", "def tax():\n    pass\n"}, {"old/gone.py", "def gone():\n    pass\n"}});
  world.remove("old/gone.py");
  for (const auto& [path, text] : two_domains) world.write(path, text);
  world.update();
  SemanticWorld fresh(two_domains), again(two_domains);
  EXPECT_EQ(clusters(world), clusters(fresh));
  EXPECT_EQ(clusters(again), clusters(fresh));
}

// A chain of files can be cut in many places about as well: new files are no reason to cut it anew.
TEST(Clusters, NewFilesMoveNoneOfTheOld) {
  SemanticWorld::Files files;
  for (int i = 0; i < 12; ++i)
    files.push_back(
        {fmt::format("pkg/part{:02}.py", i),
         fmt::format("from pkg.part{0:02} import work{0}\n\n\ndef work{1}(x):\n    return work{0}(x)\n",
                     (i + 1) % 12, i)});
  SemanticWorld world(files);
  auto members = [&] {
    std::vector<std::string> out;
    EXPECT_TRUE(world.index().each(
        "SELECT path, cluster_id FROM domain_cluster_members WHERE path LIKE 'pkg/part%'"
        " ORDER BY path",
        [&](const store::Row& row) { out.push_back(fmt::format("{} {}", row.text(0), row.integer(1))); }));
    return out;
  };
  std::vector<std::string> before = members();
  ASSERT_THAT(before, SizeIs(12));
  for (int step = 0; step < 6; ++step) {
    world.write(
        fmt::format("pkg/extra{}.py", step),
        fmt::format("from pkg.part{0:02} import work{1}\n\n\ndef more{2}(x):\n    return work{1}(x)\n",
                    2 * step, 2 * step, step));
    world.update();
    EXPECT_EQ(members(), before) << step;
  }
}

TEST(Clusters, AClusterKeepsItsIdWhileMostMembersStay) {
  SemanticWorld world(two_domains);
  auto id_of = [&](const std::string& path) {
    return world.index()
        .integer("SELECT cluster_id FROM domain_cluster_members WHERE path = ?", path)
        ->value_or(-1);
  };
  std::int64_t before = id_of("video/codec.py");
  world.write(
      "video/encoder.py",
      "from video.codec import read_codec\n\n\ndef encode_frame(stream):\n    return read_codec(stream)\n");
  world.update();
  EXPECT_EQ(id_of("video/codec.py"), before);
  EXPECT_EQ(id_of("video/encoder.py"), before);
}

}  // namespace
}  // namespace mira::semantics

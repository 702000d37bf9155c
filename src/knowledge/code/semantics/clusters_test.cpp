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

#include "knowledge/git/staged.h"

#include <gmock/gmock.h>

#include <fstream>

#include "knowledge/git/world_for_tests.h"

namespace mira::git {
namespace {

using testing::ElementsAre;

std::vector<std::string> paths(const std::vector<StagedEntry>& entries) {
  std::vector<std::string> out;
  for (const StagedEntry& one : entries) out.push_back(one.path + (one.file ? "" : " (no file)"));
  return out;
}

std::string index_bytes(support::FakeRepo& repo) {
  std::ifstream in(repo.root() / ".git/index", std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(Staged, ReadsWhatGitWroteInEveryVersion) {
  for (const char* version : {"2", "3", "4"}) {
    World world;
    world.repo.write("a.c", "one\n");
    world.repo.write("folder/longer_name.c", "two\n");
    world.repo.write("folder/longer_names.c", "three\n");
    world.repo.git({"add", "-A"});
    std::filesystem::create_symlink("a.c", world.repo.root() / "link");
    world.repo.git({"add", "link"});
    world.repo.git({"update-index", "--index-version", version});
    auto entries = parse_index(index_bytes(world.repo), 20);
    ASSERT_TRUE(entries) << version;
    EXPECT_THAT(paths(*entries),
                ElementsAre("a.c", "folder/longer_name.c", "folder/longer_names.c", "link (no file)"));
    EXPECT_EQ((*entries)[0].id, world.repo.git({"hash-object", "a.c"}));
  }
}

TEST(Staged, ReadsSha256) {
  World world(support::FakeRepo::Objects::sha256);
  world.repo.write("a.c", "one\n");
  world.repo.git({"add", "-A"});
  auto entries = parse_index(index_bytes(world.repo), 32);
  ASSERT_TRUE(entries);
  EXPECT_THAT(paths(*entries), ElementsAre("a.c"));
}

TEST(Staged, WhatIsCutAnywhereIsRefused) {
  World world;
  world.repo.write("a.c", "one\n");
  world.repo.write("b.c", "two\n");
  world.repo.git({"add", "-A"});
  std::string bytes = index_bytes(world.repo);
  std::size_t entries_end = bytes.find("b.c") + 4;
  for (std::size_t cut = 0; cut < entries_end; ++cut)
    EXPECT_FALSE(parse_index(bytes.substr(0, cut), 20)) << cut;
  EXPECT_FALSE(parse_index("nothing of the kind", 20));
}

TEST(Staged, ASplitIndexIsRefused) {
  World world;
  world.repo.write("a.c", "one\n");
  world.repo.git({"add", "-A"});
  world.repo.git({"update-index", "--split-index"});
  EXPECT_FALSE(parse_index(index_bytes(world.repo), 20));
}

TEST(Refs, AreReadLooseAndPacked) {
  World world;
  world.repo.write("a.c", "one\n");
  std::string first = world.repo.commit("one");
  world.repo.git({"tag", "v1"});
  world.repo.git({"branch", "topic/x"});
  EXPECT_EQ(read_ref(world.project, "v1"), first);
  EXPECT_EQ(read_ref(world.project, "topic/x"), first);
  world.repo.git({"pack-refs", "--all"});
  EXPECT_EQ(read_ref(world.project, "v1"), first);
  EXPECT_EQ(read_ref(world.project, "topic/x"), first);
  for (const char* name : {"none", "../../etc/passwd", "", "topic"})
    EXPECT_EQ(read_ref(world.project, name), "") << name;
}

}  // namespace
}  // namespace mira::git

#include "knowledge/git/feature.h"

#include <gtest/gtest.h>

#include "knowledge/git/world_for_tests.h"

namespace mira::git {
namespace {

std::string head_of_session(World& world) {
  contracts::Session& session = world.fresh_session();
  must(world.feature.opened(session));
  return session.head_commit;
}

TEST(GitFeature, TellsASessionTheCommitThatCitationsName) {
  World world;
  EXPECT_EQ(head_of_session(world), "");
  world.repo.write("a.c", "int a;\n");
  std::string first = world.repo.commit("Add a");
  world.refresh();
  EXPECT_EQ(head_of_session(world), first);
}

}  // namespace
}  // namespace mira::git

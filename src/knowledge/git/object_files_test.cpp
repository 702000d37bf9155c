// Nothing that git would wait for is given to it.
#include "knowledge/git/object_files.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <fstream>

#include "knowledge/git/world_for_tests.h"

namespace mira::git {
namespace {

namespace fs = std::filesystem;

void pipe_at(const fs::path& at) {
  fs::create_directories(at.parent_path());
  fs::remove(at);
  ASSERT_EQ(::mkfifo(at.c_str(), 0600), 0) << at;
}

class ObjectFiles : public testing::TestWithParam<const char*> {};

TEST_P(ObjectFiles, WhereAPipeStandsGitIsNotStarted) {
  World world;
  world.repo.commit({.files = {{"a.c", "int a;\n"}}});
  fs::path objects = world.repo.path(".git/objects");
  ASSERT_TRUE(refuse_odd_objects(objects));
  pipe_at(objects / GetParam());
  auto refused = refuse_odd_objects(objects);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::ErrorCode::unavailable);
  EXPECT_THAT(refused.error().message, testing::HasSubstr(fs::path(GetParam()).filename().string()));
  auto report = world.refresh();  // would wait for ever
  ASSERT_FALSE(report.notes.empty());
  EXPECT_THAT(report.notes.back(), testing::HasSubstr("is no file"));
  EXPECT_EQ(report.added, 0);
}

INSTANTIATE_TEST_SUITE_P(Places, ObjectFiles,
                         testing::Values("ab/cdef0123456789012345678901234567890123", "pack/pack-x.pack",
                                         "pack/pack-x.idx", "info/alternates", "info/commit-graph"),
                         [](const auto& tested) {
                           std::string name = tested.param;
                           std::erase_if(name, [](unsigned char c) { return std::isalnum(c) == 0; });
                           return name;
                         });

TEST(ObjectFilesOf, TheCommitThatHeadNamesMayBeAPipe) {
  World world;
  std::string head = world.repo.commit({.files = {{"a.c", "int a;\n"}}});
  pipe_at(world.repo.path(".git/objects/" + head.substr(0, 2) + "/" + head.substr(2)));
  EXPECT_THAT(world.refresh().notes.back(), testing::HasSubstr("is no file"));
  EXPECT_FALSE(world.is_stale()) << "not tried again at once";
}

TEST(ObjectFilesOf, BorrowedFoldersAreLookedAtToo) {
  World world;
  world.repo.commit({.files = {{"a.c", "int a;\n"}}});
  fs::path objects = world.repo.path(".git/objects"), first = world.repo.path("first"),
           second = world.repo.path("second");
  fs::create_directories(first / "info");
  fs::create_directories(second / "ab");
  std::ofstream(objects / "info" / "alternates") << "# lent\n" << first.string() << "\n/nowhere\n";
  std::ofstream(first / "info" / "alternates") << "../second\n" << objects.string() << "\n";
  EXPECT_TRUE(refuse_odd_objects(objects)) << "a circle ends";
  pipe_at(second / "ab" / "cd");
  EXPECT_TRUE(refuse_odd_objects(objects)) << "git opens no file of this name";
  pipe_at(second / "ab" / "cdef0123456789012345678901234567890123");
  EXPECT_FALSE(refuse_odd_objects(objects));
}

TEST(ObjectFilesOf, WhatGitNeverOpensDoesNotMatter) {
  World world;
  world.repo.commit({.files = {{"a.c", "int a;\n"}}});
  fs::path objects = world.repo.path(".git/objects");
  pipe_at(objects / "notes" / "pipe");
  pipe_at(objects / "zz");
  fs::create_symlink("nowhere", objects / "pack" / "dangling.pack");
  EXPECT_TRUE(refuse_odd_objects(objects));
  EXPECT_EQ(world.refresh().added, 1);
}

}  // namespace
}  // namespace mira::git

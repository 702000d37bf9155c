#include "knowledge/builds/snapshot.h"

#include <gmock/gmock.h>

#include <fstream>

#include "platform/workspace/tree.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temporary_folder.h"

namespace mira::builds {
namespace {

// A project of some files, walked anew for each snapshot as a run does.
class TakenTrees : public testing::Test {
 protected:
  TakenTrees()
      : main(store::Connection::open(scratch / "main.db", {}).value()),
        writer(store::Writer::start(store::Connection::open(scratch / "main.db", {}).value())) {
    std::filesystem::create_directories(scratch / "project");
  }
  void write(const std::string& path, const std::string& text) {
    std::ofstream(scratch / ("project/" + path), std::ios::binary) << text;
  }
  std::string take(base::Deadline deadline = base::Deadline::never()) {
    const base::Home home{scratch / "home", scratch / "home", scratch / "home"};
    auto project = workspace::find_project(scratch / "project", home).value();
    auto tree = workspace::walk(project, base::Deadline::never()).value();
    const contracts::Session session{.home = home,
                                     .project = std::move(project),
                                     .tree = std::move(tree),
                                     .index = main,
                                     .main = main,
                                     .main_writer = *writer,
                                     .clock = clock,
                                     .notes = {}};
    return snapshots.take(session, deadline);
  }

  support::TemporaryFolder scratch;
  support::FakeClock clock;
  store::Connection main;
  std::unique_ptr<store::Writer> writer;
  Snapshots snapshots{scratch / "kept"};
};

TEST_F(TakenTrees, TellWhatChangedBetweenThem) {
  write("a.c", "one\ntwo\n");
  write("b.c", "same\n");
  const std::string red = take();
  write("a.c", "one\nthree\n");
  const Snapshots::Change change = snapshots.between(red, take());
  EXPECT_TRUE(change.known);
  ASSERT_EQ(change.hunks.size(), 1U);
  EXPECT_EQ(change.hunks[0].path, "a.c");
  EXPECT_EQ(change.hunks[0].body, "-two\n+three\n");
  EXPECT_EQ(snapshots.line_of(red, "a.c", 2), "two");
}

TEST_F(TakenTrees, OfTheSameFilesAreTheSame) {
  write("a.c", "one\n");
  EXPECT_EQ(take(), take());
}

TEST_F(TakenTrees, WhatOneRunHadNoTimeToReadIsReadByTheNext) {
  write("a.c", "one\ntwo\n");
  const std::string hurried = take(base::Deadline::after_ms(0));
  const std::string red = take();
  EXPECT_NE(hurried, red) << "the first knows the file by its stamp alone";
  write("a.c", "one\nthree\n");
  const std::string green = take();
  ASSERT_EQ(snapshots.between(red, green).hunks.size(), 1U);
  EXPECT_THAT(snapshots.between(hurried, green).opaque, testing::ElementsAre("a.c"));
}

TEST_F(TakenTrees, KeepNoSecretAndNoBinary) {
  write(".env", "API_KEY=abc\n");
  write("data.bin", std::string("\0\1\2\3", 4));
  const std::string before = take();
  write(".env", "API_KEY=abcd\n");
  write("data.bin", std::string("\0\1\2\4", 4));
  const Snapshots::Change change = snapshots.between(before, take());
  EXPECT_TRUE(change.hunks.empty());
  for (const auto& entry : std::filesystem::recursive_directory_iterator(scratch / "kept/contents"))
    EXPECT_FALSE(entry.is_regular_file()) << entry.path();
}

}  // namespace
}  // namespace mira::builds

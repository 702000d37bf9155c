// Lines followed commit by commit have the owners that `git blame` names.
#include "knowledge/git/ownership.h"

#include <gtest/gtest.h>

#include <random>
#include <sstream>

#include "knowledge/git/blame.h"
#include "knowledge/git/ownership_rows.h"
#include "knowledge/git/world_for_tests.h"
#include "platform/base/text.h"

namespace mira::git {
namespace {

using contracts::Json;
using Near = std::array<std::uint32_t, beside_reach>;

std::vector<std::string> owners(World& world, const std::string& place) {
  std::vector<std::string> out;
  Json data = must(world.act("blame", {{"place", place}}));
  EXPECT_TRUE(data["replayed"].get<bool>()) << place;
  for (const Json& range : data["ranges"]) {
    for (int line = range["start"]; line <= range["end"].get<int>(); ++line)
      out.push_back(range["commit"].get<std::string>());
  }
  return out;
}

std::vector<std::string> git_owners(World& world, const std::string& path) {
  std::vector<std::string> out;
  std::string text = world.repo.git({"blame", "-s", "-l", "--root", "HEAD", "--", path});
  for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) {
    out.push_back(text.substr(at, 40));
    if (text.find('\n', at) == std::string::npos) break;
  }
  return out;
}

void refresh_all(World& world) {
  world.refresh();
  auto later = world.refresh_later();
  EXPECT_TRUE(later.notes.empty()) << later.notes.front();
}

// Edits of a few files on two lines of history that merge now and then.
class Editing {
 public:
  Editing(World& world, unsigned seed) : world_(world), random_(seed) {
    world_.repo.commit({.files = {{"a.c", text(30)}, {"b.c", text(20)}}});
    world_.repo.git({"branch", "side"});
  }

  void step() {
    unsigned kind = random_() % 6;
    if (kind == 0) world_.repo.checkout("side");
    if (kind == 1) world_.repo.checkout("main");
    if (kind == 2 && world_.repo.git({"rev-parse", "--abbrev-ref", "HEAD"}) == "main") {
      world_.repo.merge("side");
      return;
    }
    std::string name = random_() % 2 == 0 ? "a.c" : "b.c";
    world_.repo.commit({.files = {{name, edited(world_.repo.git({"show", "HEAD:" + name}))}}});
  }

 private:
  std::string text(int lines) {
    std::string out;
    for (int i = 0; i < lines; ++i) out += "line number " + std::to_string(++serial_) + "\n";
    return out;
  }
  std::string edited(const std::string& old) {
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < old.size();) {
      std::size_t end = std::min(old.find('\n', at), old.size());
      lines.push_back(old.substr(at, end - at));
      at = end + 1;
    }
    for (unsigned i = 0; i <= random_() % 3; ++i) {
      auto at = lines.begin() + static_cast<std::ptrdiff_t>(random_() % (lines.size() + 1));
      if (random_() % 3 == 0 && lines.size() > 4 && at != lines.end()) {
        lines.erase(at);
      } else {
        lines.insert(at, "line number " + std::to_string(++serial_));
      }
    }
    std::string out;
    for (const std::string& line : lines) out += line + "\n";
    return out;
  }

  World& world_;
  std::mt19937 random_;
  int serial_ = 0;
};

// Where two lines of history reach the same content by other ways, git may name another of them.
TEST(Ownership, OfRandomHistoriesWithMergesIsThatOfGitBlame) {
  std::size_t lines = 0, equal = 0;
  for (unsigned seed = 1; seed <= 5; ++seed) {
    World world;
    Editing editing(world, seed);
    refresh_all(world);
    for (int step = 1; step <= 24; ++step) {
      editing.step();
      if (step % 5 == 0) world.refresh();  // followed a few commits at a time
    }
    world.repo.checkout("main");
    refresh_all(world);
    for (const char* path : {"a.c", "b.c"}) {
      auto ours = owners(world, path), theirs = git_owners(world, path);
      ASSERT_EQ(ours.size(), theirs.size());
      lines += ours.size();
      for (std::size_t i = 0; i < ours.size(); ++i) equal += ours[i] == theirs[i] ? 1 : 0;
    }
  }
  EXPECT_GT(lines, 200u);
  EXPECT_GE(equal * 100, lines * 99) << equal << " of " << lines;
}

TEST(Blame, FollowsRenamesAndKnowsWhatAMoveDidNotWrite) {
  World world;
  std::string wrote = world.repo.commit({.files = {{"a.c", "int first_counter = 1;\nint second = 2;\n"}}});
  world.repo.commit({.renames = {{"a.c", "b.c"}}});
  std::string indented =
      world.repo.commit({.files = {{"b.c", "  int first_counter = 1;\nint second = 2;\n"}}});
  refresh_all(world);
  EXPECT_EQ(owners(world, "b.c"), (std::vector<std::string>{indented, wrote}));
  Json data = must(world.act("blame", {{"place", "b.c:1"}}));
  EXPECT_EQ(data["ranges"][0]["written_in"], wrote) << "only the white space changed";
  EXPECT_EQ(data["ranges"].size(), 1u);
}

TEST(Blame, AnswersBeforeLinesWereReplayedAndSaysSo) {
  World world;
  std::string only = world.repo.commit({.files = {{"a.c", "1\n2\n"}}});
  world.refresh();
  Json data = must(world.act("blame", {{"place", "a.c"}}));
  EXPECT_FALSE(data["replayed"].get<bool>());
  EXPECT_EQ(data["ranges"][0]["commit"], only);
}

TEST(Blame, RefusesAFileThatIsNotThereAndLinesPastItsEnd) {
  World world;
  world.repo.commit({.files = {{"src/server.c", "1\n2\n"}}});
  refresh_all(world);
  auto unknown = world.act("blame", {{"place", "src/servr.c"}});
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().next, std::vector<std::string>{"src/server.c"});
  EXPECT_FALSE(world.act("blame", {{"place", "src/server.c:3"}}));
}

TEST(Ownership, AfterARewriteEqualsAFreshReplay) {
  World world;
  world.repo.commit({.files = {{"a.c", "1\n2\n3\n"}, {"b.c", "1\n"}}});
  std::string base = world.repo.head();
  world.repo.commit({.files = {{"a.c", "1\n2\n3\ngone\n"}}});
  world.repo.commit({.files = {{"b.c", "gone\n"}}});
  refresh_all(world);
  world.repo.reset(base);
  world.repo.commit({.files = {{"a.c", "1\nnew\n3\n"}}});
  refresh_all(world);
  for (const char* path : {"a.c", "b.c"}) EXPECT_EQ(owners(world, path), git_owners(world, path)) << path;
}

TEST(Ownership, TellsWhoseLinesACommitTookAway) {
  World world;
  std::string wrote = world.repo.commit({.files = {{"a.c", "int one;\n// remark\nint two;\n"}}});
  world.repo.commit({.files = {{"a.c", "int two;\n"}}});
  refresh_all(world);
  auto fix = must(world.index->integer("SELECT max(commit_id) FROM git_commits"));
  auto losses = must(losses_of(*world.index, *fix));
  ASSERT_EQ(losses.size(), 1u);
  EXPECT_EQ(losses[0].path, "a.c");
  EXPECT_EQ(losses[0].code, 1u);
  EXPECT_EQ(losses[0].other, 1u);
  EXPECT_EQ(losses[0].near, (Near{0, 1, 0, 0})) << "the line behind those that went";
}

LineLoss loss_of_head(World& world) {
  refresh_all(world);
  auto commit = must(world.index->integer("SELECT max(commit_id) FROM git_commits"));
  auto losses = must(losses_of(*world.index, *commit));
  if (losses.empty()) throw std::runtime_error("nothing lost");
  return losses[0];
}

TEST(Ownership, TellsWhatStandsBesideAChangeByHowFar) {
  struct Case {
    const char* what;
    std::string after;
    Near near;
  };
  const std::string before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n";
  const Case cases[] = {
      {"added in the middle", "1\n2\n3\n4\n5\n6\nnew\n7\n8\n9\n10\n11\n12\n", {2, 2, 2, 2}},
      {"added at the top", "new\n" + before, {1, 1, 1, 1}},
      {"added at the end", before + "new\n", {1, 1, 1, 1}},
      {"changed in the middle", "1\n2\n3\n4\n5\nSIX\n7\n8\n9\n10\n11\n12\n", {0, 2, 2, 2}},
      {"two changes share what is between", "1\n2\n3\nFOUR\n5\n6\n7\nEIGHT\n9\n10\n11\n12\n", {0, 4, 3, 2}},
      {"all changed", "a\nb\n", {0, 0, 0, 0}},
  };
  for (const Case& tried : cases) {
    World world;
    world.repo.commit({.files = {{"a.txt", before}}});
    world.repo.commit({.files = {{"a.txt", tried.after}}});
    EXPECT_EQ(loss_of_head(world).near, tried.near) << tried.what;
  }
}

TEST(Ownership, LinesThatComeBackAreToldApart) {
  World world;
  world.repo.commit({.files = {{"a.c", "call_one();\ncall_two();\n"}}});
  world.repo.commit({.files = {{"a.c", "if (ready) {\n  call_one();\n  call_two();\n}\n"}}});
  LineLoss loss = loss_of_head(world);
  EXPECT_EQ(loss.back, 2u);
  EXPECT_EQ(loss.code, 0u);
}

// What git says of each commit's files: "added TAB deleted TAB path" lines, a commit after the other.
std::string counted_by_git(World& world) {
  return world.repo.git({"log", "--no-merges", "--reverse", "--numstat", "-M", "--format=%H"});
}

TEST(Ownership, CountsTheLinesOfCommitsAsGitDoes) {
  World world;
  world.repo.commit({.files = {{"a.c", "1\n2\n3\n"}, {"b.bin", std::string("x\0y\n", 4)}, {"empty", ""}}});
  world.repo.commit({.files = {{"a.c", "1\ntwo\n3\n4"}, {"b.bin", std::string("x\0z\n", 4)}}});
  world.repo.git({"mv", "a.c", "moved.c"});
  world.repo.git({"commit", "-qm", "move"});
  world.repo.git({"rm", "-q", "empty"});
  world.repo.git({"commit", "-qm", "remove"});
  refresh_all(world);
  std::string told = counted_by_git(world);
  std::string ours;
  must(world.index->each(
      "SELECT hash, insertions, deletions FROM git_commits ORDER BY order_time_s, generation",
      [&](const store::Row& row) {
        std::int64_t inserted = 0, deleted = 0;
        std::size_t at = told.find(row.text(0));
        ASSERT_NE(at, std::string::npos);
        std::string_view lines = std::string_view(told).substr(at + 40);
        for (std::string_view line : base::split(lines.substr(0, lines.find("\n\n", 2)), '\n')) {
          if (line.size() == 40) break;  // the next commit
          std::int64_t more = 0, less = 0;
          std::istringstream numbers{std::string(line)};
          if (numbers >> more >> less) inserted += more, deleted += less;
        }
        EXPECT_EQ(row.integer(1), inserted) << row.text(0);
        EXPECT_EQ(row.integer(2), deleted) << row.text(0);
      }));
}

TEST(Ownership, AFileThatBecomesALinkIsCountedByGit) {
  World world;
  world.repo.commit({.files = {{"a.txt", "1\n2\n"}}});
  std::filesystem::remove(world.repo.path("a.txt"));
  std::filesystem::create_symlink("elsewhere", world.repo.path("a.txt"));
  world.repo.git({"add", "a.txt"});
  world.repo.git({"commit", "-qm", "link"});
  refresh_all(world);
  EXPECT_EQ(must(world.index->integer("SELECT count(*) FROM git_commits WHERE insertions IS NULL")), 0);
}

}  // namespace
}  // namespace mira::git

// The rows never tell how they came to be: whatever commits, merges, rebases and
// force pushes were followed one by one, they equal those of one fresh reading.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "knowledge/git/history.h"
#include "knowledge/git/world_for_tests.h"

namespace mira::git {
namespace {

using Lines = std::vector<std::string>;

Lines rows(World& world, store::Sql sql, int columns) {
  Lines out;
  must(world.index->each(sql, [&](const store::Row& row) {
    std::string line;
    for (int i = 0; i < columns; ++i) line += (row.is_null(i) ? "NULL" : std::string(row.text(i))) + "|";
    out.push_back(line);
  }));
  return out;
}

// Every row of the history, named by what it means instead of by ids.
std::map<std::string, Lines> dump(World& world) {
  std::map<std::string, Lines> out;
  out["commits"] =
      rows(world,
           "SELECT hash, parents, name_written, author_time_ms, commit_time_ms, order_time_s, generation, "
           "is_merge, subject, body, files FROM git_commits JOIN git_authors USING (author_id) ORDER BY hash",
           11);
  out["files of commits"] = rows(world,
                                 "SELECT c.hash, f.ordinal, f.file_id, f.status, p.path, o.path FROM "
                                 "git_commit_files f JOIN git_commits c "
                                 "USING (commit_id) JOIN git_paths p USING (path_id) LEFT JOIN git_paths o "
                                 "ON o.path_id = f.old_path_id ORDER "
                                 "BY c.hash, f.ordinal",
                                 6);
  out["files"] = rows(
      world, "SELECT file_id, path, alive FROM git_files JOIN git_paths USING (path_id) ORDER BY file_id", 3);
  out["paths"] = rows(world, "SELECT path FROM git_paths ORDER BY path", 1);
  out["authors"] = rows(
      world, "SELECT name_written, email_written, name, email, person, is_bot FROM git_authors ORDER BY 1, 2",
      6);
  out["words"] =
      rows(world,
           "SELECT c.hash FROM git_commit_words w JOIN git_commits c ON c.commit_id = w.rowid WHERE "
           "git_commit_words MATCH 'odd' ORDER BY c.hash",
           1);
  History history = must(load_history(*world.index));
  for (const Commit& commit : history.commits) {
    out["order"].push_back(hash_to_hex(commit.hash, history.hash_digits) + " " +
                           std::to_string(commit.change_count));
  }
  return out;
}

// A repository whose commits are made at random on top of any commit there is.
class RandomHistory {
 public:
  RandomHistory(World& world, unsigned seed) : world_(world), random_(seed) { commit("main", {}); }

  void step() {
    switch (random_() % 8) {
      case 0:
      case 1:
      case 2:
        return commit("main", {main_});
      case 3:  // a branch, from here or from the past
        return commit("side", {pick(any_)});
      case 4:
        return commit("side", {side_.empty() ? main_ : side_});
      case 5:
        if (!side_.empty() && side_ != main_) return commit("main", {main_, side_});
        return commit("main", {main_});
      case 6:  // history is rewritten: another commit on an older one
        return commit("main", {pick(any_)});
      default:  // back to any commit, older or of another branch
        main_ = pick(any_);
        world_.repo.git({"update-ref", "refs/heads/main", main_});
        world_.repo.reset("main");
    }
  }

 private:
  std::string pick(const Lines& from) { return from[random_() % from.size()]; }

  void commit(const std::string& branch, const Lines& parents) {
    std::set<std::string> tree;
    for (const std::string& parent : parents) tree.insert(trees_[parent].begin(), trees_[parent].end());
    clock_ += random_() % 5 == 0 ? -4000 : 1000;  // clocks that go backwards
    std::string who =
        "person " + std::to_string(random_() % 3) + " <p@example.org> " + std::to_string(clock_) + " +0000\n";
    ++serial_;
    std::string message = "change " + std::to_string(serial_) + (serial_ % 2 == 1 ? " odd" : " even");
    std::string stream = "commit refs/heads/" + branch + "\nauthor " + who + "committer " + who + "data " +
                         std::to_string(message.size()) + "\n" + message + "\n";
    if (!parents.empty()) stream += "from " + parents[0] + "\n";
    if (parents.size() > 1) stream += "merge " + parents[1] + "\n";
    if (parents.size() > 1) {
      for (const std::string& path : trees_[parents[1]]) {
        if (!trees_[parents[0]].contains(path)) write(stream, path);
      }
    }
    change(stream, tree);
    if (parents.empty()) stream = "reset refs/heads/main\n" + stream;
    world_.repo.import(stream);
    std::string id = world_.repo.id("refs/heads/" + branch);
    trees_[id] = tree;
    any_.push_back(id);
    (branch == "main" ? main_ : side_) = id;
  }

  void change(std::string& stream, std::set<std::string>& tree) {
    for (unsigned i = 0; i <= random_() % 3; ++i) {
      std::string path = "d" + std::to_string(random_() % 2) + "/f" + std::to_string(random_() % 9);
      if (!tree.contains(path)) {
        write(stream, path);
        tree.insert(path);
      } else if (unsigned kind = random_() % 5; kind == 0) {
        stream += "D " + path + "\n";
        tree.erase(path);
      } else if (std::string to = path + "x"; kind == 1 && !tree.contains(to)) {
        stream += "R " + path + " " + to + "\n";
        tree.erase(path);
        tree.insert(to);
      } else {
        write(stream, path);
      }
    }
  }

  void write(std::string& stream, const std::string& path) {
    std::string content =
        path + " is long enough to be known again\nedition " + std::to_string(++serial_) + "\n";
    stream += "M 100644 inline " + path + "\ndata " + std::to_string(content.size()) + "\n" + content + "\n";
  }

  World& world_;
  std::mt19937 random_;
  std::map<std::string, std::set<std::string>> trees_;
  Lines any_;
  std::string main_, side_;
  long clock_ = 1'700'000'000;
  int serial_ = 0;
};

class Incremental : public testing::TestWithParam<unsigned> {};

TEST_P(Incremental, FollowedHistoryEqualsAFreshReading) {
  World world;
  RandomHistory history(world, GetParam());
  world.refresh();
  for (int step = 1; step <= 24; ++step) {
    history.step();
    if (step % 2 == 0) world.refresh();
  }
  world.refresh();
  auto followed = dump(world);
  world.forget();
  world.refresh();
  auto fresh = dump(world);
  for (const auto& [table, lines] : fresh) EXPECT_EQ(followed[table], lines) << table;
}

INSTANTIATE_TEST_SUITE_P(Seeds, Incremental, testing::Range(1U, 5U));

TEST(HistoryOrder, IsThatOfGitWhenClocksAreRight) {
  World world;
  world.repo.commit({.files = {{"a", "1\n"}}});
  world.repo.branch("side");
  world.repo.commit({.files = {{"b", "1\n"}}});
  world.repo.checkout("main");
  world.repo.commit({.files = {{"c", "1\n"}}});
  world.repo.checkout("side");
  world.repo.commit({.files = {{"b", "2\n"}}});
  world.repo.checkout("main");
  world.repo.merge("side");
  world.refresh();
  History history = must(load_history(*world.index));
  std::string ours;
  for (const Commit& commit : history.commits) ours += hash_to_hex(commit.hash, 40) + "\n";
  EXPECT_EQ(ours, world.repo.git({"log", "--date-order", "--reverse", "--format=%H"}) + "\n");
}

}  // namespace
}  // namespace mira::git

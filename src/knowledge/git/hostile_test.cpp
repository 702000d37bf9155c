// A repository whose configuration names programs to run. Plain git runs them,
// which each test shows first; Mira never does, and reads the repository all the same.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "knowledge/git/repository.h"
#include "knowledge/git/world_for_tests.h"

namespace mira::git {
namespace {

namespace fs = std::filesystem;

struct Trap {
  const char* name;
  std::vector<std::vector<std::string>> config;  // `git config KEY VALUE`; SPRUNG is the trap's program
  const char* attributes;                        // .gitattributes, or ""
  std::vector<std::string> bait;                 // the git command that springs it
};

class HostileConfiguration : public testing::TestWithParam<Trap> {
 protected:
  fs::path mark() { return world_.repo.root().parent_path() / "sprung"; }

  std::string program() {
    fs::path script = world_.repo.root().parent_path() / "trap.sh";
    world_.repo.write("../trap.sh", "#!/bin/sh\ntouch '" + mark().string() + "'\n");
    fs::permissions(script, fs::perms::owner_all);
    return script.string();
  }

  // A commit that claims to be signed: asked to check, git starts the program configured for it.
  void commit_with_forged_signature() {
    std::string commit =
        "tree " + world_.repo.id("HEAD^{tree}") + "\nparent " + world_.repo.head() +
        "\nauthor Eve <eve@example.org> 1704200000 +0000\ncommitter Eve <eve@example.org> 1704200000 "
        "+0000\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n forged\n -----END PGP SIGNATURE-----\n\n"
        "a change\n";
    world_.repo.reset(world_.repo.git({"hash-object", "-t", "commit", "-w", "--stdin"}, commit));
  }

  void lose(const std::string& id) {
    fs::remove(world_.repo.path(".git/objects/" + id.substr(0, 2) + "/" + id.substr(2)));
  }

  World world_;
};

TEST_P(HostileConfiguration, RunsNothing) {
  const Trap& trap = GetParam();
  world_.repo.commit({.files = {{"a.txt", "one\ntwo\n"}, {"b.txt", "b\n"}}});
  world_.repo.commit({.files = {{"a.txt", "one\n2\n"}}});
  commit_with_forged_signature();
  std::string sprung = program();
  for (auto pair : trap.config) {
    if (pair[1] == "SPRUNG") pair[1] = sprung;
    world_.repo.git({"config", pair[0], pair[1]});
  }
  if (std::string_view(trap.name) == "partial_clone") lose(world_.repo.id("HEAD~2:a.txt"));
  if (*trap.attributes != '\0') world_.repo.write(".gitattributes", trap.attributes);
  world_.repo.write("a.txt", "one\nthree\n");

  world_.refresh();
  world_.refresh_later();
  contracts::Question question;
  question.words = {"change"};
  question.focus = {{.path = "a.txt"}};
  for (auto& source : world_.feature.sources) {
    must(source->prepare(world_.fresh_session(), question, base::Deadline::never()));
    must(source->gather(world_.fresh_session(), question, base::Deadline::never()));
  }
  EXPECT_FALSE(fs::exists(mark())) << "Mira ran the repository's program";
  EXPECT_EQ(must(world_.index->integer("SELECT count(*) FROM git_commits")), 3);

  try {
    world_.repo.git(trap.bait);
  } catch (const std::runtime_error&) {  // some traps make git fail after they sprang
  }
  EXPECT_TRUE(fs::exists(mark())) << "the trap is no trap: the test proves nothing";
}

INSTANTIATE_TEST_SUITE_P(
    Traps, HostileConfiguration,
    testing::Values(Trap{"fsmonitor", {{"core.fsmonitor", "SPRUNG"}}, "", {"status"}},
                    Trap{"textconv", {{"diff.x.textconv", "SPRUNG"}}, "*.txt diff=x\n", {"log", "-p"}},
                    Trap{"external_diff", {{"diff.external", "SPRUNG"}}, "", {"diff"}},
                    Trap{"diff_command", {{"diff.x.command", "SPRUNG"}}, "*.txt diff=x\n", {"diff"}},
                    Trap{"clean_filter", {{"filter.x.clean", "SPRUNG"}}, "*.txt filter=x\n", {"diff"}},
                    Trap{
                        "signature", {{"gpg.program", "SPRUNG"}, {"log.showSignature", "true"}}, "", {"log"}},
                    Trap{"partial_clone",
                         {{"core.repositoryformatversion", "1"},
                          {"extensions.partialClone", "origin"},
                          {"remote.origin.promisor", "true"},
                          {"remote.origin.url", "file:///nowhere"},
                          {"remote.origin.uploadpack", "SPRUNG"}},
                         "",
                         {"log", "-p"}}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(HostileRepository, GraftsAndReplacementsDoNotChangeHistory) {
  World world;
  std::string first = world.repo.commit({.message = "first", .files = {{"a", "1\n"}}});
  std::string second = world.repo.commit({.message = "second", .files = {{"a", "2\n"}}});
  world.repo.git({"replace", "--graft", second});
  EXPECT_EQ(world.repo.git({"rev-list", "--count", "HEAD"}), "1");
  world.refresh();
  EXPECT_EQ(must(world.index->integer("SELECT count(*) FROM git_commits")), 2);
}

TEST(HostileRepository, HeadThatLeadsOutsideIsRefused) {
  World world;
  world.repo.commit({.files = {{"a", "1\n"}}});
  for (const char* head : {"ref: ../../etc/passwd\n", "ref: refs/heads/../../../x\n", "garbage\n", ""}) {
    world.repo.write(".git/HEAD", head);
    auto tip = read_repository(world.project);
    EXPECT_FALSE(tip) << head;
  }
}

TEST(HostileRepository, SymbolicRefsInACircleEnd) {
  World world;
  world.repo.commit({.files = {{"a", "1\n"}}});
  world.repo.write(".git/refs/heads/x", "ref: refs/heads/y\n");
  world.repo.write(".git/refs/heads/y", "ref: refs/heads/x\n");
  world.repo.write(".git/HEAD", "ref: refs/heads/x\n");
  EXPECT_FALSE(read_repository(world.project));
}

TEST(HostileRepository, NothingIsWrittenIntoIt) {
  World world;
  world.repo.commit({.files = {{"a", "1\n"}}});
  auto listing = [&] {
    std::vector<std::pair<std::string, fs::file_time_type>> out;
    for (const auto& entry : fs::recursive_directory_iterator(world.repo.root())) {
      out.emplace_back(entry.path(), fs::last_write_time(entry.path()));
    }
    std::ranges::sort(out);
    return out;
  };
  auto before = listing();
  world.refresh();
  world.refresh_later();
  EXPECT_EQ(listing(), before);
}

}  // namespace
}  // namespace mira::git

// Every way we know by which a repository can make git run a program: configuration,
// attributes, hooks, forged signatures, remotes. All are laid at once and everything
// that Mira knows of the repository is asked; then each is sprung by the git command
// it waits for, which proves that it is a trap.
#include <gtest/gtest.h>

#include <filesystem>

#include "knowledge/git/world_for_tests.h"

namespace mira::git {
namespace {

namespace fs = std::filesystem;
using contracts::Json;

struct Trap {
  const char* name;
  std::vector<std::pair<std::string, std::string>> config;  // SPRUNG is the trap's program
  const char* attributes;                                   // .gitattributes, or ""
  std::vector<std::string> bait;                            // the git command that springs it
  const char* hook;                                         // a file in .git/hooks, or ""
};

const std::vector<Trap> traps = {
    {"signature_ssh",
     {{"gpg.ssh.program", "SPRUNG"},
      {"gpg.ssh.allowedSignersFile", "/dev/null"},
      {"log.showSignature", "true"}},
     "",
     {"log"},
     ""},
    {"signature_x509", {{"gpg.x509.program", "SPRUNG"}, {"log.showSignature", "true"}}, "", {"log"}, ""},
    {"textconv_log", {{"diff.x.textconv", "SPRUNG"}}, "*.txt diff=x", {"log", "-p"}, ""},
    {"clean_filter_diff", {{"filter.x.clean", "SPRUNG"}}, "*.txt filter=x", {"diff"}, ""},
    {"fsmonitor_status", {{"core.fsmonitor", "SPRUNG"}}, "", {"status"}, ""},
    {"fsmonitor_ls", {{"core.fsmonitor", "SPRUNG"}}, "", {"ls-files", "-m"}, ""},
    {"fsmonitor_diff", {{"core.fsmonitor", "SPRUNG"}}, "", {"diff"}, ""},
    {"fsmonitor_blame", {{"core.fsmonitor", "SPRUNG"}}, "", {"blame", "a.txt"}, ""},
    {"fsmonitor_grep", {{"core.fsmonitor", "SPRUNG"}}, "", {"grep", "one"}, ""},
    {"fsmonitor_difftree", {{"core.fsmonitor", "SPRUNG"}}, "", {"diff-tree", "-p", "HEAD~1"}, ""},
    {"fsmonitor_checkignore", {{"core.fsmonitor", "SPRUNG"}}, "", {"check-ignore", "a.txt"}, ""},
    {"fsmonitor_add", {{"core.fsmonitor", "SPRUNG"}}, "", {"add", "a.txt"}, ""},
    {"textconv_show", {{"diff.x.textconv", "SPRUNG"}}, "*.txt diff=x", {"show", "HEAD~3"}, ""},
    {"textconv_diff", {{"diff.x.textconv", "SPRUNG"}}, "*.txt diff=x", {"diff"}, ""},
    {"textconv_blame", {{"diff.x.textconv", "SPRUNG"}}, "*.txt diff=x", {"blame", "a.txt"}, ""},
    {"ext_log", {{"diff.external", "SPRUNG"}}, "", {"log", "-p", "--ext-diff"}, ""},
    {"ext_hist", {{"diff.external", "SPRUNG"}}, "", {"diff", "HEAD~2"}, ""},
    {"clean_ls", {{"filter.x.clean", "SPRUNG"}}, "*.txt filter=x", {"ls-files", "-m"}, ""},
    {"clean_blame", {{"filter.x.clean", "SPRUNG"}}, "*.txt filter=x", {"blame", "a.txt"}, ""},
    {"clean_add", {{"filter.x.clean", "SPRUNG"}}, "*.txt filter=x", {"add", "a.txt"}, ""},
    {"smudge", {{"filter.x.smudge", "SPRUNG"}}, "*.txt filter=x", {"checkout", "--", "a.txt"}, ""},
    {"smudge_archive",
     {{"filter.x.smudge", "SPRUNG"}},
     "*.txt filter=x",
     {"archive", "--worktree-attributes", "HEAD"},
     ""},
    {"sig_show", {{"gpg.program", "SPRUNG"}, {"log.showSignature", "true"}}, "", {"show"}, ""},
    {"sig_openpgp", {{"gpg.openpgp.program", "SPRUNG"}, {"log.showSignature", "true"}}, "", {"log"}, ""},
    {"sig_ssh",
     {{"gpg.ssh.program", "SPRUNG"},
      {"gpg.ssh.allowedSignersFile", "/dev/null"},
      {"log.showSignature", "true"}},
     "",
     {"log"},
     ""},
    {"sig_x509", {{"gpg.x509.program", "SPRUNG"}, {"log.showSignature", "true"}}, "", {"log"}, ""},
    {"sig_format", {{"gpg.program", "SPRUNG"}}, "", {"log", "--format=%G?"}, ""},
    {"alias", {{"alias.lg", "!SPRUNG"}}, "", {"lg"}, ""},
    {"alias_pathlike", {{"alias.st", "!SPRUNG"}}, "", {"st"}, ""},
    {"sshcommand", {{"core.sshCommand", "SPRUNG"}, {"remote.o.url", "ssh://x/y"}}, "", {"fetch", "o"}, ""},
    {"gitproxy", {{"core.gitProxy", "SPRUNG"}, {"remote.o.url", "git://x/y"}}, "", {"fetch", "o"}, ""},
    {"editor", {{"core.editor", "SPRUNG"}}, "", {"commit", "--amend", "-a"}, ""},
    {"seqeditor", {{"sequence.editor", "SPRUNG"}}, "", {"rebase", "-i", "HEAD~1", "--autostash"}, ""},
    {"vcs",
     {{"remote.o.vcs", "ext"}, {"remote.o.url", "ext::SPRUNG"}, {"protocol.ext.allow", "always"}},
     "",
     {"fetch", "o"},
     ""},
    {"exturl", {{"remote.o.url", "ext::SPRUNG"}, {"protocol.ext.allow", "always"}}, "", {"fetch", "o"}, ""},
    {"uploadpack",
     {{"remote.o.url", "file:///nowhere"}, {"remote.o.uploadpack", "SPRUNG"}},
     "",
     {"fetch", "o"},
     ""},
    {"receivepack",
     {{"remote.o.url", "file:///nowhere"}, {"remote.o.receivepack", "SPRUNG"}},
     "",
     {"push", "o", "main"},
     ""},
    {"tar", {{"tar.sh.command", "SPRUNG"}}, "", {"archive", "--format=sh", "HEAD"}, ""},
    {"difftool",
     {{"diff.tool", "x"}, {"difftool.x.cmd", "SPRUNG"}, {"difftool.prompt", "false"}},
     "",
     {"difftool", "-y"},
     ""},
    {"trailer", {{"trailer.x.key", "X"}, {"trailer.x.command", "SPRUNG"}}, "", {"interpret-trailers"}, ""},
    {"trailercmd",
     {{"trailer.x.key", "X"}, {"trailer.x.cmd", "SPRUNG"}},
     "",
     {"interpret-trailers", "--trailer", "x=1"},
     ""},
    {"browser", {{"web.browser", "x"}, {"browser.x.cmd", "SPRUNG"}}, "", {"web--browse", "http://x"}, ""},
    {"diff_cmd_hist", {{"diff.x.command", "SPRUNG"}}, "*.txt diff=x", {"diff", "HEAD~2"}, ""},
    {"hook_checkout", {}, "", {"checkout", "-b", "y"}, "post-checkout"},
    {"hook_precommit", {}, "", {"commit", "-qam", "x"}, "pre-commit"},
    {"hook_index", {}, "", {"add", "a.txt"}, "post-index-change"},
    {"hook_ref", {}, "", {"update-ref", "refs/heads/z", "HEAD"}, "reference-transaction"},
    {"hook_fsm", {{"core.fsmonitor", ".git/hooks/fsmonitor-watchman"}}, "", {"status"}, "fsmonitor-watchman"},
    {"hook_postcommit", {}, "", {"commit", "-qam", "x"}, "post-commit"},
    {"hook_msg", {}, "", {"commit", "-qam", "x"}, "commit-msg"},
    {"hook_prep", {}, "", {"commit", "-qam", "x"}, "prepare-commit-msg"},
    {"lsremote",
     {{"remote.o.url", "ext::SPRUNG"}, {"protocol.ext.allow", "always"}},
     "",
     {"ls-remote", "o"},
     ""},
    {"stash_fs", {{"core.fsmonitor", "SPRUNG"}}, "", {"stash"}, ""},
    {"untracked",
     {{"core.untrackedCache", "true"}, {"core.fsmonitor", "SPRUNG"}},
     "",
     {"status", "-uall"},
     ""},
    {"describe_dirty", {{"core.fsmonitor", "SPRUNG"}}, "", {"describe", "--always", "--dirty"}, ""},
    {"diffindex", {{"core.fsmonitor", "SPRUNG"}}, "", {"diff-index", "HEAD"}, ""},
    {"clean_describe",
     {{"filter.x.clean", "SPRUNG"}},
     "*.txt filter=x",
     {"describe", "--always", "--dirty"},
     ""},
    {"clean_diffindex", {{"filter.x.clean", "SPRUNG"}}, "*.txt filter=x", {"diff-index", "-p", "HEAD"}, ""},
    {"required_filter",
     {{"filter.x.clean", "SPRUNG"}, {"filter.x.required", "true"}},
     "*.txt filter=x",
     {"diff"},
     ""},
    {"grep_textconv", {{"diff.x.textconv", "SPRUNG"}}, "*.txt diff=x", {"grep", "--textconv", "one"}, ""},
    {"catfile_textconv",
     {{"diff.x.textconv", "SPRUNG"}},
     "*.txt diff=x",
     {"cat-file", "--textconv", "HEAD:a.txt"},
     ""},
    {"catfile_filters",
     {{"filter.x.smudge", "SPRUNG"}},
     "*.txt filter=x",
     {"cat-file", "--filters", "HEAD:a.txt"},
     ""},
};

class HostileTraps : public testing::Test {
 protected:
  HostileTraps() {
    world_.repo.commit({.files = {{"a.txt", "one\ntwo\n"}, {"b.txt", "b\n"}}});
    world_.repo.commit({.files = {{"a.txt", "one\n2\n"}}});
    for (const char* kind : {"SSH SIGNATURE", "SIGNED MESSAGE", "PGP SIGNATURE"}) commit_with_forged(kind);
    world_.repo.write("../trap.sh", "#!/bin/sh\ntouch '" + mark().string() + "'\n");
    fs::permissions(program(), fs::perms::owner_all);
    world_.repo.write("a.txt", "one\nthree\n");
  }

  fs::path folder() { return world_.repo.root().parent_path(); }
  fs::path mark() { return folder() / "sprung"; }
  fs::path program() { return folder() / "trap.sh"; }

  void commit_with_forged(const std::string& kind) {
    std::string commit = "tree " + world_.repo.id("HEAD^{tree}") + "\nparent " + world_.repo.head() +
                         "\nauthor Eve <eve@example.org> 1704200000 +0000\ncommitter Eve <eve@example.org> "
                         "1704200000 +0000\ngpgsig -----BEGIN " +
                         kind + "-----\n \n forged\n -----END " + kind + "-----\n\na change\n";
    world_.repo.reset(world_.repo.git({"hash-object", "-t", "commit", "-w", "--stdin"}, commit));
  }

  void lay(const Trap& trap, const fs::path& root) {
    for (auto [key, value] : trap.config) {
      std::size_t at = value.find("SPRUNG");
      if (at != std::string::npos) value.replace(at, 6, program().string());
      world_.repo.git({"-C", root.string(), "config", key, value});
    }
    if (*trap.hook != '\0') {
      fs::create_directories(root / ".git/hooks");
      fs::copy_file(program(), root / ".git/hooks" / trap.hook, fs::copy_options::overwrite_existing);
    }
    if (*trap.attributes != '\0') world_.repo.write((root / ".gitattributes").string(), trap.attributes);
  }

  World world_;
};

TEST_F(HostileTraps, AreAtLeastSixty) {
  EXPECT_GE(traps.size(), 60u);
}

TEST_F(HostileTraps, AllAtOnceRunNothing) {
  for (const Trap& trap : traps) lay(trap, world_.repo.root());
  world_.repo.write(".gitattributes", "*.txt diff=x filter=x\n");
  world_.refresh();
  world_.refresh_later();
  for (const auto& [name, arguments] :
       std::vector<std::pair<const char*, Json>>{{"cochange", {{"files", {"a.txt"}}}},
                                                 {"cochange", {{"working", true}}},
                                                 {"cochange", {{"staged", true}}},
                                                 {"cochange", {{"range", "HEAD~2..HEAD"}}},
                                                 {"experts", {{"file", "a.txt"}}},
                                                 {"owners", {{"path", "a.txt"}}},
                                                 {"history", {{"query", "change"}}},
                                                 {"why", {{"place", "a.txt:1-2"}}},
                                                 {"blame", {{"place", "a.txt"}}},
                                                 {"causes", {{"commit", "HEAD~3"}}},
                                                 {"hotspots", {{"since", "2020-01-01"}}},
                                                 {"folders", Json::object()}}) {
    auto answer = world_.act(name, arguments);
    EXPECT_TRUE(answer) << name << ": " << (answer ? "" : answer.error().message);
    EXPECT_FALSE(fs::exists(mark())) << name << " ran the repository's program";
  }
  contracts::Question question;
  question.words = {"change"};
  question.focus = {{.path = "a.txt"}};
  for (auto& source : world_.feature.sources) {
    must(source->prepare(world_.fresh_session(), question, base::Deadline::never()));
    must(source->gather(world_.fresh_session(), question, base::Deadline::never()));
  }
  EXPECT_FALSE(fs::exists(mark())) << "a source ran the repository's program";
  EXPECT_EQ(must(world_.index->integer("SELECT count(*) FROM git_commits")), 5);
}

TEST_F(HostileTraps, AreEachSprungByPlainGit) {
  for (const Trap& trap : traps) {
    fs::path copy = folder() / trap.name;
    fs::copy(world_.repo.root(), copy, fs::copy_options::recursive);
    lay(trap, copy);
    fs::remove(mark());
    std::vector<std::string> command = {"-C", copy.string()};
    command.insert(command.end(), trap.bait.begin(), trap.bait.end());
    try {
      world_.repo.git(command);
    } catch (const std::runtime_error&) {  // some make git fail after they sprang
    }
    EXPECT_TRUE(fs::exists(mark())) << trap.name << " is no trap: the test proves nothing";
    fs::remove_all(copy);
  }
}

}  // namespace
}  // namespace mira::git

#include "platform/workspace/ignore.h"

#include <gtest/gtest.h>

#include <fstream>
#include <random>
#include <set>

#include "platform/base/text.h"
#include "platform/workspace/tree.h"
#include "tests/support/fake_repo.h"

namespace mira::workspace {
namespace {

namespace fs = std::filesystem;
using Entry = IgnoreRules::EntryKind;
using Verdict = IgnoreRules::Verdict;

bool ignored(std::string_view rules, std::string_view path, Entry kind = Entry::file) {
  return IgnoreRules::parse(rules).match(path, kind) == Verdict::ignored;
}

TEST(IgnoreRules, APlainNameCountsAtAnyDepth) {
  EXPECT_TRUE(ignored("core\n", "core"));
  EXPECT_TRUE(ignored("core\n", "a/b/core"));
  EXPECT_FALSE(ignored("core\n", "a/core.c"));
}

TEST(IgnoreRules, ASlashInsideOrInFrontAnchors) {
  EXPECT_TRUE(ignored("/build\n", "build"));
  EXPECT_FALSE(ignored("/build\n", "a/build"));
  EXPECT_TRUE(ignored("a/build\n", "a/build"));
  EXPECT_FALSE(ignored("a/build\n", "b/a/build"));
}

TEST(IgnoreRules, ASlashAtTheEndMeansFolders) {
  EXPECT_TRUE(ignored("out/\n", "out", Entry::folder));
  EXPECT_FALSE(ignored("out/\n", "out", Entry::file));
}

TEST(IgnoreRules, TheLastRuleThatMatchesDecides) {
  EXPECT_FALSE(ignored("*.log\n!keep.log\n", "keep.log"));
  EXPECT_TRUE(ignored("!keep.log\n*.log\n", "keep.log"));
  EXPECT_TRUE(ignored("a.o\n!*.o\na.o\n", "a.o"));
}

TEST(IgnoreRules, TwoStarsCrossFolders) {
  EXPECT_TRUE(ignored("**/gen/*.c\n", "gen/a.c"));
  EXPECT_TRUE(ignored("**/gen/*.c\n", "x/y/gen/a.c"));
  EXPECT_FALSE(ignored("**/gen/*.c\n", "gen/sub/a.c"));
  EXPECT_TRUE(ignored("docs/**/*.md\n", "docs/a.md"));
  EXPECT_TRUE(ignored("docs/**/*.md\n", "docs/x/y/a.md"));
  EXPECT_TRUE(ignored("docs/**\n", "docs/x/y"));
  EXPECT_FALSE(ignored("docs/**\n", "docs", Entry::folder));
}

TEST(IgnoreRules, ClassesAndQuestionMarksNeverMatchASlash) {
  EXPECT_TRUE(ignored("/a[0-9]?\n", "a7x"));
  EXPECT_FALSE(ignored("a?b/c\n", "a/b/c"));
  EXPECT_FALSE(ignored("a[!x]b/c\n", "a/b/c"));
  EXPECT_TRUE(ignored("[[:upper:]]*\n", "Makefile"));
  EXPECT_TRUE(ignored("[]a]\n", "]"));
  EXPECT_FALSE(ignored("[ab\n", "a"));
}

TEST(IgnoreRules, BackslashesProtect) {
  EXPECT_TRUE(ignored("\\#notes\n", "#notes"));
  EXPECT_TRUE(ignored("\\!important\n", "!important"));
  EXPECT_TRUE(ignored("a\\*b\n", "a*b"));
  EXPECT_FALSE(ignored("a\\*b\n", "aXb"));
  EXPECT_TRUE(ignored("tail\\ \n", "tail "));
  EXPECT_TRUE(ignored("tail  \n", "tail"));
}

TEST(IgnoreRules, WindowsLineEndsAndAByteOrderMarkAreNoPartOfARule) {
  EXPECT_TRUE(ignored("\xef\xbb\xbf*.tmp\r\nout\r\n", "a.tmp"));
  EXPECT_TRUE(ignored("\xef\xbb\xbf*.tmp\r\nout\r\n", "out"));
}

TEST(IgnoreRules, ManyStarsTakeNoExponentialTime) {
  std::string pattern;
  for (int star = 0; star < 200; ++star) pattern += "**/*a";
  std::string path;
  for (int part = 0; part < 400; ++part) path += "aaaaaaa/";
  EXPECT_FALSE(ignored(pattern + "\n", path + "b"));
}

// Random trees and random rules, with git itself as the judge.
class AgainstGit {
 public:
  explicit AgainstGit(unsigned seed) : random_(seed) {}

  void fill_tree() {
    clear();
    for (int count = 0; count < 60; ++count) add_file();
    write_rules("", 12);
    for (const std::string& folder : folders_) {
      if (pick(4) == 0) write_rules(folder, 4);
    }
    std::ofstream(repo_.root() / ".git/info/exclude") << lines(3);
  }

  std::set<std::string> not_ignored_by_git() {
    std::set<std::string> all;
    std::string asked;
    for (const std::string& file : files_) asked.append(file).push_back('\0');
    asked.append("always.ignored").push_back('\0');  // git exits 1 when it ignores nothing
    std::string answer = repo_.git({"check-ignore", "--no-index", "-z", "--stdin"}, asked);
    std::set<std::string_view> ignored;
    for (std::string_view path : base::split(answer, '\0')) ignored.insert(path);
    for (const std::string& file : files_) {
      if (!ignored.contains(file)) all.insert(file);
    }
    return all;
  }

  std::set<std::string> walked() {
    Project project;
    project.root = repo_.root();
    project.is_git = true;
    project.git_dir = project.common_dir = repo_.root() / ".git";
    std::set<std::string> all;
    Tree tree = walk(project, base::Deadline::never()).value();
    for (const File& file : tree.files) all.insert(file.path);
    return all;
  }

  const std::string& rules() const { return rules_; }

 private:
  std::size_t pick(std::size_t below) { return random_() % below; }
  std::string_view one_of(const std::vector<std::string_view>& from) { return from[pick(from.size())]; }

  std::string name() {
    static const std::vector<std::string_view> parts = {"a", "b",  "foo", "bar",  ".",   "o",  "c",  "x.y",
                                                        "-", " ",  "#",   "!",    "[z]", "\\", "*",  "?",
                                                        "é", "\n", "\"",  "\xff", "A",   "7",  ".o", "~"};
    std::string out(one_of(parts));
    while (pick(3) == 0) out += one_of(parts);
    return out == "." || out == ".." ? "dot" : out;
  }

  void add_file() {
    std::string folder;
    for (std::size_t depth = pick(4); depth > 0; --depth) {
      // Mostly known folders, so that trees grow deep.
      std::string next = folder + (pick(3) == 0 ? name() : std::string(one_of({"a", "foo", "b.c"}))) + "/";
      if (fs::exists(fs::symlink_status(repo_.root() / next.substr(0, next.size() - 1))) &&
          !fs::is_directory(repo_.root() / next)) {
        break;
      }
      folder = next;
      folders_.insert(folder);
    }
    std::string path = folder + name();
    if (fs::exists(repo_.root() / path)) return;
    repo_.write(path, "x");
    files_.insert(path);
  }

  std::string pattern() {
    static const std::vector<std::string_view> parts = {
        "a",         "b",          "foo",    "bar",  "*",    "*",     "**",          "**/",
        "/",         "/",          "?",      "[ab]", "[!a]", "[a-f]", "[[:alpha:]]", "[^[:digit:]]",
        ".o",        "\\*",        "\\",     " ",    "\\ ",  "#",     "!",           ".",
        "~",         "[]",         "[",      "[z",   "]",    "[\\]]", "[a-]",        "[[]",
        "[]-a]",     "[[:nope:]]", "a/**/b", "/**",  "**/*", "***",   "\xff",        "é",
        "[!]a]",     "\t",         "foo/",   "\r",   "x.y",  "[[:]",  "[[::]]",      "*.c",
        "foo**/bar", "**\\/a"};
    std::string out = pick(4) == 0 ? "!" : "";
    if (pick(5) == 0) out += "/";
    for (std::size_t count = 1 + pick(4); count > 0; --count) out += one_of(parts);
    if (pick(5) == 0) out += "/";
    return out;
  }

  std::string lines(std::size_t most) {
    std::string out;
    for (std::size_t count = 1 + pick(most); count > 0; --count) {
      // A real path of the tree now and then, or few rules would hit anything.
      bool real = pick(3) == 0 && !files_.empty();
      out += real ? *std::next(files_.begin(), static_cast<long>(pick(files_.size()))) : pattern();
      out += pick(8) == 0 ? "\r\n" : pick(8) == 0 ? "  \n" : "\n";
    }
    if (pick(6) == 0) out.pop_back();
    return out;
  }

  void write_rules(const std::string& folder, std::size_t most) {
    std::string text = lines(most);
    if (folder.empty()) text += "\nalways.ignored\n";
    repo_.write(folder + ".gitignore", text);
    files_.insert(folder + ".gitignore");
    rules_ += "--- " + folder + ".gitignore\n" + text + "\n";
  }

  void clear() {
    for (const auto& entry : fs::directory_iterator(repo_.root())) {
      if (entry.path().filename() != ".git") fs::remove_all(entry.path());
    }
    files_.clear();
    folders_.clear();
    rules_.clear();
  }

  support::FakeRepo repo_;
  std::mt19937 random_;
  std::set<std::string> files_, folders_;
  std::string rules_;
};

TEST(IgnoreRules, TheWalkSeesWhatGitSeesInRandomTrees) {
  AgainstGit world(20240917);
  std::size_t seen = 0;
  for (int round = 0; round < 40; ++round) {
    world.fill_tree();
    std::set<std::string> expected = world.not_ignored_by_git();
    ASSERT_EQ(world.walked(), expected) << "round " << round << "\n" << world.rules();
    seen += expected.size();
  }
  EXPECT_GT(seen, 400u);  // the rules leave something to compare
}

}  // namespace
}  // namespace mira::workspace

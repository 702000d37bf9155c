// Patches are those that git writes: the tests make them with a real git.
#include <gmock/gmock.h>

#include "knowledge/code/action_affected.h"
#include "knowledge/code/code_world.h"
#include "knowledge/code/patch_symbols.h"
#include "knowledge/code/patch_text.h"
#include "platform/process/child.h"

namespace mira::code {
namespace {

using contracts::Json;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class PatchedWorld : public CodeWorld {
 public:
  using CodeWorld::CodeWorld;
  // Commits what is there, changes the file, gives `git diff` and brings the index up to date.
  std::string change(const std::string& path, const std::string& text) {
    git({"init", "-q", "."});
    git({"add", "-A"});
    git({"-c", "user.name=x", "-c", "user.email=x@example.org", "commit", "-qm", "before"});
    write(path, text);
    std::string patch = git({"diff"});
    refresh();
    return patch;
  }
  Json affected(const std::string& patch) {
    contracts::Registry registry;
    base::QuietProgress progress;
    contracts::Action action = affected_action(parse_here);
    auto arguments = contracts::check_arguments(action, {{"patch", patch}});
    EXPECT_TRUE(arguments);
    contracts::Call call{
        .arguments = *arguments, .session = &session(), .progress = progress, .registry = registry};
    auto reply = action.handle(call);
    EXPECT_TRUE(reply) << (reply ? "" : reply.error().message);
    if (!reply) return {};
    notes = reply->notes;
    return reply->data;
  }
  std::vector<std::string> notes;

 private:
  std::string git(std::vector<std::string> words) {
    words.insert(words.begin(), "git");
    auto outcome =
        process::run({.argv = words,
                      .environment = {"PATH=/usr/bin:/bin", "HOME=/nonexistent", "GIT_CONFIG_NOSYSTEM=1"},
                      .working_folder = root().string()},
                     base::Deadline::never());
    EXPECT_TRUE(outcome && outcome->exit_code == 0);
    return outcome ? outcome->output : "";
  }
};

// "name: change" with "!" where callers break.
std::vector<std::string> symbols(const Json& data) {
  std::vector<std::string> out;
  for (const Json& one : data.at("symbols"))
    out.push_back(one["name"].get<std::string>() + ": " + one["change"].get<std::string>() +
                  (one["breaks"].get<bool>() ? "!" : ""));
  std::sort(out.begin(), out.end());
  return out;
}

TEST(Affected, ANewParameterBreaksItsCallers) {
  PatchedWorld world{{"a.c", "int f(int a) {\n  return a;\n}\nint g(void) {\n  return f(1);\n}\n"},
                     {"b.c", "int f(int a);\nint test_h(void) {\n  return f(2);\n}\n"}};
  std::string patch =
      world.change("a.c", "int f(int a, int b) {\n  return a;\n}\nint g(void) {\n  return f(1);\n}\n");
  Json data = world.affected(patch);
  EXPECT_THAT(symbols(data), ElementsAre("f: signature!"));
  EXPECT_EQ(data["symbols"][0]["call_sites"]["total"], 2);
  EXPECT_EQ(data["symbols"][0]["before"], "int f(int a)");
  EXPECT_EQ(data["total"], 2);
}

TEST(Affected, ABodyChangesAndADefaultedParameterBreaksNobody) {
  PatchedWorld world{{"a.py", "def f(a):\n    return 1\n\n\ndef g():\n    return f(1)\n"}};
  Json data = world.affected(
      world.change("a.py", "def f(a, b=2):\n    return 1\n\n\ndef g():\n    return f(1) + 1\n"));
  EXPECT_THAT(symbols(data), ElementsAre("f: signature", "g: body"));
}

TEST(Affected, SaysThatCallersBreakOnlyWhereThereAreAny) {
  PatchedWorld world{{"a.py", "def f():\n    pass\n\n\ndef test_g():\n    pass\n\n\ndef h():\n    f()\n"}};
  contracts::Reply reply{.data = world.affected(world.change("a.py", "def h():\n    f()\n"))};
  const std::string shown = affected_action(parse_here).render(reply, {});
  EXPECT_THAT(shown, HasSubstr("removed, breaks callers  function f"));
  EXPECT_THAT(shown, HasSubstr("removed, nothing here calls it  function test_g"));
}

TEST(Affected, WhatIsRemovedLeavesCallsOpen) {
  PatchedWorld world{{"a.py", "def f():\n    return 1\n\n\ndef g():\n    return f()\n"}};
  Json data = world.affected(world.change("a.py", "def g():\n    return f()\n\n\ndef h():\n    pass\n"));
  EXPECT_THAT(symbols(data), ElementsAre("f: removed!", "h: added"));
  for (const Json& one : data["symbols"]) {
    if (one["name"] == "f") {
      EXPECT_EQ(one["open_calls"], 1);
    }
  }
}

TEST(Affected, APatchOfAnotherTreeIsSaidNotGuessedAt) {
  PatchedWorld world{{"a.py", "def f():\n    return 1\n"}};
  std::string patch = world.change("a.py", "def f():\n    return 2\n");
  world.write("a.py", "def f():\n    return 3\n");
  Json data = world.affected(patch);
  EXPECT_THAT(symbols(data), IsEmpty());
  EXPECT_THAT(world.notes, Contains(HasSubstr("a.py")));
}

TEST(Affected, WhatIsNoPatchIsRefused) {
  CodeWorld world{{"a.py", "def f():\n    return 1\n"}};
  auto reply = world.ask("affected", {{"patch", "nothing of the kind"}});
  ASSERT_FALSE(reply);
  EXPECT_THAT(reply.error().hint, HasSubstr("git diff"));
}

TEST(PatchText, IsTakenOffTheTextItLedTo) {
  auto patches = read_patch(
      "--- a/x.txt\n+++ b/x.txt\n@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n@@ -9,0 +10,1 @@\n+ten\n");
  ASSERT_EQ(patches.size(), 1U);
  EXPECT_EQ(patches[0].new_path, "x.txt");
  EXPECT_EQ(text_before(patches[0], "one\n2\nthree\n4\n5\n6\n7\n8\n9\nten\n"),
            "one\ntwo\nthree\n4\n5\n6\n7\n8\n9\n");
  EXPECT_EQ(text_before(patches[0], "one\ntwo\n"), std::nullopt);
}

TEST(PatchText, KnowsFilesWithoutANewlineAtTheEnd) {
  auto patches = read_patch(
      "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-old\n\\ No newline at end of file\n+new\n--- a/y\n+++ /dev/null\n@@ "
      "-1 +0,0 @@\n-gone\n");
  ASSERT_EQ(patches.size(), 2U);
  EXPECT_EQ(text_before(patches[0], "new\n"), "old");
  EXPECT_EQ(patches[1].new_path, "");
  EXPECT_EQ(text_before(patches[1], ""), "gone\n");
}

}  // namespace
}  // namespace mira::code

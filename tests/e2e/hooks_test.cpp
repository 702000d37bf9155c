// Hooks as an agent runs them: JSON on standard input, JSON or nothing back, exit 0.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <fstream>

#include "tests/support/fake_repo.h"
#include "tests/support/run_mira.h"

namespace mira {
namespace {

using nlohmann::json;
using support::Ran;
using testing::HasSubstr;
using testing::Not;

class Hook : public testing::Test {
 protected:
  Hook() : mira(repo.root().parent_path()) {
    repo.write("shop/money.py", "def add_tax(cents, rate):\n    return cents + cents * rate // 100\n");
    repo.write("shop/cart.py",
               "from shop.money import add_tax\n\n\ndef total(cents):\n    return add_tax(cents, 19)\n");
    repo.commit("Start the shop");
    for (int rate = 1; rate <= 6; ++rate)
      repo.commit({.message = "Rate " + std::to_string(rate),
                   .files = {{"shop/rates.py", "RATE = " + std::to_string(rate) + "\n"},
                             {"docs/rates.md", "The rate is " + std::to_string(rate) + "\n"}}});
    mira.in(repo.root()).with("MIRA_HOOK_DEADLINE_MS", "60000");  // a busy machine is not what is tested
  }

  Ran hook(const json& input, const std::string& client = "claude") {
    return mira.run({"hook", "--client", client}, input.dump());
  }
  json event(const std::string& name, json more = json::object()) {
    json out{{"session_id", "s1"}, {"cwd", repo.root().string()}, {"hook_event_name", name}};
    out.update(more);
    return out;
  }
  json prompt(const std::string& text) { return event("UserPromptSubmit", {{"prompt", text}}); }
  json edit(const std::string& path, const std::string& before, const std::string& after) {
    return event(
        "PostToolUse",
        {{"tool_name", "Edit"},
         {"tool_input",
          {{"file_path", repo.path(path).string()}, {"old_string", before}, {"new_string", after}}}});
  }
  // "" when nothing was said; what was said must have the one shape all clients take.
  std::string said(const Ran& ran) {
    EXPECT_EQ(ran.exit_code, 0);
    EXPECT_EQ(ran.err, "");
    if (ran.out.empty()) return "";
    json out = ran.json();
    EXPECT_EQ(out.size(), 1u) << ran.out;
    EXPECT_EQ(out["hookSpecificOutput"].size(), 2u) << ran.out;
    return out["hookSpecificOutput"].value("additionalContext", "");
  }

  support::FakeRepo repo;
  support::Mira mira;
};

TEST_F(Hook, APromptGetsWhatItsNamesMean) {
  mira.run({"index"});
  std::string text = said(hook(prompt("why is add_tax wrong?")));
  EXPECT_THAT(text, HasSubstr("shop/money.py:1"));
  EXPECT_THAT(text, HasSubstr("total (shop/cart.py:5)"));
}

TEST_F(Hook, NothingIsToldTwiceInAConversation) {
  mira.run({"index"});
  EXPECT_NE(said(hook(prompt("why is add_tax wrong?"))), "");
  EXPECT_EQ(said(hook(prompt("and what calls add_tax?"))), "");
  json other = prompt("why is add_tax wrong?");
  other["session_id"] = "s2";
  EXPECT_NE(said(hook(other)), "");
}

TEST_F(Hook, NothingSureMeansNothingSaid) {
  mira.run({"index"});
  EXPECT_EQ(said(hook(prompt("make it faster please"))), "");
  EXPECT_EQ(said(hook(prompt("what about no_such_name?"))), "");
}

TEST_F(Hook, NothingIsIndexedByAHook) {
  EXPECT_EQ(said(hook(prompt("why is add_tax wrong?"))), "");
  EXPECT_FALSE(mira.run({"status", "--json"}).data()["indexed"].get<bool>());
}

TEST_F(Hook, AChangedSignatureNamesTheCallersItBreaks) {
  mira.run({"index"});
  repo.write("shop/money.py", "def add_tax(cents, rate, mode):\n    return cents + cents * rate // 100\n");
  std::string text = said(hook(edit("shop/money.py", "cents, rate)", "cents, rate, mode)")));
  EXPECT_THAT(text, HasSubstr("add_tax(cents, rate)"));
  EXPECT_THAT(text, HasSubstr("shop/cart.py:5"));
}

TEST_F(Hook, AnEditInsideABodyBreaksNobody) {
  mira.run({"index"});
  repo.write("shop/money.py", "def add_tax(cents, rate):\n    return cents\n");
  EXPECT_THAT(said(hook(edit("shop/money.py", "cents + cents * rate // 100", "cents"))),
              Not(HasSubstr("signature")));
}

TEST_F(Hook, ACallerThatWasAlreadyChangedIsNotNamed) {
  mira.run({"index"});
  repo.write("shop/cart.py", "from shop.money import add_tax\n\n\ndef total(cents):\n    return cents\n");
  repo.write("shop/money.py", "def add_tax(cents, rate, mode):\n    return cents + cents * rate // 100\n");
  EXPECT_THAT(said(hook(edit("shop/money.py", "cents, rate)", "cents, rate, mode)"))),
              Not(HasSubstr("cart.py")));
}

TEST_F(Hook, AnEditNamesFilesThatUsuallyChangeWithIt) {
  mira.run({"index"});
  repo.write("shop/rates.py", "RATE = 70\n");
  EXPECT_THAT(said(hook(edit("shop/rates.py", "RATE = 6", "RATE = 70"))), HasSubstr("docs/rates.md"));
  repo.write("docs/rates.md", "The rate is 70\n");
  EXPECT_EQ(said(hook(edit("docs/rates.md", "is 6", "is 70"))), "");  // its partner was touched
}

TEST_F(Hook, AfterACompactionTheEditedFilesAreSaidAgain) {
  mira.run({"index"});
  repo.write("shop/rates.py", "RATE = 70\n");
  hook(edit("shop/rates.py", "RATE = 6", "RATE = 70"));
  EXPECT_EQ(said(hook(event("SessionStart", {{"source", "startup"}}))), "");
  EXPECT_THAT(said(hook(event("SessionStart", {{"source", "compact"}}))), HasSubstr("shop/rates.py"));
}

TEST_F(Hook, AClassInThePromptTellsWhichMethodIsMeant) {
  repo.write("shop/jars.py",
             "class CookieJar:\n    def filter_cookies(self):\n        return 1\n\n\n"
             "class DummyJar:\n    def filter_cookies(self):\n        return 2\n");
  mira.run({"index"});
  EXPECT_EQ(said(hook(prompt("why is filter_cookies slow?"))), "");  // two are meant as well
  EXPECT_THAT(said(hook(prompt("look at filter_cookies in CookieJar"))), HasSubstr("shop/jars.py:2-3"));
  json other = prompt("what does DummyJar.filter_cookies return?");
  other["session_id"] = "s2";
  std::string text = said(hook(other));
  EXPECT_THAT(text, HasSubstr("shop/jars.py:7-8"));
  EXPECT_THAT(text, Not(HasSubstr("shop/jars.py:2-3")));
}

// What a client tells of a command that an agent ran.
class HookOfABuild : public Hook {
 protected:
  std::string failed(const std::string& command, const std::string& output, const std::string& session) {
    json input = event(
        "PostToolUseFailure",
        {{"tool_name", "Bash"}, {"tool_input", {{"command", command}}}, {"error", "Exit code 1\n" + output}});
    input["session_id"] = session;
    return said(hook(input));
  }
  std::string passed(const std::string& command, const std::string& output) {
    return said(hook(event("PostToolUse", {{"tool_name", "Bash"},
                                           {"tool_input", {{"command", command}}},
                                           {"tool_response", {{"stdout", output}, {"stderr", ""}}}})));
  }
  json runs() { return mira.run({"build", "runs", "--json"}).data()["runs"]; }

  static constexpr const char* missing =
      "shop/money.py:2: error: Name \"rat\" is not defined  [name-defined]\n";
  static constexpr const char* elsewhere =
      "shop/cart.py:5: error: Name \"rat\" is not defined  [name-defined]\n";
  void breaks() {
    repo.write("shop/money.py", "def add_tax(cents, rate):\n    return cents + cents * rat // 100\n");
  }
  void mends() {
    repo.write("shop/money.py", "def add_tax(cents, rate):\n    return cents + cents * rate // 100\n");
  }
};

TEST_F(HookOfABuild, IsRememberedAndItsCureIsToldWhenTheErrorIsMetAgainOnceInAConversation) {
  breaks();
  EXPECT_EQ(failed("mypy shop", missing, "s1"), "");
  mends();
  EXPECT_EQ(passed("mypy shop", "Success: no issues found in 2 source files\n"), "");
  ASSERT_EQ(runs().size(), 2U) << runs();
  EXPECT_EQ(runs()[0]["state"], "passed");
  EXPECT_EQ(runs()[1]["state"], "failed");
  EXPECT_THAT(mira.run({"build", "explain", "rat"}).out, HasSubstr("rate // 100"));

  std::string text = failed("mypy shop", elsewhere, "s1");
  EXPECT_THAT(text, HasSubstr("cured before"));
  EXPECT_THAT(text, HasSubstr("rate // 100"));
  EXPECT_EQ(failed("mypy shop", elsewhere, "s1"), "") << "it was told in this conversation";
  EXPECT_THAT(failed("mypy shop", elsewhere, "s2"), HasSubstr("cured before"));
}

TEST_F(HookOfABuild, WhatIsNoneIsNotKept) {
  EXPECT_EQ(failed("ls nowhere", "ls: cannot access 'nowhere': No such file or directory\n", "s1"), "");
  EXPECT_EQ(failed("cat build.log", missing, "s1"), "");
  EXPECT_EQ(passed("echo fine", "fine\n"), "");
  EXPECT_EQ(passed("mypy shop", "Success: no issues found in 2 source files\n"), "");
  EXPECT_EQ(runs().size(), 0U) << runs();
}

TEST_F(HookOfABuild, ThePipeAndTheFolderOfATypedLineAreNotTheCommand) {
  breaks();
  failed("cd shop && mypy . 2>&1 | tail -20", missing, "s1");
  ASSERT_EQ(runs().size(), 1U);
  EXPECT_EQ(runs()[0]["command"], "mypy .");
}

TEST_F(HookOfABuild, OfEveryClientIsKept) {
  breaks();
  mira.run({"hook", "--client", "codex"},
           event("PostToolUse", {{"tool_name", "shell"},
                                 {"tool_input", {{"command", {"bash", "-lc", "mypy one"}}}},
                                 {"tool_response", std::string("Exit code: 1\nOutput:\n") + missing}})
               .dump());
  mira.run({"hook", "--client", "gemini"},
           event("AfterTool", {{"tool_name", "run_shell_command"},
                               {"tool_input", {{"command", "mypy two"}}},
                               {"tool_response", {{"llmContent", std::string(missing) + "Exit Code: 1"}}}})
               .dump());
  mira.run({"hook", "--client", "opencode"},
           event("PostToolUse", {{"tool_name", "bash"},
                                 {"tool_input", {{"command", "mypy three"}}},
                                 {"tool_response", {{"exit", 1}, {"output", missing}}}})
               .dump());
  mira.run({"hook", "--client", "cursor"},
           event("postToolUse", {{"tool_name", "Shell"},
                                 {"tool_input", {{"command", "mypy four"}}},
                                 {"tool_output", json{{"exitCode", 1}, {"output", missing}}.dump()}})
               .dump());
  std::vector<std::string> commands;
  for (const json& run : runs()) commands.push_back(run["command"]);
  EXPECT_THAT(commands, testing::UnorderedElementsAre("mypy one", "mypy two", "mypy three", "mypy four"));
}

TEST_F(Hook, AfterACompactionWithoutANewSessionTheNextPromptIsTold) {
  mira.run({"index"});
  repo.write("shop/rates.py", "RATE = 70\n");
  hook(edit("shop/rates.py", "RATE = 6", "RATE = 70"), "codex");
  EXPECT_NE(said(hook(prompt("why is add_tax wrong?"), "codex")), "");
  EXPECT_EQ(said(hook(event("PostCompact", {{"trigger", "auto"}}), "codex")), "");
  std::string text = said(hook(prompt("why is add_tax wrong?"), "codex"));
  EXPECT_THAT(text, HasSubstr("edited in this conversation so far"));
  EXPECT_THAT(text, HasSubstr("shop/money.py:1"));
  EXPECT_EQ(said(hook(prompt("why is add_tax wrong?"), "codex")), "");
}

TEST_F(Hook, ATurnThatCouldNotBeRecordedWaitsForTheNextSession) {
  mira.run({"index"});
  std::filesystem::path main = mira.home() / "mira.db";
  hook(prompt("the walrus job empties the queue"));
  std::filesystem::permissions(mira.home() / "mira.db", std::filesystem::perms::none);
  auto parked = mira.home() / "mira.db.parked";
  std::filesystem::rename(main, parked);
  std::ofstream(main) << "not a database, and larger than the head of one, so that it is seen to be none";
  hook(event("Stop", {{"last_assistant_message", "It does so each night."}}));
  std::filesystem::rename(parked, main);
  std::filesystem::permissions(main,
                               std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  EXPECT_THAT(mira.run({"recall", "walrus job"}).out, Not(HasSubstr("empties the queue")));
  EXPECT_THAT(mira.run({"doctor"}).out, HasSubstr("2 turns wait"));
  json start = event("SessionStart", {{"source", "startup"}});
  start["session_id"] = "s2";
  hook(start);
  EXPECT_THAT(mira.run({"recall", "walrus job"}).out, HasSubstr("empties the queue"));
  EXPECT_THAT(mira.run({"recall", "each night"}).out, HasSubstr("It does so each night."));
  std::string health = mira.run({"doctor"}).out;
  EXPECT_THAT(health, Not(HasSubstr("turns wait")));
  EXPECT_THAT(health, HasSubstr("had nothing to say because of a fault"));
}

TEST_F(Hook, WhatOneAgentWasToldIsToldEachOtherThatAsksForIt) {
  mira.run({"index"});
  hook(prompt("We decided that every invoice is rounded by the ocelot rule before it is sent."));
  hook(event("Stop", {{"last_assistant_message", "Noted."}}));
  for (const char* client : {"codex", "gemini", "opencode"}) {
    json asked = prompt("Which rule rounds every invoice before it is sent?");
    asked["session_id"] = client;
    EXPECT_THAT(said(hook(asked, client)), HasSubstr("the ocelot rule")) << client;
    json end = event("Stop", {{"last_assistant_message", "The mock says so."}});
    end["session_id"] = client;
    hook(end, client);
  }
}

TEST_F(Hook, EveryClientIsAnsweredInItsOwnForm) {
  mira.run({"index"});
  json input = prompt("why is add_tax wrong?");
  for (const char* client : {"claude", "codex", "opencode"})
    EXPECT_NE(said(hook(input, client)), "") << client;
  input["hook_event_name"] = "BeforeAgent";
  EXPECT_EQ(hook(input, "gemini").json()["hookSpecificOutput"]["hookEventName"], "BeforeAgent");
  input["hook_event_name"] = "beforeSubmitPrompt";
  json cursor = hook(input, "cursor").json();
  EXPECT_EQ(cursor["continue"], true);
  EXPECT_THAT(cursor["additional_context"].get<std::string>(), HasSubstr("add_tax"));
}

TEST_F(Hook, EndsOfTurnsAndSessionsSayNothing) {
  mira.run({"index"});
  for (const char* name : {"Stop", "SessionEnd", "PreCompact", "SubagentStop", "Notification", ""})
    EXPECT_EQ(said(hook(event(name, {{"prompt", "add_tax"}, {"last_assistant_message", "add_tax"}}))), "")
        << name;
}

TEST_F(Hook, AnyInputEndsWellAndSaysNothing) {
  mira.run({"index"});
  std::vector<std::string> inputs{
      "",
      "{",
      "null",
      "[]",
      "\"x\"",
      "7",
      std::string(1, '\0'),
      "\xff\xfe\xfd",
      "{}",
      R"({"hook_event_name":"UserPromptSubmit"})",
      R"({"hook_event_name":["UserPromptSubmit"],"prompt":{"a":1}})",
      R"({"hook_event_name":"PostToolUse","tool_name":3,"tool_input":"x"})",
      R"({"hook_event_name":"UserPromptSubmit","prompt":"add_tax","cwd":"/no/such/folder"})",
      std::string(300'000, '['),
      std::string(9 << 20, ' ')};
  for (const std::string& input : inputs) {
    Ran ran = mira.run({"hook", "--client", "claude"}, input);
    EXPECT_EQ(ran.exit_code, 0);
    EXPECT_EQ(ran.signal, 0);
    EXPECT_EQ(ran.out, "") << input.substr(0, 80);
    EXPECT_EQ(ran.err, "");
  }
}

TEST_F(Hook, NestsNoDeeperThanAnAgentDoesAndCountsNoBracketOfAText) {
  mira.run({"index"});
  auto nested = [&](int levels, const std::string& said) {
    std::string text = prompt("why is add_tax wrong? " + said).dump();
    text.pop_back();
    text += ",\"extra\":" + std::string(static_cast<std::size_t>(levels), '[') +
            std::string(static_cast<std::size_t>(levels), ']') + "}";
    return mira.run({"hook", "--client", "claude"}, text);
  };
  EXPECT_EQ(said(nested(5000, "")), "");
  EXPECT_THAT(said(nested(100, std::string(500, '[') + "\\\"")), HasSubstr("add_tax(cents, rate)"));
}

TEST_F(Hook, AnyArgumentsEndWell) {
  for (const std::vector<std::string>& more :
       std::vector<std::vector<std::string>>{{},
                                             {"--client"},
                                             {"--client", "nobody"},
                                             {"--nonsense"},
                                             {"UserPromptSubmit", "extra", "words"}}) {
    std::vector<std::string> arguments{"hook"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    EXPECT_EQ(mira.run(arguments, "{}").exit_code, 0);
  }
}

TEST_F(Hook, ABrokenHomeCostsTheAnswerAndNothingElse) {
  mira.run({"index"});
  auto breaks = [&](const std::function<void()>& damage) {
    damage();
    for (const json& input : {prompt("why is add_tax wrong?"), event("SessionStart"), event("Stop"),
                              edit("shop/money.py", "cents", "cents")}) {
      Ran ran = hook(input);
      EXPECT_EQ(ran.exit_code, 0);
      EXPECT_EQ(ran.signal, 0);
      EXPECT_EQ(ran.err, "");
      EXPECT_TRUE(ran.out.empty() || ran.json().is_object()) << ran.out;
    }
  };
  auto overwrite = [&](const std::filesystem::path& file) {
    std::ofstream(file, std::ios::binary) << "not a database";
  };
  breaks([&] {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(mira.home()))
      if (entry.path().filename() == "index.db") overwrite(entry.path());
  });
  breaks([&] { overwrite(mira.home() / "mira.db"); });
  breaks([&] {
    std::filesystem::remove_all(mira.home());
    std::ofstream(mira.home()) << "a file where the folder should be";
  });
  breaks([&] { mira.with("MIRA_HOME", "/proc/nowhere"); });
  breaks([&] { mira.with("MIRA_HOME", "").with("HOME", ""); });
}

TEST_F(Hook, ItsTimerEndsItWhenTheInputNeverEnds) {
  auto fifo = (repo.root().parent_path() / "endless").string();
  mira.with("MIRA_HOOK_DEADLINE_MS", "200");
  mira.through({"/bin/sh", "-c", "mkfifo '" + fifo + "'; exec \"$@\" <> '" + fifo + "'", "sh"});
  Ran ran = mira.run({"hook", "UserPromptSubmit", "--client", "claude"});
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_EQ(ran.out, "");
}

}  // namespace
}  // namespace mira

// `mira build` as it is typed: a command is run, judged, remembered; an error that was
// cured comes back with its cure.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

#include "tests/support/fake_repo.h"
#include "tests/support/run_mira.h"

namespace mira {
namespace {

using nlohmann::json;
using testing::HasSubstr;

// A build of shell scripts: `check` fails like a compiler while src/part.c holds a fault.
class Build : public testing::Test {
 protected:
  Build() : mira(repo.root().parent_path()) {
    repo.write("check",
               "#!/bin/sh\nif grep -n missing_one src/part.c >/dev/null; then\n"
               "  line=$(grep -n missing_one src/part.c | cut -d: -f1)\n"
               "  echo \"src/part.c:$line:5: error: 'missing_one' undeclared (first use in this "
               "function)\"\n  exit 1\nfi\n"
               "echo fine\n");
    ::chmod((repo.root() / "check").c_str(), 0755);
    for (const char* name : {"src/a.c", "src/b.c", "src/c.c", "src/d.c"})
      repo.write(name, "int x;\nint y;\n");
    repo.write("src/part.c", red);
    repo.commit("Start");
    mira.in(repo.root());
  }
  json build() { return mira.run({"build", "run", "--json", "--", "./check"}).data(); }
  void cure() {
    for (const char* name : {"src/a.c", "src/b.c", "src/c.c", "src/d.c"})
      repo.write(name, "int x;\nint z;\n");
    repo.write("src/part.c", green);
  }

  static constexpr const char* red = "int f(void) {\n  return missing_one;\n}\n";
  static constexpr const char* green = "int f(void) {\n  return 1;\n}\n";
  support::FakeRepo repo;
  support::Mira mira;
};

TEST_F(Build, PassesOutputAndExitCodeOn) {
  const auto ran = mira.run({"build", "run", "--", "./check"});
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_THAT(ran.out, HasSubstr("src/part.c:2:5: error:"));
  EXPECT_THAT(ran.err, HasSubstr("failed: ./check"));
  EXPECT_EQ(mira.run({"build", "run", "--", "sh", "-c", "exit 7"}).exit_code, 7);
}

TEST_F(Build, SummaryIsTheErrorsAlone) {
  const auto ran = mira.run({"build", "run", "--summary", "--", "./check"});
  EXPECT_THAT(ran.out, HasSubstr("src/part.c:2:5: error: 'missing_one' undeclared"));
  EXPECT_THAT(ran.out, HasSubstr("exit code 1"));
}

TEST_F(Build, GreenIsSaidInALine) {
  cure();
  const auto ran = mira.run({"build", "run", "--summary", "--", "./check"});
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_THAT(ran.out, HasSubstr("passed: ./check"));
  EXPECT_EQ(std::count(ran.out.begin(), ran.out.end(), '\n'), 1);
}

TEST_F(Build, NeverSaysPassedOfAFailure) {
  for (const std::vector<std::string>& command :
       std::vector<std::vector<std::string>>{{"sh", "-c", "exit 3"},
                                             {"sh", "-c", "kill -SEGV $$"},
                                             {"no-such-program-anywhere"},
                                             {"sh", "-c", "echo '50% tests passed, 1 tests failed out of 2'"},
                                             {"sh", "-c", "echo '== 2 failed, 891 passed in 1.0s =='"}}) {
    std::vector<std::string> words{"build", "run", "--json", "--"};
    words.insert(words.end(), command.begin(), command.end());
    const json data = mira.run(words).data();
    EXPECT_EQ(data["state"], "failed") << data;
    EXPECT_GE(data["errors"].size(), 1U) << data;
  }
}

TEST_F(Build, ASilentCommandIsStopped) {
  const auto ran = mira.run({"build", "run", "--json", "--silence", "0.3", "--", "sleep", "60"});
  EXPECT_EQ(ran.exit_code, 124);
  EXPECT_EQ(ran.data()["errors"].size(), 1U);
}

TEST_F(Build, RedToGreenKeepsTheCureAndTellsItWhenTheErrorIsBack) {
  EXPECT_EQ(build()["state"], "failed");
  cure();
  const json passed = build();
  ASSERT_EQ(passed["gone"].size(), 1U) << passed;
  const json explained =
      mira.run({"build", "explain", "--json", std::to_string(passed["gone"][0].get<int>())}).data();
  ASSERT_EQ(explained["cures"].size(), 1U) << explained;
  const json& hunk = explained["cures"][0]["hunks"][0];
  EXPECT_EQ(hunk["path"], "src/part.c");
  EXPECT_EQ(hunk["body"], "-  return missing_one;\n+  return 1;\n");
  EXPECT_EQ(explained["cures"][0]["state"], "observed");

  repo.write("src/part.c", std::string("int before;\n") + red);
  const json again = build();
  ASSERT_EQ(again["known_cures"].size(), 0U) << "it came back at once, so the cure did not hold: " << again;
  EXPECT_THAT(mira.run({"build", "explain", "missing_one"}).out, HasSubstr("failed cure"));
}

TEST_F(Build, ACureIsToldForTheSameProblemInAnotherFile) {
  build();
  cure();
  build();
  repo.write("check",
             "#!/bin/sh\necho \"src/a.c:2:5: error: 'missing_one' undeclared (first use in this "
             "function)\"\nexit 1\n");
  const json again = build();
  ASSERT_EQ(again["known_cures"].size(), 1U) << again;
  EXPECT_THAT(again["known_cures"][0].get<std::string>(),
              HasSubstr("-  return missing_one;\n+  return 1;\n"));
  EXPECT_THAT(mira.run({"context", "why does the build fail?"}).out, HasSubstr("known cure"));
}

TEST_F(Build, VerifyTriesTheCureInACopy) {
  build();
  cure();
  build();
  const json verdict = mira.run({"build", "verify", "--json", "missing_one"}).data();
  EXPECT_EQ(verdict["verdict"], "verified") << verdict;
  EXPECT_THAT(mira.run({"build", "explain", "missing_one"}).out, HasSubstr("verified cure"));
}

TEST_F(Build, DiffShowsWhatTheGreenLogHadNot) {
  cure();
  build();
  repo.write("src/part.c", red);
  build();
  const auto ran = mira.run({"build", "diff"});
  EXPECT_THAT(ran.out, HasSubstr("src/part.c:2:5: error"));
  EXPECT_THAT(ran.out, HasSubstr("fine"));
}

TEST_F(Build, ALogOfSomebodyElseIsRememberedToo) {
  const auto ran = mira.run({"build", "record", "make -j3", "--exit-code", "2", "--trigger", "hook"},
                            "src/part.c:2:5: error: broken\nmake: *** [Makefile:3: part.o] Error 1\n");
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_THAT(ran.out, HasSubstr("src/part.c:2:5: error: broken"));
  EXPECT_THAT(mira.run({"build", "failing"}).out, HasSubstr("src/part.c:2:5: error: broken"));
  EXPECT_THAT(mira.run({"build", "runs"}).out, HasSubstr("make -j3"));
}

// The command turns on Mira itself once a child in a session of its own runs, which holds a pipe open that
// the test reads: its end is the end of that child, whoever reaps it.
class TurnedOn : public Build {
 protected:
  support::Ran run(const std::string& signal) {
    EXPECT_EQ(::mkfifo(repo.path("alive").c_str(), 0600), 0);
    return mira.run({"build", "run", "--", "sh", "-c",
                     "echo begun; setsid sh -c 'exec 9<>alive; echo $$ > pid; exec sleep 600' & "
                     "while [ ! -s pid ]; do :; done; read -r keeper name state mira rest < "
                     "/proc/$PPID/stat; kill -" +
                         signal + " $mira; exec sleep 600"});
  }
  bool child_ends() const {
    const int reader = ::open(repo.path("alive").c_str(), O_RDONLY | O_NONBLOCK);
    char byte = 0;
    ssize_t got = 0;
    while ((got = ::read(reader, &byte, 1)) != 0) {  // not its end, as long as the child has it open
      pollfd watched{reader, POLLIN, 0};
      if (::poll(&watched, 1, 60'000) <= 0) break;
    }
    ::close(reader);
    return got == 0;
  }
};

TEST_F(TurnedOn, InterruptedInMidRunNothingIsLeftBehind) {
  EXPECT_EQ(run("INT").exit_code, 130);
  EXPECT_TRUE(child_ends());
  const json runs = mira.run({"build", "runs", "--json"}).data()["runs"];
  ASSERT_EQ(runs.size(), 1U);
  EXPECT_EQ(runs[0]["state"], "cancelled");
}

TEST_F(TurnedOn, KilledInMidRunNothingIsLeftBehind) {
  EXPECT_EQ(run("KILL").signal, SIGKILL);
  EXPECT_TRUE(child_ends());
  EXPECT_EQ(mira.run({"build", "failing"}).exit_code, 0);
}

// ---- what is told, and whether it helped

json status_of_builds(support::Mira& mira) {
  return mira.run({"status", "--json"}).data()["facts"]["builds"];
}

TEST_F(Build, WhetherACureThatWasToldHelpedIsCounted) {
  build();
  cure();
  build();
  repo.write(
      "check",
      "#!/bin/sh\nif [ -e again ]; then\n  echo \"src/a.c:2:5: error: 'missing_one' undeclared (first use in "
      "this function)\"\n  exit 1\nfi\necho fine\n");
  repo.write("again", "");
  ASSERT_EQ(build()["known_cures"].size(), 1U);
  EXPECT_EQ(status_of_builds(mira)["cures_told"], 1);
  EXPECT_EQ(status_of_builds(mira)["cures_told_that_helped"], 0);
  std::filesystem::remove(repo.root() / "again");
  EXPECT_EQ(build()["state"], "passed");
  EXPECT_EQ(status_of_builds(mira)["cures_told_that_helped"], 1);
}

TEST_F(Build, ACureIsToldOnceInAConversation) {
  build();
  cure();
  build();
  const auto told = [&](const char* conversation) {
    const auto ran =
        mira.run({"build", "record", "--json", "make", "--exit-code", "1", "--trigger", "hook",
                  "--conversation", conversation, "--log",
                  "src/b.c:2:5: error: 'missing_one' undeclared (first use in this function)\n"});
    return ran.data()["known_cures"].size();
  };
  EXPECT_EQ(told("s1"), 1U);
  EXPECT_EQ(told("s1"), 0U);
  EXPECT_EQ(told("s2"), 1U);
}

TEST_F(Build, WhatAHookSawIsKeptOnlyWhenItIsABuild) {
  const auto record = [&](const char* command, const char* code, const char* log) {
    return mira
        .run({"build", "record", "--json", command, "--exit-code", code, "--trigger", "hook", "--only-builds",
              "--log", log})
        .data()["run"];
  };
  EXPECT_TRUE(record("ls nowhere", "2", "ls: cannot access 'nowhere'\n").is_null());
  EXPECT_TRUE(record("cat build.log", "0", "src/a.c:1:2: error: odd\n").is_null());
  EXPECT_TRUE(record("make", "0", "cc -c a.c\n").is_null())
      << "a success of what never failed teaches nothing";
  EXPECT_FALSE(
      record("make 2>&1 | tail -3", "0", "src/a.c:1:2: error: odd\nmake: *** [m: a.o] Error 1\n").is_null());
  EXPECT_TRUE(record("make | tail -3", "0", "cc -c a.c\n").is_null())
      << "behind a pipe 0 is no success of make";
  EXPECT_FALSE(record("make", "0", "cc -c a.c\n").is_null());
  EXPECT_THAT(mira.run({"build", "failing"}).out, HasSubstr("Nothing"));
}

TEST_F(Build, AChangeThatCuredTwiceIsConfirmedAndAnotherIsNot) {
  const auto again = [&](const std::string& file) {
    repo.write("check", "#!/bin/sh\nif grep missing_one " + file + " >/dev/null; then\n  echo \"" + file +
                            ":2:5: error: 'missing_one' undeclared (first use in this function)\"\n  exit "
                            "1\nfi\necho fine\n");
  };
  build();
  cure();
  build();
  again("src/a.c");
  repo.write("src/a.c", red);
  EXPECT_EQ(build()["known_cures"].size(), 1U);
  repo.write("src/a.c", green);
  build();
  EXPECT_THAT(mira.run({"build", "explain", "missing_one"}).out, HasSubstr("confirmed cure"));
}

// ---- what is known from elsewhere

TEST_F(Build, CommitsThatSayTheyFixSomethingAreToldAsTheWeakerEvidence) {
  repo.commit({.message = "Fix crash of part on empty input",
               .files = {{"src/part.c", std::string(red) + "int p;\n"}}});
  repo.commit({.message = "Rename things", .files = {{"src/part.c", std::string(red) + "int q;\n"}}});
  mira.run({"index"});
  build();
  const json fixes = mira.run({"build", "explain", "--json", "missing_one"}).data()["past_fixes"];
  ASSERT_EQ(fixes.size(), 1U) << fixes;
  EXPECT_EQ(fixes[0]["subject"], "Fix crash of part on empty input");
  EXPECT_EQ(fixes[0]["evidence"], "git");
  EXPECT_THAT(mira.run({"build", "explain", "missing_one"}).out, HasSubstr("weaker, from git alone"));
}

TEST_F(Build, TurnsThatQuoteAnErrorAreLinkedToIt) {
  build();
  mira.run(
      {"record", "I get error: \u2018missing_one\u2019 undeclared (first use in this function), what now?"});
  mira.run({"record", "the function is nice"});
  const json quoted = mira.run({"build", "explain", "--json", "missing_one"}).data()["quoted_in"];
  ASSERT_EQ(quoted.size(), 1U) << quoted;
  EXPECT_THAT(quoted[0]["text"].get<std::string>(), HasSubstr("what now?"));
  EXPECT_THAT(mira.run({"build", "explain", "missing_one"}).out, HasSubstr("quoted in a conversation"));
}

// ---- what is kept

TEST_F(Build, LogsAreKeptByARuleThatStatusAndDoctorTell) {
  for (int i = 0; i < 23; ++i)
    mira.run({"build", "record", "make", "--exit-code", i == 0 ? "0" : "1"},
             i == 0 ? "fine\n" : "a.c:1:1: error: x\n");
  EXPECT_EQ(status_of_builds(mira)["logs_kept"], 21) << "the newest twenty and the last green one";
  EXPECT_THAT(mira.run({"doctor"}).out, HasSubstr("build logs"));
  EXPECT_EQ(mira.run({"build", "runs", "--json", "--limit", "50"}).data()["runs"].size(), 23U);
}

TEST_F(Build, AFlakyFailureIsNotCuredByOneGreenRunAndTeachesNothing) {
  const auto record = [&](const char* log, const char* code) {
    return mira.run({"build", "record", "--json", "make test", "--exit-code", code}, log).data();
  };
  record("src/part.c:2:5: error: odd\n", "1");
  EXPECT_EQ(record("fine\n", "0")["gone"].size(), 0U) << "the very same tree passed: nothing cured it";
  const json explained = mira.run({"build", "explain", "--json", "odd"}).data();
  EXPECT_TRUE(explained["error"]["flaky"].get<bool>());
  EXPECT_EQ(explained["outcomes"]["last"], "F.");
  EXPECT_TRUE(explained["cures"].empty());
  for (int i = 0; i < 19; ++i) record("fine\n", "0");
  EXPECT_FALSE(mira.run({"build", "explain", "--json", "odd"}).data()["error"]["resolved_run"].is_null());
}

TEST_F(Build, AFailureThatTheSameTreeDidNotShowIsFlaky) {
  const auto record = [&](const char* log, const char* code) {
    mira.run({"build", "record", "make test", "--exit-code", code}, log);
  };
  record("fine\n", "0");
  record("src/part.c:2:5: error: odd\n", "1");
  const auto failing = mira.run({"build", "failing", "--json"}).data();
  ASSERT_EQ(failing["errors"].size(), 1U);
  EXPECT_TRUE(failing["errors"][0]["flaky"].get<bool>());
}

}  // namespace
}  // namespace mira

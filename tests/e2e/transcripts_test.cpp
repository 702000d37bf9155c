// What agents said in earlier sessions, from their transcripts to an answer.
#include <gmock/gmock.h>

#include <fstream>

#include "tests/support/fake_repo.h"
#include "tests/support/run_mira.h"

namespace mira {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

class Transcripts : public testing::Test {
 protected:
  Transcripts() : mira(repo.root().parent_path()), home(repo.root().parent_path() / "user") {
    repo.write("a.c", "int main(void) { return 0; }\n");
    repo.commit("Start");
    mira.in(repo.root()).with("HOME", home.string()).with("MIRA_HOOK_DEADLINE_MS", "60000");
  }
  fs::path claude_file() {
    std::string folder = repo.root().string();
    for (char& c : folder)
      if (!std::isalnum(static_cast<unsigned char>(c))) c = '-';
    fs::path file = home / ".claude/projects" / folder / "S1.jsonl";
    fs::create_directories(file.parent_path());
    return file;
  }
  json said(const std::string& role, const std::string& text) {
    return {{"type", role},
            {"sessionId", "S1"},
            {"cwd", repo.root().string()},
            {"timestamp", "2026-01-02T03:04:05Z"},
            {"message", {{"role", role}, {"content", text}}}};
  }
  void append(const fs::path& file, const std::string& text) { std::ofstream(file, std::ios::app) << text; }

  support::FakeRepo repo;
  support::Mira mira;
  fs::path home;
};

TEST_F(Transcripts, AreTakenInOnceAndRecalled) {
  append(claude_file(), said("user", "we deploy with the zebra pipeline on Thursdays").dump() + "\n" +
                            said("assistant", "Understood: the zebra pipeline.").dump() + "\n");
  json first = mira.run({"import", "transcripts", "--json"}).data();
  EXPECT_EQ(first["added"], 2) << first;
  EXPECT_THAT(mira.run({"recall", "zebra pipeline"}).out, HasSubstr("Thursdays"));
  EXPECT_EQ(mira.run({"import", "transcripts", "--json"}).data()["added"], 0);
}

TEST_F(Transcripts, GoOnWhereTheyWereAndLeaveAHalfLineForTheNextTime) {
  std::string second = said("user", "the staging host is called walrus").dump();
  append(claude_file(),
         said("user", "the release branch is called heron").dump() + "\n" + second.substr(0, 60));
  EXPECT_EQ(mira.run({"import", "transcripts", "claude", "--json"}).data()["added"], 1);
  append(claude_file(), second.substr(60) + "\n");
  json again = mira.run({"import", "transcripts", "claude", "--json"}).data();
  EXPECT_EQ(again["added"], 1) << again;
  EXPECT_THAT(mira.run({"recall", "staging host walrus"}).out, HasSubstr("walrus"));
}

TEST_F(Transcripts, OfAnotherProjectStayOut) {
  json other = said("user", "the other project uses penguins");
  other["cwd"] = "/somewhere/else";
  append(claude_file(), other.dump() + "\n");
  EXPECT_EQ(mira.run({"import", "transcripts", "--json"}).data()["added"], 0);
}

TEST_F(Transcripts, ATurnThatTheHookRecordedIsKeptOnce) {
  mira.run({"index"});
  json event{{"session_id", "S1"},
             {"cwd", repo.root().string()},
             {"hook_event_name", "UserPromptSubmit"},
             {"prompt", "the cache is flushed by the marmot job"}};
  mira.run({"hook", "--client", "claude"}, event.dump());
  event["hook_event_name"] = "Stop";
  event["last_assistant_message"] = "The marmot job flushes the cache.";
  mira.run({"hook", "--client", "claude"}, event.dump());
  EXPECT_THAT(mira.run({"recall", "marmot job"}).out, HasSubstr("flushed by the marmot"));
  append(claude_file(), said("user", "the cache is flushed by the marmot job").dump() + "\n" +
                            said("assistant", "The marmot job flushes the cache.").dump() + "\n");
  json imported = mira.run({"import", "transcripts", "--json"}).data();
  EXPECT_EQ(imported["added"], 0) << imported;
  EXPECT_EQ(imported["known"], 2) << imported;
}

TEST_F(Transcripts, TheNextSessionStartsWhereTheLastEnded) {
  mira.run({"index"});
  append(claude_file(), said("user", "we still need to rename the pelican module").dump() + "\n");
  mira.run({"import", "transcripts"});
  json event{{"session_id", "S2"},
             {"cwd", repo.root().string()},
             {"hook_event_name", "SessionStart"},
             {"source", "startup"}};
  EXPECT_THAT(mira.run({"hook", "--client", "claude"}, event.dump()).out, HasSubstr("pelican"));
}

TEST_F(Transcripts, AnAnswerOfOneSessionReachesThePromptOfAnother) {
  mira.run({"index"});
  append(claude_file(),
         said("user", "we decided that invoices are rounded by the ocelot rule").dump() + "\n");
  mira.run({"import", "transcripts"});
  json tool = json::parse(
      R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"recall","arguments":{"query":"ocelot rule"},
    "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}})");
  EXPECT_THAT(mira.run({"mcp", "--drain"}, tool.dump() + "\n").out, HasSubstr("invoices are rounded"));
}

}  // namespace
}  // namespace mira

// Connecting agents as a user does: homes with configuration of their own, changed and
// given back to the byte.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <fstream>

#include "tests/support/run_mira.h"
#include "tests/support/temporary_folder.h"

namespace mira {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

std::string read(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

class Connect : public testing::Test {
 protected:
  Connect() : mira(scratch.path()) {
    home = scratch / "user";
    fs::create_directories(home / "project");
    mira.in(home / "project").with("HOME", home.string()).with("PATH", "/nonexistent");
    write(".claude.json",
          "{\n  \"numStartups\": 3,\n  \"mcpServers\": {\n    \"other\": {\"command\": \"x\"}\n  }\n}\n");
    write(".claude/settings.json",
          "{\n  \"model\": \"opus\",\n  \"hooks\": {\n    \"Stop\": [{\"hooks\": [{\"type\": \"command\", "
          "\"command\": "
          "\"say done\"}]}]\n  }\n}\n");
    write(".codex/config.toml", "# mine\nmodel = \"gpt-5\"\n\n[mcp_servers.other]\ncommand = \"x\" # why\n");
    write(".gemini/settings.json", "{\n\t// theme\n\t\"theme\": \"dark\",\n}\n");
    write(".config/opencode/opencode.jsonc", "{ \"model\": \"a/b\" /* best */ }\n");
    write(".cursor/mcp.json", "{\"mcpServers\": {}}");
  }
  void write(const fs::path& file, const std::string& text) {
    fs::create_directories((home / file).parent_path());
    std::ofstream(home / file, std::ios::binary) << text;
  }
  std::map<std::string, std::string> all_files() {
    std::map<std::string, std::string> out;
    for (const auto& entry : fs::recursive_directory_iterator(home))
      if (entry.is_regular_file()) out[fs::relative(entry.path(), home).string()] = read(entry.path());
    return out;
  }

  support::TemporaryFolder scratch;
  fs::path home;
  support::Mira mira;
};

TEST_F(Connect, AndDisconnectGiveEveryByteBack) {
  auto before = all_files();
  auto connected = mira.run({"connect", "--all", "--yes"});
  EXPECT_EQ(connected.exit_code, 0) << connected.err;
  EXPECT_NE(all_files(), before);
  auto disconnected = mira.run({"disconnect", "--all", "--yes"});
  EXPECT_EQ(disconnected.exit_code, 0) << disconnected.err;
  EXPECT_EQ(all_files(), before);
}

TEST_F(Connect, TwiceChangesNothing) {
  mira.run({"connect", "--all", "--yes"});
  auto once = all_files();
  auto again = mira.run({"connect", "--all", "--yes", "--json"});
  EXPECT_EQ(again.data()["files"].size(), 0u) << again.out;
  EXPECT_EQ(all_files(), once);
}

TEST_F(Connect, SaysWhatWasDoneAndNothingOfWhatWasNot) {
  std::string first = mira.run({"connect", "codex", "--yes"}).err;
  EXPECT_THAT(first, HasSubstr("Codex: connected"));
  EXPECT_THAT(first, HasSubstr("whether to trust new hooks"));
  std::string again = mira.run({"connect", "codex", "--yes"}).err;
  EXPECT_THAT(again, HasSubstr("Codex: nothing to change"));
  EXPECT_THAT(again, Not(HasSubstr("trust")));
  std::string gone = mira.run({"disconnect", "codex", "--yes"}).err;
  EXPECT_THAT(gone, HasSubstr("Codex: disconnected"));
  EXPECT_THAT(gone, Not(HasSubstr("trust")));
}

TEST_F(Connect, WithoutYesShowsAndWritesNothing) {
  auto before = all_files();
  auto ran = mira.run({"connect", "--all"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("+++ " + (home / ".claude.json").string()));
  EXPECT_THAT(ran.out, HasSubstr("+[mcp_servers.mira]"));
  EXPECT_THAT(ran.err, HasSubstr("--yes"));
  EXPECT_EQ(all_files(), before);
}

TEST_F(Connect, WritesWhatTheAgentsRead) {
  mira.run({"connect", "--all", "--yes"});
  std::string binary = support::Mira::binary().string();
  json claude = json::parse(read(home / ".claude.json"));
  EXPECT_EQ(claude["mcpServers"]["mira"]["command"], fs::canonical(binary).string());
  EXPECT_EQ(claude["mcpServers"]["mira"]["args"], json::array({"mcp"}));
  EXPECT_TRUE(claude["mcpServers"].contains("other"));
  json settings = json::parse(read(home / ".claude/settings.json"));
  EXPECT_EQ(settings["hooks"]["Stop"].size(), 2u);
  EXPECT_THAT(settings["hooks"]["UserPromptSubmit"][0]["hooks"][0]["command"].get<std::string>(),
              testing::EndsWith("/mira' hook --client claude"));
  EXPECT_THAT(read(home / ".codex/config.toml"),
              HasSubstr("command = \"x\" # why\n\n[mcp_servers.mira]\ncommand = \""));
  EXPECT_THAT(read(home / ".gemini/settings.json"),
              HasSubstr("\t// theme\n\t\"theme\": \"dark\",\n\t\"mcpServers\""));
  EXPECT_THAT(read(home / ".gemini/settings.json"), HasSubstr("hook --client gemini\""));
  EXPECT_THAT(read(home / ".config/opencode/opencode.jsonc"), HasSubstr("/* best */"));
  EXPECT_THAT(read(home / ".config/opencode/plugins/mira.ts"), HasSubstr("export const MiraPlugin"));
  EXPECT_EQ(json::parse(read(home / ".cursor/hooks.json"))["version"], 1);
}

TEST_F(Connect, WhatOthersWroteMeanwhileStays) {
  mira.run({"connect", "claude", "--yes"});
  json file = json::parse(read(home / ".claude.json"));
  file["numStartups"] = 4;
  write(".claude.json", file.dump(2));
  auto ran = mira.run({"disconnect", "claude", "--yes", "--json"});
  EXPECT_EQ(ran.exit_code, 0) << ran.out;
  json after = json::parse(read(home / ".claude.json"));
  EXPECT_EQ(after["numStartups"], 4);
  EXPECT_FALSE(after["mcpServers"].contains("mira"));
  EXPECT_TRUE(after["mcpServers"].contains("other"));
}

TEST_F(Connect, InstructionsAreTouchedOnlyWhenAskedForAndGivenBack) {
  write(".claude/CLAUDE.md", "# Rules\nuse tabs");
  auto before = all_files();
  mira.run({"connect", "claude", "--yes"});
  EXPECT_EQ(read(home / ".claude/CLAUDE.md"), "# Rules\nuse tabs");
  mira.run({"connect", "--all", "--instructions", "--yes"});
  EXPECT_THAT(read(home / ".claude/CLAUDE.md"),
              testing::AllOf(testing::StartsWith("# Rules\nuse tabs\n\n<!-- mira:begin -->\n"),
                             testing::EndsWith("<!-- mira:end -->\n")));
  EXPECT_THAT(read(home / ".codex/AGENTS.md"), testing::StartsWith("<!-- mira:begin -->\n"));
  EXPECT_THAT(read(home / ".gemini/GEMINI.md"), HasSubstr("`recall`"));
  EXPECT_THAT(read(home / ".config/opencode/AGENTS.md"), HasSubstr("`build`"));
  auto again = mira.run({"connect", "--all", "--instructions", "--yes", "--json"});
  EXPECT_EQ(again.data()["files"].size(), 0u) << again.out;
  mira.run({"disconnect", "--all", "--yes"});
  EXPECT_EQ(all_files(), before);
}

TEST_F(Connect, InstructionsThatSomebodyWroteOnLoseOurBlockAlone) {
  write(".claude/CLAUDE.md", "# Rules\n");
  mira.run({"connect", "claude", "--instructions", "--yes"});
  write(".claude/CLAUDE.md", read(home / ".claude/CLAUDE.md") + "\nmore rules\n");
  mira.run({"disconnect", "claude", "--yes"});
  EXPECT_EQ(read(home / ".claude/CLAUDE.md"), "# Rules\n\nmore rules\n");
}

TEST_F(Connect, AFileThatDoesNotParseIsNotTouchedAndTheOthersAre) {
  write(".claude/settings.json", "{ \"hooks\": ");
  auto ran = mira.run({"connect", "claude", "gemini", "--yes"});
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_THAT(ran.err, HasSubstr("settings.json"));
  EXPECT_EQ(read(home / ".claude/settings.json"), "{ \"hooks\": ");
  EXPECT_THAT(read(home / ".claude.json"), Not(HasSubstr("mira")));
  EXPECT_THAT(read(home / ".gemini/settings.json"), HasSubstr("mira"));
}

TEST_F(Connect, AnEntryOfAnotherOriginIsLeftAlone) {
  write(".cursor/mcp.json", R"({"mcpServers": {"mira": {"command": "somebody-else"}}})");
  auto ran = mira.run({"connect", "cursor", "--yes"});
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_THAT(ran.err, HasSubstr("not of this program"));
  EXPECT_THAT(read(home / ".cursor/mcp.json"), HasSubstr("somebody-else"));
}

TEST_F(Connect, LinksAndModesAreKept) {
  fs::rename(home / ".claude.json", home / "real.json");
  fs::create_symlink(home / "real.json", home / ".claude.json");
  ::chmod((home / "real.json").c_str(), 0640);
  mira.run({"connect", "claude", "--yes"});
  EXPECT_TRUE(fs::is_symlink(home / ".claude.json"));
  struct stat status{};
  ::stat((home / "real.json").c_str(), &status);
  EXPECT_EQ(status.st_mode & 0777, 0640u);
  EXPECT_THAT(read(home / "real.json"), HasSubstr("mira"));
}

TEST_F(Connect, StatusTellsWhoIsThereAndConnected) {
  auto standing = [&](const std::string& name) {
    json clients = mira.run({"connect", "--status", "--json"}).data()["clients"];
    for (const json& one : clients)
      if (one["name"] == name) return one["standing"].get<std::string>();
    return std::string();
  };
  EXPECT_EQ(standing("codex"), "not connected");
  mira.run({"connect", "codex", "--yes"});
  EXPECT_EQ(standing("codex"), "connected");
  write(".codex/hooks.json", "{}");
  EXPECT_EQ(standing("codex"), "partly connected");
}

TEST_F(Connect, ProjectScopeWritesIntoTheProjectOnly) {
  auto before = read(home / ".claude.json");
  mira.run({"connect", "claude", "--scope", "project", "--yes"});
  EXPECT_EQ(read(home / ".claude.json"), before);
  EXPECT_TRUE(json::parse(read(home / "project/.mcp.json"))["mcpServers"].contains("mira"));
  mira.run({"disconnect", "claude", "--scope", "project", "--yes"});
  EXPECT_FALSE(fs::exists(home / "project/.mcp.json"));
}

TEST_F(Connect, OnlyAgentsThatAreHereAreMeantByAll) {
  fs::remove_all(home / ".gemini");
  mira.run({"connect", "--all", "--yes"});
  EXPECT_FALSE(fs::exists(home / ".gemini"));
}

TEST_F(Connect, APluginThatIsOnAlreadyIsNotDoubled) {
  write(".claude/settings.json", R"({"enabledPlugins": {"mira@mira-tools": true}})");
  mira.run({"connect", "claude", "--yes"});
  EXPECT_THAT(read(home / ".claude.json"), Not(HasSubstr("mira")));
}

TEST_F(Connect, AnUnknownAgentIsNamed) {
  auto ran = mira.run({"connect", "clod", "--yes"});
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_THAT(ran.err, HasSubstr("claude"));
}

TEST_F(Connect, ThePluginFolderHoldsOnePluginThatRunsThisProgram) {
  auto ran = mira.run({"plugin", "dir"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  fs::path folder = ran.out.substr(0, ran.out.find('\n'));
  EXPECT_EQ(json::parse(read(folder / ".claude-plugin/marketplace.json"))["plugins"][0]["source"], "./mira");
  EXPECT_EQ(json::parse(read(folder / "mira/.claude-plugin/plugin.json"))["name"], "mira");
  json hooks = json::parse(read(folder / "mira/hooks/hooks.json"));
  EXPECT_THAT(hooks["hooks"]["UserPromptSubmit"][0]["hooks"][0]["command"].get<std::string>(),
              testing::EndsWith("/mira' hook"));
  EXPECT_EQ(json::parse(read(folder / "mira/.mcp.json"))["mcpServers"]["mira"]["args"], json::array({"mcp"}));
}

}  // namespace
}  // namespace mira

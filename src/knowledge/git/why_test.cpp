// `mira why` and the history of symbols: lines followed through renames and moves.
#include <gtest/gtest.h>

#include "knowledge/git/feature_ports.h"
#include "knowledge/git/line_history.h"
#include "knowledge/git/message_parts.h"
#include "knowledge/git/world_for_tests.h"

namespace mira::git {
namespace {

using contracts::Json;

const std::string stop_v1 =
    "void stop() {\n  flush_the_queue();\n  close_all_sockets();\n  tell_the_parent();\n}\n";
const std::string stop_v2 =
    "void stop() {\n  flush_the_queue();\n  wait_for_workers();\n  close_all_sockets();\n  "
    "tell_the_parent();\n}\n";

std::string file_with(const std::string& function) {
  return "// server\nint other;\n\n" + function + "\nint last;\n";
}

// A world whose symbols a test says, as the code feature would.
class SymbolWorld : public World {
 public:
  SymbolWorld() {
    feature =
        git::feature([this](contracts::Session&, std::string_view name,
                            std::string_view file) -> base::Result<std::vector<contracts::SymbolPlace>> {
          std::vector<contracts::SymbolPlace> out;
          for (const contracts::SymbolPlace& place : symbols) {
            if (place.name == name && place.path.ends_with(file)) out.push_back(place);
          }
          return out;
        });
  }
  std::vector<contracts::SymbolPlace> symbols;
};

std::vector<std::string> subjects(const Json& data) {
  std::vector<std::string> out;
  for (const Json& commit : data["commits"]) out.push_back(commit["subject"]);
  return out;
}

struct Stop {
  SymbolWorld world;
  Stop() {
    world.repo.commit({.message = "Add a server", .files = {{"server.c", file_with(stop_v1)}}});
    world.repo.commit({.message = "Another file", .files = {{"other.c", "int x;\n"}}});
    world.repo.commit(
        {.message = "Wait for workers\n\nIt looked odd. Since a worker may still write, its answer was "
                    "lost when the sockets were closed.\n\nFixes: #17\nSigned-off-by: Ada <a@b>",
         .files = {{"server.c", file_with(stop_v2)}}});
  }
  Json why(const Json& arguments) {
    world.refresh();
    return must(world.act("why", arguments));
  }
};

TEST(Why, TheCommitsOfALineComeOldestFirstWithTheReason) {
  Stop stop;
  Json data = stop.why({{"place", "server.c:4-9"}});
  EXPECT_EQ(subjects(data), (std::vector<std::string>{"Add a server", "Wait for workers"}));
  EXPECT_TRUE(data["commits"][0]["reason"].is_null());
  EXPECT_EQ(data["commits"][1]["reason"],
            "Since a worker may still write, its answer was lost when the sockets were closed.");
  EXPECT_EQ(data["commits"][1]["references"], Json::array({"#17"}));
  EXPECT_EQ(data["commits"][1]["lines_added"], 1);
}

TEST(Why, ALineThatCameLaterHasOnlyItsOwnCommit) {
  Stop stop;
  EXPECT_EQ(subjects(stop.why({{"place", "server.c:6"}})), std::vector<std::string>{"Wait for workers"});
}

TEST(Why, ASymbolIsFoundByItsName) {
  Stop stop;
  stop.world.symbols = {{"stop", "function", "server.c", 4, 9}};
  Json data = stop.why({{"place", "stop"}});
  EXPECT_EQ(data["symbol"], "stop");
  EXPECT_EQ(subjects(data), (std::vector<std::string>{"Add a server", "Wait for workers"}));
}

TEST(Why, ANameOfTwoThingsIsNeverAnsweredForOne) {
  Stop stop;
  stop.world.symbols = {{"stop", "function", "server.c", 4, 9}, {"stop", "function", "other.c", 1, 1}};
  stop.world.refresh();
  auto result = stop.world.act("why", {{"place", "stop"}});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().next, (std::vector<std::string>{"server.c:4-9", "other.c:1-1"}));
  EXPECT_EQ(stop.why({{"place", "stop"}, {"file", "server.c"}})["path"], "server.c");
}

TEST(Why, UnknownNamesFilesAndLinesAreErrors) {
  Stop stop;
  stop.world.refresh();
  EXPECT_EQ(stop.world.act("why", {{"place", "stopp"}}).error().code, base::ErrorCode::not_found);
  EXPECT_EQ(stop.world.act("why", {{"place", "servr.c:3"}}).error().code, base::ErrorCode::not_found);
  EXPECT_EQ(stop.world.act("why", {{"place", "server.c:300"}}).error().code, base::ErrorCode::usage);
}

TEST(Why, LinesAreFollowedThroughARename) {
  Stop stop;
  stop.world.repo.commit({.message = "Rename", .renames = {{"server.c", "net/daemon.c"}}});
  Json data = stop.why({{"place", "net/daemon.c:4-9"}});
  EXPECT_EQ(subjects(data), (std::vector<std::string>{"Add a server", "Wait for workers"}));
  EXPECT_EQ(data["commits"][0]["path"], "server.c");
}

TEST(Why, LinesAreFollowedThroughAMoveToAnotherFile) {
  Stop stop;
  stop.world.repo.commit({.message = "Split the server",
                          .files = {{"server.c", "// server\nint other;\n\nint last;\n"},
                                    {"stop.c", "// stopping\n#include \"x.h\"\n\n" + stop_v2}}});
  Json data = stop.why({{"place", "stop.c:4-9"}});
  EXPECT_EQ(subjects(data),
            (std::vector<std::string>{"Add a server", "Wait for workers", "Split the server"}));
  EXPECT_EQ(data["commits"][2]["moved_from"], "server.c");
}

TEST(Why, ManyCommitsAreToldByTheFirstAndTheNewest) {
  World world;
  for (int i = 0; i < 9; ++i) {
    world.repo.commit(
        {.message = "edition " + std::to_string(i), .files = {{"a.c", std::to_string(i) + "\n"}}});
  }
  world.refresh();
  Json data = must(world.act("why", {{"place", "a.c:1"}, {"limit", 3}}));
  EXPECT_EQ(data["total"], 9);
  EXPECT_EQ(subjects(data), (std::vector<std::string>{"edition 0", "edition 7", "edition 8"}));
}

TEST(SymbolHistory, ASymbolsCommitsComeNewestFirst) {
  Stop stop;
  stop.world.symbols = {{"stop", "function", "server.c", 4, 9}};
  stop.world.refresh();
  Json data = must(stop.world.act("history", {{"query", "stop"}}));
  EXPECT_EQ(data["meaning"], "symbol");
  EXPECT_EQ(subjects(data), (std::vector<std::string>{"Wait for workers", "Add a server"}));
}

TEST(SymbolHistory, AFileOfThatNameComesFirst) {
  Stop stop;
  stop.world.symbols = {{"other.c", "function", "server.c", 4, 9}};
  stop.world.refresh();
  EXPECT_EQ(must(stop.world.act("history", {{"query", "other.c"}}))["meaning"], "file");
}

TEST(CommitFilters, WordsByPathTimeAndSymbol) {
  SymbolWorld world;
  std::int64_t day = 86'400, start = 1704110400;
  world.repo.commit({.message = "Fix the parser", .files = {{"src/parse.c", "a\nb\n"}}, .time_s = start});
  world.repo.commit(
      {.message = "Fix the printer", .files = {{"doc/print.md", "c\n"}}, .time_s = start + 10 * day});
  world.repo.commit(
      {.message = "Fix nothing much", .files = {{"src/other.c", "d\n"}}, .time_s = start + 20 * day});
  world.symbols = {{"parse", "function", "src/parse.c", 1, 2}};
  world.refresh();
  auto found = [&](Json more) {
    more["query"] = "fix";
    return subjects(must(world.act("history", more)));
  };
  EXPECT_EQ(found(Json::object()).size(), 3u);
  EXPECT_EQ(found({{"path", "src"}}).size(), 2u);
  EXPECT_EQ(found({{"path", "doc/print.md"}}), std::vector<std::string>{"Fix the printer"});
  EXPECT_EQ(found({{"path", "sr"}}).size(), 0u);
  EXPECT_EQ(found({{"until", "2024-01-05"}}), std::vector<std::string>{"Fix the parser"});
  EXPECT_EQ(found({{"since", "2024-01-15"}}), std::vector<std::string>{"Fix nothing much"});
  EXPECT_EQ(found({{"symbol", "parse"}}), std::vector<std::string>{"Fix the parser"});
}

// ---- parts

TEST(LineLog, TellsCommitsPathsAndLines) {
  std::string a(40, 'a'), b(40, 'b');
  std::string nul(1, '\0');
  LineLog log = parse_line_log(
      nul + a + "\n\ndiff --git a/n.c b/n.c\n--- a/n.c\n+++ b/n.c\n@@ -1,2 +1,2 @@\n-x\n+y\n z\n" + nul + b +
      "\n\ndiff --git a/n.c b/n.c\n--- /dev/null\n+++ b/n.c\n@@ -0,0 +1,2 @@\n+x\n+--- z\n");
  ASSERT_EQ(log.changes.size(), 2u);
  EXPECT_EQ(log.changes[0].commit, a);
  EXPECT_EQ(log.changes[0].added, 1);
  EXPECT_EQ(log.changes[0].removed, 1);
  EXPECT_EQ(log.changes[1].path, "n.c");
  EXPECT_EQ(log.text, (std::vector<std::string>{"x", "--- z"}));
}

TEST(FindLines, FindsABlockThatMovedAndNoOther) {
  std::vector<std::string> wanted = {"void f() {", "  one();", "  two();", "  three();", "}"};
  LineSpan span =
      find_lines(wanted, "int a;\nint b;\n\nvoid f() {\n    one();\n    two();\n    changed();\n}\nint c;\n");
  EXPECT_EQ(span.first, 4);
  EXPECT_GE(span.last, 6);
  EXPECT_EQ(find_lines(wanted, "one();\nint a;\nint b;\nint c;\n").first, 0);
  EXPECT_EQ(find_lines({"{", "}", "x"}, "{\n}\nx\n").first, 0);  // too little to know
  EXPECT_EQ(find_lines(wanted, "").first, 0);
}

struct MessageCase {
  const char *body, *sentence;
};

TEST(MessageParts, TheSentenceWithTheReasonOrTheName) {
  for (const MessageCase& one : std::initializer_list<MessageCase>{
           {"", ""},
           {"Signed-off-by: Ada <a@b>\nReviewed-by: Bob <b@c>", ""},
           {"Tidy up.", "Tidy up."},
           {"Some words first. Otherwise the lock is\nheld twice.", "Otherwise the lock is held twice."},
           {"Because of x.\n\nThe function run_all was wrong in it.",
            "The function run_all was wrong in it."},
           {"- first item\n- avoid a crash here\n\nCloses #3", "avoid a crash here"}}) {
    EXPECT_EQ(part_that_matters("subject", one.body, {"run_all"}).sentence, one.sentence) << one.body;
  }
}

TEST(MessageParts, ReferencesAreIssuesAndCves) {
  auto part = part_that_matters("Fix it (#12)", "See #12, #345 and CVE-2024-1234; not a#6, # 7 or C#.", {});
  EXPECT_EQ(part.references, (std::vector<std::string>{"#12", "#345", "CVE-2024-1234"}));
}

}  // namespace
}  // namespace mira::git

// Each client's own words, as it sends them, in one form.
#include "faces/hooks/event.h"

#include <gmock/gmock.h>

#include "faces/hooks/patch.h"
#include "platform/base/text.h"

namespace mira::hooks {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

Event read(Client client, const std::string& text, std::string_view told = "") {
  auto event = read_event(client, told, Json::parse(text, nullptr, false));
  return event ? *event : Event{.name = "not read"};
}

TEST(EventOf, ClaudePrompt) {
  Event event =
      read(Client::claude,
           R"({"session_id":"s","transcript_path":"/t","cwd":"/p","hook_event_name":"UserPromptSubmit",
    "prompt":"fix it","permission_mode":"default"})");
  EXPECT_EQ(event.moment, Moment::prompt);
  EXPECT_EQ(event.prompt, "fix it");
  EXPECT_EQ(event.session, "s");
  EXPECT_EQ(event.folder, "/p");
}

TEST(EventOf, ClaudeEditWriteAndMultiEdit) {
  Event edit = read(Client::claude, R"({"hook_event_name":"PostToolUse","tool_name":"Edit","tool_input":
    {"file_path":"/p/a.c","old_string":"x","new_string":"y"},"tool_response":{}})");
  ASSERT_THAT(edit.edits, SizeIs(1));
  EXPECT_EQ(edit.edits[0].replacements[0].after, "y");
  Event write = read(Client::claude, R"({"hook_event_name":"PostToolUse","tool_name":"Write","tool_input":
    {"file_path":"/p/a.c","content":"x"}})");
  ASSERT_THAT(write.edits, SizeIs(1));
  EXPECT_THAT(write.edits[0].replacements, IsEmpty());
  Event many = read(Client::claude, R"({"hook_event_name":"PostToolUse","tool_name":"MultiEdit","tool_input":
    {"file_path":"/p/a.c","edits":[{"old_string":"a","new_string":"b"},{"old_string":"c","new_string":"d"}]}})");
  EXPECT_THAT(many.edits[0].replacements, SizeIs(2));
}

TEST(EventOf, ClaudeFailedCommand) {
  Event event =
      read(Client::claude, R"({"hook_event_name":"PostToolUseFailure","tool_name":"Bash","tool_input":
    {"command":"make"},"error":"Exit code 2\na.c:1: error: x"})");
  EXPECT_EQ(event.moment, Moment::failed);
  EXPECT_EQ(event.command, "make");
  EXPECT_EQ(event.exit_code, 2);
  EXPECT_THAT(event.output, testing::HasSubstr("a.c:1: error: x"));
}

TEST(EventOf, ReadingToolsAreNoEdits) {
  for (const char* tool : {"Read", "Grep", "Glob", "mcp__mira__recall", "WebFetch"}) {
    Event event = read(Client::claude, R"({"hook_event_name":"PostToolUse","tool_name":")" +
                                           std::string(tool) + R"(","tool_input":{"file_path":"/p/a.c"}})");
    EXPECT_EQ(event.moment, Moment::other) << tool;
  }
}

TEST(EventOf, CodexPatch) {
  Event event = read(Client::codex,
                     R"({"hook_event_name":"PostToolUse","turn_id":"t","tool_name":"apply_patch","tool_input":
    {"command":"*** Begin Patch\n*** Update File: a.c\n@@\n-int f(int a);\n+int f(void);\n*** End Patch"}})");
  ASSERT_THAT(event.edits, SizeIs(1));
  EXPECT_EQ(event.edits[0].path, "a.c");
  EXPECT_EQ(event.edits[0].replacements[0].before, "int f(int a);\n");
}

TEST(EventOf, ACommandIsToldWithItsCodeAndItsText) {
  struct Case {
    Client client;
    const char* tool;
    const char* response;  // JSON
    Moment moment;
    int exit_code;  // -1: not told
  };
  for (const Case& one : std::vector<Case>{
           {Client::codex, "shell", R"({"exit_code":1,"output":"a.c:1: error: x"})", Moment::failed, 1},
           {Client::codex, "shell", R"("Exit code: 2\nWall time: 1 s\nOutput:\na.c:1: error: x")",
            Moment::failed, 2},
           {Client::codex, "shell", R"("{\"output\":\"a.c:1: error: x\",\"metadata\":{\"exit_code\":1}}")",
            Moment::failed, 1},
           {Client::codex, "shell", R"("Process exited with code 101\nOutput:\na.c:1: error: x")",
            Moment::failed, 101},
           {Client::codex, "shell", R"("Exit code: 0\nOutput:\nfine")", Moment::ran, 0},
           {Client::codex, "shell", R"("the exit code was not told")", Moment::ran, -1},
           {Client::gemini, "run_shell_command", R"({"llmContent":"Output: a.c:1: error: x\nExit Code: 2"})",
            Moment::failed, 2},
           {Client::gemini, "run_shell_command", R"({"llmContent":"Output: fine\nExit Code: 0"})",
            Moment::ran, 0},
           {Client::opencode, "bash", R"({"metadata":{"exit":1},"output":"a.c:1: error: x"})", Moment::failed,
            1},
           {Client::cursor, "Shell", R"("{\"exitCode\":3,\"output\":\"a.c:1: error: x\"}")", Moment::failed,
            3},
           {Client::cursor, "Bash",
            R"({"isError":true,"content":[{"type":"text","text":"a.c:1: error: x"}]})", Moment::failed, 1},
           {Client::claude, "Bash", R"({"stdout":"fine","stderr":"","interrupted":false})", Moment::ran, 0},
           {Client::claude, "Bash", R"({"stdout":"fine","stderr":"","interrupted":true})", Moment::ran, -1},
           {Client::claude, "Bash", R"({"stdout":"","stderr":"","backgroundTaskId":"b1"})", Moment::ran,
            -1}}) {
    Event event =
        read(one.client, R"({"hook_event_name":"PostToolUse","tool_name":")" + std::string(one.tool) +
                             R"(","tool_input":{"command":"make"},"tool_response":)" + one.response + "}");
    EXPECT_EQ(event.moment, one.moment) << one.response;
    EXPECT_EQ(event.exit_code.value_or(-1), one.exit_code) << one.response;
    EXPECT_EQ(event.command, "make");
    if (one.moment == Moment::failed) {
      EXPECT_THAT(base::split(event.output, '\n'), testing::Contains(testing::HasSubstr("a.c:1: error: x")))
          << one.response;
      EXPECT_THAT(event.output, testing::Not(testing::HasSubstr("\\\""))) << "the text, not its JSON";
    }
  }
}

TEST(EventOf, ACommandInEveryShapeItIsTypedIn) {
  for (const char* input :
       {R"({"command":"make -j3"})", R"({"command":["bash","-lc","make -j3"]})",
        R"({"command":["make","-j3"],"workdir":"/p"})", R"({"cmd":"make -j3","description":"build"})"}) {
    Event event =
        read(Client::codex, R"({"hook_event_name":"PostToolUse","tool_name":"shell","tool_input":)" +
                                std::string(input) + R"(,"tool_response":{"exit_code":0}})");
    EXPECT_EQ(event.command, "make -j3") << input;
  }
}

TEST(EventOf, AFailureOfAnyOtherToolIsNoBuild) {
  EXPECT_EQ(read(Client::claude, R"({"hook_event_name":"PostToolUseFailure","tool_name":"Edit",
    "tool_input":{"file_path":"/p/a.c","old_string":"x","new_string":"y"},"error":"no match"})")
                .moment,
            Moment::other);
}

TEST(EventOf, CompactionsAreToldApart) {
  EXPECT_EQ(read(Client::codex, R"({"hook_event_name":"PostCompact","trigger":"auto"})").moment,
            Moment::compacted);
  EXPECT_EQ(read(Client::claude, R"({"hook_event_name":"PreCompact","trigger":"manual"})").moment,
            Moment::before_compaction);
  // Gemini CLI tells PreCompress(auto) at every turn of the model, whether it compresses or not.
  EXPECT_EQ(read(Client::gemini, R"({"hook_event_name":"PreCompress","trigger":"auto"})").moment,
            Moment::before_compaction);
  EXPECT_EQ(read(Client::gemini, R"({"hook_event_name":"PreCompress","trigger":"manual"})").moment,
            Moment::compacted);
  EXPECT_TRUE(
      read(Client::claude, R"({"hook_event_name":"SessionStart","source":"compact"})").after_compaction);
}

TEST(EventOf, GeminiPromptWithoutWhatHooksPutBeforeIt) {
  Event event = read(Client::gemini, R"({"hook_event_name":"BeforeAgent","timestamp":"t","prompt":
    "<hook_context>old</hook_context>\nfix it"})");
  EXPECT_EQ(event.moment, Moment::prompt);
  EXPECT_EQ(event.prompt, "fix it");
}

TEST(EventOf, GeminiReplaceAndTheTurnsEnd) {
  Event edit = read(Client::gemini, R"({"hook_event_name":"AfterTool","tool_name":"replace","tool_input":
    {"file_path":"/p/a.c","old_string":"x","new_string":"y"},"tool_response":{"llmContent":"ok"}})");
  EXPECT_THAT(edit.edits, SizeIs(1));
  Event end =
      read(Client::gemini, R"({"hook_event_name":"AfterAgent","prompt":"p","prompt_response":"done"})");
  EXPECT_EQ(end.moment, Moment::turn_end);
  EXPECT_EQ(end.answer, "done");
}

TEST(EventOf, CursorFileEditAndPrompt) {
  Event edit = read(Client::cursor,
                    R"({"hook_event_name":"afterFileEdit","conversation_id":"c","workspace_roots":["/p"],
    "file_path":"/p/a.c","edits":[{"old_string":"x","new_string":"y"}]})");
  EXPECT_EQ(edit.moment, Moment::edited);
  EXPECT_THAT(edit.edits, SizeIs(1));
  EXPECT_EQ(edit.folder, "/p");
  EXPECT_EQ(read(Client::cursor, R"({"hook_event_name":"beforeSubmitPrompt","prompt":"hi"})").moment,
            Moment::prompt);
}

// Inputs as Cursor's documentation shows them.
TEST(EventOf, CursorsOwnEvents) {
  const std::string common =
      R"("conversation_id":"c1","generation_id":"g","model":"m","cursor_version":"3.20",
    "workspace_roots":["/p"],"user_email":null,"transcript_path":null)";
  struct Case {
    const char* event;
    std::string rest;
    Moment moment;
  };
  for (
      const auto& [event, rest, moment] : std::vector<Case>{
          {"sessionStart", R"("session_id":"c1","is_background_agent":false,"composer_mode":"agent")",
           Moment::session_start},
          {"beforeSubmitPrompt", R"("prompt":"why","attachments":[{"type":"file","file_path":"/p/a.c"}])",
           Moment::prompt},
          {"postToolUse",
           R"("tool_name":"Write","tool_input":{"file_path":"/p/a.c","content":"x"},"tool_output":"{}",
               "tool_use_id":"t","cwd":"/p","duration":5)",
           Moment::edited},
          {"postToolUse",
           R"("tool_name":"Shell","tool_input":{"command":"make"},"tool_output":"{\"exitCode\":0,\"stdout\":\"ok\"}")",
           Moment::ran},
          {"postToolUseFailure",
           R"("tool_name":"Shell","tool_input":{"command":"make"},"error_message":"a.c:1: error: x",
               "failure_type":"error","is_interrupt":false)",
           Moment::failed},
          {"preCompact", R"("trigger":"auto","context_usage_percent":85)", Moment::compacted},
          {"afterAgentResponse", R"("text":"Done.")", Moment::turn_end},
          {"stop", R"("status":"completed","loop_count":0)", Moment::turn_end},
          {"sessionEnd", R"("reason":"completed","duration_ms":4261,"final_status":"completed")",
           Moment::session_end},
          {"afterAgentThought", R"("text":"hm","duration_ms":1)", Moment::other},
          {"beforeReadFile", R"("file_path":"/p/a.c","content":"x")", Moment::other}}) {
    Event read_one = read(Client::cursor,
                          "{\"hook_event_name\":\"" + std::string(event) + "\"," + common + "," + rest + "}");
    EXPECT_EQ(read_one.moment, moment) << event;
    EXPECT_EQ(read_one.session, "c1") << event;
    EXPECT_EQ(read_one.folder, "/p") << event;
    EXPECT_EQ(read_one.answer, std::string_view(event) == "afterAgentResponse" ? "Done." : "") << event;
    EXPECT_EQ(read_one.output, moment == Moment::failed ? "a.c:1: error: x"
                               : moment == Moment::ran  ? "ok\n"
                                                        : "");
  }
}

TEST(EventOf, TheNameMayBeTold) {
  EXPECT_EQ(read(Client::claude, R"({"prompt":"x"})", "UserPromptSubmit").moment, Moment::prompt);
}

TEST(EventOf, AnythingElseIsOther) {
  for (const char* text :
       {"{}", R"({"hook_event_name":7})", R"({"hook_event_name":"PostToolUse","tool_input":[]})",
        R"({"hook_event_name":"PostToolUse","tool_name":"Edit","tool_input":{"file_path":{}}})",
        R"({"hook_event_name":"PreToolUse"})"})
    EXPECT_EQ(read(Client::claude, text).moment, Moment::other) << text;
  EXPECT_FALSE(read_event(Client::claude, "", Json::parse("[1]")).has_value());
}

TEST(Guess, TellsTheClientFromItsVariables) {
  auto with = [](std::string_view set) {
    return [set](const char* name) { return name == set ? std::string("1") : std::string(); };
  };
  Json plain = Json::object(), turn = {{"turn_id", "t"}};
  Json rollout = {
      {"transcript_path", "/home/ada/.codex/sessions/2026/11/30/rollout-2026-11-30T10-00-00-x.jsonl"}};
  EXPECT_EQ(guess_client(plain, with("")), Client::claude);
  EXPECT_EQ(guess_client(plain, with("CURSOR_VERSION")), Client::cursor);
  EXPECT_EQ(guess_client(turn, with("")), Client::codex);
  EXPECT_EQ(guess_client(rollout, with("")), Client::codex);
  EXPECT_EQ(guess_client(plain, with("PLUGIN_ROOT")), Client::codex);
  // Set by others too, or inherited: they prove nothing.
  EXPECT_EQ(guess_client(turn, with("CLAUDE_PROJECT_DIR")), Client::codex);
  EXPECT_EQ(guess_client(plain, with("GEMINI_SESSION_ID")), Client::gemini);
}

TEST(Patch, HunksMovesAndAddedFiles) {
  auto edits = read_patch(
      "*** Begin Patch\n*** Update File: a.c\n*** Move to: b.c\n@@ f\n keep\n-old\n+new\n@@\n-x\n*** Add "
      "File: n.c\n+int "
      "n;\n*** Delete File: d.c\n*** End Patch\n");
  ASSERT_THAT(edits, SizeIs(2));
  EXPECT_EQ(edits[0].path, "b.c");
  ASSERT_THAT(edits[0].replacements, SizeIs(2));
  EXPECT_EQ(edits[0].replacements[0].before, "keep\nold\n");
  EXPECT_EQ(edits[0].replacements[0].after, "keep\nnew\n");
  EXPECT_EQ(edits[1].path, "n.c");
  EXPECT_THAT(edits[1].replacements, IsEmpty());
}

TEST(Patch, OfAnythingIsNothing) {
  EXPECT_THAT(read_patch(""), IsEmpty());
  EXPECT_THAT(read_patch("@@\n-x\n+y\n*** Move to: z"), IsEmpty());
}

}  // namespace
}  // namespace mira::hooks

// Lines as the agents write them, into turns; what is no turn is counted or passed by.
#include "faces/clients/transcript.h"

#include <gmock/gmock.h>

namespace mira::clients {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::vector<std::string> words(const TranscriptReading& reading) {
  std::vector<std::string> out;
  for (const Turn& turn : reading.turns) out.push_back(turn.role + ": " + turn.text);
  return out;
}

TEST(ClaudeTranscript, TurnsOfBothWithoutToolsAndSideChains) {
  TranscriptFile file{.session = "file-name"};
  auto reading = read_claude_lines(
      R"({"type":"summary","summary":"x","leafUuid":"u"}
{"type":"user","sessionId":"S","cwd":"/p","timestamp":"2026-01-02T03:04:05Z","message":{"role":"user","content":"which database?"}}
{"type":"assistant","sessionId":"S","cwd":"/p","message":{"id":"m1","model":"opus","content":[{"type":"thinking","thinking":"hm"},{"type":"text","text":"PostgreSQL."}]}}
{"type":"assistant","sessionId":"S","cwd":"/p","message":{"id":"m1","model":"opus","content":[{"type":"tool_use","name":"Read","input":{}}]}}
{"type":"user","sessionId":"S","cwd":"/p","message":{"role":"user","content":[{"type":"tool_result","content":"file text"}]}}
{"type":"user","isSidechain":true,"sessionId":"S","message":{"role":"user","content":"side"}}
{"type":"user","isMeta":true,"sessionId":"S","message":{"role":"user","content":"meta"}}
{"type":"attachment","attachment":{"type":"hook_additional_context","content":"What Mira knows"}}
)",
      file);
  EXPECT_THAT(words(reading), ElementsAre("user: which database?", "assistant: PostgreSQL."));
  EXPECT_EQ(reading.turns[0].session, "S");
  EXPECT_EQ(reading.turns[0].folder, "/p");
  EXPECT_EQ(reading.turns[0].time, "2026-01-02T03:04:05Z");
  EXPECT_EQ(reading.turns[1].model, "opus");
  EXPECT_EQ(reading.unknown_lines, 0);
}

TEST(ClaudeTranscript, OnlyTheUsersOwnWords) {
  TranscriptFile file{.session = "S"};
  auto reading = read_claude_lines(
      "{\"type\":\"user\",\"message\":{\"content\":\"<system-reminder>be brief</system-reminder>\\nfix "
      "it\"}}\n"
      "{\"type\":\"user\",\"message\":{\"content\":\"<command-name>/clear</command-name>\"}}\n",
      file);
  EXPECT_THAT(words(reading), ElementsAre("user: fix it"));
}

TEST(CodexTranscript, WordsAreInTheEventsAndContextIsNot) {
  TranscriptFile file{.session = "rollout"};
  auto reading = read_codex_lines(
      R"({"timestamp":"t0","type":"session_meta","payload":{"id":"C","cwd":"/p"}}
{"timestamp":"t1","type":"response_item","payload":{"type":"message","role":"user","content":[{"type":"input_text","text":"<environment_context>..</environment_context>"}]}}
{"timestamp":"t2","type":"event_msg","payload":{"type":"item_completed","item":{"type":"UserMessage","content":[{"type":"text","text":"rename it"}]}}}
{"timestamp":"t3","type":"event_msg","payload":{"type":"item_completed","item":{"type":"AgentMessage","content":[{"type":"Text","text":"Renamed."}]}}}
{"timestamp":"t4","type":"event_msg","payload":{"type":"token_count","info":{}}}
{"timestamp":"t5","type":"event_msg","payload":{"type":"user_message","message":"thanks"}}
)",
      file);
  EXPECT_THAT(words(reading), ElementsAre("user: rename it", "assistant: Renamed.", "user: thanks"));
  EXPECT_EQ(reading.turns[0].session, "C");
  EXPECT_EQ(reading.turns[0].folder, "/p");
}

TEST(GeminiTranscript, ALaterLineReplacesTheEarlierOfItsId) {
  TranscriptFile file{.folder = "/p"};
  auto reading = read_gemini_lines(
      R"({"sessionId":"G","projectHash":"h","startTime":"t"}
{"id":"1","timestamp":"t1","type":"user","content":"<session_context>cwd</session_context>"}
{"id":"2","timestamp":"t2","type":"user","content":[{"text":"explain"}]}
{"id":"3","timestamp":"t3","type":"gemini","content":"It","model":"pro"}
{"id":"3","timestamp":"t3","type":"gemini","content":"It is a cache.","model":"pro"}
{"$set":{"lastUpdated":"t4"}}
{"id":"4","type":"info","content":"x"}
)",
      file);
  EXPECT_THAT(words(reading), ElementsAre("user: explain", "assistant: It is a cache."));
}

// Lines as Cursor writes them (3.x): no id and no time of their own, the prompt behind what was attached.
TEST(CursorTranscript, TheUsersWordsAreWhatStandsInTheQuery) {
  TranscriptFile file{.session = "c", .folder = "/p"};
  auto reading = read_cursor_lines(
      R"({"role":"user","message":{"content":[{"type":"text","text":"<timestamp>Friday, May 8, 2026, 6:05 AM (UTC+5:30)</timestamp>\n<user_query>\nadd a health check\n</user_query>"}]}}
{"role":"assistant","message":{"content":[{"type":"text","text":"Adding it."},{"type":"tool_use","name":"Shell","input":{"command":"make"}}]}}
{"type":"turn_ended","status":"success"}
{"role":"user","message":{"content":[{"type":"text","text":"<manually_attached_skills>\nskills\n</manually_attached_skills>\n<timestamp>Sunday, Sep 20, 2026, 12:31 AM (UTC-4)</timestamp>\n<user_query>\nnow the router\n</user_query>"}]}}
{"role":"user","message":{"content":[{"type":"text","text":"[Image]\n<image_files>\nx.png\n</image_files>\n<user_query>what is on it</user_query>"}]}}
{"role":"user","message":{"content":[{"type":"text","text":"<timestamp>Monday, May 4, 2026, 12:47 PM (UTC)</timestamp>\n\n<user_query>The above subagent result is already visible to the user. DO NOT reiterate.</user_query>"}]}}
{"role":"user","message":{"content":[{"type":"text","text":"<timestamp>Wed Jul 1 2026 3:45 PM</timestamp>plain words"}]}}
)",
      file);
  EXPECT_THAT(words(reading),
              ElementsAre("user: add a health check", "assistant: Adding it.", "user: now the router",
                          "user: what is on it", "user: plain words"));
  std::vector<std::string> times;
  for (const Turn& turn : reading.turns) times.push_back(turn.time);
  EXPECT_THAT(times, ElementsAre("2026-05-08T00:35:00Z", "2026-05-08T00:35:00Z", "2026-09-20T04:31:00Z",
                                 "2026-09-20T04:31:00Z", ""));
  EXPECT_EQ(reading.unknown_lines, 0);
}

TEST(CursorTranscript, ATimeThatIsNoneIsLeftOut) {
  for (const char* told :
       {"", "Friday", "Friday, Moy 8, 2026, 6:05 AM (UTC)", "Friday, Feb 30, 2026, 6:05 AM (UTC)",
        "Friday, May 8, 2026, 26:05 AM (UTC)", "Friday, May 8, 2026, 6:99 AM (UTC)",
        "Friday, May 99999999999, 2026, 6:05 AM", "%s%n%d, %n 1, 2, 3:4 AM"}) {
    TranscriptFile file{.session = "c"};
    auto reading = read_cursor_lines(
        "{\"role\":\"user\",\"content\":\"<timestamp>" + std::string(told) + "</timestamp>hi\"}\n", file);
    EXPECT_THAT(words(reading), ElementsAre("user: hi"));
    EXPECT_EQ(reading.turns.at(0).time, "") << told;
  }
}

TEST(CursorTranscript, RolesAndTexts) {
  TranscriptFile file{.session = "c"};
  auto reading = read_cursor_lines(
      "{\"role\":\"user\",\"message\":{\"content\":[{\"type\":\"text\",\"text\":\"hi\"}]}}\n{\"role\":"
      "\"tool\"}\n{\"x\":1}\n",
      file);
  EXPECT_THAT(words(reading), ElementsAre("user: hi"));
  EXPECT_EQ(reading.unknown_lines, 1);
}

TEST(EveryTranscript, SurvivesAnyLineAndMasksSecrets) {
  std::string lines = "not json\n[]\n{}\n{\"type\":7}\n\xff\xfe\n{\"type\":\"user\",\"message\":3}\n" +
                      std::string(100'000, '[') + "\n";
  for (auto* read : {read_claude_lines, read_codex_lines, read_gemini_lines, read_cursor_lines}) {
    TranscriptFile file{.session = "s"};
    auto reading = read(lines, file);
    EXPECT_THAT(reading.turns, IsEmpty());
    EXPECT_GE(reading.unknown_lines, 5);
  }
  TranscriptFile file{.session = "s"};
  auto secret = read_cursor_lines("{\"role\":\"user\",\"content\":\"key AKIAIOSFODNN7EXAMPLQ\"}\n", file);
  EXPECT_THAT(secret.turns.at(0).text, Not(HasSubstr("AKIAIOSFODNN7EXAMPLQ")));
}

}  // namespace
}  // namespace mira::clients

// What was said, from a message to an answer, through the program itself.
#include <gmock/gmock.h>

#include "tests/support/fake_repo.h"
#include "tests/support/run_mira.h"

namespace mira {
namespace {

using nlohmann::json;
using support::FakeRepo;
using support::Mira;
using testing::HasSubstr;

class Memory : public testing::Test {
 protected:
  Memory() : mira(repo.root().parent_path()) {
    repo.write("a.py", "def login():\n    return 1\n");
    repo.commit("Start");
    mira.in(repo.root());
  }
  FakeRepo repo;
  Mira mira;
};

TEST_F(Memory, ImportFromAPipeAndRecallInBatch) {
  std::string lines =
      "{\"scope\":\"conv-1\",\"session\":\"S1\",\"id\":\"D1:1\",\"role\":\"user\",\"speaker\":\"Ada\","
      "\"time\":"
      "\"2023-05-08T13:56:00Z\",\"text\":\"I adopted a dog called Byte\"}\n"
      "{\"scope\":\"conv-1\",\"session\":\"S1\",\"id\":\"D1:2\",\"role\":\"assistant\",\"speaker\":\"Bob\","
      "\"time\":\"\","
      "\"text\":\"Congratulations!\"}\n";
  auto imported = mira.run({"import", "--format", "messages", "--json"}, lines);
  ASSERT_EQ(imported.exit_code, 0) << imported.err;
  EXPECT_EQ(imported.data()["added"], 2);
  auto asked =
      mira.run({"recall", "--batch"},
               "{\"id\":\"q1\",\"query\":\"What is Ada's dog called?\",\"limit\":5,\"scope\":\"conv-1\"}\n");
  ASSERT_EQ(asked.exit_code, 0) << asked.err;
  json answer = json::parse(asked.out);
  EXPECT_EQ(answer["id"], "q1");
  EXPECT_EQ(answer["results"][0]["message"], "D1:1");
  EXPECT_TRUE(answer["confidence"].is_number());
}

TEST_F(Memory, WhatIsRememberedIsEvidence) {
  ASSERT_EQ(mira.run({"remember", "the login must never log a password"}).exit_code, 0);
  auto ran = mira.run({"context", "change how the login logs", "--json"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.data()["pieces"].dump(), HasSubstr("never log a password"));
}

}  // namespace
}  // namespace mira

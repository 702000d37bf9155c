#include "faces/cli/batch.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <thread>

#include "platform/base/limits.h"
#include "platform/base/text.h"

namespace mira::cli {
namespace {

using contracts::Action;
using contracts::Json;
using contracts::Reply;

// Doubles a number; refuses 13.
class Doubling : public contracts::Host::Batch {
 public:
  base::Result<Reply> call(const Json& arguments, base::Deadline) override {
    std::int64_t n = arguments.value("n", std::int64_t{0});
    if (n == 13) return base::fail(base::ErrorCode::failed, "not that one");
    Reply reply;
    reply.data = {{"twice", n * 2}};
    if (n > 100) reply.notes = {"that is a lot"};
    return reply;
  }
};

Action doubling() {
  return {.name = "double",
          .group = "test",
          .summary = "Doubles",
          .description = {},
          .params = {{.name = "n",
                      .kind = contracts::ParamKind::integer,
                      .help = "what",
                      .required = true,
                      .minimum = 0,
                      .maximum = 1000}},
          .batch = true};
}

struct Pipe {
  int ends[2];
  Pipe() { EXPECT_EQ(::pipe(ends), 0); }
  ~Pipe() {
    close_end(0);
    close_end(1);
  }
  void close_end(int end) {
    if (ends[end] >= 0) ::close(ends[end]);
    ends[end] = -1;
  }
};

std::string read_to_end(int descriptor) {
  std::string out;
  char chunk[4096];
  for (ssize_t got; (got = ::read(descriptor, chunk, sizeof chunk)) > 0;)
    out.append(chunk, static_cast<std::size_t>(got));
  return out;
}

// The answers to `requests`, given as a program would: through pipes.
std::vector<Json> answers_to(const std::string& requests) {
  Pipe in, out;
  std::jthread asker([&] {
    std::string_view rest = requests;
    while (!rest.empty()) {
      ssize_t wrote = ::write(in.ends[1], rest.data(), rest.size());
      if (wrote <= 0) break;
      rest.remove_prefix(static_cast<std::size_t>(wrote));
    }
    in.close_end(1);
  });
  std::jthread answerer([&] {
    Doubling batch;
    EXPECT_EQ(run_batch(batch, doubling(), in.ends[0], out.ends[1], base::Deadline::never()), 0);
    out.close_end(1);
  });
  std::vector<Json> answers;
  std::string text = read_to_end(out.ends[0]);
  for (std::string_view line : base::split(text, '\n')) {
    if (!line.empty()) answers.push_back(Json::parse(line, nullptr, false));
  }
  return answers;
}

TEST(Batch, AnswersInOrderUnderTheIdsOfTheRequests) {
  auto answers = answers_to("{\"id\":1,\"n\":2}\n{\"id\":\"b\",\"n\":5}\n");
  ASSERT_EQ(answers.size(), 2u);
  EXPECT_EQ(answers[0], (Json{{"id", 1}, {"twice", 4}}));
  EXPECT_EQ(answers[1], (Json{{"id", "b"}, {"twice", 10}}));
}

TEST(Batch, TheLastLineNeedsNoEnd) {
  EXPECT_EQ(answers_to("{\"id\":1,\"n\":2}").size(), 1u);
}

TEST(Batch, EmptyLinesAreNoRequests) {
  EXPECT_EQ(answers_to("\n  \r\n{\"id\":1,\"n\":2}\n\n").size(), 1u);
}

TEST(Batch, ARefusalIsAnAnswerAndTheRestGoesOn) {
  auto answers = answers_to(
      "{\"id\":1,\"n\":13}\nnonsense\n{\"id\":3,\"n\":1,\"m\":2}\n{\"id\":4}\n{\"id\":5,\"n\":1}\n");
  ASSERT_EQ(answers.size(), 5u);
  EXPECT_EQ(answers[0], (Json{{"id", 1}, {"error", "not that one"}}));
  EXPECT_EQ(answers[1]["error"], "the request is not a JSON object");
  EXPECT_TRUE(answers[2]["error"].is_string()) << "an argument that does not exist";
  EXPECT_TRUE(answers[3]["error"].is_string()) << "an argument that is missing";
  EXPECT_EQ(answers[4]["twice"], 2);
}

TEST(Batch, NotesComeWithTheirAnswer) {
  EXPECT_EQ(answers_to("{\"id\":1,\"n\":101}\n")[0]["notes"], Json({"that is a lot"}));
}

TEST(Batch, ALineOverTheLimitIsRefusedAndTheNextIsAnswered) {
  std::string long_line(static_cast<std::size_t>(limits::batch_line_bytes) + 10, 'x');
  auto answers = answers_to(long_line + "\n{\"id\":2,\"n\":1}\n");
  ASSERT_EQ(answers.size(), 2u);
  EXPECT_THAT(answers[0]["error"].get<std::string>(), testing::HasSubstr("bytes"));
  EXPECT_EQ(answers[1]["twice"], 2);
}

TEST(Batch, NestingOverTheLimitIsRefusedBeforeItIsParsed) {
  auto answers = answers_to("{\"id\":1,\"n\":" + std::string(100'000, '[') + "\n{\"id\":2,\"n\":1}\n");
  ASSERT_EQ(answers.size(), 2u);
  EXPECT_THAT(answers[0]["error"].get<std::string>(), testing::HasSubstr("nested"));
}

TEST(Batch, BracketsInsideTextAreNoNesting) {
  auto answers = answers_to("{\"id\":\"" + std::string(200, '[') + "\\\"[\",\"n\":3}\n");
  ASSERT_EQ(answers.size(), 1u);
  EXPECT_EQ(answers[0]["twice"], 6);
}

TEST(Batch, EachAnswerIsWrittenBeforeTheNextRequestIsRead) {
  Pipe in, out;
  std::jthread answerer([&] {
    Doubling batch;
    run_batch(batch, doubling(), in.ends[0], out.ends[1], base::Deadline::never());
    out.close_end(1);
  });
  for (int n = 1; n < 4; ++n) {
    std::string request = "{\"id\":" + std::to_string(n) + ",\"n\":" + std::to_string(n) + "}\n";
    ASSERT_EQ(::write(in.ends[1], request.data(), request.size()), static_cast<ssize_t>(request.size()));
    std::string answer;
    for (char c = 0; c != '\n';) {  // would wait for ever if answers were kept back
      ASSERT_EQ(::read(out.ends[0], &c, 1), 1);
      answer += c;
    }
    EXPECT_EQ(Json::parse(answer)["twice"], 2 * n);
  }
  in.close_end(1);
}

TEST(Batch, ACancelledBatchEnds) {
  Pipe in, out;
  std::string request = "{\"id\":1,\"n\":1}\n";
  ASSERT_GT(::write(in.ends[1], request.data(), request.size()), 0);
  std::atomic<bool> cancel = true;
  Doubling batch;
  EXPECT_EQ(
      run_batch(batch, doubling(), in.ends[0], out.ends[1], base::Deadline::never().with_cancel(&cancel)),
      base::exit_code(base::ErrorCode::interrupted));
}

}  // namespace
}  // namespace mira::cli

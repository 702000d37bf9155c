#include "app/analyst.h"

#include "platform/budget/metered_client.h"

namespace mira::app {
namespace {

using base::Result;
using contracts::Judgement;

class MeteredAnalyst : public contracts::Analyst {
 public:
  MeteredAnalyst(budget::Connected connected, contracts::Session& session, contracts::Judging judging)
      : client_(std::move(connected), {.writer = session.main_writer,
                                       .main = session.main,
                                       .clock = session.clock,
                                       .breaker = breaker_,
                                       .project_id = session.project.id}),
        judging_(std::move(judging)) {}

  Result<Judgement> judge(const std::string& text, base::Deadline deadline) override {
    models::Request request{.model = "fast",
                            .instructions = judging_.instructions,
                            .messages = {{.role = models::Message::Role::user, .text = text}},
                            .max_output_tokens = judging_.most_tokens,
                            .output = models::OutputSchema{"answer", judging_.form},
                            .purpose = models::Purpose::analysis,
                            .prompt_version = judging_.version,
                            .cacheable = models::Cacheable::always};
    auto asked = client_.ask(request, {}, deadline);
    // Longer than the model takes: the next text may not be.
    if (!asked && asked.error().code == base::ErrorCode::usage)
      return base::fail(base::ErrorCode::unavailable, asked.error().message, asked.error().hint);
    models::Answer answer = MIRA_TRY(std::move(asked));
    if (answer.finish != models::Finish::complete)
      return base::fail(base::ErrorCode::unavailable, answer.model + " gave no answer to this text");
    bool kept = answer.bill.from_cache;
    return Judgement{.answer = std::move(answer.structured),
                     .model = answer.model,
                     .tokens = answer.usage.input() + answer.usage.output,
                     .cost_nano = kept ? std::optional(answer.bill.avoided_nano) : answer.bill.cost_nano,
                     .was_kept = kept};
  }

 private:
  models::Breaker breaker_;
  budget::MeteredClient client_;
  contracts::Judging judging_;
};

}  // namespace

contracts::OpenAnalyst open_analyst() {
  return [](contracts::Session& session,
            contracts::Judging judging) -> Result<std::unique_ptr<contracts::Analyst>> {
    auto connected = MIRA_TRY(budget::find_models(session.main));
    return std::make_unique<MeteredAnalyst>(std::move(connected), session, std::move(judging));
  };
}

}  // namespace mira::app

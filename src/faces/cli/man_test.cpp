#include "faces/cli/man.h"

#include <gmock/gmock.h>

#include "faces/cli/statusline.h"

namespace mira::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

contracts::Registry one_action() {
  contracts::Registry registry;
  registry.add({.name = "callers",
                .group = "code",
                .summary = "Who calls a symbol",
                .description = "Takes `a\\b`. Says more.",
                .params = {{.name = "symbol", .help = "its name", .required = true, .positional = true}},
                .examples = {{"mira callers 'f'", "of f"}}});
  registry.add({.name = "version", .group = "program", .summary = "Show the version"});
  return registry;
}

TEST(Manual, HasASectionForEveryCommandAndEscapesText) {
  std::string page = manual_page(one_action());
  EXPECT_THAT(page, HasSubstr(".Ss callers\nWho calls a symbol.\n"));
  EXPECT_THAT(page, HasSubstr("Takes \\(gaa\\eb\\(ga.\nSays more."));
  EXPECT_THAT(page, HasSubstr(".It SYMBOL\nits name.\n"));
  EXPECT_THAT(page, HasSubstr(".Ss version"));
}

TEST(AgentPage, NamesWhatAnswersAndNotWhatIsForPeople) {
  std::string page = agent_page(one_action());
  EXPECT_THAT(page, HasSubstr("mira callers SYMBOL\n    Who calls a symbol\n"));
  EXPECT_THAT(page, Not(HasSubstr("mira version")));
}

TEST(AgentPage, BeginsWithWhatIsAskedMost) {
  contracts::Registry registry;
  registry.add({.name = "budget", .group = "money", .summary = "What is spent"});
  registry.add({.name = "callers", .group = "code", .summary = "Who calls a symbol"});
  registry.add({.name = "context", .group = "context", .summary = "The evidence"});
  std::string page = agent_page(registry);
  EXPECT_LT(page.find("mira context"), page.find("mira callers"));
  EXPECT_LT(page.find("mira callers"), page.find("mira budget"));
}

TEST(StatusLine, HasWhatItWasTold) {
  EXPECT_EQ(status_line(R"({"model":{"display_name":"Opus"},"workspace":{"current_dir":"/home/ada/shop"},
    "cost":{"total_cost_usd":0.523},"context_window":{"used_percentage":41.2}})"),
            "mira | Opus | shop | context 41 % | $0.52");
}

TEST(StatusLine, OfAnythingIsOneSafeLine) {
  for (const char* input : {"", "{", "[]", "{\"model\":3}", "{\"model\":{\"display_name\":7},\"cost\":[]}"})
    EXPECT_EQ(status_line(input), "mira");
  EXPECT_EQ(status_line("{\"model\":{\"display_name\":\"a\\u001b[31m\\nb\"}}"), "mira | a\\x1b[31m\\nb");
}

}  // namespace
}  // namespace mira::cli

// When models end: what the catalogue and the hosts say of it, at a time that a test sets.
#include "platform/budget/ends.h"

#include <gmock/gmock.h>

#include <cstdlib>

#include "platform/budget/world_for_tests.h"

namespace mira::budget {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* host = "models.example";

class Ends : public testing::Test {
 protected:
  Ends() {
    ::setenv("MIRA_HOME", world.folder.path().c_str(), 1);
    std::filesystem::create_directories(models_file().parent_path());
    write({{"aliases",
            {{{"name", "fast"}, {"model", "small"}},
             {{"name", "default"},
              {"model", "big"},
              {"successors", {{{"model", "unpriced"}}, {{"model", "next"}}}}},
             {{"name", "deep"}, {"model", "big"}}}},
           {"models", {row("small", "2027-06-01"), row("big", "2027-04-01"), row("next", "2028-01-01")}},
           {"prices", {price("next"), price("small")}}});
  }
  ~Ends() override { ::unsetenv("MIRA_HOME"); }
  static json row(const char* id, const char* until) {
    return {{"id", id}, {"host", host}, {"until", until}, {"efforts", {"low"}}};
  }
  static json price(const char* model) {
    return {{"model", model}, {"host", host}, {"input", "1"}, {"output", "2"}};
  }
  void write(const json& rows) { std::ofstream(models_file()) << rows.dump(); }
  void tell(std::vector<models::Provider::Listed> listed, const char* who = host) {
    ASSERT_TRUE(keep_ends(*world.main, who, listed, world.clock.now_ms()));
  }
  models::Catalog catalog() {
    auto out = known_catalog(*world.main);
    if (!out) throw std::runtime_error(out.error().message);
    return *out;
  }
  std::vector<Ending> at(const char* date, std::int64_t more_ms = 0) {
    world.clock.set_ms(*models::day_ms(date) + more_ms);
    return endings(catalog(), host, world.clock.now_ms());
  }
  std::string until(const char* model, const char* who = host) {
    models::Catalog all = catalog();
    const models::ModelRow* found = all.model(who, model);
    return found == nullptr ? "no row" : found->until;
  }
  MoneyWorld world;
};

TEST_F(Ends, AreToldFromSixtyDaysBefore) {
  struct Row {
    const char* date;
    std::int64_t more_ms;
    std::size_t endings;
    std::int64_t days;
  };
  for (const Row& row : {Row{"2026-11-30", 0, 0, 0},
                         {"2027-01-30", -1, 0, 0},
                         {"2027-01-31", 0, 1, 60},
                         {"2027-03-30", 1, 1, 2},
                         {"2027-03-31", 86'399'999, 1, 1},
                         {"2027-04-01", 0, 1, 0},
                         {"2027-04-20", 0, 2, 0}}) {
    auto found = at(row.date, row.more_ms);
    ASSERT_THAT(found, SizeIs(row.endings)) << row.date;
    if (found.empty()) continue;
    const Ending& big = found.back();
    EXPECT_EQ(big.model, "big") << row.date;
    EXPECT_EQ(big.until, "2027-04-01");
    EXPECT_EQ(big.days, row.days) << row.date;
    EXPECT_THAT(big.aliases, ElementsAre("default", "deep"));
    EXPECT_EQ(big.successor, "next") << "the first one with a price";
  }
}

TEST_F(Ends, ASuccessorThatEndsItselfByThenIsNone) {
  EXPECT_EQ(at("2028-02-01").back().successor, "");
  EXPECT_EQ(at("2027-12-31").back().successor, "next");
  EXPECT_THAT(endings(catalog(), "another.example", world.clock.now_ms()), IsEmpty());
}

TEST_F(Ends, TheHostsOwnWordIsKeptUntilItSaysOtherwise) {
  write({{"aliases", {{{"name", "default"}, {"model", "big"}}}}, {"models", {row("big", "")}}});
  EXPECT_THAT(at("2027-03-01"), IsEmpty());
  tell({{"big", "2027-03-20"}, {"quiet", ""}, {"odd", "soon"}, {"other", "2027-05-01"}});
  ASSERT_THAT(at("2027-03-01"), SizeIs(1));
  EXPECT_EQ(at("2027-03-01")[0].days, 19);
  EXPECT_EQ(until("other"), "2027-05-01");
  EXPECT_EQ(until("quiet"), "no row");
  EXPECT_EQ(until("odd"), "no row");
  EXPECT_EQ(until("big", "another.example"), "no row");
  tell({{"big", ""}}, "another.example");
  EXPECT_EQ(until("big"), "2027-03-20") << "what another host says is of its own models";
  tell({{"big", ""}});
  EXPECT_THAT(at("2027-03-01"), IsEmpty());
  EXPECT_EQ(world.number("SELECT count(*) FROM model_ends"), 0);
}

TEST_F(Ends, TheUsersDateStaysAndTheProgramsGivesWay) {
  tell({{"big", "2026-12-24"}});
  EXPECT_EQ(until("big"), "2027-04-01");
  tell({{"gpt-5.1", "2027-02-01"}}, "api.openai.com");
  EXPECT_EQ(until("gpt-5.1", "api.openai.com"), "2027-02-01");
}

TEST_F(Ends, OfAFileThatIsWrongAreAnError) {
  std::ofstream(models_file()) << "[]";
  auto failed = known_catalog(*world.main);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, base::ErrorCode::usage);
}

// The alias moves by what the host said, and a model of which only its end is known is asked without an
// effort.
TEST_F(Ends, AnAliasMovesOnByWhatTheHostSaid) {
  support::ModelServer server(support::always("by another"));
  json rows = server.configuration();
  rows["endpoint"] = {{"base", server.base()}, {"local", true}};
  rows["aliases"] = {{{"name", "default"}, {"model", "big"}, {"successors", {{{"model", "later"}}}}}};
  write(rows);
  world.clock.set_ms(*models::day_ms("2027-03-01"));
  tell({{"big", "2027-02-28"}, {"later", "2029-01-01"}}, server.host().c_str());
  auto connected = find_models(*world.main);
  ASSERT_TRUE(connected) << connected.error().message;
  models::Breaker breaker;
  MeteredClient client(std::move(*connected), {.writer = *world.writer,
                                               .main = *world.main,
                                               .clock = world.clock,
                                               .breaker = breaker,
                                               .project_id = "p"});
  auto answer = client.ask(question(), {}, base::Deadline::after_ms(60'000));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->model, "later");
  EXPECT_THAT(answer->notes, ElementsAre("big has ended; later answers in its place"));
  EXPECT_FALSE(server.seen()[0].json().contains("reasoning"));
}

}  // namespace
}  // namespace mira::budget

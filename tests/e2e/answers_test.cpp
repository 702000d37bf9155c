// From a real repository to answers: the verbs as a user types them.
#include <gmock/gmock.h>

#include <set>

#include "tests/support/fake_repo.h"
#include "tests/support/run_mira.h"

namespace mira {
namespace {

using nlohmann::json;
using support::FakeRepo;
using support::Mira;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsSupersetOf;

// A shop: a cart that totals through money.py, changed together with its tax table.
void make_shop(FakeRepo& repo) {
  repo.write("AGENTS.md", "# House rules\n\n## Money\n\nMoney is integer cents, never float.\n");
  repo.write("shop/money.py",
             "def add_tax(cents, rate):\n    \"\"\"Adds tax to an amount of money.\"\"\"\n    return cents + "
             "cents * rate // 100\n");
  repo.write("shop/cart.py",
             "from shop.money import add_tax\n\n\nclass Cart:\n    def total(self, rate):\n        return "
             "add_tax(self.sum(), rate)\n\n"
             "    def sum(self):\n        return 0\n");
  repo.write("shop/rates.py", "RATES = {'de': 19}\n");
  repo.write("shop/__init__.py", "");
  repo.commit({.message = "Start the shop", .author = "Ada <ada@example.org>"});
  repo.commit({.message = "Round negative amounts half up",
               .files = {{"shop/rounding.py", "def half_up(amount):\n    return amount\n"}}});
  for (int rate : {16, 17, 18, 20}) {
    std::string n = std::to_string(rate);
    repo.commit(
        {.message = "Set the tax rate to " + n,
         .files = {{"shop/rates.py", "RATES = {'de': " + n + "}\n"},
                   {"shop/money.py",
                    "def add_tax(cents, rate):\n    \"\"\"Adds tax to an amount of money.\"\"\"\n    # " + n +
                        "\n    return cents + cents * rate // 100\n"}},
         .author = "Grace <grace@example.org>"});
  }
}

class Shop : public testing::Test {
 protected:
  Shop() : mira(repo.root().parent_path()) {
    make_shop(repo);
    mira.in(repo.root());
  }
  std::set<std::string> sources(const json& data) {
    std::set<std::string> out;
    for (const json& piece : data["pieces"]) {
      out.insert(piece["source"].get<std::string>());
      for (const json& also : piece["also"]) out.insert(also.get<std::string>());  // said the same
    }
    return out;
  }

  FakeRepo repo;
  Mira mira;
};

TEST_F(Shop, OwnersAreNotDeniedBeforeTheLinesWereRead) {
  support::Ran first = mira.run({"owners", "shop/money.py"});  // answered before the whole history is
  EXPECT_EQ(first.exit_code, 0) << first.err;
  EXPECT_THAT(first.out, testing::Not(HasSubstr("Nobody")));
  ASSERT_EQ(mira.run({"index"}).exit_code, 0);
  EXPECT_THAT(mira.run({"owners", "shop/money.py"}).out, HasSubstr("Grace"));
}

TEST_F(Shop, ContextSpeaksFromEverySourceWithoutAnyFlag) {
  repo.write("shop/rates.py", "RATES = {'de': 21}\n");  // uncommitted
  auto ran =
      mira.run({"context", "why is add_tax in shop/money.py rounding negative amounts wrong?", "--json"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(sources(ran.data()),
              IsSupersetOf({"code.definitions", "code.callers", "git.cochange", "git.commits", "git.people",
                            "git.changes", "projects.guidelines"}));
}

TEST_F(Shop, EveryPieceIsCitedAndTheSumKeepsTheBudget) {
  for (int budget : {200, 400, 1500}) {
    auto data =
        mira.run({"context", "add_tax rounding", "--budget", std::to_string(budget), "--json"}).data();
    EXPECT_LE(data["tokens"]["used"].get<int>(), budget);
    EXPECT_FALSE(data["pieces"].empty());
    for (const json& piece : data["pieces"]) {
      EXPECT_NE(piece["citation"].get<std::string>(), "") << piece;
      EXPECT_NE(piece["why"].get<std::string>(), "") << piece;
      EXPECT_GT(piece["tokens"].get<int>(), 0) << piece;
    }
  }
}

TEST_F(Shop, CallersCiteTheCall) {
  auto ran = mira.run({"callers", "add_tax"});
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_THAT(ran.out, HasSubstr("shop/cart.py:6"));
}

TEST_F(Shop, ImpactIsTransitive) {
  repo.write("shop/checkout.py",
             "from shop.cart import Cart\n\n\ndef pay():\n    cart = Cart()\n    return cart.total(19)\n");
  EXPECT_THAT(mira.run({"impact", "add_tax"}).out, HasSubstr("pay"));
}

TEST_F(Shop, AnUnknownNameIsAnErrorWithNeighbours) {
  auto ran = mira.run({"callers", "add_taxx", "--json"});
  EXPECT_EQ(ran.exit_code, 3);
  EXPECT_EQ(ran.json()["error"]["code"], "not_found");
  EXPECT_THAT(ran.json()["error"]["next"].dump(), HasSubstr("add_tax"));
}

TEST_F(Shop, CochangeCountsAndCites) {
  auto partners = mira.run({"cochange", "shop/money.py", "--json"}).data()["partners"];
  ASSERT_FALSE(partners.empty());
  EXPECT_EQ(partners[0]["path"], "shop/rates.py");
  EXPECT_EQ(partners[0]["joint"], 5);
  EXPECT_EQ(partners[0]["own"], 5);
  EXPECT_EQ(partners[0]["last_commit"], repo.head());
}

TEST_F(Shop, CochangeBatchAnswersInOrderAndGoesOnAfterARefusal) {
  std::string requests =
      "{\"id\":1,\"files\":[\"shop/money.py\"],\"limit\":3}\nnot "
      "json\n{\"id\":3,\"files\":[\"unknown.py\"]}\n";
  auto ran = mira.run({"cochange", "--batch"}, requests);
  EXPECT_EQ(ran.exit_code, 0);
  std::vector<json> lines;
  std::istringstream in(ran.out);
  for (std::string line; std::getline(in, line);) lines.push_back(json::parse(line));
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[0]["id"], 1);
  EXPECT_EQ(lines[0]["partners"][0]["path"], "shop/rates.py");
  EXPECT_TRUE(lines[1].contains("error"));
  EXPECT_EQ(lines[2]["id"], 3);
  EXPECT_FALSE(lines[2].contains("error"));
}

TEST_F(Shop, ExpertsNameThePeople) {
  auto experts = mira.run({"experts", "shop/money.py", "--json"}).data()["experts"];
  ASSERT_GE(experts.size(), 2U);
  EXPECT_EQ(experts[0]["email"], "grace@example.org");
  EXPECT_EQ(experts[0]["changes"], 4);
}

TEST_F(Shop, HistoryOfAFileAndOfWords) {
  EXPECT_THAT(mira.run({"history", "shop/rates.py"}).out, HasSubstr("Set the tax rate to 20"));
  EXPECT_THAT(mira.run({"history", "tax rate 17"}).out, HasSubstr("Set the tax rate to 17"));
}

TEST_F(Shop, SearchFindsByMeaningfulWords) {
  auto results = mira.run({"search", "adds tax to an amount", "--json"}).data()["results"];
  ASSERT_FALSE(results.empty());
  EXPECT_EQ(results[0]["path"], "shop/money.py");
  EXPECT_EQ(results[0]["symbol"], "add_tax");
}

TEST_F(Shop, GrepFindsLinesWithTheirSymbols) {
  auto results = mira.run({"grep", "path:shop/money.py ^def add_\\w+", "--json"}).data()["results"];
  ASSERT_FALSE(results.empty());
  EXPECT_EQ(results[0]["path"], "shop/money.py");
  EXPECT_EQ(results[0]["symbol"], "add_tax");
  EXPECT_NE(mira.run({"grep", "broken("}).exit_code, 0);
}

TEST_F(Shop, AffectedReadsAPatchAndRefusesWhatIsNone) {
  auto data = mira.run({"affected", "--json",
                        "--- a/gone.py\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-def gone():\n-    pass\n"})
                  .data();
  ASSERT_EQ(data["symbols"].size(), 1U);
  EXPECT_EQ(data["symbols"][0]["name"], "gone");
  EXPECT_EQ(data["symbols"][0]["change"], "removed");
  EXPECT_NE(mira.run({"affected", "no patch"}).exit_code, 0);
}

TEST_F(Shop, SearchTakesAnythingAsWords) {
  for (const char* query : {"multi-agent", "@x", "don't", "C++", "a.b", "std::vector", "\"", "NEAR(",
                            "col:val", "-", "*", "the"}) {
    EXPECT_EQ(mira.run({"search", "--json", "--", query}).exit_code, 0) << query;
  }
}

TEST_F(Shop, GraphExportIsEightColumns) {
  auto ran = mira.run({"graph", "export", "--format", "tsv"});
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_THAT(ran.out, HasSubstr("shop/cart.py\t5\tCart.total\tshop/money.py\t1\tadd_tax\t6\tproved\n"));
}

TEST_F(Shop, ASaveIsSeenByTheNextQuestion) {
  ASSERT_EQ(mira.run({"index"}).exit_code, 0);
  repo.write("shop/refund.py", "def refund_order(order):\n    return order\n");
  EXPECT_THAT(mira.run({"symbols", "refund_order"}).out, HasSubstr("shop/refund.py:1"));
  repo.remove("shop/refund.py");
  EXPECT_EQ(mira.run({"symbols", "refund_order"}).exit_code, 3);
}

TEST_F(Shop, ACommitARebaseAndAResetAreSeen) {
  ASSERT_EQ(mira.run({"index"}).exit_code, 0);
  std::string before = repo.head();
  repo.commit(
      {.message = "Change both", .files = {{"shop/cart.py", "x = 1\n"}, {"shop/rates.py", "RATES = {}\n"}}});
  EXPECT_EQ(mira.run({"cochange", "shop/cart.py", "--json"}).data()["partners"][0]["path"], "shop/rates.py");
  repo.reset(before);
  EXPECT_THAT(mira.run({"history", "Change both"}).out, testing::Not(HasSubstr("Change both\n")));
  EXPECT_EQ(mira.run({"cochange", "shop/cart.py", "--json"}).data()["partners"][0]["joint"], 1);
}

TEST_F(Shop, APlainFolderAnswersFromTheCodeAlone) {
  std::filesystem::path folder = repo.root().parent_path() / "plain";
  std::filesystem::create_directories(folder);
  std::filesystem::copy(repo.path("shop"), folder / "shop");
  auto ran = Mira(repo.root().parent_path()).in(folder).run({"context", "add_tax", "--json"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(sources(ran.data()), Contains("code.definitions"));
}

TEST_F(Shop, StatusSaysWhetherItIsUpToDate) {
  EXPECT_EQ(mira.run({"status", "--json"}).data()["indexed"], false);
  ASSERT_EQ(mira.run({"index"}).exit_code, 0);
  EXPECT_EQ(mira.run({"status", "--json"}).data()["stale"], false);
  repo.write("shop/new.py", "x = 1\n");
  EXPECT_EQ(mira.run({"status", "--json"}).data()["stale"], true);
}

TEST_F(Shop, StatusReadsAsAPersonReads) {
  ASSERT_EQ(mira.run({"index"}).exit_code, 0);
  std::string text = mira.run({"status"}).out;
  EXPECT_THAT(text, testing::ContainsRegex("known since +20[0-9][0-9]-[01][0-9]-[0-3][0-9]T"));
  EXPECT_THAT(text, HasSubstr("projects known "));
}

TEST_F(Shop, DoctorIsSoundOnASoundHome) {
  ASSERT_EQ(mira.run({"index"}).exit_code, 0);
  auto ran = mira.run({"doctor", "--json"});
  EXPECT_EQ(ran.exit_code, 0) << ran.out;
  EXPECT_NE(ran.data()["health"], "fault");
}

}  // namespace
}  // namespace mira

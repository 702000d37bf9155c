// What rules find in a whole project, through the program.
#include <gmock/gmock.h>

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

class Semantics : public testing::Test {
 protected:
  Semantics() : mira(repo.root().parent_path()) {
    repo.write("pyproject.toml", "[project]\nname = 'shop'\ndependencies = ['requests>=2', 'flask']\n");
    repo.write(
        "query.py",
        "import requests\nimport yaml\n\n\nclass Query:\n    pass\n\n\nclass QueryBuilder:\n    def "
        "__init__(self):\n"
        "        self.parts = []\n\n    def where(self, x):\n        self.parts.append(x)\n        return "
        "self\n\n"
        "    def order(self, x):\n        self.parts.append(x)\n        return self\n\n    def build(self):\n"
        "        return Query()\n");
    repo.commit("Start");
    mira.in(repo.root());
  }
  json ask(std::vector<std::string> words) {
    words.emplace_back("--json");
    auto ran = mira.run(words);
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    return ran.data();
  }
  static std::vector<std::string> names(const json& list) {
    std::vector<std::string> out;
    for (const json& one : list) out.push_back(one["name"].get<std::string>());
    return out;
  }

  FakeRepo repo;
  Mira mira;
};

TEST_F(Semantics, PatternsHaveMembersWithRolesAndPlaces) {
  json data = ask({"patterns", "--all"});
  ASSERT_EQ(names(data["patterns"]), std::vector<std::string>{"QueryBuilder"});
  EXPECT_EQ(data["patterns"][0]["type"], "builder");
  EXPECT_EQ(data["patterns"][0]["members"][1]["role"], "step");
  EXPECT_EQ(data["patterns"][0]["members"][1]["file"], "query.py");
  EXPECT_EQ(data["patterns"][0]["members"][1]["line"], 13);
}

TEST_F(Semantics, AnEditIsSeenByTheNextQuestion) {
  EXPECT_EQ(ask({"patterns", "--all"})["total"], 1);
  repo.write("query.py", "class Query:\n    pass\n");
  EXPECT_EQ(ask({"patterns", "--all"})["total"], 0);
}

TEST_F(Semantics, ManifestsAreHeldAgainstImports) {
  EXPECT_THAT(names(ask({"dependencies"})["declared"]), ElementsAre("flask", "requests"));
  EXPECT_THAT(names(ask({"dependencies", "--show", "unused"})["unused"]), ElementsAre("flask"));
  EXPECT_THAT(names(ask({"dependencies", "--show", "undeclared"})["undeclared"]), ElementsAre("pyyaml"));
  json target = ask({"dependencies", "requests"});
  EXPECT_EQ(target["declared"][0]["requirement"], ">=2");
  EXPECT_EQ(target["importers"][0]["file"], "query.py");
  EXPECT_NE(mira.run({"dependencies", "nothing-of-the-kind"}).exit_code, 0);
}

TEST_F(Semantics, TheyAreEvidenceWhereTheyAnswer) {
  std::string pack =
      mira.run({"context", "how is the builder pattern used here, and which version of requests"}).out;
  EXPECT_THAT(pack, HasSubstr("builder: QueryBuilder"));
  EXPECT_THAT(pack, HasSubstr("package requests >=2"));
}

// Two domains beside each other, each with a word of its own.
class Domains : public Semantics {
 protected:
  Domains() {
    repo.commit(
        {.message = "Ledger rounding for foreign coins",
         .files = {{"billing/ledger.py",
                    "from billing.coins import coin_value\n\n\ndef post_entry(entry):\n"
                    "    \"\"\"Writes an invoice to the ledger.\"\"\"\n    return coin_value(entry)\n"},
                   {"billing/coins.py", "def coin_value(invoice):\n    return invoice\n"}}});
    repo.commit({.message = "Show frames",
                 .files = {{"video/frames.py",
                            "from video.codec import read_codec\n\n\ndef next_frame(stream):\n"
                            "    return read_codec(stream)\n"},
                           {"video/codec.py", "def read_codec(frame):\n    return frame\n"}}});
  }
};

TEST_F(Domains, ConceptsFindCodeByWhatItIsAbout) {
  json data = ask({"concepts", "invoices"});
  EXPECT_THAT(names(data["symbols"]), Contains("post_entry"));
  EXPECT_EQ(data["symbols"][0]["purpose"], "Writes an invoice to the ledger.");
  EXPECT_THAT(names(ask({"concepts"})["concepts"]), Contains("frame"));
  auto unknown = mira.run({"concepts", "zebra"});
  EXPECT_NE(unknown.exit_code, 0);
  EXPECT_THAT(unknown.err, HasSubstr("nothing in this project is named or documented as `zebra`"));
}

TEST_F(Domains, ClustersAreToldAndAreEvidence) {
  json data = ask({"clusters", "video/codec.py"});
  ASSERT_EQ(data["clusters"].size(), 1U);
  EXPECT_THAT(data["clusters"][0]["members"], Contains("video/frames.py"));
  json related = ask({"related", "next_frame"});
  EXPECT_EQ(related["cluster"], data["clusters"][0]["name"]);
  std::string pack = mira.run({"context", "how does read_codec in video/codec.py work"}).out;
  EXPECT_THAT(pack, HasSubstr("domain " + data["clusters"][0]["name"].get<std::string>()));
}

TEST_F(Domains, SearchKnowsWhatCommitsSaidOfAFile) {
  json results = ask({"search", "rounding of foreign money"})["results"];
  ASSERT_FALSE(results.empty());
  std::string why = results.dump();
  EXPECT_THAT(why, HasSubstr("billing/coins.py"));
  EXPECT_THAT(why, HasSubstr("Ledger rounding for foreign coins"));
}

}  // namespace
}  // namespace mira

// Vectors end to end: a model at a host that the user named, what leaves the machine, what the ledger says of
// it, what happens when the model is another one, and what a server does by itself while nobody asks.
#include <gmock/gmock.h>

#include <fstream>

#include "tests/e2e/served.h"
#include "tests/support/model_server.h"

namespace mira {
namespace {

using support::FakeRepo;
using support::Mira;
using support::ModelServer;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// Texts of tax point one way, texts of pets another, all else a third: three tokens each.
json vector_of(const std::string& text) {
  auto has = [&](std::initializer_list<const char*> words) {
    return std::ranges::any_of(words, [&](const char* word) { return text.contains(word); });
  };
  return {has({"tax", "levy"}) ? 1.0 : 0.0, has({"dog", "puppy"}) ? 1.0 : 0.0, 0.2};
}

ModelServer::Script embeddings(const ModelServer::Seen& seen, int) {
  json texts = seen.json().value("input", json::array()), data = json::array();
  for (std::size_t i = 0; i < texts.size(); ++i)
    data.push_back({{"index", i}, {"embedding", vector_of(texts[i].get<std::string>())}});
  return support::status(200, json{{"data", data}, {"usage", {{"prompt_tokens", 3 * texts.size()}}}}.dump());
}

class RemoteEmbedding : public testing::Test {
 protected:
  RemoteEmbedding() : mira(repo.root().parent_path()), server(embeddings) {
    repo.write("shop/money.py", "def add_tax(cents):\n    return cents\n");
    repo.write("shop/animals.py", "def bark(dog):\n    return dog\n");
    repo.write("shop/other.py", "def wait(seconds):\n    return seconds\n");
    repo.commit("Start");
    mira.in(repo.root());
    configure("test-model");
  }
  void configure(const std::string& model) {
    json models = server.configuration();
    models["embedding"] = {{"model", model}, {"dimensions", 3}};
    std::filesystem::create_directories(mira.home() / "config");
    std::ofstream(mira.home() / "config/models.json") << models.dump();
    mira.with("TEST_MODEL_KEY", "tk-4f9Qz7Lm2Xw8Rb5Vn3Hs6Jd1");
  }
  json data(std::vector<std::string> words) {
    words.push_back("--json");
    auto ran = mira.run(words);
    EXPECT_EQ(ran.exit_code, 0) << ran.out << ran.err;
    return ran.data();
  }
  std::string first(const std::string& query) {
    json results = data({"search", query})["results"];
    return results.empty() ? "" : results[0]["path"].get<std::string>();
  }
  json state(const std::string& collection) {
    const json status = data({"status"});  // named: a range-for does not keep what a temporary holds
    for (const json& one : status["embedding"])
      if (one["collection"] == collection) return one;
    return {};
  }

  FakeRepo repo;
  Mira mira;
  ModelServer server;
};

TEST_F(RemoteEmbedding, SendsNothingUntilItIsTold) {
  data({"index"});
  data({"search", "where is the levy computed"});
  data({"context", "levy"});
  data({"doctor"});
  EXPECT_THAT(server.seen(), IsEmpty());
  EXPECT_EQ(state("code")["embedded"], 0);
}

TEST_F(RemoteEmbedding, FindsCodeAndWordsByMeaningAndEachRequestIsARow) {
  data({"remember", "We adopted a puppy"});
  data({"remember", "The weather was fine"});  // a message alone is neither near nor far
  data({"index"});
  EXPECT_EQ(first("the levy"), "");
  json done = data({"embed"});
  EXPECT_EQ(done["waiting"], 0);
  EXPECT_EQ(done["embedded"], 6);  // two messages, three chunks, one commit
  EXPECT_EQ(first("the levy"), "shop/money.py");
  EXPECT_EQ(data({"recall", "which dog?"})["results"][0]["text"], "We adopted a puppy");
  EXPECT_EQ(state("code")["embedded"], 3);
  json groups = data({"budget", "history", "--by", "purpose"})["groups"];
  ASSERT_EQ(groups.size(), 1U) << groups;
  EXPECT_EQ(groups[0]["spent_nano"], 3'000 * (6 + 2)) << "six texts and two questions of three tokens";
}

TEST_F(RemoteEmbedding, AsksNothingWhenThereIsNothingNew) {
  data({"index"});
  data({"embed"});
  auto asked = server.seen().size();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(data({"embed"})["embedded"], 0);
  data({"index"});
  data({"status"});
  EXPECT_EQ(server.seen().size(), asked);
  repo.write("shop/other.py", "def wait(minutes):\n    return minutes\n");
  data({"index"});
  EXPECT_EQ(data({"embed"})["embedded"], 1) << "the two texts that did not change are not paid for again";
}

TEST_F(RemoteEmbedding, EmbedsAnewForAnotherModelAndNeverMixes) {
  data({"index"});
  data({"embed"});
  configure("another-model");
  EXPECT_EQ(state("code")["embedded"], 0);
  EXPECT_EQ(first("the levy"), "") << "vectors of the old model do not answer questions of the new one";
  auto ran = mira.run({"embed", "--json"});
  EXPECT_NE(ran.exit_code, 0) << "its price is not known, and there is a cap";
  EXPECT_THAT(ran.out + ran.err, HasSubstr("another-model"));
  configure("test-model");
  EXPECT_EQ(state("code")["embedded"], 3) << "the old model's are kept until the new one has all";
}

TEST_F(RemoteEmbedding, AnswersByWordsAndSaysSoWhenTheHostIsAway) {
  data({"index"});
  data({"embed"});
  json models = server.configuration();
  models["embedding"] = {{"model", "test-model"},
                         {"dimensions", 3},
                         {"endpoint", {{"base", "http://127.0.0.1:1/v1"}, {"local", true}}}};
  std::ofstream(mira.home() / "config/models.json") << models.dump();
  auto ran = mira.run({"search", "the tax of cents"});
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_THAT(ran.out, HasSubstr("shop/money.py"));
  EXPECT_THAT(ran.out + ran.err, HasSubstr("answered by words alone"));
}

// The model beside the program, where it was built with one.
class Background : public Serve {
 protected:
  json embedding_of(const std::string& collection) {
    const json status = mira.run({"status", "--json"}).data();
    for (const json& one : status["embedding"])
      if (one["collection"] == collection) return one;
    return {};
  }
};

TEST_F(Background, AServerEmbedsByItselfWhatIsIndexed) {
  json now = embedding_of("code");
  if (now.is_null() || now["model"].is_null())
    GTEST_SKIP() << "there is no embedding model beside the program";
  for (int i = 0; i < 6000 && (now["texts"] == 0 || now["embedded"] != now["texts"]); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    now = embedding_of("code");
  }
  EXPECT_GT(now["texts"], 0);
  EXPECT_EQ(now["embedded"], now["texts"]);
}

}  // namespace
}  // namespace mira

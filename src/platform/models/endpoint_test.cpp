#include "platform/models/endpoint.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <fstream>
#include <map>

#include "platform/models/http.h"
#include "tests/support/temporary_folder.h"

namespace mira::models {
namespace {

using base::ErrorCode;
using testing::HasSubstr;

base::Result<Endpoint> find(const std::string& row, std::map<std::string, std::string> environment) {
  support::TemporaryFolder folder;
  std::ofstream(folder / "models.json") << "{\"endpoint\": " << row << "}";
  Catalog catalog = *Catalog::load(folder / "models.json");
  return find_endpoint(catalog, [&](const std::string& name) { return environment[name]; });
}

TEST(Endpoint, IsTheVendorsWithAKeyAlone) {
  auto found = find("{}", {{"OPENAI_API_KEY", " sk-1 \n"}});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->base, "https://api.openai.com/v1");
  EXPECT_EQ(found->key, "sk-1");
}

TEST(Endpoint, ThereIsNoneWithoutAKeyAndAHost) {
  auto none = find("{}", {});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::unavailable);
  EXPECT_THAT(none.error().hint, HasSubstr("OPENAI_API_KEY"));
}

TEST(Endpoint, TheVendorsKeyIsNotForAnotherHost) {
  auto found = find(R"({"base": "https://other.example/v1/"})", {{"OPENAI_API_KEY", "sk-1"}});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->base, "https://other.example/v1");
  EXPECT_EQ(found->key, "");
  EXPECT_EQ(find(R"({"base": "https://other.example/v1", "key_env": "OTHER"})",
                 {{"OPENAI_API_KEY", "sk-1"}, {"OTHER", "ok-2"}})
                ->key,
            "ok-2");
}

TEST(Endpoint, AKeyDoesNotGoOverPlainHttpToAnotherMachine) {
  auto refused = find(R"({"base": "http://other.example/v1", "key_env": "K"})", {{"K", "k"}});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::usage);
  EXPECT_TRUE(find(R"({"base": "http://127.0.0.1:8080/v1", "key_env": "K"})", {{"K", "k"}}));
}

TEST(Endpoint, AKeyFileThatOthersCanReadIsRefused) {
  support::TemporaryFolder folder;
  std::string file = (folder / "key").string();
  std::ofstream(file) << "sk-9\n";
  std::string row = R"({"base": "https://a.example/v1", "key_file": ")" + file + "\"}";
  ::chmod(file.c_str(), 0644);
  auto refused = find(row, {});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().hint, HasSubstr("chmod 600"));
  ::chmod(file.c_str(), 0600);
  EXPECT_EQ(find(row, {})->key, "sk-9");
}

TEST(Endpoint, AddressesThatAreNoneAreRefused) {
  for (const char* base :
       {"ftp://a/v1", "localhost:8080", "https://user:pass@a/v1", "https://", "http://a b/"})
    EXPECT_FALSE(find(std::string(R"({"base": ")") + base + "\"}", {})) << base;
  EXPECT_FALSE(find(R"({"base": "https://a.example/v1", "key_env": "K"})", {{"K", "a\nX-Other: b"}}));
}

TEST(Loopback, IsThisMachineOnly) {
  EXPECT_TRUE(is_loopback("localhost:11434"));
  EXPECT_TRUE(is_loopback("127.0.0.1"));
  EXPECT_TRUE(is_loopback("[::1]:80"));
  EXPECT_FALSE(is_loopback("localhost.example"));
  EXPECT_FALSE(is_loopback("128.0.0.1"));
}

}  // namespace
}  // namespace mira::models

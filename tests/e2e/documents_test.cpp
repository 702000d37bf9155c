// Documents from a file to a cited piece, through the program and the workers that read them.
#include <gmock/gmock.h>

#include <filesystem>

#include "knowledge/documents/pdf_for_tests.h"
#include "tests/support/fake_repo.h"
#include "tests/support/run_mira.h"

namespace mira {
namespace {

using documents::pdf_of;
using nlohmann::json;
using support::FakeRepo;
using support::Mira;
using testing::HasSubstr;
using testing::IsEmpty;

class Documents : public testing::Test {
 protected:
  Documents() : mira(repo.root().parent_path()) {
    repo.write("a.py", "def login():\n    return 1\n");
    repo.commit("Start");
    mira.in(repo.root());
  }
  json added(const std::string& path, int exit_code = 0) {
    auto ran = mira.run({"documents", "add", path, "--json"});
    EXPECT_EQ(ran.exit_code, exit_code) << ran.err;
    return ran.data().at("documents").at(0);
  }
  static bool reads_pdf() { return std::filesystem::exists(Mira::binary().parent_path() / "mira-pdf"); }
  FakeRepo repo;
  Mira mira;
};

TEST_F(Documents, AMarkdownFileIsCitedByItsHeading) {
  repo.write("docs/ops.md", "# Operations\n\n## Backups\n\nBackups are kept for ninety days.\n");
  EXPECT_EQ(added("docs/ops.md").at("state"), "read");
  auto found = mira.run({"documents", "search", "how long are backups kept", "--json"});
  EXPECT_THAT(found.out, HasSubstr("Operations > Backups"));
}
TEST_F(Documents, APdfIsReadInItsWorkerAndCitedByItsPage) {
  if (!reads_pdf()) GTEST_SKIP() << "mira-pdf was not built";
  repo.write("docs/handbook.pdf",
             pdf_of({"Deploys happen on Tuesdays.", "Backups are kept for ninety days."}, "Handbook"));
  json one = added("docs/handbook.pdf");
  EXPECT_EQ(one.at("state"), "read") << one.dump();
  auto found = mira.run({"documents", "search", "how long are backups kept", "--json"});
  EXPECT_THAT(found.out, HasSubstr("page 2"));
  EXPECT_THAT(found.out, HasSubstr("ninety days"));
  auto context = mira.run({"context", "how long are backups kept", "--json"});
  EXPECT_THAT(context.data().at("pieces").dump(), HasSubstr("ninety days"));
}
TEST_F(Documents, AChangedPdfIsReadAgainWhenItIsAskedAbout) {
  if (!reads_pdf()) GTEST_SKIP() << "mira-pdf was not built";
  repo.write("handbook.pdf", pdf_of({"The retention is ninety days."}, ""));
  added("handbook.pdf");
  repo.write("handbook.pdf", pdf_of({"The first page is new.", "The retention is a whole year now."}, ""));
  auto found = mira.run({"documents", "search", "retention", "--json"});
  EXPECT_THAT(found.out, HasSubstr("whole year"));
  EXPECT_THAT(found.out, Not(HasSubstr("ninety")));
}
TEST_F(Documents, WhatIsNoPdfIsSaid) {
  if (!reads_pdf()) GTEST_SKIP() << "mira-pdf was not built";
  repo.write("broken.pdf", "%PDF-1.7\nnothing of one");
  json one = added("broken.pdf", 1);
  EXPECT_EQ(one.at("state"), "failed");
  EXPECT_THAT(one.at("reason").get<std::string>(), HasSubstr("PDF"));
}
TEST_F(Documents, SecretsOfAPdfAreMasked) {
  if (!reads_pdf()) GTEST_SKIP() << "mira-pdf was not built";
  std::string token = "ghp_" + std::string("aB3dE5fG7hJ9kL1mN2pQ4rS6tU8vW0xY2zA4");
  repo.write("keys.pdf", pdf_of({"the release token is " + token}, ""));
  EXPECT_EQ(added("keys.pdf").at("state"), "read");
  auto found = mira.run({"documents", "search", "release token", "--json"});
  EXPECT_THAT(found.out, HasSubstr("release token"));
  EXPECT_THAT(found.out, Not(HasSubstr(token)));
}

}  // namespace
}  // namespace mira

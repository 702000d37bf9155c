// What the documents say is what the program has.
#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

#include "tests/support/fake_repo.h"
#include "tests/support/run_mira.h"

namespace mira {
namespace {

using support::FakeRepo;
using support::Mira;
using testing::HasSubstr;

std::string file_text(const std::string& path) {
  std::ifstream in(std::string(MIRA_SOURCE_DIR) + "/" + path);
  std::stringstream out;
  out << in.rdbuf();
  return out.str();
}

// The verbs as the overview lists them: two blanks, name, summary.
std::vector<std::string> verbs(const Mira& mira) {
  std::vector<std::string> out;
  std::istringstream lines(mira.run({"reference"}).out);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("## mira ")) out.push_back(line.substr(8));
  }
  return out;
}

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream in(text);
  return {std::istream_iterator<std::string>(in), {}};
}

TEST(Reference, IsMadeFromTheProgram) {
  FakeRepo repo;
  Mira mira(repo.root().parent_path());
  EXPECT_EQ(file_text("docs/reference.md"), mira.run({"reference"}).out)
      << "run: build/release/mira reference > docs/reference.md";
}

TEST(Completions, AreMadeFromTheProgram) {
  FakeRepo repo;
  Mira mira(repo.root().parent_path());
  EXPECT_EQ(file_text("completions/mira.bash"), mira.run({"completion", "bash"}).out);
  EXPECT_EQ(file_text("completions/_mira"), mira.run({"completion", "zsh"}).out);
  EXPECT_EQ(file_text("completions/mira.fish"), mira.run({"completion", "fish"}).out);
}

TEST(Help, EveryVerbShowsAnExample) {
  FakeRepo repo;
  Mira mira(repo.root().parent_path());
  auto all = verbs(mira);
  EXPECT_GE(all.size(), 15U);
  for (const std::string& verb : all) {
    auto words = words_of(verb);
    words.push_back("--help");
    auto ran = mira.run(words);
    EXPECT_EQ(ran.exit_code, 0) << verb;
    EXPECT_THAT(ran.out, HasSubstr("  mira " + verb)) << verb;
    EXPECT_THAT(ran.out, HasSubstr("--json")) << verb;
  }
}

TEST(Overview, NamesEveryVerb) {
  FakeRepo repo;
  Mira mira(repo.root().parent_path());
  std::string overview = mira.run({}).out;
  for (const std::string& verb : verbs(mira)) EXPECT_THAT(overview, HasSubstr("  " + verb + " ")) << verb;
}

TEST(Readme, NamesOnlyVerbsThatExist) {
  FakeRepo repo;
  Mira mira(repo.root().parent_path());
  auto all = verbs(mira);
  std::istringstream lines(file_text("README.md"));
  for (std::string line; std::getline(lines, line);) {
    for (std::size_t at = line.find("`mira "); at != std::string::npos; at = line.find("`mira ", at + 1)) {
      std::string verb = words_of(line.substr(at + 6)).front();
      while (!verb.empty() && std::isalpha(static_cast<unsigned char>(verb.back())) == 0) verb.pop_back();
      bool known =
          verb.empty() || verb == "help" || std::any_of(all.begin(), all.end(), [&](const std::string& name) {
            return name == verb || name.starts_with(verb + " ");
          });
      EXPECT_TRUE(known) << line;
    }
  }
}

}  // namespace
}  // namespace mira

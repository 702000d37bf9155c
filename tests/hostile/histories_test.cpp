// Every hostile object store goes through the whole program. Beside what is hostile in
// it lies a trap that plain git springs and Mira does not, and what is read is bounded:
// it ends by itself (run_mira.h), and nothing it starts grows past the cap.
#include <gmock/gmock.h>
#include <sys/resource.h>

#include <filesystem>
#include <fstream>

#include "tests/hostile/civil.h"
#include "tests/hostile/hostile_histories.h"
#include "tests/support/temporary_folder.h"

namespace mira::hostile {
namespace {

namespace fs = std::filesystem;
using support::FakeRepo;
using support::Mira;
using support::Ran;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool memory_means_something = false;
#else
constexpr bool memory_means_something = true;
#endif
constexpr long most_memory_kb = 512 * 1024;  // of any one process, git's included

// Of the largest process that was started and waited for so far.
long peak_memory_kb() {
  rusage used{};
  getrusage(RUSAGE_CHILDREN, &used);
  return used.ru_maxrss;
}

class HostileHistories : public testing::TestWithParam<HostileHistory> {
 protected:
  HostileHistories() : mira_(folder_.path()) {
    write_good_file(repo_.root());
    repo_.commit("First");
    repo_.write("good.c", "int good_function(int answer) {\n  return answer + 2;\n}\n");
    repo_.commit("Second");
  }

  fs::path mark() { return folder_ / "sprung"; }

  void lay_trap() {
    fs::path program = folder_ / "trap.sh";
    write_file(program, "#!/bin/sh\ntouch '" + mark().string() + "'\n");
    fs::permissions(program, fs::perms::owner_all);
    std::string run = program.string();
    write_file(repo_.path(".git/info/attributes"), "* diff=x filter=x\n");
    for (const char* key :
         {"core.fsmonitor", "diff.external", "diff.x.textconv", "diff.x.command", "filter.x.clean",
          "filter.x.smudge", "gpg.program", "core.sshCommand", "core.alternateRefsCommand"}) {
      std::string name(key);
      std::size_t dot = name.rfind('.');
      std::string section = name.substr(0, dot), quoted = section;
      std::size_t inner = section.find('.');
      if (inner != std::string::npos)
        quoted = section.substr(0, inner) + " \"" + section.substr(inner + 1) + "\"";
      trap_ += "[" + quoted + "]\n\t" + name.substr(dot + 1) + " = " + run + "\n";
    }
    trap_ += "[log]\n\tshowSignature = true\n";
    fs::path config = repo_.path(".git/config");
    if (fs::is_regular_file(config)) {
      std::string before = bytes_of(config);
      write_file(config, before + "\n" + trap_);
    }
  }

  static std::string bytes_of(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  Ran ask(std::vector<std::string> words) {
    Ran ran = mira_.in(repo_.root()).run(std::move(words));
    expect_civil(ran);
    EXPECT_FALSE(fs::exists(mark())) << "Mira ran the repository's program";
    return ran;
  }

  // The same trap in a sound repository around the same objects, where git gets as far as springing it.
  void expect_trap_works() {
    FakeRepo sound;
    write_good_file(sound.root());
    sound.commit("First");
    write_file(sound.path(".git/config"), bytes_of(sound.path(".git/config")) + trap_);
    write_file(sound.path("good.c"), "int other;\n");
    try {
      sound.git({"status"});
    } catch (const std::runtime_error&) {  // it may fail after it sprang
    }
    EXPECT_TRUE(fs::exists(mark())) << "the trap is no trap: the test proves nothing";
  }

  support::TemporaryFolder folder_;
  FakeRepo repo_;
  Mira mira_;
  std::string trap_;
};

TEST_P(HostileHistories, AreReadWithinBoundsAndRunNothing) {
  GetParam().make(repo_);
  lay_trap();
  long before = peak_memory_kb();
  EXPECT_EQ(ask({"index"}).exit_code, 0);
  EXPECT_THAT(ask({"context", "what does good_function do?"}).out, testing::HasSubstr("good.c:1"));
  Ran history = ask({"history", "good.c", "--json"});
  if (GetParam().stays_readable) {
    ASSERT_EQ(history.exit_code, 0) << history.out << history.err;
    EXPECT_GE(history.data().at("commits").size(), 1u) << history.out;
  }
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"cochange", "good.c"},
                                             {"experts", "good.c"},
                                             {"blame", "good.c"},
                                             {"causes", "HEAD"},
                                             {"why", "good.c:1"},
                                             {"cochange", "--working"},
                                             {"owners", "good.c"},
                                             {"folders"}}) {
    ask(words);
  }
  long after = peak_memory_kb();
  if (memory_means_something && after > before) {
    EXPECT_LE(after, most_memory_kb);
  }
  expect_trap_works();
}

std::string name_of(const testing::TestParamInfo<HostileHistory>& tested) {
  return std::string(tested.param.name);
}

INSTANTIATE_TEST_SUITE_P(Objects, HostileHistories,
                         testing::ValuesIn(hostile_objects().begin(), hostile_objects().end()), name_of);
INSTANTIATE_TEST_SUITE_P(Places, HostileHistories,
                         testing::ValuesIn(hostile_places().begin(), hostile_places().end()), name_of);
INSTANTIATE_TEST_SUITE_P(Sizes, HostileHistories,
                         testing::ValuesIn(hostile_sizes().begin(), hostile_sizes().end()), name_of);

TEST(HostileHistoriesAll, AreAtLeastSixty) {
  EXPECT_GE(hostile_objects().size() + hostile_places().size() + hostile_sizes().size(), 60u);
}

}  // namespace
}  // namespace mira::hostile

// A log of any length is read in the memory of its longest record, and what of it is
// kept is capped.
#include <gmock/gmock.h>
#include <sys/resource.h>

#include <filesystem>
#include <string>

#include "platform/process/sanitized.h"
#include "tests/support/fake_repo.h"
#include "tests/support/run_mira.h"

namespace mira {
namespace {

namespace fs = std::filesystem;

std::uintmax_t bytes_below(const fs::path& folder) {
  std::uintmax_t sum = 0;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) sum += entry.file_size();
  return sum;
}

TEST(EndlessLog, TakesNoMoreMemoryThanAShortOne) {
  support::FakeRepo repo;
  repo.write("src/a.c", "int x;\n");
  repo.commit("Start");
  support::Mira mira(repo.root().parent_path());
  mira.in(repo.root());
  const std::string lines =
      "src/a.c:3:5: error: 'x' undeclared (first use in this function)\\nsrc/a.c:3:5: note: each is told "
      "once\\n"
      "cc -c -O2 -o build/part.o src/part.c\\nE   AssertionError: assert 1 == 2\\n";
  const auto ran = mira.run(
      {"build", "run", "--json", "--summary", "--", "sh", "-c",
       "yes \"$(printf \"" + lines + "\")\" | head -c " + std::to_string(MIRA_LOG_BYTES) + "; exit 1"});
  const nlohmann::json data = ran.data();
  EXPECT_EQ(data["state"], "failed") << ran.err;
  EXPECT_GE(data["errors"].size(), 1U);
  rusage used{};
  getrusage(RUSAGE_CHILDREN, &used);
  const long most_kb = process::sanitized ? 1L << 20 : 100 << 10;  // a sanitizer keeps what was freed
  EXPECT_LE(used.ru_maxrss, most_kb) << "KB";
  EXPECT_LE(bytes_below(mira.home()), 64U << 20);
}

}  // namespace
}  // namespace mira

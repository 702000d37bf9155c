// Texts are kept by the stamp of their file: what is shown is what the file holds now, and no secret of it.
#include "knowledge/code/shown_texts.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <fstream>
#include <functional>

#include "tests/support/temporary_folder.h"

namespace mira::code {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class Shown : public testing::Test {
 protected:
  fs::path file(const std::string& name) const { return folder / name; }
  void write(const std::string& name, const std::string& text) {
    std::ofstream(file(name), std::ios::binary) << text;
  }
  std::vector<std::string> lines(const std::string& name) {
    auto text = texts.of(folder.path(), name);
    if (!text) return {"error: " + text.error().message};
    return (*text)->masked_lines(1, (*text)->line_count());
  }

  support::TemporaryFolder folder;
  ShownTexts texts;
};

TEST_F(Shown, TextsAreTheFilesLines) {
  write("a.c", "int a;\nint b;");
  EXPECT_THAT(lines("a.c"), ElementsAre("int a;", "int b;"));
}

struct Edit {
  const char* name;
  std::function<void(const fs::path&)> make;
  std::string first_line;
};
class ShownAfter : public Shown, public testing::WithParamInterface<Edit> {};

// Asked again right after an edit, also one that leaves size and time as they were.
TEST_P(ShownAfter, AnEditTheNewTextIsShown) {
  write("a.c", "int a;\n");
  for (int round = 0; round < 3; ++round) ASSERT_EQ(lines("a.c").front(), "int a;");
  GetParam().make(file("a.c"));
  for (int round = 0; round < 3; ++round) EXPECT_EQ(lines("a.c").front(), GetParam().first_line);
}

void write(const fs::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

INSTANTIATE_TEST_SUITE_P(
    Each, ShownAfter,
    testing::Values(Edit{"Longer", [](const fs::path& p) { write(p, "int longer;\n"); }, "int longer;"},
                    Edit{"SameSize", [](const fs::path& p) { write(p, "int z;\n"); }, "int z;"},
                    Edit{"SameSizeAndTime",
                         [](const fs::path& p) {
                           auto time = fs::last_write_time(p);
                           write(p, "int z;\n");
                           fs::last_write_time(p, time);
                         },
                         "int z;"},
                    Edit{"Replaced",
                         [](const fs::path& p) {
                           write(p.string() + ".new", "int z;\n");
                           fs::rename(p.string() + ".new", p);
                         },
                         "int z;"},
                    Edit{"Gone", [](const fs::path& p) { fs::remove(p); }, "error: there is no file a.c"},
                    Edit{"ALinkInstead",
                         [](const fs::path& p) {
                           fs::remove(p);
                           fs::create_symlink("/etc/passwd", p);
                         },
                         "error: a.c leads through a link; links are not followed"},
                    Edit{"AFolderInstead",
                         [](const fs::path& p) {
                           fs::remove(p);
                           fs::create_directory(p);
                         },
                         "error: a.c is not a regular file"}),
    [](const auto& one) { return one.param.name; });

TEST_F(Shown, ALinkOnTheWayIsNotFollowedToAnotherText) {
  fs::create_directories(folder / "src");
  fs::create_directories(folder / "outside");
  std::ofstream(folder / "src/a.c") << "int a;\n";
  std::ofstream(folder / "outside/a.c") << "int secret;\n";
  ASSERT_EQ(lines("src/a.c").front(), "int a;");
  fs::rename(folder / "src", folder / "moved");
  fs::create_directory_symlink("outside", folder / "src");
  EXPECT_THAT(lines("src/a.c").front(), HasSubstr("leads through a link"));
}

TEST_F(Shown, ATextOfOldIsNotReadAgain) {
  write("a.c", "int a;\n");
  // Its change time is now; a file system's clock goes on by itself, so this ends.
  std::shared_ptr<const FileText> one, two;
  do {
    one = *texts.of(folder.path(), "a.c");
    two = *texts.of(folder.path(), "a.c");
  } while (one != two);
  EXPECT_EQ(*texts.of(folder.path(), "a.c"), one);
}

TEST_F(Shown, SecretsAreMaskedInSmallAndInLargeFiles) {
  const std::string secret = "ghp_" + std::string("016C7869d7Qx9JpGzT5rNvWbKcLmYh3EfA4s");
  for (std::size_t filler : {0UL, 10'000UL, 200'000UL}) {
    std::string text;
    while (text.size() < filler) text += "int line;\n";
    auto line = static_cast<int>(std::ranges::count(text, '\n')) + 1;
    write("s.c", text + "token = \"" + secret + "\"\n" + text);
    auto read = *texts.of(folder.path(), "s.c");
    auto shown = read->masked_lines(line, line);
    ASSERT_EQ(shown.size(), 1U);
    EXPECT_THAT(shown[0], HasSubstr("token"));
    EXPECT_THAT(shown[0], Not(HasSubstr(secret))) << filler;
  }
}

TEST_F(Shown, ManyLargeTextsAreStillRight) {
  for (int i = 0; i < 60; ++i)
    write("f" + std::to_string(i), std::to_string(i) + "\n" + std::string(500'000, 'x'));
  for (int round = 0; round < 2; ++round)
    for (int i = 0; i < 60; ++i) EXPECT_EQ(lines("f" + std::to_string(i)).front(), std::to_string(i));
}

}  // namespace
}  // namespace mira::code

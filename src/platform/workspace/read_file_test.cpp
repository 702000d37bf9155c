#include "platform/workspace/read_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <random>
#include <thread>

#include "tests/support/as_nobody.h"
#include "tests/support/fake_repo.h"

namespace mira::workspace {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

constexpr std::int64_t enough = 1 << 20;

class ReadFileTest : public ::testing::Test {
 protected:
  base::Result<FileBytes> read(std::string_view path, std::int64_t max_bytes = enough) {
    return read_file(repo_.root(), path, max_bytes);
  }
  std::string refusal(std::string_view path, std::int64_t max_bytes = enough) {
    auto result = read(path, max_bytes);
    return result ? "read " + result->bytes
                  : std::string(base::code_name(result.error().code)) + ": " + result.error().message;
  }

  support::FakeRepo repo_;
};

TEST_F(ReadFileTest, GivesBytesAndTheStampOfWhatWasRead) {
  std::string bytes("a\0b\xff\n", 5);
  repo_.write("dir/file", bytes);
  FileBytes file = read("dir/file").value();
  struct stat status{};
  ASSERT_EQ(::stat(repo_.path("dir/file").c_str(), &status), 0);
  EXPECT_EQ(file.bytes, bytes);
  EXPECT_EQ(file.stamp.size, 5);
  EXPECT_EQ(file.stamp.inode, status.st_ino);
  EXPECT_FALSE(file.changed_while_read);
}

TEST_F(ReadFileTest, ReadsEmptyAndExactlyFullFiles) {
  repo_.write("empty", "");
  repo_.write("full", std::string(100, 'x'));
  EXPECT_EQ(read("empty").value().bytes, "");
  EXPECT_EQ(read("full", 100).value().bytes.size(), 100u);
  EXPECT_THAT(refusal("full", 99), HasSubstr("full is larger than 99 bytes"));
}

TEST_F(ReadFileTest, PathsThatLeaveTheRootAreRefused) {
  repo_.write("dir/file", "x");
  std::ofstream(repo_.root().parent_path() / "outside") << "x";
  for (std::string_view path : {"/etc/passwd", "../outside", "dir/../../outside", "dir/../dir/file",
                                "./dir/file", "dir//file", "dir/", "", "."}) {
    EXPECT_THAT(refusal(path), HasSubstr("is no path inside the project")) << path;
  }
  EXPECT_THAT(refusal(std::string_view("dir/file\0.txt", 13)), HasSubstr("is no path inside the project"));
}

TEST_F(ReadFileTest, LinksAreNotFollowedAnywhereInThePath) {
  repo_.write("real/file", "x");
  fs::create_directory_symlink("real", repo_.path("alias"));
  fs::create_symlink("real/file", repo_.path("link"));
  fs::create_symlink("/dev/zero", repo_.path("zero"));
  EXPECT_THAT(refusal("alias/file"), HasSubstr("leads through a link"));
  EXPECT_THAT(refusal("link"), HasSubstr("leads through a link"));
  EXPECT_THAT(refusal("zero"), HasSubstr("leads through a link"));
}

TEST_F(ReadFileTest, MissingFilesAreNotFound) {
  repo_.write("file", "x");
  EXPECT_THAT(refusal("nope"), HasSubstr("not_found: there is no file nope"));
  EXPECT_THAT(refusal("file/below"), HasSubstr("not_found"));
}

TEST_F(ReadFileTest, FifosAndFoldersAreNoRegularFilesAndNeverBlock) {
  ASSERT_EQ(::mkfifo(repo_.path("pipe").c_str(), 0600), 0);
  fs::create_directory(repo_.path("folder"));
  EXPECT_THAT(refusal("pipe"), HasSubstr("pipe is not a regular file"));
  EXPECT_THAT(refusal("folder"), HasSubstr("folder is not a regular file"));
}

TEST_F(ReadFileTest, ASparseTerabyteIsRefusedByItsSize) {
  std::ofstream(repo_.path("huge"));
  ASSERT_EQ(::truncate(repo_.path("huge").c_str(), std::int64_t{1} << 40), 0);
  EXPECT_THAT(refusal("huge"), HasSubstr("huge is larger than"));
}

TEST_F(ReadFileTest, NoPermissionIsSaid) {
  repo_.write("closed", "x");
  for (const fs::path& folder : {repo_.root().parent_path(), repo_.root()}) {
    fs::permissions(folder, fs::perms{0755});
  }
  fs::permissions(repo_.path("closed"), fs::perms::none);
  support::AsNobody nobody;
  if (!nobody.able()) GTEST_SKIP() << "root without the right to become another user";
  EXPECT_THAT(refusal("closed"), HasSubstr("no permission to read closed"));
}

TEST_F(ReadFileTest, AFileThatGrowsPastTheLimitWhileReadIsNeverPastItInMemory) {
  std::atomic<bool> done = false;
  repo_.write("log", "");
  std::thread writer([&] {
    std::ofstream out(repo_.path("log"), std::ios::app);
    for (int line = 0; line < 5000; ++line)
      out << "a line of a log file that grows while it is read\n" << std::flush;
    done = true;
  });
  while (!done) {
    auto file = read("log", 100'000);
    if (file) {
      EXPECT_LE(file->bytes.size(), 100'000u);
      EXPECT_TRUE(file->changed_while_read ||
                  static_cast<std::int64_t>(file->bytes.size()) == file->stamp.size);
    } else {
      EXPECT_THAT(file.error().message, HasSubstr("larger than"));
    }
  }
  writer.join();
}

TEST(LooksBinary, NulBytesAndUtf16AreBinary) {
  EXPECT_TRUE(
      looks_binary(std::string_view("\x7f"
                                    "ELF\0\0",
                                    6)));
  EXPECT_TRUE(
      looks_binary(std::string_view("\xff\xfe"
                                    "h\0i\0",
                                    6)));
}

TEST(LooksBinary, TextOfAnyLanguageIsText) {
  EXPECT_FALSE(looks_binary(""));
  EXPECT_FALSE(looks_binary("int main() {\r\n\treturn 0;\f\n}\n"));
  EXPECT_FALSE(looks_binary("Größe, 大小, размер"));
  EXPECT_FALSE(looks_binary("na\xefve caf\xe9 in Latin-1"));
  std::string cut = std::string(7999, 'x') + "é";
  EXPECT_FALSE(looks_binary(cut));
}

TEST(LooksBinary, RandomBytesAreBinaryEvenWithoutANul) {
  std::mt19937 random(7);
  std::string bytes;
  while (bytes.size() < 4000) {
    if (char byte = static_cast<char>(random() & 0xff); byte != 0) bytes.push_back(byte);
  }
  EXPECT_TRUE(looks_binary(bytes));
}

}  // namespace
}  // namespace mira::workspace

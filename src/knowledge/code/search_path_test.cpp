#include "knowledge/code/search_path.h"

#include <gtest/gtest.h>

namespace mira::code {
namespace {

TEST(PathTraits, TestsAreKnownByFolderAndByName) {
  for (const char* path : {"tests/a.py", "src/foo_test.go", "lib/a.spec.ts", "src/test_a.py",
                           "java/FooTest.java", "conftest.py", "pkg/testdata/x.go"}) {
    EXPECT_TRUE(path_traits(path).test) << path;
  }
  for (const char* path : {"src/latest.c", "src/contest.py", "attest/a.rs", "src/Contest.java"}) {
    EXPECT_FALSE(path_traits(path).test) << path;
  }
}

TEST(PathTraits, OtherPlaces) {
  EXPECT_TRUE(path_traits("examples/echo/main.go").example);
  EXPECT_TRUE(path_traits("deps/lua/src/lapi.c").vendored);
  EXPECT_TRUE(path_traits("package-lock.json").data);
  EXPECT_TRUE(path_traits("docs/internals.txt").prose);
  EXPECT_TRUE(path_traits("lib/a.d.ts").type_declarations);
  EXPECT_TRUE(path_traits("include/a.h").header);
  EXPECT_FALSE(path_traits("src/main.c").prose);
}

TEST(PathTraits, NotesForReadersAreProseWhateverTheyEndIn) {
  for (const char* path :
       {"ChangeLog", "RELEASE-NOTES", "NEWS", "README", "lib/CHANGES", "docs/a.py", "CHANGELOG.rst"})
    EXPECT_TRUE(path_traits(path).prose) << path;
  for (const char* path : {"src/history.c", "changes.py", "src/news/feed.go", "Makefile", "license.rs"})
    EXPECT_FALSE(path_traits(path).prose) << path;
}

TEST(PathTraits, CodeForOtherSystems) {
  EXPECT_TRUE(path_traits("src/win/fs.c").other_system);
  EXPECT_TRUE(path_traits("src/unix/darwin-proctitle.c").other_system);
  EXPECT_TRUE(path_traits("env_windows.cc").other_system);
  EXPECT_FALSE(path_traits("src/unix/linux.c").other_system);
  EXPECT_FALSE(path_traits("src/window.c").other_system);
}

TEST(PathTraits, VersionsInFolders) {
  PathVersion version = path_version("src/v3/types.ts");
  EXPECT_EQ(version.version, 3);
  EXPECT_EQ(version.parent, "src/");
  EXPECT_EQ(path_version("src/vector/a.c").version, 0);
  EXPECT_EQ(path_version("v8").version, 0);
}

TEST(PathTraits, Stems) {
  EXPECT_EQ(file_stem("a/b/foo.test.ts"), "foo.test");
  EXPECT_EQ(file_stem("Makefile"), "Makefile");
  EXPECT_EQ(file_stem(".gitignore"), ".gitignore");
  EXPECT_EQ(file_stem("a/"), "");
}

}  // namespace
}  // namespace mira::code

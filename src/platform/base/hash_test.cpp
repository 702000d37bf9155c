#include "platform/base/hash.h"

#include <gtest/gtest.h>

namespace mira::base {
namespace {

TEST(GitBlobId, IsWhatGitSays) {
  // printf 'hello\n' | git hash-object --stdin, in a SHA-1 and in a SHA-256 repository
  EXPECT_EQ(git_blob_id("hello\n", GitHash::sha1), "ce013625030ba8dba906f756967f9e9ca394464a");
  EXPECT_EQ(git_blob_id("hello\n", GitHash::sha256),
            "2cf8d83d9ee29543b34a87727421fdecb7e3f3a183d337639025de576db9ebb4");
}
TEST(GitBlobId, OfNothing) {
  EXPECT_EQ(git_blob_id("", GitHash::sha1), "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
}
TEST(Sha256, OfTheStandardsExample) {
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}
TEST(ContentHash, TellsBytesApart) {
  EXPECT_EQ(content_hash("a").size(), 32u);
  EXPECT_EQ(content_hash("a"), content_hash("a"));
  EXPECT_NE(content_hash("a"), content_hash("b"));
  EXPECT_NE(content_hash(std::string_view("a\0", 2)), content_hash("a"));
  EXPECT_NE(hash64("a"), hash64("b"));
}

}  // namespace
}  // namespace mira::base

#include "platform/store/file_system.h"

#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"

namespace mira::store {
namespace {

constexpr std::uint64_t fuse = 0x65735546;

TEST(FileSystem, NetworkOnesAreKnownByTheirMagic) {
  EXPECT_EQ(network_name(0x6969, ""), "NFS");
  EXPECT_EQ(network_name(0xff534d42, ""), "SMB");
  EXPECT_EQ(network_name(0x01021997, ""), "9p");
}

TEST(FileSystem, LocalOnesAreNot) {
  EXPECT_EQ(network_name(0xef53, "ext4"), "");
  EXPECT_EQ(network_name(0x9123683e, "btrfs"), "");
  EXPECT_EQ(network_name(0x794c7630, "overlay"), "");
}

TEST(FileSystem, FuseIsJudgedByItsSubtype) {
  EXPECT_EQ(network_name(fuse, "fuse.sshfs"), "sshfs");
  EXPECT_EQ(network_name(fuse, "fuse.gocryptfs"), "");
  EXPECT_EQ(network_name(fuse, "fuseblk"), "");
}

TEST(FileSystem, AFolderOfThisMachineIsAccepted) {
  support::TemporaryFolder folder;
  EXPECT_TRUE(check_local(folder.path()));
}

}  // namespace
}  // namespace mira::store

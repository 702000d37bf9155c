#include "platform/store/file_system.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>

#include <fstream>
#include <string>

#include "platform/base/text.h"

namespace mira::store {
namespace {

struct NetworkMagic {
  std::uint64_t magic;
  std::string_view name;
};
constexpr std::uint64_t fuse_magic = 0x65735546;
constexpr NetworkMagic network_magics[] = {
    {0x6969, "NFS"},      {0x517b, "SMB"},       {0xfe534d42, "SMB"},    {0xff534d42, "SMB"},
    {0x01021997, "9p"},   {0x5346414f, "AFS"},   {0x6b414653, "AFS"},    {0x73757245, "Coda"},
    {0x564c, "NCP"},      {0x00c36400, "Ceph"},  {0x0bd00bd0, "Lustre"}, {0x47504653, "GPFS"},
    {0x01161970, "GFS2"}, {0x7461636f, "OCFS2"},
};
constexpr std::string_view network_fuse_types[] = {
    "fuse.sshfs",   "fuse.rclone",  "fuse.s3fs",     "fuse.glusterfs", "fuse.ceph",      "fuse.ceph-fuse",
    "fuse.davfs",   "fuse.gcsfuse", "fuse.goofys",   "fuse.juicefs",   "fuse.seaweedfs", "fuse.gvfsd-fuse",
    "fuse.moosefs", "fuse.mfs",     "fuse.smbnetfs", "fuse.curlftpfs", "fuse.afpfs",
};

// The mount type of the device that holds `folder`: the field after " - " in mountinfo.
std::string mount_type_of(const std::filesystem::path& folder) {
  struct stat found{};
  if (::stat(folder.c_str(), &found) != 0) return {};
  std::string device = fmt::format(" {}:{} ", major(found.st_dev), minor(found.st_dev));
  std::ifstream mounts("/proc/self/mountinfo");
  for (std::string line; std::getline(mounts, line);) {
    if (line.find(device) == std::string::npos) continue;
    std::size_t dash = line.find(" - ");
    if (dash == std::string::npos) continue;
    return line.substr(dash + 3, line.find(' ', dash + 3) - dash - 3);
  }
  return {};
}

}  // namespace

std::string_view network_name(std::uint64_t magic, std::string_view mount_type) {
  for (const NetworkMagic& known : network_magics) {
    if (known.magic == magic) return known.name;
  }
  if (magic != fuse_magic) return {};
  for (std::string_view known : network_fuse_types) {
    if (known == mount_type) return known.substr(std::string_view("fuse.").size());
  }
  return {};
}

base::Status check_local(const std::filesystem::path& folder) {
  struct statfs found{};
  if (::statfs(folder.c_str(), &found) != 0) return {};  // opening says better what is wrong
  std::uint64_t magic = static_cast<std::uint32_t>(found.f_type);
  std::string_view name = network_name(magic, magic == fuse_magic ? mount_type_of(folder) : std::string());
  if (name.empty()) return {};
  return base::fail(base::ErrorCode::unavailable,
                    fmt::format("{} lies on a network file system ({}), where a database that several "
                                "processes share can be damaged",
                                base::display_line(folder.native()), name),
                    "set MIRA_HOME to a folder on a local disk");
}

}  // namespace mira::store

// Which file systems a shared WAL database may live on. Its locks and shared
// memory work between the processes of one machine only, so a network file system
// is refused. FUSE is judged by its subtype: many are local (encryption, NTFS).
#pragma once

#include <filesystem>
#include <string_view>

#include "platform/base/result.h"

namespace mira::store {

// "NFS", "SMB", ...; empty when the file system is of this machine. `magic` is
// statfs's f_type, `mount_type` the type in /proc/self/mountinfo ("fuse.sshfs").
std::string_view network_name(std::uint64_t magic, std::string_view mount_type);

// unavailable when the folder lies on a network file system.
base::Status check_local(const std::filesystem::path& folder);

}  // namespace mira::store

// A disk in memory for SQLite (a VFS) whose faults can be counted and repeated: the
// n-th open, read, write or sync fails, once or from then on; or it is full after so
// many bytes. It also keeps a log of all that happened to it, from which
// power_cuts.h makes every disk that a power cut could have left behind.
// Connections of one process share files, locks and shared memory as on a real disk.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

struct sqlite3_vfs;

namespace mira::support {

// File contents by name.
using DiskImage = std::map<std::string, std::string>;

// One thing that happened, in order. `offset` is the new size for truncate.
struct DiskEvent {
  enum class Kind { create, write, truncate, sync, sync_with_folder, remove };
  Kind kind;
  std::string file;
  std::int64_t offset = 0;
  std::string bytes = {};
};

class FaultyDisk {
 public:
  enum class Operation { open, read, write, sync };  // write: also truncate and remove
  enum class Lasts { once, on };
  struct File;

  FaultyDisk() : FaultyDisk(DiskImage{}) {}
  explicit FaultyDisk(DiskImage image);
  ~FaultyDisk();  // every connection must be closed
  FaultyDisk(const FaultyDisk&) = delete;
  FaultyDisk& operator=(const FaultyDisk&) = delete;

  // For OpenOptions::vfs.
  const char* vfs_name() const { return name_.c_str(); }

  // From now on, the nth such operation fails (1: the next one); a write half happens.
  void fail(Operation operation, int nth, Lasts lasts);
  // The files may grow by so many bytes together, then the disk is full.
  void fill_after(std::int64_t bytes);
  // No faults any more.
  void heal();
  // Whether the fault that was asked for has happened since.
  bool failed() const;

  DiskImage image() const;
  std::vector<DiskEvent> log() const;
  std::size_t log_size() const;

 private:
  friend struct FaultyDiskCalls;  // the C functions that SQLite calls

  bool fails_now(Operation operation);
  bool has_room(std::int64_t bytes);
  void record(DiskEvent event) { log_.push_back(std::move(event)); }

  std::string name_;
  std::unique_ptr<sqlite3_vfs> vfs_;
  mutable std::recursive_mutex mutex_;
  std::map<std::string, std::shared_ptr<File>> files_;
  std::vector<DiskEvent> log_;
  Operation failing_ = Operation::open;
  std::int64_t until_failure_ = -1;  // operations left before the fault; -1: none asked for
  Lasts lasts_ = Lasts::once;
  bool failed_ = false;
  std::int64_t room_ = INT64_MAX;
};

}  // namespace mira::support

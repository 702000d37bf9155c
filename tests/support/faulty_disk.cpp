#include "tests/support/faulty_disk.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

namespace mira::support {

// Contents, locks and shared memory of one file.
struct FaultyDisk::File {
  std::string name;
  std::string bytes;
  bool is_log = false;  // a journal or WAL: its first sync also syncs the folder
  bool folder_synced = false;
  const void* reserved = nullptr;   // who holds the lock, by handle
  const void* exclusive = nullptr;  // also while it waits for readers to leave
  std::vector<const void*> readers;
  std::vector<std::unique_ptr<char[]>> regions;
  std::array<int, SQLITE_SHM_NLOCK> shared_slots = {};
  std::array<const void*, SQLITE_SHM_NLOCK> exclusive_slots = {};
  int mapped = 0;
};

namespace {

// What SQLite allocates for an open file; the first member must be its own.
struct Handle {
  sqlite3_file base;
  FaultyDisk* disk;
  std::shared_ptr<FaultyDisk::File>* file;
  std::array<bool, SQLITE_SHM_NLOCK>* shared_slots;
  int level;
  bool delete_on_close;
};

Handle& handle_of(sqlite3_file* file) {
  return *reinterpret_cast<Handle*>(file);
}
sqlite3_vfs* system_vfs() {
  return sqlite3_vfs_find(nullptr);
}

}  // namespace

struct FaultyDiskCalls {
  using Operation = FaultyDisk::Operation;
  using File = FaultyDisk::File;
  using Lock = std::lock_guard<std::recursive_mutex>;

  static FaultyDisk& disk_of(sqlite3_vfs* vfs) { return *static_cast<FaultyDisk*>(vfs->pAppData); }

  static int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* out, int flags, int* out_flags) {
    FaultyDisk& disk = disk_of(vfs);
    Lock lock(disk.mutex_);
    out->pMethods = nullptr;
    if (disk.fails_now(Operation::open)) return SQLITE_CANTOPEN;
    std::shared_ptr<File> file;
    auto found = name != nullptr ? disk.files_.find(name) : disk.files_.end();
    if (found != disk.files_.end()) {
      file = found->second;
    } else {
      if (!(flags & SQLITE_OPEN_CREATE)) return SQLITE_CANTOPEN;
      file = std::make_shared<File>();
      file->name = name != nullptr ? name : "";
      if (name != nullptr) {
        disk.files_[name] = file;
        disk.record({DiskEvent::Kind::create, name});
      }
    }
    file->is_log = (flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL)) != 0;
    Handle& handle = handle_of(out);
    handle.disk = &disk;
    handle.file = new std::shared_ptr<File>(std::move(file));
    handle.shared_slots = new std::array<bool, SQLITE_SHM_NLOCK>{};
    handle.level = SQLITE_LOCK_NONE;
    handle.delete_on_close = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
    handle.base.pMethods = methods();
    if (out_flags != nullptr) *out_flags = flags;
    return SQLITE_OK;
  }

  static int close(sqlite3_file* opened) {
    Handle& handle = handle_of(opened);
    {
      Lock lock(handle.disk->mutex_);
      unlock(opened, SQLITE_LOCK_NONE);
      if (handle.delete_on_close) handle.disk->files_.erase((*handle.file)->name);
      delete handle.file;
      delete handle.shared_slots;
    }
    return SQLITE_OK;
  }

  static int read(sqlite3_file* opened, void* out, int amount, sqlite3_int64 offset) {
    Handle& handle = handle_of(opened);
    Lock lock(handle.disk->mutex_);
    if (handle.disk->fails_now(Operation::read)) return SQLITE_IOERR_READ;
    const std::string& bytes = (*handle.file)->bytes;
    auto size = static_cast<sqlite3_int64>(bytes.size());
    sqlite3_int64 there = std::clamp<sqlite3_int64>(size - offset, 0, amount);
    if (there > 0) std::memcpy(out, bytes.data() + offset, static_cast<std::size_t>(there));
    if (there == amount) return SQLITE_OK;
    std::memset(static_cast<char*>(out) + there, 0, static_cast<std::size_t>(amount - there));
    return SQLITE_IOERR_SHORT_READ;
  }

  static void put(FaultyDisk& disk, File& file, const void* from, int amount, sqlite3_int64 offset) {
    std::string bytes(static_cast<const char*>(from), static_cast<std::size_t>(amount));
    std::size_t end = static_cast<std::size_t>(offset) + bytes.size();
    if (file.bytes.size() < end) file.bytes.resize(end);
    std::memcpy(file.bytes.data() + offset, bytes.data(), bytes.size());
    if (!file.name.empty()) disk.record({DiskEvent::Kind::write, file.name, offset, std::move(bytes)});
  }

  static int write(sqlite3_file* opened, const void* from, int amount, sqlite3_int64 offset) {
    Handle& handle = handle_of(opened);
    FaultyDisk& disk = *handle.disk;
    Lock lock(disk.mutex_);
    File& file = **handle.file;
    if (disk.fails_now(Operation::write)) {
      put(disk, file, from, amount / 2, offset);
      return SQLITE_IOERR_WRITE;
    }
    std::int64_t growth = offset + amount - static_cast<std::int64_t>(file.bytes.size());
    if (growth > 0 && !disk.has_room(growth)) return SQLITE_FULL;
    put(disk, file, from, amount, offset);
    return SQLITE_OK;
  }

  static int truncate(sqlite3_file* opened, sqlite3_int64 size) {
    Handle& handle = handle_of(opened);
    FaultyDisk& disk = *handle.disk;
    Lock lock(disk.mutex_);
    if (disk.fails_now(Operation::write)) return SQLITE_IOERR_TRUNCATE;
    File& file = **handle.file;
    if (disk.room_ != INT64_MAX) disk.room_ += static_cast<std::int64_t>(file.bytes.size()) - size;
    file.bytes.resize(static_cast<std::size_t>(size));
    if (!file.name.empty()) disk.record({DiskEvent::Kind::truncate, file.name, size});
    return SQLITE_OK;
  }

  static int sync(sqlite3_file* opened, int) {
    Handle& handle = handle_of(opened);
    FaultyDisk& disk = *handle.disk;
    Lock lock(disk.mutex_);
    if (disk.fails_now(Operation::sync)) return SQLITE_IOERR_FSYNC;
    File& file = **handle.file;
    bool with_folder = file.is_log && !file.folder_synced;
    file.folder_synced = true;
    auto kind = with_folder ? DiskEvent::Kind::sync_with_folder : DiskEvent::Kind::sync;
    if (!file.name.empty()) disk.record({kind, file.name});
    return SQLITE_OK;
  }

  static int file_size(sqlite3_file* opened, sqlite3_int64* size) {
    Handle& handle = handle_of(opened);
    Lock lock(handle.disk->mutex_);
    *size = static_cast<sqlite3_int64>((*handle.file)->bytes.size());
    return SQLITE_OK;
  }

  // SHARED < RESERVED < PENDING < EXCLUSIVE, as SQLite's own documentation defines them.
  static int lock_file(sqlite3_file* opened, int level) {
    Handle& handle = handle_of(opened);
    Lock lock(handle.disk->mutex_);
    File& file = **handle.file;
    if (handle.level >= level) return SQLITE_OK;
    bool others_exclude = file.exclusive != nullptr && file.exclusive != &handle;
    bool others_reserve = file.reserved != nullptr && file.reserved != &handle;
    if (others_exclude || (level >= SQLITE_LOCK_RESERVED && others_reserve)) return SQLITE_BUSY;
    if (level == SQLITE_LOCK_SHARED) file.readers.push_back(&handle);
    if (level >= SQLITE_LOCK_RESERVED) file.reserved = &handle;
    if (level >= SQLITE_LOCK_PENDING) {
      file.exclusive = &handle;
      handle.level = SQLITE_LOCK_PENDING;
      if (level == SQLITE_LOCK_EXCLUSIVE && file.readers.size() > 1) return SQLITE_BUSY;
    }
    handle.level = level;
    return SQLITE_OK;
  }

  static int unlock(sqlite3_file* opened, int level) {
    Handle& handle = handle_of(opened);
    Lock lock(handle.disk->mutex_);
    File& file = **handle.file;
    if (handle.level <= level) return SQLITE_OK;
    if (file.reserved == &handle) file.reserved = nullptr;
    if (file.exclusive == &handle) file.exclusive = nullptr;
    if (level == SQLITE_LOCK_NONE) std::erase(file.readers, &handle);
    handle.level = level;
    return SQLITE_OK;
  }

  static int check_reserved(sqlite3_file* opened, int* out) {
    Handle& handle = handle_of(opened);
    Lock lock(handle.disk->mutex_);
    *out = (*handle.file)->reserved != nullptr;
    return SQLITE_OK;
  }

  static int file_control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
  static int sector_size(sqlite3_file*) { return 512; }
  static int device_characteristics(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

  static int map_shared(sqlite3_file* opened, int region, int size, int extend, void volatile** out) {
    Handle& handle = handle_of(opened);
    Lock lock(handle.disk->mutex_);
    File& file = **handle.file;
    *out = nullptr;
    while (file.regions.size() <= static_cast<std::size_t>(region)) {
      if (!extend) return SQLITE_OK;
      file.regions.push_back(std::make_unique<char[]>(static_cast<std::size_t>(size)));
    }
    *out = file.regions[static_cast<std::size_t>(region)].get();
    return SQLITE_OK;
  }

  static int lock_shared(sqlite3_file* opened, int first, int count, int flags) {
    Handle& handle = handle_of(opened);
    Lock lock(handle.disk->mutex_);
    File& file = **handle.file;
    bool locks = (flags & SQLITE_SHM_LOCK) != 0;
    bool exclusively = (flags & SQLITE_SHM_EXCLUSIVE) != 0;
    for (int slot = first; locks && slot < first + count; ++slot) {
      int others = file.shared_slots[slot] - ((*handle.shared_slots)[slot] ? 1 : 0);
      bool taken = file.exclusive_slots[slot] != nullptr && file.exclusive_slots[slot] != &handle;
      if (taken || (exclusively && others > 0)) return SQLITE_BUSY;
    }
    for (int slot = first; slot < first + count; ++slot) {
      bool& mine = (*handle.shared_slots)[slot];
      if (exclusively) {
        file.exclusive_slots[slot] = locks ? &handle : nullptr;
      } else if (mine != locks) {
        file.shared_slots[slot] += locks ? 1 : -1;
        mine = locks;
      }
    }
    return SQLITE_OK;
  }

  // Taking the mutex orders memory between threads; there is nothing else to do.
  static void barrier(sqlite3_file* opened) { Lock lock(handle_of(opened).disk->mutex_); }

  static int unmap_shared(sqlite3_file* opened, int remove) {
    Handle& handle = handle_of(opened);
    Lock lock(handle.disk->mutex_);
    if (remove) (*handle.file)->regions.clear();
    return SQLITE_OK;
  }

  static int remove(sqlite3_vfs* vfs, const char* name, int) {
    FaultyDisk& disk = disk_of(vfs);
    Lock lock(disk.mutex_);
    if (disk.fails_now(Operation::write)) return SQLITE_IOERR_DELETE;
    auto found = disk.files_.find(name);
    if (found == disk.files_.end()) return SQLITE_IOERR_DELETE_NOENT;
    if (disk.room_ != INT64_MAX) disk.room_ += static_cast<std::int64_t>(found->second->bytes.size());
    disk.files_.erase(found);
    disk.record({DiskEvent::Kind::remove, name});
    return SQLITE_OK;
  }

  static int access(sqlite3_vfs* vfs, const char* name, int, int* out) {
    FaultyDisk& disk = disk_of(vfs);
    Lock lock(disk.mutex_);
    auto found = disk.files_.find(name);
    *out = found != disk.files_.end();
    return SQLITE_OK;
  }

  static int full_pathname(sqlite3_vfs*, const char* name, int size, char* out) {
    sqlite3_snprintf(size, out, "%s", name);
    return SQLITE_OK;
  }

  static int randomness(sqlite3_vfs*, int size, char* out) {
    return system_vfs()->xRandomness(system_vfs(), size, out);
  }
  static int sleep(sqlite3_vfs*, int microseconds) {
    return system_vfs()->xSleep(system_vfs(), microseconds);
  }
  static int current_time(sqlite3_vfs*, double* out) { return system_vfs()->xCurrentTime(system_vfs(), out); }
  static int last_error(sqlite3_vfs*, int, char*) { return 0; }

  static const sqlite3_io_methods* methods() {
    static const sqlite3_io_methods table = {2,
                                             close,
                                             read,
                                             write,
                                             truncate,
                                             sync,
                                             file_size,
                                             lock_file,
                                             unlock,
                                             check_reserved,
                                             file_control,
                                             sector_size,
                                             device_characteristics,
                                             map_shared,
                                             lock_shared,
                                             barrier,
                                             unmap_shared,
                                             nullptr,
                                             nullptr};
    return &table;
  }

  static std::unique_ptr<sqlite3_vfs> make_vfs(FaultyDisk& disk) {
    auto vfs = std::make_unique<sqlite3_vfs>();
    vfs->iVersion = 1;
    vfs->szOsFile = sizeof(Handle);
    vfs->mxPathname = 1024;
    vfs->zName = disk.vfs_name();
    vfs->pAppData = &disk;
    vfs->xOpen = open;
    vfs->xDelete = remove;
    vfs->xAccess = access;
    vfs->xFullPathname = full_pathname;
    vfs->xRandomness = randomness;
    vfs->xSleep = sleep;
    vfs->xCurrentTime = current_time;
    vfs->xGetLastError = last_error;
    return vfs;
  }
};

FaultyDisk::FaultyDisk(DiskImage image)
    : name_("faulty-" + std::to_string(reinterpret_cast<std::uintptr_t>(this))) {
  sqlite3_initialize();
  for (auto& [name, bytes] : image) {
    files_[name] = std::make_shared<File>();
    files_[name]->name = name;
    files_[name]->bytes = std::move(bytes);
  }
  vfs_ = FaultyDiskCalls::make_vfs(*this);
  sqlite3_vfs_register(vfs_.get(), 0);
}

FaultyDisk::~FaultyDisk() {
  sqlite3_vfs_unregister(vfs_.get());
}

void FaultyDisk::fail(Operation operation, int nth, Lasts lasts) {
  std::lock_guard lock(mutex_);
  failing_ = operation;
  until_failure_ = nth;
  lasts_ = lasts;
  failed_ = false;
}

void FaultyDisk::fill_after(std::int64_t bytes) {
  std::lock_guard lock(mutex_);
  room_ = bytes;
  failed_ = false;
}

void FaultyDisk::heal() {
  std::lock_guard lock(mutex_);
  until_failure_ = -1;
  room_ = INT64_MAX;
}

bool FaultyDisk::failed() const {
  std::lock_guard lock(mutex_);
  return failed_;
}

bool FaultyDisk::fails_now(Operation operation) {
  if (operation != failing_ || until_failure_ < 0) return false;
  if (until_failure_ > 1) {
    --until_failure_;
    return false;
  }
  failed_ = true;
  if (lasts_ == Lasts::once) until_failure_ = -1;
  return true;
}

bool FaultyDisk::has_room(std::int64_t bytes) {
  if (room_ == INT64_MAX) return true;
  if (bytes > room_) {
    failed_ = true;
    return false;
  }
  room_ -= bytes;
  return true;
}

DiskImage FaultyDisk::image() const {
  std::lock_guard lock(mutex_);
  DiskImage image;
  for (const auto& [name, file] : files_) image[name] = file->bytes;
  return image;
}

std::vector<DiskEvent> FaultyDisk::log() const {
  std::lock_guard lock(mutex_);
  return log_;
}

std::size_t FaultyDisk::log_size() const {
  std::lock_guard lock(mutex_);
  return log_.size();
}

}  // namespace mira::support

// Every disk that a power cut could leave, made from a FaultyDisk's log: what was
// synced is there; of what was not, nothing, all, or a random part survives, sector
// by sector, so that writes are lost, reordered and torn.
#pragma once

#include "tests/support/faulty_disk.h"

namespace mira::support {

class PowerCuts {
 public:
  enum class Survives { nothing, everything, random_sectors };

  // `start` is the disk before the log began.
  PowerCuts(DiskImage start, std::vector<DiskEvent> log) : durable_(std::move(start)), log_(std::move(log)) {}

  // Goes on to just before the next sync; false at the end of the log.
  bool next();
  // How many events of the log have happened.
  std::size_t at() const { return at_; }
  // What the disk holds after a cut now. Equal seeds give equal disks.
  DiskImage image(Survives survives, std::uint32_t seed) const;

 private:
  void make_durable(const DiskEvent& sync);

  DiskImage durable_;
  std::vector<DiskEvent> log_;
  std::vector<std::size_t> pending_;  // events that no sync has covered
  std::size_t at_ = 0;
  bool at_sync_ = false;
};

}  // namespace mira::support

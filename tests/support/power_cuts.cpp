#include "tests/support/power_cuts.h"

#include <algorithm>
#include <cstring>
#include <random>

namespace mira::support {
namespace {

using Kind = DiskEvent::Kind;
constexpr std::size_t sector_bytes = 512;

void write_at(std::string& file, std::size_t offset, std::string_view bytes) {
  if (file.size() < offset + bytes.size()) file.resize(offset + bytes.size());
  std::memcpy(file.data() + offset, bytes.data(), bytes.size());
}

void apply(DiskImage& image, const DiskEvent& event) {
  switch (event.kind) {
    case Kind::create:
      image[event.file];
      break;
    case Kind::write:
      write_at(image[event.file], static_cast<std::size_t>(event.offset), event.bytes);
      break;
    case Kind::truncate:
      image[event.file].resize(static_cast<std::size_t>(event.offset));
      break;
    case Kind::remove:
      image.erase(event.file);
      break;
    case Kind::sync:
    case Kind::sync_with_folder:
      break;
  }
}

// A write, of which each sector is kept or lost by the toss of a coin.
void apply_some_sectors(DiskImage& image, const DiskEvent& event, std::minstd_rand& random) {
  auto offset = static_cast<std::size_t>(event.offset);
  std::string_view rest = event.bytes;
  while (!rest.empty()) {
    std::size_t length = std::min(rest.size(), sector_bytes - offset % sector_bytes);
    if (random() % 2 == 0) write_at(image[event.file], offset, rest.substr(0, length));
    rest.remove_prefix(length);
    offset += length;
  }
}

bool is_sync(const DiskEvent& event) {
  return event.kind == Kind::sync || event.kind == Kind::sync_with_folder;
}
bool is_of_folder(const DiskEvent& event) {
  return event.kind == Kind::create || event.kind == Kind::remove;
}

}  // namespace

bool PowerCuts::next() {
  if (at_sync_) make_durable(log_[at_++]);
  at_sync_ = false;
  for (; at_ < log_.size(); ++at_) {
    if (is_sync(log_[at_])) return at_sync_ = true;
    pending_.push_back(at_);
  }
  return false;
}

// A file's sync covers its contents and its own name; a folder's, all names.
void PowerCuts::make_durable(const DiskEvent& sync) {
  std::vector<std::size_t> rest;
  for (std::size_t index : pending_) {
    const DiskEvent& event = log_[index];
    bool covered = event.file == sync.file || (sync.kind == Kind::sync_with_folder && is_of_folder(event));
    if (covered) {
      apply(durable_, event);
    } else {
      rest.push_back(index);
    }
  }
  pending_ = std::move(rest);
}

DiskImage PowerCuts::image(Survives survives, std::uint32_t seed) const {
  DiskImage image = durable_;
  if (survives == Survives::nothing) return image;
  std::minstd_rand random(seed + 1);
  for (std::size_t index : pending_) {
    const DiskEvent& event = log_[index];
    if (survives == Survives::everything) {
      apply(image, event);
    } else if (event.kind == Kind::write) {
      if (image.contains(event.file)) apply_some_sectors(image, event, random);
    } else if (random() % 2 == 0 && (is_of_folder(event) || image.contains(event.file))) {
      apply(image, event);
    }
  }
  return image;
}

}  // namespace mira::support

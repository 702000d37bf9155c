// The names in one folder, as the kernel gives them, with the kinds it knows for
// free. Names stand in one block of memory that is used again for the next folder.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "platform/base/result.h"

namespace mira::workspace {

class Listing {
 public:
  struct Entry {
    std::uint32_t offset;
    std::uint16_t length;
    std::uint8_t type;  // DT_REG, DT_DIR, ...; DT_UNKNOWN was asked for
  };

  // Reads the folder, "." and ".." left out, sorted so that a walk in this order gives
  // paths in byte order (a folder sorts as its name with "/"). Stops beyond max_entries.
  base::Status read(int folder, std::size_t max_entries);

  const std::vector<Entry>& entries() const { return entries_; }
  bool cut() const { return cut_; }  // there were more than max_entries
  std::string_view name(const Entry& entry) const { return {names_.data() + entry.offset, entry.length}; }
  const char* c_name(const Entry& entry) const { return names_.data() + entry.offset; }
  // The kind of the entry with this name, DT_UNKNOWN if there is none. Linear.
  std::uint8_t type_of(std::string_view wanted) const;

 private:
  void add(int folder, const char* name, std::uint8_t type);
  void sort();

  std::string names_;  // each ends with NUL
  std::vector<Entry> entries_;
  bool cut_ = false;
};

}  // namespace mira::workspace

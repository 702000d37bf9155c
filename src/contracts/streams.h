// Standard input and outputs as an action sees them, for the few verbs whose input
// or answer is too long to hold or must be seen while it comes: a log read to its end,
// a build that runs. Given by the face; where there is none the action refuses.
#pragma once

#include <cstddef>
#include <string_view>

namespace mira::contracts {

class Streams {
 public:
  virtual ~Streams() = default;
  // Fills in at most `bytes` bytes; 0 at the end of the input, -1 when it cannot be read.
  virtual std::ptrdiff_t read(char* buffer, std::size_t bytes) = 0;
  // False when nobody reads any more.
  virtual bool write(std::string_view text) = 0;
  virtual bool write_error(std::string_view text) = 0;
  virtual bool json() const = 0;  // the machine-readable form was asked for
};

}  // namespace mira::contracts

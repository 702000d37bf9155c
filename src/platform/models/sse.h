// Server-sent events out of bytes as they come: cut anywhere, with any line end. An
// event is what stands before an empty line; what is left when the bytes end is no
// event. Lines are bounded, so a server cannot fill the memory with one.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace mira::models {

inline constexpr std::size_t stream_line_bytes = 1 << 20;

class SseReader {
 public:
  using OnEvent = std::function<void(std::string_view data)>;
  // Calls on_event for each whole event that has data. False: a line or an event is too long.
  bool feed(std::string_view bytes, const OnEvent& on_event);

 private:
  bool take_line(std::string_view line, const OnEvent& on_event);

  std::string line_, data_;
  bool has_data_ = false;
  bool after_return_ = false;  // the last byte was '\r': a '\n' now ends the same line
};

}  // namespace mira::models

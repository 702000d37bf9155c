// The words between a pool and its workers: a frame is length, sequence number and
// payload. An answer repeats the number of its job, so that bytes that a broken
// worker wrote are never taken for an answer.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mira::process {

struct FrameHead {
  std::uint32_t length = 0;  // of the payload, bytes
  std::uint32_t sequence = 0;
};

// The first frame of a worker has this number and holds its SandboxReport.
inline constexpr std::uint32_t greeting_sequence = 0;

void append_frame(std::string& out, std::uint32_t sequence, std::string_view payload);

struct Frame {
  std::uint32_t sequence = 0;
  std::string_view payload;  // valid until the next call of the buffer
};

// Bytes as they come in, frames as they are whole.
class FrameBuffer {
 public:
  // Room for at least `count` more bytes; then tell how many were filled in.
  char* room(std::size_t count);
  void filled(std::size_t count) { end_ += count; }
  std::optional<Frame> next();
  // True when the announced length passes limits::worker_frame_bytes: the stream is lost.
  bool malformed() const;
  bool empty() const { return start_ == end_; }

 private:
  std::optional<FrameHead> head() const;
  std::string bytes_;
  std::size_t start_ = 0, end_ = 0;
};

}  // namespace mira::process

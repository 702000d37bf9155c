#include "platform/process/frames.h"

#include <cstring>

#include "platform/base/limits.h"

namespace mira::process {

void append_frame(std::string& out, std::uint32_t sequence, std::string_view payload) {
  const FrameHead head{static_cast<std::uint32_t>(payload.size()), sequence};
  out.append(reinterpret_cast<const char*>(&head), sizeof(head));
  out.append(payload);
}

char* FrameBuffer::room(std::size_t count) {
  if (start_ > 0 && (empty() || bytes_.size() < end_ + count)) {
    std::memmove(bytes_.data(), bytes_.data() + start_, end_ - start_);
    end_ -= start_;
    start_ = 0;
  }
  if (bytes_.size() < end_ + count) bytes_.resize(std::max(end_ + count, bytes_.size() * 2));
  return bytes_.data() + end_;
}

std::optional<FrameHead> FrameBuffer::head() const {
  FrameHead head;
  if (end_ - start_ < sizeof(head)) return std::nullopt;
  std::memcpy(&head, bytes_.data() + start_, sizeof(head));
  return head;
}

std::optional<Frame> FrameBuffer::next() {
  const auto announced = head();
  if (!announced || malformed()) return std::nullopt;
  const std::size_t whole = sizeof(FrameHead) + announced->length;
  if (end_ - start_ < whole) return std::nullopt;
  const Frame frame{announced->sequence,
                    std::string_view(bytes_).substr(start_ + sizeof(FrameHead), announced->length)};
  start_ += whole;
  return frame;
}

bool FrameBuffer::malformed() const {
  const auto announced = head();
  return announced && announced->length > limits::worker_frame_bytes;
}

}  // namespace mira::process

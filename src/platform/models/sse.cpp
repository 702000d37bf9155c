#include "platform/models/sse.h"

namespace mira::models {

bool SseReader::feed(std::string_view bytes, const OnEvent& on_event) {
  while (!bytes.empty()) {
    if (after_return_) {
      after_return_ = false;
      if (bytes.front() == '\n') {
        bytes.remove_prefix(1);
        continue;
      }
    }
    std::size_t end = bytes.find_first_of("\r\n");
    line_.append(bytes.substr(0, end));
    if (line_.size() > stream_line_bytes) return false;
    if (end == std::string_view::npos) return true;
    after_return_ = bytes[end] == '\r';
    bytes.remove_prefix(end + 1);
    if (!take_line(line_, on_event)) return false;
    line_.clear();
  }
  return true;
}

bool SseReader::take_line(std::string_view line, const OnEvent& on_event) {
  if (line.empty()) {
    if (has_data_) on_event(data_);
    data_.clear();
    has_data_ = false;
    return true;
  }
  if (!line.starts_with("data:"))
    return true;  // names, ids, comments: every event says what it is in its data
  line.remove_prefix(5);
  if (line.starts_with(' ')) line.remove_prefix(1);
  if (has_data_) data_ += '\n';
  data_ += line;
  has_data_ = true;
  return data_.size() <= stream_line_bytes;
}

}  // namespace mira::models

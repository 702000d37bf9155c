// A log as lines, whatever the chunks it comes in: terminal escapes gone, carriage
// returns end a line like newlines do (what a progress bar overwrote was still said),
// and what a CI or a build tool puts before a line (times, "[12/340] ", "web_1 | ")
// taken off. Holds at most one line; a longer one is cut, and says so.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

namespace mira::builds {

inline constexpr std::size_t most_line_bytes = 1 << 20;

struct Line {
  std::string_view text;     // cleaned; valid until the next line
  std::uint64_t begin, end;  // its bytes in the log, without the line's end
  std::int64_t number;       // from 1, counting newlines
  bool cut = false;
};

// Without escape sequences (CSI, OSC with hyperlinks, charset), backspaces and NUL.
void strip_escapes(std::string_view text, std::string& out);
// Without what stands before a tool's own words.
std::string_view strip_prefixes(std::string_view text);

class LogLines {
 public:
  template <class OnLine>
  void feed(std::string_view chunk, OnLine&& on_line) {
    std::size_t newline = find(chunk, '\n', 0), carriage = find(chunk, '\r', 0), begin = 0;
    while (begin < chunk.size()) {
      const std::size_t end = std::min(newline, carriage);
      if (end == chunk.size()) return keep(chunk.substr(begin));
      (end == newline ? newline : carriage) = find(chunk, chunk[end], end + 1);
      take(chunk.substr(begin, end - begin), chunk[end], on_line);
      begin = end + 1;
    }
  }
  template <class OnLine>
  void finish(OnLine&& on_line) {
    if (length_ > 0) take({}, '\n', on_line);
  }
  std::uint64_t bytes() const { return position_ + length_; }
  std::int64_t lines() const { return number_; }

 private:
  // Where it stands at or behind `from`; the chunk's size when it does not.
  static std::size_t find(std::string_view chunk, char c, std::size_t from) {
    const std::size_t at = chunk.find(c, from);
    return at == std::string_view::npos ? chunk.size() : at;
  }
  void keep(std::string_view part);
  std::string_view clean(std::string_view text);

  // `part` ends the segment that keep() began.
  template <class OnLine>
  void take(std::string_view part, char terminator, OnLine&& on_line) {
    std::string_view text = part;
    if (length_ > 0) {
      keep(part);
      text = held_;
    } else {
      length_ = part.size();
    }
    const bool empty = length_ == 0;
    // "\r\n" is one end. An empty segment before a "\r" is only a line when "\n" follows.
    const bool skip = terminator == '\r' ? empty : (empty && after_carriage_ && !empty_carriage_);
    if (!skip) {
      const bool cut = text.size() > most_line_bytes;
      on_line(Line{clean(text.substr(0, most_line_bytes)), position_, position_ + length_, number_ + 1,
                   cut || length_ > text.size()});
    }
    empty_carriage_ = terminator == '\r' && empty && (!after_carriage_ || empty_carriage_);
    after_carriage_ = terminator == '\r';
    position_ += length_ + 1;
    length_ = 0;
    held_.clear();
    if (terminator == '\n') ++number_;
  }

  std::string held_;     // the beginning of a segment that its chunk did not end
  std::string cleaned_;  // of the line given out, when it held escapes
  std::uint64_t position_ = 0, length_ = 0;
  std::int64_t number_ = 0;
  bool after_carriage_ = false, empty_carriage_ = false;
};

}  // namespace mira::builds

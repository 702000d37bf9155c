// A point in time by which work must end, and the clock that says what time it
// is. Work that can be long takes a Deadline and asks it in its loops; there are
// no time-outs hidden inside. A Deadline also carries an optional cancel flag, so
// one check serves both. Wall time comes from a Clock that tests replace.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace mira::base {

class Deadline {
 public:
  using SteadyClock = std::chrono::steady_clock;

  static Deadline never() { return Deadline(SteadyClock::time_point::max()); }
  static Deadline after_ms(std::int64_t ms) {
    return Deadline(SteadyClock::now() + std::chrono::milliseconds(ms));
  }

  // The earlier of this deadline and `ms` from now.
  Deadline within_ms(std::int64_t ms) const {
    Deadline other = after_ms(ms);
    if (at_ < other.at_) other.at_ = at_;
    other.cancelled_ = cancelled_;
    return other;
  }
  // The same moment, but also over as soon as *flag is true. The flag must outlive it.
  Deadline with_cancel(const std::atomic<bool>* flag) const {
    Deadline copy = *this;
    copy.cancelled_ = flag;
    return copy;
  }

  bool cancelled() const { return cancelled_ != nullptr && cancelled_->load(std::memory_order_relaxed); }
  bool expired() const {
    return cancelled() || (at_ != SteadyClock::time_point::max() && SteadyClock::now() >= at_);
  }
  // Milliseconds left, 0 when over, INT64_MAX / 4 when there is no limit.
  std::int64_t remaining_ms() const {
    if (cancelled()) return 0;
    if (at_ == SteadyClock::time_point::max()) return INT64_MAX / 4;
    auto left = std::chrono::duration_cast<std::chrono::milliseconds>(at_ - SteadyClock::now()).count();
    return left > 0 ? left : 0;
  }

 private:
  explicit Deadline(SteadyClock::time_point at) : at_(at) {}
  SteadyClock::time_point at_;
  const std::atomic<bool>* cancelled_ = nullptr;
};

// Wall time in Unix milliseconds. Given, never global, so that tests choose it.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual std::int64_t now_ms() const = 0;
};

class SystemClock : public Clock {
 public:
  std::int64_t now_ms() const override {
    const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count();
  }
};

}  // namespace mira::base

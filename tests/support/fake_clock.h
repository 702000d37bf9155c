// Wall time that a test sets.
#pragma once

#include <atomic>

#include "platform/base/deadline.h"

namespace mira::support {

class FakeClock : public base::Clock {
 public:
  explicit FakeClock(std::int64_t start_ms = 1'700'000'000'000) : now_ms_(start_ms) {}
  std::int64_t now_ms() const override { return now_ms_.load(); }
  void set_ms(std::int64_t now_ms) { now_ms_ = now_ms; }
  void advance_ms(std::int64_t by_ms) { now_ms_ += by_ms; }

 private:
  std::atomic<std::int64_t> now_ms_;
};

}  // namespace mira::support

// How long connections opened on this thread wait for other processes' locks, where that is less than
// limits::busy_wait_ms: a hook that stands between a user and an agent would rather say nothing. It is of the
// connection from its opening on, whichever thread it goes to. The innermost one counts.
#pragma once

#include <cstdint>

namespace mira::store {

class Patience {
 public:
  explicit Patience(std::int64_t wait_ms);
  Patience(const Patience&) = delete;
  Patience& operator=(const Patience&) = delete;
  ~Patience();

  // Of a connection that this thread opens now.
  static std::int64_t busy_wait_ms();

 private:
  std::int64_t before_;
};

}  // namespace mira::store

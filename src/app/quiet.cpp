#include "app/quiet.h"

namespace mira::app {

Quiet::Question::Question(Quiet& quiet) : quiet_(quiet) {
  std::lock_guard guard(quiet_.mutex_);
  ++quiet_.open_;
  quiet_.disturbed_ = true;
}

Quiet::Question::~Question() {
  std::lock_guard guard(quiet_.mutex_);
  --quiet_.open_;
  quiet_.ended_ = std::chrono::steady_clock::now();
}

bool Quiet::has_lasted(std::int64_t ms) {
  std::lock_guard guard(mutex_);
  if (open_ > 0 || std::chrono::steady_clock::now() - ended_ < std::chrono::milliseconds(ms)) return false;
  disturbed_ = false;
  return true;
}

void Quiet::disturb() {
  std::lock_guard guard(mutex_);
  disturbed_ = true;
}

}  // namespace mira::app

// A scope in which this process has nobody's rights, so that a test run by root
// meets "permission denied" as everybody else does. Run by anybody else, it changes
// nothing.
#pragma once

#include <unistd.h>

namespace mira::support {

class AsNobody {
 public:
  AsNobody() : was_root_(::geteuid() == 0), able_(!was_root_ || ::seteuid(nobody) == 0) {}
  ~AsNobody() {
    if (was_root_ && able_ && ::seteuid(0) != 0) ::_exit(99);
  }
  AsNobody(const AsNobody&) = delete;
  AsNobody& operator=(const AsNobody&) = delete;
  // False: root without the right to become another user; nothing can be tested.
  bool able() const { return able_; }

 private:
  static constexpr uid_t nobody = 65534;
  bool was_root_;
  bool able_;
};

}  // namespace mira::support

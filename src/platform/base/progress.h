// How long work tells what it is doing. Faces show it (one redrawn line on a
// terminal, JSON lines with --json); tests collect it; Quiet drops it.
#pragma once

#include <cstdint>
#include <string_view>

namespace mira::base {

class Progress {
 public:
  virtual ~Progress() = default;
  // stage: "reading files"; done and total in units of `unit` ("files"), total 0 if unknown.
  virtual void update(std::string_view stage, std::int64_t done, std::int64_t total,
                      std::string_view unit) = 0;
};

class QuietProgress : public Progress {
 public:
  void update(std::string_view, std::int64_t, std::int64_t, std::string_view) override {}
};

}  // namespace mira::base

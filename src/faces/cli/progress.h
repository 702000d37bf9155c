// Progress on standard error: one redrawn line on a terminal, a line a stage
// elsewhere, JSON lines with --json. The first word comes after 100 ms, so quick
// work says nothing.
#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <string>

#include "platform/base/progress.h"

namespace mira::cli {

enum class ProgressForm { silent, redrawn, lines, json };

class TerminalProgress : public base::Progress {
 public:
  using Now = std::function<std::chrono::steady_clock::time_point()>;
  TerminalProgress(ProgressForm form, int descriptor, Now now = std::chrono::steady_clock::now);
  ~TerminalProgress() override;  // clears a redrawn line
  void update(std::string_view stage, std::int64_t done, std::int64_t total, std::string_view unit) override;
  void clear();

 private:
  void show(std::string_view stage, std::int64_t done, std::int64_t total, std::string_view unit);

  ProgressForm form_;
  int descriptor_;
  Now now_;
  std::mutex mutex_;
  std::chrono::steady_clock::time_point started_, shown_;
  std::string stage_;
  bool drawn_ = false;
};

}  // namespace mira::cli

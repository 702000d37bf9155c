#include "faces/cli/progress.h"

#include <fmt/format.h>

#include "faces/cli/print.h"

namespace mira::cli {
namespace {
using std::chrono::milliseconds;
constexpr auto first_after = milliseconds(100);
constexpr auto redraw_every = milliseconds(80);
constexpr auto repeat_every = milliseconds(5000);  // where lines are not redrawn
}  // namespace

TerminalProgress::TerminalProgress(ProgressForm form, int descriptor, Now now)
    : form_(form), descriptor_(descriptor), now_(std::move(now)), started_(now_()), shown_(started_) {}

TerminalProgress::~TerminalProgress() {
  clear();
}

void TerminalProgress::update(std::string_view stage, std::int64_t done, std::int64_t total,
                              std::string_view unit) {
  if (form_ == ProgressForm::silent) return;
  std::lock_guard guard(mutex_);
  auto now = now_();
  if (now - started_ < first_after) return;
  bool new_stage = stage != stage_;
  auto interval = form_ == ProgressForm::redrawn ? redraw_every : repeat_every;
  if (!new_stage && now - shown_ < interval) return;
  stage_ = stage;
  shown_ = now;
  show(stage, done, total, unit);
}

void TerminalProgress::show(std::string_view stage, std::int64_t done, std::int64_t total,
                            std::string_view unit) {
  if (form_ == ProgressForm::json) {
    contracts::Json line{{"progress", {{"stage", stage}, {"done", done}, {"total", total}, {"unit", unit}}}};
    write_all(descriptor_, dump_line(line) + "\n");
    return;
  }
  std::string text(stage);
  if (total > 0)
    text += fmt::format(": {} of {} {}", done, total, unit);
  else if (done > 0)
    text += fmt::format(": {} {}", done, unit);
  if (form_ == ProgressForm::redrawn) {
    write_all(descriptor_, fmt::format("\r\x1b[K{}", text));
    drawn_ = true;
  } else {
    write_all(descriptor_, text + "\n");
  }
}

void TerminalProgress::clear() {
  if (drawn_) write_all(descriptor_, "\r\x1b[K");
  drawn_ = false;
}

}  // namespace mira::cli

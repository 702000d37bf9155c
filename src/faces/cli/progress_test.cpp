#include "faces/cli/progress.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include <memory>

namespace mira::cli {
namespace {

using std::chrono::milliseconds;
using testing::IsEmpty;
using testing::StrEq;

// Progress into a pipe, under a clock that only the test moves.
class Shown {
 public:
  explicit Shown(ProgressForm form) {
    EXPECT_EQ(pipe2(ends_, O_NONBLOCK | O_CLOEXEC), 0);
    progress_ = std::make_unique<TerminalProgress>(form, ends_[1], [this] { return now_; });
  }
  ~Shown() {
    progress_.reset();
    close(ends_[0]);
    close(ends_[1]);
  }
  Shown(const Shown&) = delete;
  Shown& operator=(const Shown&) = delete;

  std::string after(int passed_ms, std::string_view stage, std::int64_t done, std::int64_t total) {
    now_ += milliseconds(passed_ms);
    progress_->update(stage, done, total, "files");
    return said();
  }
  std::string at_the_end() {
    progress_->clear();
    return said();
  }

 private:
  std::string said() {
    std::string out(4096, '\0');
    ssize_t count = read(ends_[0], out.data(), out.size());
    out.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    return out;
  }

  int ends_[2] = {-1, -1};
  std::chrono::steady_clock::time_point now_;
  std::unique_ptr<TerminalProgress> progress_;
};

TEST(Progress, OfQuickWorkSaysNothing) {
  Shown shown(ProgressForm::lines);
  EXPECT_THAT(shown.after(0, "reading", 0, 10), IsEmpty());
  EXPECT_THAT(shown.after(99, "reading", 10, 10), IsEmpty());
}

TEST(Progress, ElsewhereIsALineAStageAndOneEveryFiveSeconds) {
  Shown shown(ProgressForm::lines);
  EXPECT_THAT(shown.after(100, "reading", 1, 10), StrEq("reading: 1 of 10 files\n"));
  EXPECT_THAT(shown.after(4999, "reading", 2, 10), IsEmpty());
  EXPECT_THAT(shown.after(1, "reading", 3, 10), StrEq("reading: 3 of 10 files\n"));
  EXPECT_THAT(shown.after(0, "joining", 0, 0), StrEq("joining\n"));
  EXPECT_THAT(shown.after(5000, "joining", 7, 0), StrEq("joining: 7 files\n"));
}

TEST(Progress, OnATerminalIsOneLineThatIsTakenAwayAtTheEnd) {
  Shown shown(ProgressForm::redrawn);
  EXPECT_THAT(shown.after(100, "reading", 1, 10), StrEq("\r\x1b[Kreading: 1 of 10 files"));
  EXPECT_THAT(shown.after(79, "reading", 2, 10), IsEmpty());
  EXPECT_THAT(shown.after(1, "reading", 3, 10), StrEq("\r\x1b[Kreading: 3 of 10 files"));
  EXPECT_THAT(shown.at_the_end(), StrEq("\r\x1b[K"));
  EXPECT_THAT(shown.at_the_end(), IsEmpty());
}

TEST(Progress, ForProgramsIsAJsonObjectALine) {
  Shown shown(ProgressForm::json);
  EXPECT_THAT(shown.after(100, "reading", 1, 10),
              StrEq("{\"progress\":{\"done\":1,\"stage\":\"reading\",\"total\":10,\"unit\":\"files\"}}\n"));
}

TEST(Progress, ThatIsSilentSaysNothing) {
  Shown shown(ProgressForm::silent);
  EXPECT_THAT(shown.after(10000, "reading", 1, 10), IsEmpty());
}

}  // namespace
}  // namespace mira::cli

// Says when work that nobody waits for may be done: not while a question is answered, and not
// for a while after it, since the next one often follows. Such work ends as soon as a question
// comes. Safe from several threads.
#pragma once

#include <atomic>
#include <chrono>
#include <mutex>

namespace mira::app {

class Quiet {
 public:
  // Somebody waits for an answer as long as this lives.
  class Question {
   public:
    explicit Question(Quiet& quiet);
    ~Question();
    Question(const Question&) = delete;
    Question& operator=(const Question&) = delete;

   private:
    Quiet& quiet_;
  };

  // True when nobody waits and the last answer was given `ms` ago; then disturbed() is false until the next
  // question.
  bool has_lasted(std::int64_t ms);
  // For Deadline::with_cancel.
  const std::atomic<bool>* disturbed() const { return &disturbed_; }
  void disturb();

 private:
  std::mutex mutex_;
  int open_ = 0;
  std::chrono::steady_clock::time_point ended_{};
  std::atomic<bool> disturbed_ = false;
};

}  // namespace mira::app

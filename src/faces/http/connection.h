// Part of server.cpp, apart because of its length: what one connection holds for the
// threads that answer it.
#pragma once

#include <boost/beast.hpp>
#include <deque>
#include <mutex>
#include <optional>

#include "faces/http/as_value.h"
#include "faces/http/server.h"
#include "platform/base/text.h"

namespace mira::http {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace wire = boost::beast::http;

// A queue that other threads fill and the loop's thread empties. push() and leave() are safe from any
// thread, the rest belongs to the loop's.
class Outbox {
 public:
  Outbox(asio::io_context& loop, std::size_t most_bytes)
      : loop_(loop), timer_(loop, asio::steady_timer::time_point::max()), most_bytes_(most_bytes) {}

  struct Piece {
    std::optional<Response> head;  // of a whole response, or of a stream
    std::string text;
    bool last = false;
  };

  // False: the client is gone, or reads too slowly and is dropped now.
  bool push(Piece piece, bool limited) {
    std::lock_guard guard(mutex_);
    if (gone_ || overflow_) return false;
    bytes_ += piece.text.size();
    overflow_ = limited && bytes_ > most_bytes_;
    if (!overflow_) pieces_.push_back(std::move(piece));
    wake();
    return !overflow_;
  }
  std::optional<Piece> take() {
    std::lock_guard guard(mutex_);
    woken_ = false;
    timer_.expires_at(asio::steady_timer::time_point::max());
    if (pieces_.empty()) return std::nullopt;
    Piece piece = std::move(pieces_.front());
    pieces_.pop_front();
    bytes_ -= piece.text.size();
    return piece;
  }
  bool overflowed() const {
    std::lock_guard guard(mutex_);
    return overflow_;
  }
  // Waited for after a take() that gave nothing. A wake between the two leaves it expired, so none is lost.
  asio::steady_timer& timer() { return timer_; }
  bool woken() const { return woken_; }
  void when_overflowed(std::function<void()> callback) { overflowed_ = std::move(callback); }
  void wake_up() {
    std::lock_guard guard(mutex_);
    wake();
  }

  void leave() {
    std::function<void()> callback;
    {
      std::lock_guard guard(mutex_);
      if (gone_) return;
      gone_ = true;
      over = true;
      callback = std::move(callback_);
    }
    if (callback) callback();
  }
  // The exchange is over and the client had all of it.
  void done() {
    std::lock_guard guard(mutex_);
    gone_ = true;
    callback_ = nullptr;
  }
  void when_gone(std::function<void()> callback) {
    {
      std::lock_guard guard(mutex_);
      if (!gone_) {
        callback_ = std::move(callback);
        return;
      }
      if (!over) return;
    }
    callback();
  }

  std::atomic<bool> over{false};  // gone, or the server ends

  // Keeps the timer alive until the loop has run the wake.
  std::weak_ptr<Outbox> self;

 private:
  void wake() {
    asio::post(loop_, [weak = self] {
      auto box = weak.lock();
      if (!box) return;
      box->woken_ = true;
      box->timer_.expires_at(asio::steady_timer::time_point::min());
      if (box->overflowed_ && box->overflowed()) box->overflowed_();
    });
  }

  asio::io_context& loop_;
  asio::steady_timer timer_;
  std::size_t most_bytes_;
  mutable std::mutex mutex_;
  std::deque<Piece> pieces_;
  std::size_t bytes_ = 0;
  bool overflow_ = false;
  bool gone_ = false;
  std::function<void()> callback_;
  bool woken_ = false;  // of the loop's thread, as this is
  std::function<void()> overflowed_;
};

inline std::shared_ptr<Outbox> make_outbox(asio::io_context& loop, std::size_t most_bytes) {
  auto box = std::make_shared<Outbox>(loop, most_bytes);
  box->self = box;
  return box;
}

class BoxedAnswer : public Answer {
 public:
  BoxedAnswer(std::shared_ptr<Outbox> box, std::int64_t answer_ms)
      : box_(std::move(box)), deadline_(base::Deadline::after_ms(answer_ms).with_cancel(&box_->over)) {}
  // Work that forgot to answer: the client must not wait for ever.
  ~BoxedAnswer() override {
    if (!answered_) whole(error_response(500, "failed", "this request was given up"));
    if (streaming_) end();
  }

  void whole(Response response) override {
    if (answered_.exchange(true)) return;
    box_->push({std::move(response), "", true}, false);
  }
  void begin(Response head) override {
    if (answered_.exchange(true)) return;
    streaming_ = true;
    box_->push({std::move(head), "", false}, false);
  }
  void write(std::string piece) override {
    if (streaming_ && !piece.empty()) box_->push({std::nullopt, std::move(piece), false}, true);
  }
  void end() override {
    if (streaming_.exchange(false)) box_->push({std::nullopt, "", true}, false);
  }
  void when_gone(std::function<void()> callback) override { box_->when_gone(std::move(callback)); }
  base::Deadline deadline() const override { return deadline_; }

 private:
  std::shared_ptr<Outbox> box_;
  base::Deadline deadline_;
  std::atomic<bool> answered_{false}, streaming_{false};
};

class BoxedTalk : public Talk {
 public:
  BoxedTalk(std::shared_ptr<Outbox> box, asio::thread_pool& workers)
      : box_(std::move(box)), workers_(workers) {}
  void send(std::string text) override { box_->push({std::nullopt, std::move(text), false}, true); }
  void close(int code, std::string reason) override {
    box_->push({Response{.status = code, .body = std::move(reason)}, "", true}, false);
  }
  void run(std::function<void()> work) override { asio::post(workers_, std::move(work)); }

 private:
  std::shared_ptr<Outbox> box_;
  asio::thread_pool& workers_;
};

}  // namespace mira::http

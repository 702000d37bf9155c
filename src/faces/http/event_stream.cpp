#include "faces/http/event_stream.h"

#include <fmt/format.h>

namespace mira::http {
namespace {

constexpr std::size_t most_kept = 256;
constexpr int come_back_ms = 200;

}  // namespace

EventStream::EventStream(std::shared_ptr<Answer> answer, std::string id,
                         std::pair<std::string, std::string> header)
    : answer_(std::move(answer)), id_(std::move(id)), header_(std::move(header)) {}

void EventStream::begin() {
  if (begun_ || !answer_) return;
  begun_ = true;
  Response head{.status = 200, .content_type = "text/event-stream"};
  head.headers.emplace_back("X-Accel-Buffering", "no");
  if (!header_.first.empty()) head.headers.push_back(header_);
  answer_->begin(std::move(head));
  // An event without data tells the client where it is before anything happened.
  if (!id_.empty()) answer_->write(fmt::format("id: {}-{}\ndata: \n\n", id_, last_));
}

void EventStream::put(const mcp::Json& message) {
  std::string event = "event: message\n";
  ++last_;
  if (!id_.empty()) event += fmt::format("id: {}-{}\n", id_, last_);
  event += "data: " + mcp::to_line(message) + "\n\n";
  if (answer_) answer_->write(event);
  if (id_.empty()) return;
  kept_.emplace_back(last_, std::move(event));
  if (kept_.size() > most_kept) kept_.pop_front();
}

void EventStream::end() {
  finished_ = true;
  if (answer_ && begun_) answer_->end();
  answer_ = nullptr;
}

void EventStream::send(const mcp::Json& message) {
  std::lock_guard guard(mutex_);
  if (finished_) return;
  begin();
  put(message);
}

void EventStream::finish(const mcp::Json& message, int http_status) {
  std::lock_guard guard(mutex_);
  if (finished_) return;
  if (answer_ && !begun_) {
    Response response{.status = http_status, .body = mcp::to_line(message)};
    if (!header_.first.empty()) response.headers.push_back(header_);
    answer_->whole(std::move(response));
  } else {
    put(message);
  }
  end();
}

void EventStream::drop() {
  std::lock_guard guard(mutex_);
  if (finished_) return;
  begin();
  end();
}

void EventStream::open() {
  std::lock_guard guard(mutex_);
  begin();
}

void EventStream::close_stream() {
  std::lock_guard guard(mutex_);
  if (finished_ || id_.empty() || !answer_) return;
  begin();
  answer_->write(fmt::format("retry: {}\n\n", come_back_ms));
  answer_->end();
  answer_ = nullptr;
}

void EventStream::resume(std::shared_ptr<Answer> answer, std::int64_t seen) {
  std::lock_guard guard(mutex_);
  if (answer_ && begun_) answer_->end();
  answer_ = std::move(answer);
  begun_ = true;
  Response head{.status = 200, .content_type = "text/event-stream"};
  head.headers.emplace_back("X-Accel-Buffering", "no");
  answer_->begin(std::move(head));
  for (const auto& [number, event] : kept_)
    if (number > seen) answer_->write(event);
  if (finished_) end();
}

void EventStream::detach(const Answer* whose) {
  std::lock_guard guard(mutex_);
  if (answer_.get() == whose) answer_ = nullptr;
}

bool EventStream::finished() const {
  std::lock_guard guard(mutex_);
  return finished_;
}

}  // namespace mira::http

#include "faces/http/socket.h"

#include "faces/http/gate.h"
#include "faces/mcp/message.h"

namespace mira::http {
namespace {

using contracts::Json;

constexpr std::size_t most_before_token = 4096;  // bytes of the first message
constexpr std::size_t most_running = 16;
constexpr int answer_ms = 120'000;
constexpr int forbidden = 1008;

}  // namespace

SocketTalk::SocketTalk(Routes& routes, Events& events, std::string token, bool known,
                       std::shared_ptr<Talk> talk)
    : routes_(routes), events_(events), token_(std::move(token)), talk_(std::move(talk)), known_(known) {
  if (known_) join(-1);
}

void SocketTalk::join(std::int64_t after) {
  auto talk = talk_;
  int handle = events_.join(after, [talk](const Event& event) {
    talk->send(mcp::to_line({{"id", event.id}, {"event", event.name}, {"data", event.data}}));
  });
  std::lock_guard guard(mutex_);
  handle_ = handle;
}

void SocketTalk::received(std::string text) {
  {
    std::lock_guard guard(mutex_);
    if (over_) return;
  }
  if (!known_ && text.size() > most_before_token)
    return talk_->close(forbidden, "the first message is the token");
  std::string why;
  auto message = mcp::read_json(text, why);
  if (!known_) return introduce(message.value_or(Json()));
  if (!message || !message->is_object()) return refuse(nullptr, message ? "a message is an object" : why);
  take(*message);
}

void SocketTalk::introduce(const Json& message) {
  Json token = message.is_object() ? message.value("token", Json()) : Json();
  bool right = token.is_string() && !token_.empty() &&
               equal_in_constant_time(token.get_ref<const std::string&>(), token_);
  if (!right) {
    std::lock_guard guard(mutex_);
    over_ = true;
    return talk_->close(forbidden, "the token is missing or wrong");
  }
  known_ = true;
  Json after = message.value("after", Json());
  talk_->send(mcp::to_line({{"ok", true}, {"last", events_.last()}}));
  join(after.is_number_integer() ? after.get<std::int64_t>() : -1);
}

void SocketTalk::refuse(const Json& id, std::string_view message) {
  Json error{{"code", "usage"}, {"message", message}, {"hint", ""}, {"next", Json::array()}};
  talk_->send(mcp::to_line({{"id", id}, {"ok", false}, {"error", std::move(error)}}));
}

void SocketTalk::take(const Json& message) {
  Json id = message.value("id", Json());
  if (!id.is_string() && !id.is_number_integer())
    return refuse(nullptr, "id must be a text or a whole number");
  std::unique_lock lock(mutex_);
  auto running = running_.find(id);
  if (message.contains("cancel")) {
    if (running != running_.end()) running->second->store(true);
    return;
  }
  bool taken = running != running_.end(), full = running_.size() >= most_running;
  lock.unlock();
  if (taken) return refuse(id, "this id is in use");
  if (full) return refuse(id, "too many calls at once");
  Json action = message.value("action", Json());
  if (!action.is_string()) return refuse(id, "action must name what to do");
  call(std::move(id), action.get<std::string>(), message.value("input", Json::object()));
}

void SocketTalk::call(Json id, std::string action, Json input) {
  auto cancel = std::make_shared<std::atomic<bool>>(false);
  {
    std::lock_guard guard(mutex_);
    running_[id] = cancel;
  }
  talk_->run([self = shared_from_this(), id = std::move(id), action = std::move(action),
              input = std::move(input), cancel] {
    auto deadline = base::Deadline::after_ms(answer_ms).with_cancel(cancel.get());
    Response response = self->routes_.run(action, input, deadline);
    Json answer = Json::parse(response.body, nullptr, false);
    if (!answer.is_object()) answer = {{"ok", false}};
    answer["id"] = id;
    {
      std::lock_guard guard(self->mutex_);
      self->running_.erase(id);
    }
    if (!cancel->load()) self->talk_->send(mcp::to_line(answer));
  });
}

void SocketTalk::gone() {
  int handle = 0;
  {
    std::lock_guard guard(mutex_);
    over_ = true;
    std::swap(handle, handle_);
    for (auto& [id, cancel] : running_) cancel->store(true);
  }
  if (handle != 0) events_.leave(handle);
}

}  // namespace mira::http

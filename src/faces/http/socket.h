// A WebSocket at /ws. The client's first message is {"token": T} (and {"after": N} to have
// the events after number N), unless the upgrade carried the token. Then it sends {"id",
// "action", "input"} and gets {"id", "ok", "data"|"error", ...}, or {"id", "cancel": true}; and
// hears {"id", "event", "data"} of everything that happens. Nothing else is understood, and
// nothing is answered before the token.
#pragma once

#include <memory>
#include <mutex>

#include "faces/http/events.h"
#include "faces/http/routes.h"

namespace mira::http {

class SocketTalk : public TalkHandler, public std::enable_shared_from_this<SocketTalk> {
 public:
  // `known`: the upgrade carried the right token, or none is needed. All must outlive it.
  SocketTalk(Routes& routes, Events& events, std::string token, bool known, std::shared_ptr<Talk> talk);
  ~SocketTalk() override { gone(); }

  void received(std::string text) override;
  void gone() override;

 private:
  void introduce(const contracts::Json& message);
  void join(std::int64_t after);
  void take(const contracts::Json& message);
  void call(contracts::Json id, std::string action, contracts::Json input);
  void refuse(const contracts::Json& id, std::string_view message);

  Routes& routes_;
  Events& events_;
  const std::string token_;
  std::shared_ptr<Talk> talk_;
  std::mutex mutex_;
  bool known_, over_ = false;
  int handle_ = 0;
  std::map<contracts::Json, std::shared_ptr<std::atomic<bool>>> running_;  // cancel flags by id
};

}  // namespace mira::http

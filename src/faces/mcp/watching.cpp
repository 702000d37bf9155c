// What changes, told to those who asked: streams of subscriptions/listen, and sessions of
// the legacy eras. Resources are read again every two seconds while somebody watches one.
#include <chrono>
#include <thread>
#include <utility>

#include "faces/mcp/service.h"
#include "platform/base/hash.h"

namespace mira::mcp {
namespace {

constexpr auto look_every = std::chrono::seconds(2);

const char* notification_of(Changes::Kind kind) {
  switch (kind) {
    case Changes::Kind::tools:
      return "notifications/tools/list_changed";
    case Changes::Kind::prompts:
      return "notifications/prompts/list_changed";
    case Changes::Kind::resources:
      return "notifications/resources/list_changed";
    case Changes::Kind::resource:
      return "notifications/resources/updated";
  }
  return "";
}

bool wants(const Json& filter, Changes::Kind kind, const std::string& uri) {
  switch (kind) {
    case Changes::Kind::tools:
      return filter.contains("toolsListChanged");
    case Changes::Kind::prompts:
      return filter.contains("promptsListChanged");
    case Changes::Kind::resources:
      return filter.contains("resourcesListChanged");
    case Changes::Kind::resource:
      break;
  }
  for (const Json& watched : filter.value("resourceSubscriptions", Json::array()))
    if (watched == uri) return true;
  return false;
}

}  // namespace

void Service::tell(Changes::Kind kind, const std::string& uri) {
  Json params = kind == Changes::Kind::resource ? Json{{"uri", uri}} : Json::object();
  std::lock_guard guard(mutex_);
  for (const Listen& listen : listens_) {
    if (!wants(listen.filter, kind, uri)) continue;
    Json tagged = params;
    tagged["_meta"][meta::subscription] = listen.job->request.id;
    listen.job->outlet->send(notification_message(notification_of(kind), std::move(tagged)));
  }
  for (const auto& known : sessions_) {
    auto session = known.lock();
    if (!session || !session->handshake().done) continue;
    if (kind == Changes::Kind::resource && !session->watches(uri)) continue;
    if (auto general = session->general()) general->send(notification_message(notification_of(kind), params));
  }
}

void Service::end_listens() {
  std::lock_guard guard(mutex_);
  for (const Listen& listen : listens_) {
    Json result = dispatcher_.dressed("subscriptions/listen", Json::object());
    result["_meta"][meta::subscription] = listen.job->request.id;
    listen.job->outlet->finish(result_message(listen.job->request.id, std::move(result)), 200);
  }
  listens_.clear();
}

void Service::start_watching() {
  std::lock_guard guard(mutex_);
  if (watching_ || closing_ || !dispatcher_.offer().read) return;
  watching_ = true;
  ++working_;
  std::thread([self = shared_from_this()] { self->watch_resources(); }).detach();
}

std::set<std::string> Service::watched() const {
  std::set<std::string> out;
  std::lock_guard guard(mutex_);
  for (const Listen& listen : listens_)
    for (const Json& uri : listen.filter.value("resourceSubscriptions", Json::array()))
      out.insert(uri.get<std::string>());
  for (const auto& known : sessions_)
    if (auto session = known.lock()) out.merge(session->watched());
  return out;
}

// A hash of the resource's text, or "" where it cannot be read.
std::string Service::look(const std::string& uri) {
  base::QuietProgress quiet;
  CallContext context{base::Deadline::never().with_cancel(&ended_), quiet};
  auto read = dispatcher_.offer().read(uri, context);
  return read ? base::content_hash(read->text) : "";
}

// How the resources are before the client is told that they are watched: what changes from then on is told.
void Service::remember(const Json& uris) {
  for (const Json& uri : uris) {
    auto name = uri.get<std::string>();
    {
      std::lock_guard guard(mutex_);
      if (looks_.contains(name)) continue;
    }
    std::string seen = look(name);
    std::lock_guard guard(mutex_);
    looks_.try_emplace(name, std::move(seen));
  }
}

void Service::watch_resources() {
  while (!ended_) {
    std::set<std::string> uris = watched();
    for (const std::string& uri : uris) {
      std::string seen = look(uri);
      if (ended_) break;
      std::unique_lock lock(mutex_);
      auto [known, fresh] = looks_.try_emplace(uri, seen);
      bool changed = !fresh && std::exchange(known->second, seen) != seen;
      lock.unlock();
      if (changed) tell(Changes::Kind::resource, uri);
    }
    std::unique_lock lock(mutex_);
    if (uris.empty()) {
      looks_.clear();
      watching_ = false;
      break;
    }
    std::erase_if(looks_, [&](const auto& one) { return !uris.contains(one.first); });
    changed_.wait_for(lock, look_every, [&] { return ended_.load() || closing_; });
  }
  std::lock_guard guard(mutex_);
  --working_;
  changed_.notify_all();
}

}  // namespace mira::mcp

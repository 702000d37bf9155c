#include "faces/http/mcp_endpoint.h"

#include <algorithm>
#include <charconv>

#include "faces/http/gate.h"
#include "faces/mcp/headers.h"

namespace mira::http {
namespace {

using mcp::Dispatcher;
using mcp::Era;
using mcp::Incoming;
using mcp::Job;
using mcp::Json;
using mcp::Session;
using Kind = mcp::Incoming::Kind;

constexpr std::size_t most_sessions = 256;  // the one that was not used longest makes room
constexpr std::size_t most_streams = 32;    // of a session, that can be come back to
constexpr std::string_view resumable_since = "2025-11-25";

Response refusal(const Json& id, const mcp::Fault& fault, int status) {
  return {.status = status, .body = mcp::to_line(mcp::fault_message(id, fault))};
}

Response no_method() {
  Response out = error_response(405, "usage", "this endpoint takes POST");
  out.headers.emplace_back("Allow", "POST");
  return out;
}

Era era_of(const Head& head, const Incoming& message) {
  std::string_view version = head.get("mcp-protocol-version");
  bool session = head.count("mcp-session-id") != 0;
  if (message.method == "initialize" || (session && !mcp::meta_of(message).contains(mcp::meta::version)))
    return Dispatcher::era_of(message) == Era::modern && mcp::meta_of(message).contains(mcp::meta::version)
               ? Era::modern
               : Era::legacy;
  if (version >= mcp::modern_version) return Era::modern;
  return Dispatcher::era_of(message);
}

}  // namespace

void McpEndpoint::answer(const Head& head, const std::string& body, const std::shared_ptr<Answer>& answer) {
  if (head.method == "POST") return post(head, body, answer);
  if (head.count("mcp-session-id") == 0) return answer->whole(no_method());
  if (head.method == "GET") return get(head, answer);
  if (head.method == "DELETE") return remove(head, answer);
  answer->whole(no_method());
}

void McpEndpoint::post(const Head& head, const std::string& body, const std::shared_ptr<Answer>& answer) {
  Incoming message = mcp::read_message(body);
  if (message.kind == Kind::invalid)
    return answer->whole(refusal(message.id, {message.error_code, message.error, nullptr}, 400));
  if (era_of(head, message) == Era::modern) return post_modern(head, std::move(message), answer);
  post_legacy(head, std::move(message), answer);
}

void McpEndpoint::post_modern(const Head& head, Incoming message, const std::shared_ptr<Answer>& answer) {
  if (message.kind == Kind::response)
    return answer->whole(
        refusal(nullptr, {mcp::code::invalid_request, "no response is awaited", nullptr}, 400));
  if (message.kind == Kind::notification) return answer->whole({.status = 202, .body = ""});
  auto header = [&](std::string_view name) {
    return head.count(name) == 0 ? std::nullopt : std::optional(std::string(head.get(name)));
  };
  const Dispatcher& dispatcher = service_->dispatcher();
  auto wrong = dispatcher.check_modern(message);
  if (!wrong || wrong->code != mcp::code::invalid_params)
    if (auto unequal = mcp::check_headers(message, dispatcher.offer(), header)) wrong = unequal;
  if (wrong) return answer->whole(refusal(message.id, *wrong, wrong->http_status));
  auto job = std::make_shared<Job>();
  job->era = Era::modern;
  job->request = std::move(message);
  job->outlet = std::make_shared<EventStream>(answer, "");
  answer->when_gone([service = std::weak_ptr(service_), job = std::weak_ptr(job)] {
    auto gone = job.lock();
    auto running = service.lock();
    if (gone && running) running->cancel(gone);
  });
  service_->take(std::move(job));
}

void McpEndpoint::post_legacy(const Head& head, Incoming message, const std::shared_ptr<Answer>& answer) {
  bool begins = message.kind == Kind::request && message.method == "initialize";
  std::string version(head.get("mcp-protocol-version"));
  auto refuse = [&](int status, const char* why) {
    answer->whole(refusal(message.id, {mcp::code::invalid_request, why, nullptr}, status));
  };
  if (!version.empty() && !begins && !mcp::is_legacy_version(version))
    return refuse(400, "this MCP-Protocol-Version is not served");
  if (begins) {
    auto session = begin_session();
    if (!session) return refuse(503, "no session can be made now");
    auto job = std::make_shared<Job>();
    job->request = std::move(message);
    job->session = session;
    job->outlet = std::make_shared<EventStream>(answer, "", std::pair("Mcp-Session-Id", session->id()));
    return service_->take(std::move(job));
  }
  if (head.count("mcp-session-id") == 0) return refuse(400, "send initialize first, then its Mcp-Session-Id");
  auto session = find(std::string(head.get("mcp-session-id")));
  if (!session) return refuse(404, "this session is not known, or over");
  if (message.kind == Kind::request) return take_legacy(std::move(message), session, answer);
  if (message.kind == Kind::response) session->answered(message.whole);
  if (message.kind == Kind::notification) service_->notify(message, session);
  answer->whole({.status = 202, .body = ""});
}

void McpEndpoint::take_legacy(Incoming message, const std::shared_ptr<Session>& session,
                              const std::shared_ptr<Answer>& answer) {
  auto job = std::make_shared<Job>();
  job->request = std::move(message);
  job->session = session;
  auto stream = open_stream(*session, answer);
  job->outlet = stream;
  answer->when_gone([stream = std::weak_ptr(stream), whose = answer.get()] {
    if (auto left = stream.lock()) left->detach(whose);
  });
  service_->take(std::move(job));
}

void McpEndpoint::get(const Head& head, const std::shared_ptr<Answer>& answer) {
  auto session = find(std::string(head.get("mcp-session-id")));
  if (!session) return answer->whole(error_response(404, "not_found", "this session is not known, or over"));
  if (head.count("last-event-id") != 0) {
    std::string_view event = head.get("last-event-id");
    auto stream = stream_of_event(*session, event);
    if (!stream) return answer->whole(error_response(404, "not_found", "this stream is not kept"));
    std::int64_t seen = 0;
    std::string_view number = event.substr(event.rfind('-') + 1);
    auto [end, wrong] = std::from_chars(number.data(), number.data() + number.size(), seen);
    if (wrong != std::errc() || end != number.data() + number.size())
      return answer->whole(error_response(404, "not_found", "this event is not known"));
    stream->resume(answer, seen);
    answer->when_gone([stream = std::weak_ptr(stream), whose = answer.get()] {
      if (auto left = stream.lock()) left->detach(whose);
    });
    return;
  }
  auto stream = open_stream(*session, answer);
  stream->open();
  if (auto before = session->general()) before->drop();
  session->set_general(stream);
  answer->when_gone([stream = std::weak_ptr(stream), whose = answer.get()] {
    if (auto left = stream.lock()) left->detach(whose);
  });
}

void McpEndpoint::remove(const Head& head, const std::shared_ptr<Answer>& answer) {
  auto session = find(std::string(head.get("mcp-session-id")));
  if (!session) return answer->whole(error_response(404, "not_found", "this session is not known, or over"));
  {
    std::lock_guard guard(mutex_);
    visitors_.erase(session->id());
  }
  service_->end_session(session);
  if (auto general = session->general()) general->drop();
  answer->whole({.status = 204, .body = ""});
}

std::shared_ptr<Session> McpEndpoint::find(const std::string& id) {
  std::lock_guard guard(mutex_);
  auto found = visitors_.find(id);
  if (found == visitors_.end()) return nullptr;
  found->second.used = ++uses_;
  return found->second.session;
}

std::shared_ptr<Session> McpEndpoint::begin_session() {
  auto id = mcp::random_name();
  if (!id) return nullptr;
  auto session = std::make_shared<Session>(*id);
  std::shared_ptr<Session> oldest;
  {
    std::lock_guard guard(mutex_);
    if (visitors_.size() >= most_sessions) {
      auto last = std::ranges::min_element(visitors_, {}, [](const auto& one) { return one.second.used; });
      oldest = last->second.session;
      visitors_.erase(last);
    }
    visitors_[*id] = {.session = session, .used = ++uses_};
  }
  if (oldest) service_->end_session(oldest);
  service_->add_session(session);
  return session;
}

std::shared_ptr<EventStream> McpEndpoint::open_stream(const Session& session,
                                                      const std::shared_ptr<Answer>& answer) {
  std::lock_guard guard(mutex_);
  auto found = visitors_.find(session.id());
  bool resumable = session.handshake().version >= resumable_since && found != visitors_.end();
  if (!resumable) return std::make_shared<EventStream>(answer, "");
  Visitor& visitor = found->second;
  if (visitor.streams.size() >= most_streams)
    std::erase_if(visitor.streams, [](const auto& one) { return one.second->finished(); });
  std::string id = "s" + std::to_string(++visitor.last_stream);
  auto stream = std::make_shared<EventStream>(answer, id);
  if (visitor.streams.size() < most_streams) visitor.streams[id] = stream;
  return stream;
}

std::shared_ptr<EventStream> McpEndpoint::stream_of_event(const Session& session, std::string_view event) {
  std::lock_guard guard(mutex_);
  auto visitor = visitors_.find(session.id());
  std::size_t dash = event.rfind('-');
  if (visitor == visitors_.end() || dash == std::string_view::npos) return nullptr;
  auto found = visitor->second.streams.find(std::string(event.substr(0, dash)));
  return found == visitor->second.streams.end() ? nullptr : found->second;
}

void McpEndpoint::hang_up() {
  std::map<std::string, Visitor> visitors;
  {
    std::lock_guard guard(mutex_);
    visitors.swap(visitors_);
  }
  for (auto& [id, visitor] : visitors)
    if (auto general = visitor.session->general()) general->drop();
  service_->end_listens();
}

bool McpEndpoint::end() {
  hang_up();
  return service_->end();
}

std::size_t McpEndpoint::sessions() const {
  std::lock_guard guard(mutex_);
  return visitors_.size();
}

}  // namespace mira::http

// The Model Context Protocol at /mcp, for both eras at once: a session for each handshake
// of the legacy revisions, nothing kept for 2026-07-28. A request is answered as JSON, or
// as a stream of events once something is to be told before its answer. Closing that
// stream cancels a modern request; a legacy client may come back for the rest.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "faces/http/answer.h"
#include "faces/http/event_stream.h"
#include "faces/mcp/service.h"

namespace mira::http {

class McpEndpoint {
 public:
  // The offer must outlive it.
  McpEndpoint(const mcp::Offer& offer, mcp::ServiceOptions options)
      : service_(mcp::Service::start(offer, std::move(options))) {}

  // Safe from many threads. The head has passed the gate.
  void answer(const Head& head, const std::string& body, const std::shared_ptr<Answer>& answer);
  // Ends the streams that would go on for ever. Quick.
  void hang_up();
  // hang_up(), and waits for running work; false as Service::end().
  bool end();
  std::size_t sessions() const;

 private:
  struct Visitor {  // a legacy client
    std::shared_ptr<mcp::Session> session;
    std::map<std::string, std::shared_ptr<EventStream>> streams;  // that it may come back to
    std::int64_t last_stream = 0;
    std::int64_t used = 0;  // order of use
  };

  void post(const Head& head, const std::string& body, const std::shared_ptr<Answer>& answer);
  void post_modern(const Head& head, mcp::Incoming message, const std::shared_ptr<Answer>& answer);
  void post_legacy(const Head& head, mcp::Incoming message, const std::shared_ptr<Answer>& answer);
  void take_legacy(mcp::Incoming message, const std::shared_ptr<mcp::Session>& session,
                   const std::shared_ptr<Answer>& answer);
  void get(const Head& head, const std::shared_ptr<Answer>& answer);
  void remove(const Head& head, const std::shared_ptr<Answer>& answer);
  std::shared_ptr<mcp::Session> find(const std::string& id);
  std::shared_ptr<mcp::Session> begin_session();
  std::shared_ptr<EventStream> open_stream(const mcp::Session& session,
                                           const std::shared_ptr<Answer>& answer);
  std::shared_ptr<EventStream> stream_of_event(const mcp::Session& session, std::string_view event);

  std::shared_ptr<mcp::Service> service_;
  mutable std::mutex mutex_;
  std::map<std::string, Visitor> visitors_;  // by the id of the session
  std::int64_t uses_ = 0;
};

}  // namespace mira::http

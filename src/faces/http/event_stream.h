// The way back of one MCP request over HTTP: JSON where the answer is all there is, else
// server-sent events. A resumable stream (2025-11-25) numbers its events and keeps the
// last ones, so that a client that was cut off reads on where it was.
#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <string>

#include "faces/http/answer.h"
#include "faces/mcp/session.h"

namespace mira::http {

class EventStream : public mcp::Outlet {
 public:
  // `id` "" : not resumable. `header`: one more header of the response, where it has a name.
  EventStream(std::shared_ptr<Answer> answer, std::string id,
              std::pair<std::string, std::string> header = {});

  void send(const mcp::Json& message) override;
  void finish(const mcp::Json& answer, int http_status) override;
  void drop() override;
  void close_stream() override;

  // Begins at once, for a stream that waits for what may come.
  void open();
  // Goes on, from after event `seen`, over another answer.
  void resume(std::shared_ptr<Answer> answer, std::int64_t seen);
  // The client is gone; what comes is kept where it can be asked for.
  void detach(const Answer* whose);
  bool finished() const;

 private:
  void begin();
  void put(const mcp::Json& message);
  void end();

  mutable std::mutex mutex_;
  std::shared_ptr<Answer> answer_;
  const std::string id_;
  const std::pair<std::string, std::string> header_;
  std::deque<std::pair<std::int64_t, std::string>> kept_;
  std::int64_t last_ = 0;
  bool begun_ = false, finished_ = false;
};

}  // namespace mira::http

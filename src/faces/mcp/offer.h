// What a server of this protocol offers: tools, resources, prompts and completions as
// plain functions. The protocol (dispatch.h) knows only this, so the same code serves
// Mira's own offer (tools.h) and the fixtures of the conformance tests. Work is given a
// Client to talk to who asked; the eras differ in how, and work need not know.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "faces/mcp/message.h"
#include "platform/base/deadline.h"
#include "platform/base/progress.h"
#include "platform/base/result.h"

namespace mira::mcp {

// Something only the client can answer.
struct Question {
  std::string key;     // names the answer
  std::string method;  // elicitation/create, sampling/createMessage or roots/list
  Json params = Json::object();
};

// Who asked, as the work sees it. Safe from the thread that does the work.
class Client {
 public:
  virtual ~Client() = default;
  // Whether it declared "sampling", "elicitation", "roots".
  virtual bool can(std::string_view capability) const = 0;
  // The answers by key, each a result of its method. Where an error comes back, the work returns at
  // once with whatever it has: the protocol then answers in its place, with what is missing
  // (2026-07-28: the client tries again, with the answers and `state`) or what went wrong.
  virtual base::Result<Json> ask(const std::vector<Question>& questions, const Json& state = nullptr) = 0;
  // What the work gave to ask() at the last try; null at the first. Nobody else can have made it.
  virtual const Json& state() const = 0;
  virtual void log(std::string_view level, const Json& data) = 0;
  // Only what rises strictly is sent, and only to a client that asked for progress.
  virtual void progress(double done, double total, const std::string& message) = 0;
  // Answers the call with a task and goes on behind it. False: the client takes no tasks; go on plainly.
  virtual bool begin_task() = 0;
  // What is answered in place of the work's reply, once ask() gave an error.
  virtual std::optional<Outcome> instead() const { return std::nullopt; }
  // Ends the stream of this request; a client of 2025-11-25 comes back for the rest.
  virtual void close_stream() = 0;
};

// What one call may use.
struct CallContext {
  base::Deadline deadline = base::Deadline::never();
  base::Progress& progress;
  Client* client = nullptr;  // never null inside a server; tests of plain work may leave it out
  int http_status = 200;     // out: of the answer, where it goes over HTTP
};

struct ToolReply {
  std::string text;                 // what a model reads
  std::optional<Json> structured;   // the same as data, by the tool's output schema
  Json links = Json::array();       // resource_link blocks after the text
  bool is_error = false;            // failed work or bad arguments; the text says what to do next
  Json content = nullptr;           // an array of content blocks in place of the text
  std::optional<Fault> fault = {};  // the protocol's own error in place of a result
};

enum class TaskUse {
  never,
  may,   // becomes one when it takes long, or when it says so
  only,  // refused to clients that take no tasks
};

struct Tool {
  std::string name;         // [A-Za-z0-9_.-], shown to models
  std::string description;  // a constant of the program
  Json input_schema;
  Json output_schema;  // null: none
  Json annotations = Json::object();
  Json meta = nullptr;  // _meta of the listing
  std::function<ToolReply(const Json& arguments, CallContext&)> call;
  TaskUse task = TaskUse::never;
};

struct ResourceText {
  std::string mime_type;
  std::string text;  // base64 of the bytes where `binary`
  bool binary = false;
};

struct Prompt {
  std::string name;
  std::string description;
  Json arguments = Json::array();  // [{"name","description","required"}]
  std::function<base::Result<Json>(const Json& arguments, CallContext&)> get;  // the messages
};

// One message of a prompt, in the user's voice.
inline Json user_message(Json content) {
  return {{"role", "user"}, {"content", std::move(content)}};
}
inline Json text_block(std::string text) {
  return {{"type", "text"}, {"text", std::move(text)}};
}

// What changed, told to the clients that want to know.
class Changes {
 public:
  enum class Kind { tools, prompts, resources, resource };
  using Listener = std::function<void(Kind, const std::string& uri)>;

  void listen(Listener listener) {
    std::lock_guard guard(mutex_);
    listener_ = std::move(listener);
  }
  void tell(Kind kind, const std::string& uri = {}) {
    Listener listener;
    {
      std::lock_guard guard(mutex_);
      listener = listener_;
    }
    if (listener) listener(kind, uri);
  }

 private:
  std::mutex mutex_;
  Listener listener_;  // one service at a time
};

struct Offer {
  std::string name, title, version, instructions;
  Json icons = nullptr;     // of the server
  std::vector<Tool> tools;  // in the order they are listed
  Json resources = Json::array();
  Json templates = Json::array();
  std::function<base::Result<ResourceText>(const std::string& uri, CallContext&)> read;
  std::vector<Prompt> prompts;
  // Values for an argument of a template or a prompt (`reference` as the client sent it), best first.
  std::function<std::vector<std::string>(const Json& reference, const std::string& argument,
                                         const std::string& begun, CallContext&)>
      complete;
  bool lists_change = false;  // then `changes` tells of it
  bool logs = false;          // sends log messages
  std::shared_ptr<Changes> changes = std::make_shared<Changes>();
};

}  // namespace mira::mcp

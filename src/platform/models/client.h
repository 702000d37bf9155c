// How a feature asks a model. Every client that a feature gets is the metered one of
// platform/budget: it checks the caps, reserves, calls, settles and records, so a call
// without a row in the ledger cannot be written. What comes back is foreign text.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "platform/base/deadline.h"
#include "platform/base/result.h"
#include "platform/models/money.h"

namespace mira::models {

enum class Purpose { chat, context, analysis, summary, embedding, tool, probe };
std::string_view purpose_name(Purpose purpose);

enum class Cacheable {
  no,       // chat turns, probes
  for_day,  // depends on the time a little: 24 hours
  always,   // a pure function of its text
};

struct Tool {
  std::string name, description;
  nlohmann::json parameters;  // a JSON Schema as OutputSchema's
};

// What a model wants done. Foreign text: the name may be of no tool, the arguments may be no JSON.
struct ToolCall {
  std::string id, name, arguments;
};

struct Message {
  enum class Role { user, assistant, tool };
  Role role = Role::user;
  std::string text;
  std::string call_id = {};          // of a tool: the call that it answers
  std::vector<ToolCall> calls = {};  // of the assistant
  nlohmann::json items = nullptr;    // of the assistant: what the host gave, to be sent back unchanged
};

struct OutputSchema {
  std::string name;       // letters, digits, '_' and '-'
  nlohmann::json schema;  // an object at the root, all properties required, additionalProperties false
};

struct Request {
  std::string model = "default";  // an alias, or a model's own name
  std::string effort = {};        // "": the alias's
  std::string instructions;       // rules that change with a version only; never foreign text
  std::vector<Message> messages;
  int max_output_tokens = 4096;  // reasoning included
  std::optional<OutputSchema> output = std::nullopt;
  std::vector<Tool> tools = {};  // with tools an answer is never taken from the cache
  Purpose purpose = Purpose::chat;
  std::string prompt_version;  // "ask/1": part of the cache's key
  std::string operation = {};  // whose cap it falls under, may be empty
  bool background = false;
  Cacheable cacheable = Cacheable::no;
};

enum class Finish { complete, calls, cut_by_length, filtered, refused };
std::string_view finish_name(Finish finish);

struct Bill {
  std::optional<std::int64_t> cost_nano;  // nullopt: no price is known
  std::int64_t avoided_nano = 0;          // what the cache saved
  bool from_cache = false;
  bool estimated = false;  // the host did not say, or what it said cannot be
};

struct Answer {
  std::string text;
  nlohmann::json structured;  // null without a schema
  std::string model, host, effort;
  Finish finish = Finish::complete;  // calls: it waits for what the tools in turn.calls give
  Message turn;                      // to go on: this after the messages asked with, then a message a call
  Usage usage;
  Bill bill;
  std::vector<std::string> notes;  // what was changed or left out, as sentences
};

// Parts of the text as they come; valid UTF-8.
using OnText = std::function<void(std::string_view)>;

class Client {
 public:
  virtual ~Client() = default;
  // on_text may be empty. over_budget: a cap would be passed. provider: the host refused or failed. usage: it
  // is more than the model takes; less may be asked.
  // timeout, interrupted: the deadline. unavailable: no model, or its answer has not the shape asked for.
  virtual base::Result<Answer> ask(const Request& request, const OnText& on_text,
                                   base::Deadline deadline) = 0;
};

}  // namespace mira::models

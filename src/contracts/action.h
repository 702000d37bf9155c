// One action: the single definition that the CLI verb, its help, the completions,
// the reference and later the MCP tool and the HTTP route are made from. A handler
// is a plain function from checked arguments to JSON data.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "contracts/session.h"
#include "contracts/streams.h"

namespace mira::contracts {

using Json = nlohmann::json;

enum class ParamKind { text, integer, number, boolean, choice, text_list };

struct Param {
  std::string name;  // "limit": --limit N on the CLI, "limit" in JSON
  ParamKind kind = ParamKind::text;
  std::string help;  // one sentence, no full stop
  bool required = false;
  bool positional = false;
  Json fallback = nullptr;                                // default; null: none
  std::vector<std::string> choices = {};                  // of a choice
  std::int64_t minimum = INT64_MIN, maximum = INT64_MAX;  // of an integer
  bool reads_stdin = false;  // "-" or --stdin takes the value from standard input
};

enum class Needs {
  nothing,  // no project, session is null
  project,  // the project as it was last indexed
  fresh,    // the project brought up to date first
};

struct Style {
  bool colour = false;
  int width = 100;  // columns
};

struct Reply {
  Json data;
  std::vector<std::string> notes = {};
  std::string cursor = {};  // where the next page starts; empty: this is all
  std::string raw = {};     // non-empty: printed as it is instead of text or JSON (tsv export)
  int exit_code = 0;        // of a verb whose answer is a verdict (doctor); errors have their own
  bool streamed = false;    // all was written through call.streams already
};

class Registry;

struct Call {
  Json arguments;              // every declared parameter is there: given, default or null
  Session* session = nullptr;  // null when the action needs nothing
  base::Deadline deadline = base::Deadline::never();
  base::Progress& progress;
  const Registry& registry;
  bool batch = false;          // one of many requests of a batch: unknown names are answered, not refused
  int input = -1;              // descriptor of data piped in; -1: there is none
  Streams* streams = nullptr;  // null when the face has none (a batch, another program's call)
};

struct Example {
  std::string command;  // "mira callers parse_header --json"
  std::string what;
};

struct Action {
  std::string name;     // "cochange", "graph export"
  std::string group;    // "code", "git", "context", "project", "program"
  std::string summary;  // one line, no full stop
  std::string description;
  std::vector<Param> params;
  std::vector<Example> examples;
  std::string data_shape;  // what `data` holds, as a commented JSON example
  Needs needs = Needs::fresh;
  bool batch = false;  // --batch: one JSON request a line on stdin, one answer a line
  bool read_only = true;
  std::function<base::Result<Reply>(Call&)> handle;
  std::function<std::string(const Reply&, const Style&)> render;  // for people; absent: generic
};

class Registry {
 public:
  void add(Action action);  // names are unique (a second one aborts: a programming error)
  const Action* find(std::string_view name) const;
  const std::vector<Action>& all() const { return actions_; }
  // Names closest to a mistyped one, best first, at most three.
  std::vector<std::string> similar(std::string_view name) const;

 private:
  std::vector<Action> actions_;
};

// Checks and completes arguments against the parameters: unknown names, missing or
// ill-typed ones are a usage error that says which and what was expected.
base::Result<Json> check_arguments(const Action& action, const Json& given);

}  // namespace mira::contracts

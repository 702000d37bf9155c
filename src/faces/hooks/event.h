// What an agent's hook tells on its standard input, in one form for all clients.
// Every client has its own names and shapes, they change from version to version,
// and any of them may send anything: what is not understood is simply not there.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mira::hooks {

using Json = nlohmann::json;

enum class Client { claude, codex, gemini, opencode, cursor };

enum class Moment {
  session_start,  // also after a compaction
  prompt,         // the user has asked something
  edited,         // a tool has changed files
  failed,         // a command has failed
  ran,            // a command has ended well, or nobody says how
  before_compaction,
  compacted,  // the model no longer has what it was told
  turn_end,
  session_end,
  other,
};

// One place of a file that an edit replaced.
struct Replacement {
  std::string before, after;
};

struct Edit {
  std::string path;  // as the client said it
  std::vector<Replacement> replacements;
};

struct Event {
  Client client = Client::claude;
  Moment moment = Moment::other;
  std::string name;  // the client's own name of the event, repeated in the answer
  std::string session;
  std::string folder;             // working folder of the client, "" when not told
  std::string prompt;             // of prompt
  std::string answer;             // of turn_end: what the model said last
  std::string model;              // "" when not told
  bool after_compaction = false;  // of session_start
  std::vector<Edit> edits;        // of edited
  std::string command;            // of failed and ran, as it was typed
  std::string output;             // of failed and ran: what the command printed
  std::optional<int> exit_code;   // of failed and ran, where it is told
};

std::optional<Client> client_named(std::string_view name);
std::string_view client_name(Client client);

// A turn's id, or a transcript with the name that Codex gives them.
bool is_of_codex(const Json& input);

// Who runs this hook when nobody says: told by variables that the clients set.
// `environment` returns the value of a variable, "" when it is not set.
template <class Environment>
Client guess_client(const Json& input, Environment&& environment) {
  if (!environment("CURSOR_VERSION").empty()) return Client::cursor;
  if (!environment("PLUGIN_ROOT").empty() || is_of_codex(input)) return Client::codex;
  if (!environment("GEMINI_SESSION_ID").empty()) return Client::gemini;
  return Client::claude;
}

// The event's name is taken from the input, else `told`. nullopt: not a JSON object.
std::optional<Event> read_event(Client client, std::string_view told, const Json& input);

// The moment of a client's event name, for the deadline before the input is read.
Moment moment_named(std::string_view event_name);

}  // namespace mira::hooks
